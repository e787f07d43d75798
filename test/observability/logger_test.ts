import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Effect } from "effect";
import * as TestClock from "effect/testing/TestClock";
import { loggerLayer, type LogOptions } from "../../src/observability/logger.ts";

async function log(effect: Effect.Effect<unknown>, options: Partial<LogOptions> = {}): Promise<string[]> {
  const lines: string[] = [];
  const layer = loggerLayer(
    { level: "Info", format: "json", color: false, timeEncoding: "iso8601", ...options },
    (line) => lines.push(line),
  );
  await Effect.runPromise(Effect.provide(effect, layer));
  return lines;
}

const fields = { logger: "helm.controller", namespace: "web", name: "front", release: "front" };

describe("the log as JSON", () => {
  it("has zap's fields", async () => {
    const [line] = await log(Effect.annotateLogs(Effect.logInfo("Installed release"), fields));
    const { ts, ...rest } = JSON.parse(line);
    assert.match(ts, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(rest, { level: "info", msg: "Installed release", ...fields });
    assert.deepEqual(Object.keys(JSON.parse(line)).slice(0, 4), ["level", "ts", "logger", "msg"]);
  });

  it("tells the time as zap's encoders do", async () => {
    const forms: Array<[LogOptions["timeEncoding"], RegExp]> = [
      ["epoch", /"ts":1\.5,"msg"/],
      ["millis", /"ts":1500,"msg"/],
      ["nanos", /"ts":1500000000,"msg"/],
      ["iso8601", /"ts":"1970-01-01T00:00:01\.500Z","msg"/],
      ["rfc3339", /"ts":"1970-01-01T00:00:01Z","msg"/],
      ["rfc3339nano", /"ts":"1970-01-01T00:00:01\.5Z","msg"/],
    ];
    const late = TestClock.adjust(1500).pipe(Effect.andThen(Effect.logInfo("x")), Effect.provide(TestClock.layer()));
    for (const [timeEncoding, expected] of forms) assert.match((await log(late, { timeEncoding }))[0], expected);
    assert.match((await log(late, { timeEncoding: "rfc3339", format: "console" }))[0], /^1970-01-01T00:00:01Z INFO/);
  });

  it("names the levels as zap does, and drops those below", async () => {
    const all = Effect.all([Effect.logDebug("d"), Effect.logInfo("i"), Effect.logWarning("w"), Effect.logError("e")]);
    const levels = (lines: string[]) => lines.map((line) => JSON.parse(line).level);
    assert.deepEqual(levels(await log(all)), ["info", "warn", "error"]);
    assert.deepEqual(levels(await log(all, { level: "Debug" })), ["debug", "info", "warn", "error"]);
    assert.deepEqual(levels(await log(all, { level: "Error" })), ["error"]);
  });

  it("has a failure's message, and a bug's stack", async () => {
    const tell = (effect: Effect.Effect<never, Error>) =>
      log(Effect.catchCause(effect, (cause) => Effect.logError("Release failed", cause)));
    const failed = JSON.parse((await tell(Effect.fail(new Error("no such chart"))))[0]);
    assert.equal(failed.error, "no such chart");
    assert.equal(failed.stacktrace, undefined);
    const died = JSON.parse((await tell(Effect.die(new Error("a bug"))))[0]);
    assert.equal(died.error, "a bug");
    assert.match(died.stacktrace, /logger_test/);
  });
});

describe("the log for a terminal", () => {
  it("is a line with the fields at its end", async () => {
    const effect = Effect.annotateLogs(Effect.logInfo("Upgraded release"), { ...fields, note: "two words" });
    const [line] = await log(effect, { format: "console" });
    assert.match(line, / INFO +helm\.controller Upgraded release namespace=web name=front .*note="two words"$/);
  });

  it("has colours only when asked", async () => {
    const effect = Effect.logError("x");
    assert.ok(!(await log(effect, { format: "console" }))[0].includes("\x1b"));
    assert.ok((await log(effect, { format: "console", color: true }))[0].includes("\x1b[31m"));
  });
});
