// Renderings that take long: they leave the main thread, and end.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Effect } from "effect";
import { loadChart } from "../../src/chart/load.ts";
import { makeRenderer, type Renderer } from "../../src/release/renderer.ts";
import { lookupKey, type RenderInput } from "../../src/render/release-facts.ts";
import { render } from "../../src/render/render.ts";
import { DeadlineExceeded, LookupNeeded, RenderError } from "../../src/render/render-error.ts";
import { type GoValue, int64 } from "../../src/template/value.ts";

const template = `
{{- define "fan" }}{{ if lt (int .) 40 }}{{ include "fan" (add1 .) }}{{ include "fan" (add1 .) }}{{ end }}{{ end }}
{{- range until (int .Values.rounds) }}{{ range until 10000 }}{{ end }}{{ end }}
{{- if .Values.fan }}{{ include "fan" 0 }}{{ end }}
{{- if .Values.hashes }}{{ range until 1000 }}{{ $hash := bcrypt "x" }}{{ end }}{{ end }}
{{- if .Values.key }}{{ $key := genPrivateKey .Values.key }}{{ if not (hasPrefix "-----BEGIN" $key) }}{{ fail $key }}{{ end }}{{ end }}
{{- if .Values.fail }}{{ fail "it was told to" }}{{ end }}
kind: ConfigMap
data:
  number: {{ .Values.number }}
  kind: {{ kindOf .Values.number }}
  found: {{ if .Values.lookup }}{{ (lookup "v1" "Secret" "ns" "s").data }}{{ end }}
`;

const chart = () => {
  const file = (name: string, text: string) => ({ name, data: new TextEncoder().encode(text) });
  return loadChart([
    file("Chart.yaml", "apiVersion: v2\nname: long\nversion: 0.1.0\n"),
    file("templates/a.yaml", template),
  ]);
};

const input = (values: Record<string, GoValue>, lookups: RenderInput["lookups"] = new Map()): RenderInput => ({
  chart: chart(),
  values: new Map<string, GoValue>([["number", int64(7)], ["rounds", 0], ...Object.entries(values)]),
  release: { name: "rel", namespace: "ns", revision: 1, isInstall: true, isUpgrade: false },
  capabilities: { kubeVersion: "v1.36.0", apiVersions: ["v1"] },
  lookups,
});

const renderer = (options: Parameters<typeof makeRenderer>[0]) => Effect.runPromise(makeRenderer(options));
const fails = (renderer: Renderer["Service"], input: RenderInput) =>
  Effect.runPromise(Effect.flip(renderer.render(input)));

/** What happens meanwhile, and the longest time in milliseconds that nothing else could run. */
async function withLag<T>(job: () => Promise<T>): Promise<{ result: T; lag: number }> {
  let [lag, last] = [0, performance.now()];
  const timer = setInterval(() => {
    const now = performance.now();
    [lag, last] = [Math.max(lag, now - last), now];
  }, 5);
  try {
    return { result: await job(), lag };
  } finally {
    clearInterval(timer);
  }
}

describe("A rendering that outlasts the main thread's patience", () => {
  test("gives in a worker what it would give here", async () => {
    const long = input(
      { rounds: 300, lookup: true },
      new Map<string, GoValue>([
        [lookupKey({ apiVersion: "v1", kind: "Secret", namespace: "ns", name: "s" }), new Map([["data", "found"]])],
      ]),
    );
    const here = await Effect.runPromise((await renderer({ patience: 60_000 })).render(long));
    const there = await Effect.runPromise((await renderer({ patience: 1 })).render(long));
    assert.deepEqual(there, here);
    assert.match(there.manifest, /number: 7\n {2}kind: int64\n {2}found: found/);
  });

  test("asks for lookups, and fails, as it would here", async () => {
    const impatient = await renderer({ patience: 1 });
    const lookup = await fails(impatient, input({ rounds: 300, lookup: true }));
    assert.ok(lookup instanceof LookupNeeded);
    assert.equal(lookup.query.name, "s");
    const failure = await fails(impatient, input({ rounds: 300, fail: true }));
    assert.ok(failure instanceof RenderError);
    assert.equal(failure.message, "execution error at (long/templates/a.yaml:7:25): it was told to");
  });

  test("makes the keys elsewhere that take seconds", async () => {
    const patient = await renderer({ patience: 60_000 });
    for (const key of ["rsa", "dsa"]) {
      const { limits, ...withKey } = { ...input({ key }), limits: { isThreadShared: true } };
      assert.throws(() => render({ ...withKey, limits }), DeadlineExceeded);
      assert.match((await Effect.runPromise(patient.render(withKey))).manifest, /number: 7/);
    }
    assert.match(render({ ...input({ key: "ecdsa" }), limits: { isThreadShared: true } }).manifest, /number: 7/);
  });

  for (const [what, value] of [["rounds", 100_000], ["fan", true], ["hashes", true]] as const) {
    test(`is stopped, and others go on: ${what}`, async () => {
      const impatient = await renderer({ patience: 50, timeout: 700 });
      const { result, lag } = await withLag(() => fails(impatient, input({ [what]: value })));
      assert.ok(result instanceof DeadlineExceeded, result.message);
      assert.match(
        result.message,
        /^the rendering was stopped after 0.7 s \(--render-timeout\): (execution error at \(long\/templates\/a\.yaml:\d+:\d+\): the template takes longer than its limit allows|chart long)$/,
      );
      assert.ok(lag < 1_500, `nothing else ran for ${lag} ms`);
    });
  }
});
