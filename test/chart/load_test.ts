import assert from "node:assert/strict";
import { mkdirSync, rmSync, statSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadChartFolder, loadChartPath } from "../../src/chart/folder.ts";
import { loadChart } from "../../src/chart/load.ts";
import { chartFiles, chartYaml, type Files, tgz, withFolder } from "./files.ts";

const load = (files: Files) => loadChart(chartFiles(files));
const names = (files: readonly { name: string }[]) => files.map(({ name }) => name);

describe("a chart's files", () => {
  it("are sorted into metadata, templates, values, schema and the rest", () => {
    const chart = load({
      "Chart.yaml": chartYaml("web", "appVersion: 1.10\ndeprecated: true\n"),
      "Chart.lock": "generated: 2024-01-02T03:04:05Z\ndigest: sha256:abc\ndependencies: []\n",
      "values.yaml": "a: 1\n",
      "values.schema.json": "{}",
      "templates/service.yaml": "x",
      "templates/tests/t.yaml": "x",
      "crds/c.yaml": "y",
      "README.md": "z",
    });
    assert.equal(chart.metadata.appVersion, "1.1");
    assert.equal(chart.metadata.deprecated, true);
    assert.equal(chart.lock?.digest, "sha256:abc");
    assert.deepEqual(chart.values, new Map([["a", 1]]));
    assert.deepEqual(names(chart.templates), ["templates/service.yaml", "templates/tests/t.yaml"]);
    assert.deepEqual(names(chart.files), ["crds/c.yaml", "README.md"]);
    assert.equal(new TextDecoder().decode(chart.schema!), "{}");
  });

  it("of values.yaml may be several documents, of which later ones win", () => {
    const chart = load({ "Chart.yaml": chartYaml("web"), "values.yaml": "a: {x: 1, z: 2}\n---\na: {z: 3}\nb: 4\n" });
    assert.deepEqual(chart.values, new Map<string, unknown>([["a", new Map([["x", 1], ["z", 3]])], ["b", 4]]));
  });

  it("of a v1 chart have dependencies in requirements.yaml", () => {
    const chart = load({
      "Chart.yaml": "name: old\nversion: 0.1.0\n",
      "requirements.yaml": "dependencies:\n- name: sub\n  version: 1.x\n  repository: ''\n  tags: [front]\n",
    });
    assert.equal(chart.metadata.apiVersion, "v1");
    assert.deepEqual(chart.metadata.dependencies, [{ name: "sub", version: "1.x", repository: "", tags: ["front"] }]);
    assert.deepEqual(names(chart.files), ["requirements.yaml"]);
  });

  it("have a digest that tells contents apart, and nothing else", () => {
    const files = { "Chart.yaml": chartYaml("web"), "charts/sub/Chart.yaml": chartYaml("sub"), "a.txt": "1" };
    assert.equal(load(files).digest, load({ ...files }).digest);
    assert.notEqual(load(files).digest, load({ ...files, "a.txt": "2" }).digest);
    assert.notEqual(load(files).digest, load({ ...files, "charts/sub/b.txt": "" }).digest);
  });

  it("may be a chart each under charts/, as folders and archives, and archives in these", () => {
    const inner = tgz("inner", { "Chart.yaml": chartYaml("inner") });
    const chart = load({
      "Chart.yaml": chartYaml("web"),
      "charts/folder/Chart.yaml": chartYaml("folder"),
      "charts/packed-1.0.0.tgz": tgz("packed", { "Chart.yaml": chartYaml("packed"), "charts/inner-1.0.0.tgz": inner }),
      "charts/packed-1.0.0.tgz.prov": "signature",
      "charts/_off/Chart.yaml": chartYaml("off"),
      "charts/.hidden/Chart.yaml": chartYaml("hidden"),
    });
    assert.deepEqual(chart.dependencies.map(({ metadata }) => metadata.name), ["folder", "packed"]);
    assert.equal(chart.dependencies[1].dependencies[0].metadata.name, "inner");
    assert.deepEqual(names(chart.files), ["charts/packed-1.0.0.tgz.prov"]);
  });
});

