import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Effect } from "effect";
import { chartProblem, loadWatchesFile, loadWatchesFromEnv } from "../../src/watches/load.ts";

let folder: string;
let chart: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "watches-"));
  chart = join(folder, "web");
  mkdirSync(chart);
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
  writeFileSync(join(folder, "web.tgz"), "");
});
after(() => rmSync(folder, { recursive: true }));

const context = (environment: Record<string, string>) => ({
  environment: (name: string) => environment[name],
  expandVariables: (text: string) => text,
  evaluateTemplate: (_: string, text: string) => text,
});
const message = (effect: Effect.Effect<unknown, Error>) =>
  Effect.runPromise(Effect.flip(effect)).then((error) => error.message);

describe("chartProblem", () => {
  it("takes folders with a Chart.yaml and archives", () => {
    assert.equal(chartProblem(chart), null);
    assert.equal(chartProblem(join(folder, "web.tgz")), null);
    assert.equal(chartProblem(folder), "the folder holds no Chart.yaml");
    assert.equal(chartProblem(join(folder, "none")), "there is no such folder or archive");
  });
});

describe("loadWatchesFile", () => {
  it("says that there is no such file", async () => {
    const path = join(folder, "none.yaml");
    assert.equal(
      await message(loadWatchesFile(path, context({}))),
      `Cannot use the watches: ${path}: there is no such file`,
    );
  });
});

describe("loadWatchesFromEnv", () => {
  const load = (environment: Record<string, string>) => Effect.runPromise(loadWatchesFromEnv(context(environment)));

  it("is null when nothing is set", async () => assert.equal(await load({ KIND: "" }), null));

  it("makes one watch of API_VERSION, KIND and HELM_CHART", async () => {
    const found = await load({ API_VERSION: "apps.example.com/v1", KIND: "Web", HELM_CHART: chart });
    assert.equal(found!.watches.length, 1);
    const { group, version, kind, chart: path, maxHistory } = found!.watches[0];
    assert.deepEqual({ group, version, kind, path, maxHistory }, {
      group: "apps.example.com",
      version: "v1",
      kind: "Web",
      path: chart,
      maxHistory: 10,
    });
  });

  it("prefers HELM_CHART_WATCHES", async () => {
    const file = join(folder, "watches.yaml");
    writeFileSync(file, `- version: v2\n  kind: Db\n  chart: ${chart}\n`);
    const found = await load({ HELM_CHART_WATCHES: file, API_VERSION: "v1", KIND: "Web", HELM_CHART: chart });
    assert.deepEqual(found!.watches.map((watch) => watch.kind), ["Db"]);
  });

  it("wants all three", async () => {
    const effect = loadWatchesFromEnv(context({ KIND: "Web", HELM_CHART: chart }));
    assert.match(await message(effect), /API_VERSION must be set too/);
  });

  it("refuses an API_VERSION that is none", async () => {
    for (const API_VERSION of ["a/b/c", "a/", "/v1"]) {
      const effect = loadWatchesFromEnv(context({ API_VERSION, KIND: "Web", HELM_CHART: chart }));
      assert.match(await message(effect), /API_VERSION must be VERSION or GROUP\/VERSION/);
    }
    assert.equal((await load({ API_VERSION: "v1", KIND: "Web", HELM_CHART: chart }))!.watches[0].group, "");
  });

  it("refuses a chart that is none", async () => {
    const effect = loadWatchesFromEnv(context({ API_VERSION: "v1", KIND: "Web", HELM_CHART: folder }));
    assert.match(await message(effect), /HELM_CHART .* the folder holds no Chart\.yaml/);
  });
});
