import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { archiveLimits } from "../../src/chart/archive.ts";
import { loadChartArchive } from "../../src/chart/folder.ts";
import { chartYaml, type OddEntry, tar, tgz } from "./files.ts";

const ignore = () => {};
const load = (entries: readonly OddEntry[]) => loadChartArchive(gzipSync(tar(entries)), ignore);
const chart: OddEntry = { name: "web/Chart.yaml", content: chartYaml("web") };

/** What Helm's library puts before the reason. */
const unreadable = "unable to load chart archive: ";

describe("a packaged chart", () => {
  it("is read as its folder would be", () => {
    const loaded = loadChartArchive(tgz("web", { "Chart.yaml": chartYaml("web"), "templates/a.yaml": "a: 1" }));
    assert.equal(loaded.metadata.name, "web");
    assert.deepEqual(loaded.templates.map(({ name }) => name), ["templates/a.yaml"]);
  });

  it("may have folders, long names, pax headers and names of Windows", () => {
    const long = `web/${"d/".repeat(80)}file.txt`;
    const record = " path=web/from-pax.txt\n";
    const loaded = load([
      { name: "web/", type: "5" },
      chart,
      { name: "././@LongLink", type: "L", content: `${long}\0` },
      { name: long.slice(0, 100), content: "long" },
      { name: "pax", type: "x", content: `${record.length + 2}${record}` },
      { name: "web/short", content: "pax" },
      { name: "web\\docs\\read.me", content: "windows" },
      { name: "web/link", type: "2" },
    ]);
    assert.deepEqual(loaded.files.map(({ name }) => name), [long.slice(4), "from-pax.txt", "docs/read.me", "link"]);
  });

  it("that is hostile or broken is refused with Helm's words", () => {
    const outside = (name: string) =>
      `chart illegally contains content outside the base directory: ${JSON.stringify(name)}`;
    const cases: readonly (readonly [OddEntry[], string])[] = [
      [[], "no files in chart archive"],
      [[{ name: "web/../../etc/passwd" }], "chart illegally references parent directory"],
      [[{ name: "web//etc/passwd" }], "chart illegally contains absolute paths"],
      [[{ name: "passwd" }], outside("passwd")],
      [[{ name: "web/c:/x" }], "chart contains illegally named files"],
      [[{ name: "Chart.yaml/x" }], "chart yaml not in base directory"],
      [[chart, { name: "web/x", size: 6000 }], "unexpected EOF"],
      [[{ name: "web/x" }], "unable to detect chart version, no Chart.yaml found"],
      [[{ name: "pax", type: "x", size: 1024 * 1024 + 1 }, chart], "archive/tar: header field too long"],
      [
        [chart, { name: "web/x", size: archiveLimits.size + 1 }],
        "unexpected EOF",
      ],
    ];
    for (const [entries, message] of cases) {
      const whole = message.startsWith("unable to detect") ? message : unreadable + message;
      assert.throws(() => load(entries), { name: "InvalidChart", message: whole });
    }
  });

  it("is read to the end of its tar, whatever is wrong behind it", () => {
    const packed = gzipSync(tar([chart, { name: "web/zeros", content: new Uint8Array(50_000) }]));
    const wrongSum = packed.with(-5, packed.at(-5)! ^ 1);
    const followed = Uint8Array.from([...packed, ...new TextEncoder().encode("garbage")]);
    for (const bytes of [packed.subarray(0, -8), wrongSum, followed]) {
      assert.deepEqual(loadChartArchive(bytes, ignore).files.map(({ data }) => data.length), [50_000]);
    }
  });

  it("has folders by their type, by their mode, and in old archives by their name", () => {
    const loaded = load([
      chart,
      { name: "web/file/", content: "a" },
      { name: "web/old/", type: "\0" },
      { name: "web/folder", mode: "0040755\0" },
    ]);
    assert.deepEqual(loaded.files.map(({ name }) => name), ["file"]);
  });

  it("that is no archive is refused, with what it looks like", () => {
    const refuses = (bytes: Uint8Array, name: string, message: string) =>
      assert.throws(() => loadChartArchive(bytes, ignore, name), { message });
    const text = new TextEncoder().encode("hello".repeat(200));
    refuses(text, "x.tgz", "file 'x.tgz' does not appear to be a gzipped archive; got 'text/plain; charset=utf-8'");
    const short = text.subarray(0, 5);
    refuses(short, "x.tgz", "file 'x.tgz' does not appear to be a gzipped archive; got 'application/octet-stream'");
    refuses(text, "x.yaml", "file 'x.yaml' seems to be a YAML file, but expected a gzipped archive");
    refuses(gzipSync(tar([chart])).subarray(0, 40), "x.tgz", `${unreadable}unexpected EOF`);
    refuses(gzipSync(new Uint8Array(600).fill(65)), "x.tgz", `${unreadable}archive/tar: invalid tar header`);
  });
});

describe("limits on packaged charts", () => {
  const tooLarge = { message: `${unreadable}decompressed chart is larger than the maximum size ${archiveLimits.size}` };

  it("end a decompression bomb", () => {
    const bomb = gzipSync(new Uint8Array(archiveLimits.size * 2 + 2 ** 27));
    assert.throws(() => loadChartArchive(bomb, ignore), tooLarge);
  });

  it("count all files together, those of archives within archives too", () => {
    const half = new Uint8Array(archiveLimits.size / 2);
    const part = tgz("sub", { "Chart.yaml": chartYaml("sub"), "zeros": half });
    const bytes = tgz("web", {
      "Chart.yaml": chartYaml("web"),
      "charts/a.tgz": part,
      "charts/b.tgz": part,
      "zeros": half,
    });
    assert.throws(() => loadChartArchive(bytes, ignore), /decompressed chart is larger than the maximum size/);
  });

  it("bound the number of files", () => {
    const entries = Array.from({ length: archiveLimits.files + 1 }, (_, i) => ({ name: `web/${i}` }));
    assert.throws(() => load([chart, ...entries]), {
      message: `${unreadable}chart contains more than the maximum of ${archiveLimits.files} files`,
    });
  });

  it("bound how deep charts nest", () => {
    let nested = tgz("c", { "Chart.yaml": chartYaml("c") });
    for (let depth = 0; depth < 20; depth++) {
      nested = tgz("c", { "Chart.yaml": chartYaml("c"), "charts/c.tgz": nested });
    }
    assert.throws(() => loadChartArchive(nested, ignore), /nested deeper than the maximum of 16/);
  });
});
