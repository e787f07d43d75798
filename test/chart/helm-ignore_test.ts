import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseIgnoreRules } from "../../src/chart/helm-ignore.ts";

/** The paths that the rules leave out; a folder's path ends with a slash. */
function ignored(rules: string, ...paths: string[]): string[] {
  const ignores = parseIgnoreRules(rules);
  return paths.filter((path) => ignores(path.replace(/\/$/, ""), path.endsWith("/")));
}

describe(".helmignore", () => {
  it("compares a rule without a slash with names, and one with a slash with paths", () => {
    assert.deepEqual(ignored("a\n/b\nc/d", "a", "x/a", "b", "x/b", "c/d", "x/c/d"), ["a", "x/a", "b", "c/d"]);
  });

  it("takes a rule that ends with a slash for folders alone", () => {
    assert.deepEqual(ignored("a/", "a", "a/", "x/a/"), ["a/", "x/a/"]);
  });

  it("ignores with a negated rule all that it does not match", () => {
    assert.deepEqual(ignored("!a", "a", "b"), ["b"]);
  });

  it("leaves out hidden templates", () => {
    assert.deepEqual(ignored("", "templates/.x", ".x"), ["templates/.x"]);
  });

  it("knows Go's space: U+0085, but not a byte order mark past the beginning", () => {
    assert.deepEqual(ignored("\ufeffa\n\u0085b\u0085\n\ufeffc", "a", "b", "c"), ["a", "b"]);
  });

  it("refuses what is no pattern", () => {
    for (const rule of ["[", "[a-]", "a*[", "!["]) {
      assert.throws(() => parseIgnoreRules(rule), { message: "syntax error in pattern" }, rule);
    }
    assert.throws(() => parseIgnoreRules("a/**"), { message: "double-star (**) syntax is not supported" });
  });

  it("overlooks, as Helm does, a mistake to which the name abc does not lead, and matches nothing with it", () => {
    assert.deepEqual(ignored("x*[a-]", "x", "xa", "y"), []);
  });
});
