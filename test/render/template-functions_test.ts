import assert from "node:assert/strict";
import { it } from "node:test";
import { compileGlob } from "../../src/render/glob.ts";
import { sortByKind, uninstallOrder } from "../../src/render/kind-order.ts";
import { splitManifests } from "../../src/render/manifests.ts";
import { parseKubeVersion } from "../../src/render/capabilities.ts";

it("globs match as those of Helm's .Files do", () => {
  const cases: readonly (readonly [pattern: string, yes: readonly string[], no: readonly string[]])[] = [
    ["*", ["a", "a.txt", ""], ["a/b"]],
    ["**", ["a", "a/b/c", ""], []],
    ["conf/*", ["conf/a"], ["conf/a/b", "conf"]],
    ["conf/**", ["conf/a", "conf/a/b"], ["conf"]],
    ["**.txt", ["a.txt", "a/b.txt"], ["a.txt/x"]],
    ["?.txt", ["a.txt", "é.txt", "😀.txt"], ["ab.txt", "/.txt"]],
    ["[a-c]x", ["ax", "cx"], ["dx", "x"]],
    ["[!a-c]x", ["dx", "/x"], ["ax"]],
    ["[abc]", ["a"], ["d"]],
    ["[!abc]", ["d"], ["a"]],
    ["{a,b/c}.*", ["a.txt", "b/c.d"], ["b.txt"]],
    ["{a,{b,c}}x", ["ax", "bx", "cx"], ["x"]],
    ["a\\*", ["a*"], ["ab"]],
    ["a,b", ["a,b"], ["a"]],
    ["a}", ["a}"], ["a"]],
    ["{a,b", ["a", "b"], ["c"]],
  ];
  for (const [pattern, yes, no] of cases) {
    const matches = compileGlob(pattern)!;
    for (const name of yes) assert.ok(matches(name), `${pattern} ${name}`);
    for (const name of no) assert.ok(!matches(name), `${pattern} ${name}`);
  }
  for (const pattern of ["[", "[a", "[]", "[z-a]", "[a-]b", "\ufffd"]) {
    assert.equal(compileGlob(pattern), undefined, pattern);
  }
});

it("globs take no time that grows with their stars", () => {
  const matches = compileGlob(`${"*a".repeat(30)}b`)!;
  assert.equal(matches("a".repeat(300)), false);
});

it("files are cut where a line begins with three dashes", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["", []],
    ["\n\n", []],
    ["a: 1\n", ["a: 1\n"]],
    ["---\na: 1\n---\nb: 2", ["a: 1\n", "b: 2"]],
    ["---a: 1\n---  \t b: 2\n", ["a: 1\n", "b: 2\n"]],
    ["a: |\n  ---\n  x\n", ["a: |\n  ---\n  x\n"]],
    ["----\na: 1", ["-\na: 1"]],
    ["a: 1\r\n---\r\nb: 2", ["a: 1\r\n", "b: 2"]],
    ["# only a comment\n---\n", ["# only a comment\n"]],
  ];
  for (const [text, manifests] of cases) assert.deepEqual(splitManifests(text), manifests, JSON.stringify(text));
});

it("kinds have an order, those of equal kinds keep theirs, and unknown ones come last", () => {
  const items = ["Zeta", "Service", "Alpha", "Namespace", "Service", "Zeta"].map((kind, i) => ({ kind, i }));
  const order = (list: readonly { kind: string; i: number }[]) => list.map(({ kind, i }) => `${kind}${i}`).join(" ");
  assert.equal(order(sortByKind(items)), "Namespace3 Service1 Service4 Alpha2 Zeta0 Zeta5");
  assert.equal(order(sortByKind(items, uninstallOrder)), "Service1 Service4 Namespace3 Alpha2 Zeta0 Zeta5");
});

it("Kubernetes versions are taken apart, and what is none refused", () => {
  assert.deepEqual(parseKubeVersion("1.36.3"), { version: "v1.36.3", normalized: "v1.36.3", major: "1", minor: "36" });
  assert.deepEqual(parseKubeVersion("v1.33.4-gke.1245000"), {
    version: "v1.33.4-gke.1245000",
    normalized: "v1.33.4",
    major: "1",
    minor: "33",
  });
  assert.equal(parseKubeVersion("1.027.3.4").normalized, "v1.27.3.4");
  for (
    const [version, problem] of [
      ["latest", `could not parse "latest" as version`],
      ["1.30\n", `could not parse "1.30\\n" as version`],
      ["1", `illegal version string "1"`],
      ["01.30", `illegal zero-prefixed version component "01" in "01.30"`],
      [
        "1.18446744073709551616",
        `illegal non-numeric version component "18446744073709551616" in "1.18446744073709551616": ` +
        `strconv.ParseUint: parsing "18446744073709551616": value out of range`,
      ],
    ]
  ) {
    assert.throws(() => parseKubeVersion(version), { message: `invalid kube version '${version}': ${problem}` });
  }
});
