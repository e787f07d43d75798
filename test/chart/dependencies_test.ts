import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { inspect, isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { Warn } from "../../src/chart/chart-error.ts";
import { chartToJson } from "../../src/chart/chart-json.ts";
import { coalesceValues } from "../../src/chart/coalesce.ts";
import { missingDependencies, processDependencies } from "../../src/chart/dependencies.ts";
import { loadChartFolder } from "../../src/chart/folder.ts";
import { loadChart } from "../../src/chart/load.ts";
import type { Json } from "../../src/template/value.ts";
import { writeJson } from "../../src/yaml/json.ts";
import { readYamlMap } from "../../src/yaml/read.ts";
import { type Oracle, startOracle } from "../oracle/client.ts";
import { chartFiles, chartYaml, type Files, withFolder } from "./files.ts";

const names = (files: Files, values = "{}") =>
  processDependencies(loadChart(chartFiles(files)), readYamlMap(values)).dependencies.map(({ metadata }) =>
    metadata.name
  );

/** A chart with subcharts a and b, and what its Chart.yaml says of them. */
function withSubcharts(dependencies: string): Files {
  return {
    "Chart.yaml": chartYaml("top", `dependencies:\n${dependencies}`),
    "charts/a/Chart.yaml": chartYaml("a"),
    "charts/b/Chart.yaml": chartYaml("b"),
  };
}

describe("subcharts", () => {
  it("that Chart.yaml does not name take part", () => {
    assert.deepEqual(names(withSubcharts("- {name: a, version: 1.x}")), ["b", "a"]);
  });

  it("take part only in versions that fit", () => {
    assert.deepEqual(names(withSubcharts("- {name: a, version: 2.x}\n- {name: b, version: '>=1'}")), ["a", "b"]);
  });

  it("are disabled by the first condition that has a value, and by tags where none has", () => {
    const files = withSubcharts(
      "- {name: a, version: 1.x, condition: 'a.up,global.up', tags: [t]}\n- {name: b, version: 1.x, tags: [t, u]}",
    );
    assert.deepEqual(names(files), ["a", "b"]);
    assert.deepEqual(names(files, "{a: {up: false}}"), ["b"]);
    assert.deepEqual(names(files, "{a: {up: true}, global: {up: false}}"), ["a", "b"]);
    assert.deepEqual(names(files, "{global: {up: false}}"), ["b"]);
    assert.deepEqual(names(files, "{tags: {t: false}}"), []);
    assert.deepEqual(names(files, "{tags: {t: false, u: true}}"), ["b"]);
    assert.deepEqual(names(files, "{tags: {t: false}, a: {up: true}}"), ["a"]);
  });

  it("may be several of one chart, under aliases", () => {
    const dependencies =
      "- {name: a, version: 1.x, alias: one}\n- {name: a, version: 1.x, alias: two, condition: two.up}";
    assert.deepEqual(names(withSubcharts(dependencies)), ["b", "one", "two"]);
    assert.deepEqual(names(withSubcharts(dependencies), "{two: {up: false}}"), ["b", "one"]);
  });

  it("that are missing are named", () => {
    const chart = loadChart(chartFiles(withSubcharts("- {name: a, version: 1.x}\n- {name: c, version: 1.x}")));
    assert.deepEqual(missingDependencies(chart), ["c"]);
  });

  it("tell of conditions and tags that are no bools", () => {
    const warnings: Parameters<Warn>[] = [];
    const chart = loadChart(chartFiles(withSubcharts("- {name: a, version: 1.x, condition: a.up, tags: [t]}")));
    processDependencies(chart, readYamlMap("{a: {up: 'yes'}, tags: {t: 1}}"), (...line) => warnings.push(line));
    assert.deepEqual(warnings, [
      ["WARN", "returned non-bool value", { tag: "t", chart: "a" }],
      ["WARN", "returned non-bool value", { path: "a.up", chart: "a" }],
    ]);
  });
});

it("a chart is not changed by being processed", () => {
  const files = {
    ...withSubcharts("- {name: a, version: 1.x, import-values: [data]}"),
    "values.yaml": "a: {x: {y: 1}}",
  };
  const chart = loadChart(chartFiles(files));
  const before = JSON.stringify(chartToJson(chart));
  const processed = processDependencies(chart, readYamlMap("{a: {x: {y: null}}}"));
  coalesceValues(processed, readYamlMap("{a: {x: {y: null}}}"));
  assert.equal(JSON.stringify(chartToJson(chart)), before);
});

it("values of a subchart that are no map are refused with Helm's words", () => {
  const chart = loadChart(chartFiles(withSubcharts("  []")));
  assert.throws(() => coalesceValues(chart, readYamlMap("{a: text}")), {
    message: "type mismatch on a: %!t(string=text)",
  });
});

describe("charts made at random", () => {
  let oracle: Oracle;
  before(async () => {
    oracle = await startOracle();
  });
  after(() => oracle[Symbol.asyncDispose]());

  it("have the dependencies and values that they have in Helm", async () => {
    await fc.assert(fc.asyncProperty(randomChart, randomValues, sameAsHelm), { numRuns: 150 });
  });

  async function sameAsHelm(files: Files, values: Json): Promise<void> {
    await withFolder(files, async (path) => {
      const text = JSON.stringify(values);
      const ours = attempt(() => {
        const chart = processDependencies(loadChartFolder(path), readYamlMap(text));
        const coalesced = writeJson(coalesceValues(chart, readYamlMap(text)));
        return [JSON.stringify(withoutTimes(chartToJson(chart))), coalesced];
      });
      // Helm takes subcharts that Chart.yaml does not name in no order, which can show.
      const theirs = await Promise.all(Array.from({ length: 8 }, async () => {
        const [processed, coalesced] = await Promise.all(
          ["processed", "coalesce"].map((op) => oracle.ask(op, path, text)),
        );
        const error = processed.err ?? coalesced.err;
        if (error !== undefined) return error;
        return [JSON.stringify(withoutTimes(JSON.parse(processed.out))), coalesced.out];
      }));
      assert.ok(theirs.some((answer) => isDeepStrictEqual(answer, ours)), `${inspect(ours)} ${inspect(theirs[0])}`);
    });
  }
});

function attempt<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    return (error as Error).message;
  }
}

