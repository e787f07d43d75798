// A watch's chart is read when its files change, and parsed when what they hold changes.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Effect } from "effect";
import { chartLoader } from "../../src/release/charts.ts";

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function chartFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "helmwright-chart-"));
  folders.push(folder);
  writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
  writeFileSync(join(folder, "values.yaml"), "size: 1\n");
  return folder;
}

describe("A watch's chart", () => {
  test("stays the same while its files hold the same, whenever they were written", () => {
    const folder = chartFolder();
    const load = chartLoader(folder);
    const chart = Effect.runSync(load);
    assert.equal(Effect.runSync(load), chart);
    utimesSync(join(folder, "values.yaml"), 1, 1);
    assert.equal(Effect.runSync(load), chart);
  });

  test("is another when a file changes, and the first again when it changes back", () => {
    const folder = chartFolder();
    const load = chartLoader(folder);
    const chart = Effect.runSync(load);
    writeFileSync(join(folder, "values.yaml"), "size: 22\n");
    assert.deepEqual(Effect.runSync(load).values, new Map([["size", 22]]));
    writeFileSync(join(folder, "values.yaml"), "size: 1\n");
    assert.equal(Effect.runSync(load), chart);
  });

  test("is shared by watches whose charts hold the same", () => {
    assert.equal(Effect.runSync(chartLoader(chartFolder())), Effect.runSync(chartLoader(chartFolder())));
  });
});
