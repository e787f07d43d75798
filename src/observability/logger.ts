/** The log: one JSON object a line, with the fields of operator-sdk's zap logger, or lines for a terminal. */
import { Cause, Layer, Logger, References } from "effect";

/** How a time is written, by zap's names: a number in seconds, milliseconds or nanoseconds, or text. */
export const timeEncodings = ["epoch", "millis", "nanos", "iso8601", "rfc3339", "rfc3339nano"] as const;

export interface LogOptions {
  readonly level: "Debug" | "Info" | "Error" | "Fatal";
  readonly format: "json" | "console";
  readonly timeEncoding: (typeof timeEncodings)[number];
  /** Colours in console form. */
  readonly color: boolean;
}

/** Takes a finished line, without its end. */
export type Sink = (line: string) => void;

const toStderr: Sink = (line) => void process.stderr.write(`${line}\n`);

/**
 * Makes `Effect.log` write to standard error. The annotation `logger` becomes the logger's name; the others become
 * fields. A cause is logged as `error`, and with its stack as `stacktrace` when it is a bug.
 */
export function loggerLayer(options: LogOptions, sink: Sink = toStderr): Layer.Layer<never> {
  const writeTime = timeWriters[options.timeEncoding];
  const format = options.format === "json" ? formatJson(writeTime) : formatConsole(writeTime, options.color);
  const logger = Logger.make<unknown, void>((entry) => sink(format(toLine(entry))));
  return Layer.merge(Logger.layer([logger]), Layer.succeed(References.MinimumLogLevel, options.level));
}

/** One line of the log. */
export interface Line {
  readonly level: string;
  readonly time: Date;
  readonly logger: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function toLine({ message, logLevel, cause, fiber, date }: Logger.Options<unknown>): Line {
  const { logger = "", ...annotations } = fiber.getRef(References.CurrentLogAnnotations);
  const parts = Array.isArray(message) ? message : [message];
  return {
    level: levels[logLevel] ?? logLevel.toLowerCase(),
    time: date,
    logger: String(logger),
    message: parts.map((part) => part instanceof Error ? part.message : String(part)).join(" "),
    fields: { ...annotations, ...describeCause(cause) },
  };
}

const levels: Readonly<Record<string, string>> = { Trace: "debug", Warn: "warn", Fatal: "panic" };

function describeCause(cause: Cause.Cause<unknown>): Record<string, string> {
  if (cause.reasons.length === 0) return {};
  const error = Cause.squash(cause);
  const text = error instanceof Error ? error.message : String(error);
  const isBug = cause.reasons.some(Cause.isDieReason);
  return isBug ? { error: text, stacktrace: Cause.pretty(cause) } : { error: text };
}

/** A time as JSON, as zap's encoder of the same name writes it. Clocks here know milliseconds. */
const timeWriters: Readonly<Record<LogOptions["timeEncoding"], (time: Date) => string>> = {
  epoch: (time) => String(time.getTime() / 1000),
  millis: (time) => String(time.getTime()),
  nanos: (time) => `${time.getTime()}000000`,
  iso8601: (time) => `"${time.toISOString()}"`,
  rfc3339: (time) => `"${time.toISOString().replace(/\.\d+/, "")}"`,
  rfc3339nano: (time) => `"${time.toISOString().replace(/\.?0*Z$/, "Z")}"`,
};

const formatJson = (writeTime: (time: Date) => string) => ({ level, time, logger, message, fields }: Line): string => {
  const rest = JSON.stringify({ ...(logger !== "" && { logger }), msg: message, ...fields });
  return `{"level":${JSON.stringify(level)},"ts":${writeTime(time)},${rest.slice(1)}`;
};

const colors: Readonly<Record<string, number>> = { debug: 90, info: 36, warn: 33, error: 31, panic: 31 };

function formatConsole(writeTime: (time: Date) => string, color: boolean): (line: Line) => string {
  const paint = (code: number, text: string) => color ? `\x1b[${code}m${text}\x1b[0m` : text;
  return ({ level, time, logger, message, fields }) => {
    const { stacktrace, ...rest } = fields;
    const words = Object.entries(rest).map(([name, value]) => `${paint(90, `${name}=`)}${formatField(value)}`);
    const head = [
      paint(90, writeTime(time).replaceAll('"', "")),
      paint(colors[level] ?? 0, level.toUpperCase().padEnd(5)),
      ...(logger === "" ? [] : [paint(90, logger)]),
      message,
    ];
    return [...head, ...words].join(" ") + (stacktrace === undefined ? "" : `\n${stacktrace}`);
  };
}

function formatField(value: unknown): string {
  if (typeof value === "string") return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? String(value);
}