function withoutTimes(json: Json): Json {
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map(withoutTimes);
  return Object.fromEntries(
    Object.entries(json).filter(([key]) => !/modtime$/.test(key)).map(([key, value]) => [key, withoutTimes(value)]),
  );
}

/** Few keys, so that what meets in several places meets often. */
const key = fc.constantFrom("a", "b", "x", "y", "global", "exports", "data", "tags");
const scalar = fc.constantFrom(null, true, false, 1, "text", []);
const randomValues = fc.dictionary(
  key,
  fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, scalar, fc.dictionary(key, tie("value"), { maxKeys: 4 })),
  })).value as fc.Arbitrary<Json>,
  { maxKeys: 5 },
);

const dependency = fc.record({
  name: fc.constantFrom("a", "b"),
  version: fc.constantFrom("1.x", "^1.0.0", "2.x"),
  alias: fc.constantFrom(undefined, undefined, "x", "y"),
  condition: fc.constantFrom(undefined, "a.x", "b.x,global.x", "x.data.y"),
  tags: fc.constantFrom(undefined, ["x"], ["x", "y"]),
  "import-values": fc.constantFrom(
    undefined,
    ["data"],
    [{ child: "data", parent: "x" }],
    ["x", { child: "x.y", parent: "." }, { child: "exports", parent: "global.data" }],
  ),
});

const dependencies = fc.uniqueArray(dependency, { maxLength: 3, selector: ({ name, alias }) => alias ?? name });

/** A chart with subcharts a and b; a has a subchart b of its own. */
const randomChart = fc.record({
  top: dependencies,
  a: dependencies,
  values: fc.array(randomValues, { minLength: 4, maxLength: 4 }),
}).map(({ top, a, values }): Files => {
  const yaml = (name: string, list: unknown) => chartYaml(name, `dependencies: ${JSON.stringify(list)}\n`);
  return {
    "Chart.yaml": yaml("top", top),
    "values.yaml": JSON.stringify(values[0]),
    "charts/a/Chart.yaml": yaml("a", a.filter(({ name }) => name === "b")),
    "charts/a/values.yaml": JSON.stringify(values[1]),
    "charts/a/charts/b/Chart.yaml": chartYaml("b"),
    "charts/a/charts/b/values.yaml": JSON.stringify(values[2]),
    "charts/b/Chart.yaml": chartYaml("b"),
    "charts/b/values.yaml": JSON.stringify(values[3]),
  };
});