it("a chart that is none is refused with Helm's words", () => {
  const of = (yaml: string): Files => ({ "Chart.yaml": yaml });
  const cases: readonly (readonly [Files, string])[] = [
    [{}, "Chart.yaml file is missing"],
    [{ "requirements.lock": "{}" }, "validation: chart.metadata.apiVersion is required"],
    [of("version: 1.0.0"), "validation: chart.metadata.name is required"],
    [of("name: x"), "validation: chart.metadata.version is required"],
    [of("name: x\nversion: one"), 'validation: chart.metadata.version "one" is invalid'],
    [of("name: ../x\nversion: 1.0.0"), 'validation: chart.metadata.name "../x" is invalid'],
    [of("name: ..\nversion: 1.0.0"), 'validation: chart.metadata.name ".." is not allowed'],
    [of(chartYaml("x", "type: other")), "validation: chart.metadata.type must be application or library"],
    [of(chartYaml("x", "maintainers: [null]")), "validation: maintainers must not contain empty or null nodes"],
    [of(chartYaml("x", "dependencies: [null]")), "validation: dependencies must not contain empty or null nodes"],
    [
      of(chartYaml("x", "dependencies: [{name: a, alias: 'b/c'}]")),
      'validation: dependency "a" has disallowed characters in the alias',
    ],
    [
      of(chartYaml("x", "dependencies: [{name: a}, {name: b, alias: a}]")),
      'validation: more than one dependency with name or alias "a"',
    ],
    [
      of(chartYaml("x", "keywords: {a: b}")),
      "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: " +
      "json: cannot unmarshal object into Go struct field Metadata.keywords of type []string",
    ],
    [
      of(chartYaml("x", "dependencies: x")),
      "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: " +
      "json: cannot unmarshal string into Go struct field Metadata.dependencies of type []*v2.Dependency",
    ],
    [
      { ...of(chartYaml("x")), "values.yaml": "- a" },
      "cannot load values.yaml: cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: " +
      "json: cannot unmarshal array into Go value of type map[string]interface {}",
    ],
    [
      { ...of(chartYaml("x")), "charts/sub/Chart.yaml": "name: sub" },
      "error unpacking subchart sub in x: validation: chart.metadata.version is required",
    ],
    [
      { ...of(chartYaml("x")), "charts/sub.tgz": "no archive" },
      "error unpacking subchart sub.tgz in x: gzip: invalid header",
    ],
    [{ ...of(chartYaml("x")), "charts/sub.tgz": "short" }, "error unpacking subchart sub.tgz in x: unexpected EOF"],
    [{ ...of(chartYaml("x")), "charts/sub.tgz": "" }, "error unpacking subchart sub.tgz in x: EOF"],
    [
      { ...of(chartYaml("x")), "Chart.lock": "generated: yesterday" },
      "cannot load Chart.lock: error unmarshaling JSON: while decoding JSON: " +
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ],
    [
      { ...of(chartYaml("x")), "Chart.lock": "generated: 5" },
      "cannot load Chart.lock: error unmarshaling JSON: while decoding JSON: " +
      "Time.UnmarshalJSON: input is not a JSON string",
    ],
    [
      { ...of(chartYaml("x")), "values.yaml": Uint8Array.from([0x61, 0x3a, 0x20, 0xff]) },
      "cannot load values.yaml: cannot unmarshal yaml document: error converting YAML to JSON: " +
      "yaml: invalid leading UTF-8 octet",
    ],
  ];
  for (const [files, message] of cases) assert.throws(() => load(files), { name: "InvalidChart", message });
});

