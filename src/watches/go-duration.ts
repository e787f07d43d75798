/** Go's durations, as `time.ParseDuration` reads them and `time.Duration.String` prints them. */

const unitMillis: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "µs": 1e-3,
  "μs": 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** The text is no duration; the message is Go's own, such as `time: unknown unit "d" in duration "5d"`. */
export class DurationError extends Error {
  override readonly name = "DurationError";
}

/** `1h30m`, `1.5s`, `0`, `-2m` to milliseconds. Throws {@link DurationError} on anything that Go refuses. */
export function parseGoDuration(text: string): number {
  const quoted = JSON.stringify(text);
  const sign = /^[+-]/.test(text) ? text[0] : "";
  let rest = text.slice(sign.length);
  if (rest === "0") return 0;
  if (rest === "") throw new DurationError(`time: invalid duration ${quoted}`);
  let millis = 0;
  while (rest !== "") {
    const number = /^(\d+(\.\d*)?|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) throw new DurationError(`time: invalid duration ${quoted}`);
    rest = rest.slice(number.length);
    const unit = /^[^\d.]*/.exec(rest)![0];
    if (unit === "") throw new DurationError(`time: missing unit in duration ${quoted}`);
    if (!Object.hasOwn(unitMillis, unit)) {
      throw new DurationError(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    }
    millis += Number(number) * unitMillis[unit];
    rest = rest.slice(unit.length);
  }
  return sign === "-" ? -millis : millis;
}

/** Milliseconds as Go prints them: `1m0s`, `1h30m0s`, `1.5s`, `250ms`, `0s`. */
export function formatGoDuration(millis: number): string {
  if (millis === 0) return "0s";
  if (millis < 0) return `-${formatGoDuration(-millis)}`;
  if (millis < 1) return millis < 1e-3 ? `${trim(millis * 1e6)}ns` : `${trim(millis * 1e3)}µs`;
  if (millis < 1000) return `${trim(millis)}ms`;
  const seconds = millis / 1000;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const tail = `${trim(seconds - hours * 3600 - minutes * 60)}s`;
  if (hours > 0) return `${hours}h${minutes}m${tail}`;
  return minutes > 0 ? `${minutes}m${tail}` : tail;
}

function trim(n: number): string {
  return String(Number(n.toFixed(9)));
}
