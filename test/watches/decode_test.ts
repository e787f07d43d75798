import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type DecodeContext, decodeWatches } from "../../src/watches/decode.ts";
import { releaseDefaults } from "../../src/watches/release-options.ts";
import { formatProblem, WatchesError } from "../../src/watches/watch.ts";

const context: DecodeContext = {
  expandVariables: (text) => text.replace("$TAG", "1.27"),
  evaluateTemplate: (_, text) => text.replace(/\{\{ *"(.*)" \| upper *\}\}/, (_, word) => word.toUpperCase()),
  chartProblem: (path) => path.startsWith("charts/") ? null : "there is no such folder or archive",
};

const decode = (text: string, more: Partial<DecodeContext> = {}) =>
  decodeWatches(text, "watches.yaml", { ...context, ...more });

function problems(text: string, more: Partial<DecodeContext> = {}): string[] {
  try {
    decode(text, more);
  } catch (error) {
    assert.ok(error instanceof WatchesError);
    return error.problems.map((problem) => formatProblem(error.source, problem));
  }
  throw new Error("the watches were accepted");
}

const entry = (more = "", kind = "Web") =>
  `- group: apps.example.com\n  version: v1\n  kind: ${kind}\n  chart: charts/web\n${more}`;

describe("decodeWatches", () => {
  it("gives the defaults of operator-sdk", () => {
    assert.deepEqual(decode(entry()), {
      source: "watches.yaml",
      watches: [{
        group: "apps.example.com",
        version: "v1",
        kind: "Web",
        chart: "charts/web",
        watchDependentResources: true,
        overrideValues: new Map(),
        typedOverrideValues: {},
        valuesFrom: [],
        drift: { mode: "repair", ignore: [] },
        statusReadiness: null,
        release: releaseDefaults,
        selector: "",
        reconcilePeriod: null,
        dryRunOption: "",
        maxHistory: 10,
        maxConcurrentReconciles: null,
      }],
      warnings: [],
    });
  });

  it("reads every field", () => {
    const [watch] = decode(entry(`  watchDependentResources: false
  overrideValues:
    image.tag: $TAG
    name: '{{ "web" | upper }}'
    replicas: 3
    debug: true
  selector:
    matchLabels: {tier: web}
  reconcilePeriod: 1m30s
  dryRunOption: server
  maxHistory: 3
  maxConcurrentReconciles: 2
`)).watches;
    assert.equal(watch.watchDependentResources, false);
    const overrides = { "image.tag": "1.27", name: "WEB", replicas: "3", debug: "true" };
    assert.deepEqual(Object.fromEntries(watch.overrideValues), overrides);
    assert.equal(watch.selector, "tier=web");
    assert.equal(watch.reconcilePeriod, 90_000);
    assert.equal(watch.dryRunOption, "server");
    assert.equal(watch.maxHistory, 3);
    assert.equal(watch.maxConcurrentReconciles, 2);
  });

  it("accepts an empty group, an empty file and fields that are null", () => {
    assert.equal(decode("- version: v1\n  kind: Web\n  chart: charts/web\n  selector:\n").watches[0].group, "");
    assert.deepEqual(decode("").watches, []);
    assert.deepEqual(decode("# nothing yet\n").watches, []);
  });

  it("warns of an unknown field with its line, and fails when strict", () => {
    const text = entry("  colour: red\n");
    const expected = 'watches.yaml:5: entry 1 (Web): unknown field "colour"';
    assert.deepEqual(decode(text).warnings.map((w) => formatProblem("watches.yaml", w)), [expected]);
    assert.deepEqual(problems(text, { strict: true }), [expected]);
  });

  it("matches field names whatever their case, with a warning", () => {
    const { watches, warnings } = decode(entry("  maxhistory: 4\n"));
    assert.equal(watches[0].maxHistory, 4);
    assert.match(warnings[0].text, /"maxhistory" is spelled "maxHistory"/);
  });

  for (const empty of ["", "[]\n", "# none yet\n"]) {
    it(`warns of a file without an entry: ${JSON.stringify(empty)}`, () => {
      const { watches, warnings } = decode(empty);
      assert.deepEqual(watches, []);
      assert.deepEqual(warnings, [{ line: 1, entry: "", text: "there is no entry: nothing is watched" }]);
    });
  }

  const single: Array<[string, string, string]> = [
    ["no list", "a: b\n", "watches.yaml:1: the watches must be a list of entries"],
    ["no map", "- web\n", "watches.yaml:1: entry 1: an entry must be a map with group, version, kind and chart"],
    ["no kind", "- version: v1\n  chart: charts/web\n", "watches.yaml:1: entry 1: kind must not be empty"],
    [
      "an empty version",
      '- version: ""\n  kind: Web\n  chart: charts/web\n',
      "watches.yaml:1: entry 1 (Web): version must not be empty",
    ],
    [
      "a missing chart",
      "- version: v1\n  kind: Web\n  chart: nowhere\n",
      'watches.yaml:3: entry 1 (Web): chart "nowhere" cannot be used: there is no such folder or archive',
    ],
    [
      "the same GVK twice",
      entry() + entry(),
      "watches.yaml:7: entry 2 (Web): apps.example.com/v1, Kind=Web occurs twice: entry 1 has it too",
    ],
    [
      "a wrong boolean",
      entry("  watchDependentResources: maybe\n"),
      'watches.yaml:5: entry 1 (Web): watchDependentResources must be true or false: current value is "maybe"',
    ],
    [
      "a wrong duration",
      entry("  reconcilePeriod: 5\n"),
      'watches.yaml:5: entry 1 (Web): reconcilePeriod must be a duration such as "1m" or "1h30m": current value is 5',
    ],
    [
      "a wrong count",
      entry("  maxConcurrentReconciles: 0\n"),
      "watches.yaml:5: entry 1 (Web): maxConcurrentReconciles must be a whole number of at least 1: current value is 0",
    ],
    [
      "a wrong selector",
      entry("  selector:\n    matchLabels:\n      a: b c\n"),
      'watches.yaml:7: entry 1 (Web): selector cannot be used: "b c" is not a label\'s value',
    ],
    [
      "a map as override",
      entry("  overrideValues:\n    image:\n      tag: x\n"),
      'watches.yaml:6: entry 1 (Web): the override of "image" must be a string: write the path in the key, as in "a.b: x"',
    ],
  ];
  for (const [name, text, expected] of single) {
    it(`refuses ${name}`, () => assert.deepEqual(problems(text), [expected]));
  }

  it("leaves out another version of a kind, or refuses it with another chart", () => {
    const { watches, warnings } = decode(entry() + entry().replace("v1", "v2"));
    assert.deepEqual(watches.map(({ version }) => version), ["v1"]);
    assert.match(
      warnings[0].text,
      /^apps\.example\.com\/v2, Kind=Web is left out: entry 1 works on the same resources$/,
    );
    const [problem] = problems(entry() + entry().replace("v1", "v2").replace("charts/web", "charts/other"));
    assert.match(problem, /^watches\.yaml:6: entry 2 \(Web\): .* cannot have a chart of its own: entry 1 works on/);
  });

  it("names an override whose template fails, and never its value", () => {
    const evaluateTemplate = () => {
      throw new Error("function not defined");
    };
    const [problem] = problems(entry("  overrideValues:\n    a: '{{ hunter2 }}'\n"), { evaluateTemplate });
    assert.equal(
      problem,
      'watches.yaml:6: entry 1 (Web): the override of "a" is a template that fails: function not defined',
    );
  });

  it("names an override that has a bare comma", () => {
    const [problem] = problems(entry("  overrideValues:\n    a: x,hunter2\n"));
    assert.equal(
      problem,
      'watches.yaml:6: entry 1 (Web): the override of "a" cannot be set: a comma in it needs a backslash before it',
    );
  });

  it("tells YAML that cannot be read", () => {
    assert.match(problems("- a: b\n  - c\n")[0], /^watches\.yaml(:\d+)?: /);
  });

  it("lists every problem at once", () => {
    const text = "- version: 1\n  kind: Web\n  chart: charts/web\n  maxHistory: many\n- kind: Db\n  chart: nowhere\n";
    assert.equal(problems(text).length, 4);
  });
});