describe("a chart's folder", () => {
  const files = {
    "Chart.yaml": chartYaml("web"),
    "\uFEFFnotes": "kept",
    "values.yaml": "\uFEFFa: 1\n",
    "keep.txt": "",
    "skip.txt": "",
    "docs/a.md": "",
    "docs/b.txt": "",
    "templates/.hidden.yaml": "",
    "templates/x.yaml": "",
    ".helmignore": "# comment\nskip.*\ndocs/*.md\n/keep\n",
  };

  it("is read without what .helmignore names, and without hidden templates", () =>
    withFolder(files, (path) => {
      const chart = loadChartFolder(path);
      assert.deepEqual(names(chart.templates), ["templates/x.yaml"]);
      assert.deepEqual(names(chart.files), [".helmignore", "docs/b.txt", "keep.txt", "\uFEFFnotes"]);
      assert.deepEqual(chart.values, new Map([["a", 1]]));
    }));

  it("is refused with Helm's words if it cannot be read", async () => {
    const long = { "Chart.yaml": chartYaml("web"), ".helmignore": "x".repeat(64 * 1024) };
    await withFolder(long, (path) => {
      assert.throws(() => loadChartFolder(path), { message: "bufio.Scanner: token too long" });
    });
    await withFolder({ "Chart.yaml": chartYaml("web"), ".helmignore/x": "" }, (path) => {
      assert.throws(() => loadChartFolder(path), { message: `read ${path}/.helmignore: is a directory` });
    });
    await withFolder({ "Chart.yaml": "[]" }, (path) => {
      assert.throws(() => loadChartFolder(path), /cannot unmarshal array into Go value of type loader\.chartBase$/);
    });
  });

  it("holds as many bytes as Helm reads, and no more", () =>
    withFolder({ "Chart.yaml": chartYaml("web"), "files/x": "" }, (path) => {
      const left = 104_857_600 - statSync(join(path, "Chart.yaml")).size;
      truncateSync(join(path, "files/x"), left);
      assert.equal(loadChartFolder(path).files[0].data.length, left);
      for (const size of [left + 1, 1024 ** 3]) {
        truncateSync(join(path, "files/x"), size);
        assert.throws(() => loadChartFolder(path), {
          message: "error reading files/x: chart exceeds maximum decompressed size of 104857600 bytes",
        });
      }
      truncateSync(join(path, "Chart.yaml"), 1024 ** 3);
      assert.throws(() => loadChartFolder(path), {
        message:
          `unable to detect chart at ${path}/Chart.yaml: ${path}/Chart.yaml is larger than the maximum size 104857600`,
      });
    }));

  it("whose Chart.yaml or .helmignore never ends is refused", () =>
    withFolder({ "web/x": "", "b/Chart.yaml": chartYaml("b") }, (path) => {
      symlinkSync("/dev/zero", join(path, "web/Chart.yaml"));
      assert.throws(() => loadChartFolder(join(path, "web")), /web\/Chart\.yaml: it is no regular file$/);
      symlinkSync("/dev/zero", join(path, "b/.helmignore"));
      assert.throws(() => loadChartFolder(join(path, "b")), /b\/\.helmignore: it is no regular file$/);
    }));

  it("whose links make it endless, though none leads to itself, is refused", () =>
    withFolder({ "Chart.yaml": chartYaml("web") }, (path) => {
      for (let i = 0; i < 30; i++) {
        mkdirSync(join(path, `d${i}`));
        for (const link of ["a", "b"]) symlinkSync(join(path, `d${i + 1}`), join(path, `d${i}`, link));
      }
      mkdirSync(join(path, "d30"));
      assert.throws(() => loadChartFolder(path), { message: "chart contains more than the maximum of 100000 files" });
    }));

  it("that is a device is no archive", () => {
    assert.throws(() => loadChartPath("/dev/zero"), {
      message: "file '/dev/zero' does not appear to be a gzipped archive; got 'application/octet-stream'",
    });
  });

  it("may have links, to files and folders", () =>
    withFolder({ "web/Chart.yaml": chartYaml("web"), "shared/f.txt": "shared" }, (path) => {
      symlinkSync(join(path, "shared"), join(path, "web/linked"));
      symlinkSync(join(path, "shared/f.txt"), join(path, "web/f.txt"));
      assert.deepEqual(names(loadChartFolder(join(path, "web")).files), ["f.txt", "linked/f.txt"]);
    }));

  it("with a link to itself, or to nothing, is refused", () =>
    withFolder({ "web/Chart.yaml": chartYaml("web"), "b/Chart.yaml": chartYaml("b") }, (path) => {
      mkdirSync(join(path, "web/sub"));
      symlinkSync(join(path, "web"), join(path, "web/sub/loop"));
      assert.throws(() => loadChartFolder(join(path, "web")), /too many links/);
      symlinkSync(join(path, "nowhere"), join(path, "b/link"));
      assert.throws(() => loadChartFolder(join(path, "b")), {
        message: `error evaluating symlink ${path}/b/link: lstat ${path}/nowhere: no such file or directory`,
      });
    }));

  it("names the first place that a link leads to and that is not there, as Go does", () =>
    withFolder({ "web/Chart.yaml": chartYaml("web"), "file": "" }, (path) => {
      const link = join(path, "web/link");
      for (
        const [target, words] of [
          ["../gone/deep/file", `lstat ${path}/gone: no such file or directory`],
          ["../web/.././gone//x/../y", `lstat ${path}/gone: no such file or directory`],
          ["../file/x", "not a directory"],
          ["link", "EvalSymlinks: too many links"],
        ]
      ) {
        symlinkSync(target, link);
        const message = `error evaluating symlink ${link}: ${words}`;
        assert.throws(() => loadChartFolder(join(path, "web")), { message });
        rmSync(link);
      }
    }));

  it("without a chart is refused with Helm's words", () =>
    withFolder({ "x.yaml": "", "b/Chart.yaml": "apiVersion: v9\nname: b\nversion: 1.0.0" }, (path) => {
      const message =
        `unable to detect chart at ${path}/Chart.yaml: open ${path}/Chart.yaml: no such file or directory`;
      assert.throws(() => loadChartPath(path), { message });
      assert.throws(() => loadChartPath(join(path, "b")), { message: "unsupported chart version" });
      const yaml = join(path, "x.yaml");
      assert.throws(() => loadChartPath(yaml), {
        message: `file '${yaml}' seems to be a YAML file, but expected a gzipped archive`,
      });
    }));
});
