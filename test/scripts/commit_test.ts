import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { commitOf } from "../../scripts/commit.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "helmwright-commit-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: string[]) =>
  execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    encoding: "utf8",
  }).trim();

function commitFile(): string {
  git("init", "--quiet");
  writeFileSync(join(folder, "file"), "one");
  git("add", "file");
  git("commit", "--quiet", "--message", "one");
  return git("rev-parse", "HEAD");
}

describe("the commit of a folder", () => {
  it("is what git has checked out, tags or not, and says when files differ from it", () => {
    const hash = commitFile();
    git("tag", "v1");
    assert.equal(commitOf(folder, { HELMWRIGHT_COMMIT: "other" }), hash);
    writeFileSync(join(folder, "file"), "two");
    assert.equal(commitOf(folder, {}), `${hash}-dirty`);
  });

  it("is the environment's without a git directory, whatever lies around the folder", () => {
    commitFile();
    const inner = join(folder, "inner");
    mkdirSync(inner);
    assert.equal(commitOf(inner, { HELMWRIGHT_COMMIT: "given" }), "given");
    assert.equal(commitOf(inner, {}), "");
  });

  it("is the environment's where git cannot read its directory", () => {
    mkdirSync(join(folder, ".git"));
    assert.equal(commitOf(folder, { HELMWRIGHT_COMMIT: "given" }), "given");
  });
});
