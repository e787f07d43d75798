/** The command line as a whole. */
import process from "node:process";
import { Cause, Console, Effect } from "effect";
import { CliConfig, CliError, CliOutput, Command, Completions, GlobalFlag } from "effect/cli";
import { completionsFlag } from "./completions.ts";
import { diffCommand } from "./diff.ts";
import { normalizeGoFlags } from "./go-flags.ts";
import { FlagRefused, helmFlagDescriptors, takeHelmFlags } from "./helm-flags.ts";
import { runCommand } from "./run.ts";
import { templateCommand } from "./template.ts";
import { version, versionCommand } from "./version.ts";
import { toBytes } from "../template/bytes.ts";

export const rootCommand = Command.make("helmwright").pipe(
  Command.withDescription("Any Helm chart, run as a Kubernetes operator"),
  Command.withSubcommands([runCommand, templateCommand, diffCommand, versionCommand]),
);

/** Help in full when it was asked for; a wrong command line gets its errors and where to find the help. */
const presenter: CliOutput.Presenter = {
  present: (event) => {
    if (event._tag !== "InvalidInvocation") return CliOutput.defaultPresenter.present(event);
    const errors = event.errors.map((error) => `Error: ${error.message}\n`).join("");
    return Console.error(`${errors}Run "${event.commandPath.join(" ")} --help" for what it takes.`);
  },
};

/**
 * Runs the command line. A failure is told on standard error as `Error: ...` and fails, which ends the process with exit
 * code 1; a bug is told with its stack.
 */
export const runCommandLine = (args: ReadonlyArray<string>) =>
  normalize(args).pipe(
    Effect.flatMap(Command.runWith(rootCommand, { version })),
    Effect.provideService(
      CliConfig.CliConfig,
      CliConfig.make({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, completionsFlag] }),
    ),
    Effect.provideService(CliOutput.Presenter, presenter),
    Effect.tapCause(report),
  );

/** As Go's flag packages read it, and `help COMMAND` as its `--help`. */
function normalize([first, ...rest]: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>, FlagRefused> {
  if (first === undefined) return Effect.succeed([]);
  if (first === "help") return Effect.succeed([...rest, "--help"]);
  const command = Completions.fromCommand(rootCommand).subcommands.find(({ name }) => name === first);
  if (command === undefined) return Effect.succeed([first, ...rest]);
  if (command.name !== "template") return Effect.succeed([first, ...normalizeGoFlags(rest, command.flags)]);
  const words = normalizeGoFlags(rest, [...command.flags, ...helmFlagDescriptors]);
  return Effect.try({ try: () => takeHelmFlags(words), catch: (error) => error as FlagRefused }).pipe(
    Effect.tap(({ told }) => Effect.forEach(told, (line) => Console.error(line))),
    Effect.map((taken) => [first, ...taken.rest]),
  );
}

function report(cause: Cause.Cause<unknown>): Effect.Effect<void> {
  const error = Cause.squash(cause);
  // The presenter has told of what the parser refused.
  if (Cause.hasInterruptsOnly(cause) || CliError.isCliError(error)) return Effect.void;
  const isBug = cause.reasons.some(Cause.isDieReason);
  const text = isBug ? Cause.pretty(cause) : error instanceof Error ? error.message : String(error);
  const line = `Error: ${text}`;
  return line.isWellFormed() ? Console.error(line) : writeError(toBytes(`${line}\n`));
}

/** For what is not UTF-8, such as a piece of a template. */
function writeError(bytes: Uint8Array): Effect.Effect<void> {
  return Effect.callback((resume) => {
    process.stderr.write(bytes, () => resume(Effect.void));
  });
}
