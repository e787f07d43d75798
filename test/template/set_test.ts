/** Sets of templates: definitions that replace others, clones, functions bound to a rendering, causes of errors. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { describe, it } from "node:test";
import { fn, late } from "../../src/template/signature.ts";
import { Execution, TemplateError, TemplateSet } from "../../src/template/template.ts";
import type { GoValue, Json } from "../../src/template/value.ts";
import { functions, values } from "./fixture.ts";

const set = (...texts: [string, string][]) => {
  const made = new TemplateSet({ functions });
  for (const [name, text] of texts) made.parse(name, text);
  return made;
};

function error(run: () => unknown): TemplateError {
  try {
    run();
  } catch (thrown) {
    ok(thrown instanceof TemplateError, `not a TemplateError: ${thrown}`);
    return thrown;
  }
  throw new Error("nothing was thrown");
}

describe("definitions", () => {
  it("of later texts replace earlier ones", () => {
    const s = set(["a", `{{ define "x" }}1{{ end }}`], ["b", `{{ define "x" }}2{{ end }}{{ template "x" }}`]);
    strictEqual(s.execute("b", null), "2");
  });

  it("that are empty replace nothing", () => {
    const s = set(["a", `{{ define "x" }}1{{ end }}`], ["b", `{{ define "x" }} {{/* c */}} {{ end }}`]);
    strictEqual(s.execute("x", null), "1");
  });

  it("of a file's own name are replaced as any other", () => {
    strictEqual(set(["a", "1"], ["a", "2"]).execute("a", null), "2");
    strictEqual(set(["a", "1"], ["a", " {{/* c */}}"]).execute("a", null), "1");
  });

  it("are known by name", () => {
    const s = set(["a", `{{ define "x" }}1{{ end }}`]);
    ok(s.has("x") && s.has("a") && !s.has("y"));
    deepStrictEqual(s.names().sort(), ["a", "x"]);
  });

  it("do nothing when the text does not parse", () => {
    const s = set(["a", `{{ define "x" }}1{{ end }}`]);
    throws(() => s.parse("b", `{{ define "x" }}2{{ end }}{{ nope }}`), TemplateError);
    strictEqual(s.execute("x", null), "1");
  });
});

it("what has not run yet runs alike after the trees were forgotten", () => {
  const texts: [string, string][] = [
    [
      "a",
      `{{ define "x" }}{{ if .a }}a{{ else if .b }}{{ $v := .b }}{{ range $i, $e := .l }}{{ if $i }}{{ $v }}{{ $e }}{{ end }}` +
      `{{ else }}none{{ end }}{{ else }}{{ with .c }}{{ .d }}{{ else }}{{ .e.f.g }}{{ end }}{{ end }}{{ end }}`,
    ],
    [
      "b",
      `{{ block "y" . }}[{{ template "x" . }}]{{ end }}{{ if .b }}{{ template "z" . }}{{ end }}{{ define "z" }}z{{ end }}`,
    ],
  ];
  const dots: Json[] = [{ a: 1 }, { b: 2, l: [3, 4] }, { b: 2, l: [] }, { c: { d: 5 } }, { e: 6 }];
  const kept = set(...texts);
  const forgetful = set(...texts);
  const run = (s: TemplateSet, dot: Json) => {
    try {
      return s.execute("b", values(dot));
    } catch (error) {
      return (error as Error).message;
    }
  };
  deepStrictEqual(dots.map((dot) => run(kept, dot)), [
    "[a]",
    "[24]z",
    "[none]z",
    "[5]",
    `template: a:1:187: executing "x" at <.e.f.g>: can't evaluate field f in type interface {}`,
  ]);
  for (const dot of dots) {
    forgetful.forgetTrees();
    strictEqual(run(forgetful, dot), run(kept, dot));
  }
});

describe("parse", () => {
  it("returns the template parsed, even when the set keeps another", () => {
    const s = set(["a", "kept"]);
    const empty = s.parse("a", "  ");
    strictEqual(s.execute(empty, null), "  ");
    strictEqual(s.execute("a", null), "kept");
  });
});

describe("clone", () => {
  it("shares what was there, and keeps to itself what is added", () => {
    const s = set(["a", `{{ define "x" }}1{{ end }}`]);
    const clone = s.clone();
    clone.parse("b", `{{ define "x" }}2{{ end }}{{ define "y" }}3{{ end }}`);
    strictEqual(clone.execute("x", null), "2");
    strictEqual(s.execute("x", null), "1");
    ok(!s.has("y"));
    s.parse("c", "4");
    ok(!clone.has("c"));
  });
});

describe("functions of a rendering", () => {
  const bound = new TemplateSet({
    functions: { include: late("func(string, any) (string, error)"), one: fn("func() int64", () => null) },
  });
  bound.parse("t", `{{ include "x" . }}{{ define "x" }}<{{ . }}>{{ end }}`);
  const rendering = (prefix: string): Execution => {
    const execution: Execution = new Execution({
      functions: { include: (name, data) => prefix + bound.execute(name as string, data, execution) },
    });
    return execution;
  };

  it("are those of the execution", () => {
    strictEqual(bound.execute("t", "d", rendering("a:")), "a:<d>");
    strictEqual(bound.execute("t", "e", rendering("b:")), "b:<e>");
  });

  it("keep their declared signature", () => {
    bound.parse("u", `{{ include . "x" }}`);
    const { message } = error(() => bound.execute("u", 5, rendering("")));
    strictEqual(
      message,
      `template: u:1:11: executing "u" at <.>: wrong type for value; expected string; got float64`,
    );
  });

  it("fail a call when the execution brings none", () => {
    const { parts } = error(() => bound.execute("t", null));
    strictEqual(parts.reason, "error calling include: the function is bound to no rendering");
  });

  it("may be replaced for a part of the rendering, which shares its limits", () => {
    const first = new Execution({ functions: { include: () => "first" }, limits: { steps: 10 } });
    const second = first.with({ include: () => "second" });
    strictEqual(bound.execute("t", null, first), "first");
    strictEqual(bound.execute("t", null, second), "second");
    strictEqual(second.budget, first.budget);
  });
});

describe("errors", () => {
  it("tell their parts", () => {
    const s = set(["a.yaml", `one\n {{ .x.y }}`]);
    const { message, parts } = error(() => s.execute("a.yaml", values({ x: "s" })));
    strictEqual(
      message,
      `template: a.yaml:2:6: executing "a.yaml" at <.x.y>: can't evaluate field y in type interface {}`,
    );
    deepStrictEqual(parts, {
      kind: "exec",
      template: "a.yaml",
      source: "a.yaml",
      line: 2,
      column: 6,
      context: ".x.y",
      reason: "can't evaluate field y in type interface {}",
    });
  });

  it("tell the parts of what does not parse", () => {
    const { parts } = error(() => set(["a.yaml", "\n{{ nope }}"]));
    const reason = `function "nope" not defined`;
    deepStrictEqual(parts, { kind: "parse", template: "a.yaml", source: "a.yaml", line: 2, reason });
  });

  it("name the template that is missing and the set", () => {
    const { message } = error(() => set().execute("x", null));
    strictEqual(message, `template: no template "x" associated with template "gotpl"`);
  });

  it("keep what the function threw as their cause", () => {
    const s = new TemplateSet({ functions: { include: late("func(string, any) (string, error)") } });
    s.parse("t", `{{ define "x" }}{{ .a.b }}{{ end }}{{ include "x" . }}`);
    const execution: Execution = new Execution({
      functions: { include: (name, data) => s.execute(name as string, data, execution) },
    });
    const outer = error(() => s.execute("t", values({ a: null }), execution));
    ok(outer.cause instanceof TemplateError);
    strictEqual(outer.cause.parts.template, "x");
    strictEqual(outer.parts.reason, `error calling include: ${outer.cause.message}`);
  });

  it("let pass what is no Error", () => {
    const signal = { wanted: "lookup" };
    const stop = fn("func() any", (): GoValue => {
      throw signal;
    });
    const s = new TemplateSet({ functions: { stop } });
    s.parse("t", `{{ define "x" }}{{ stop }}{{ end }}{{ range 2 }}{{ template "x" }}{{ end }}`);
    throws(() => s.execute("t", null), (thrown) => thrown === signal);
  });
});

describe("a function of the user's", () => {
  it("hides Go's own", () => {
    const s = new TemplateSet({ functions: { len: fn("func(any) string", () => "mine") } });
    s.parse("t", `{{ len 5 }}`);
    strictEqual(s.execute("t", null), "mine");
  });

  it("called break takes the keyword's place", () => {
    const s = new TemplateSet({ functions: new Map([["break", fn("func() string", () => "mine")]]) });
    s.parse("t", `{{ range 2 }}{{ break }}{{ end }}`);
    strictEqual(s.execute("t", null), "minemine");
  });

  it("without a signature takes any arguments", () => {
    const s = new TemplateSet({ functions: { count: (...args) => args.length } });
    s.parse("t", `{{ count }}{{ count 1 nil "a" }}{{ 1 | count 2 }}`);
    strictEqual(s.execute("t", null), "032");
  });
});

describe("missing keys", () => {
  const execute = (missingKey: "default" | "zero" | "error", text: string) => {
    const s = new TemplateSet({ functions, missingKey });
    s.parse("t", text);
    try {
      return s.execute("t", values({ m: {}, nil: null }));
    } catch (thrown) {
      return (thrown as Error).message;
    }
  };
  const at = (column: number, node: string, reason: string) =>
    `template: t:1:${column}: executing "t" at <${node}>: ${reason}`;

  it("are no value by default", () => {
    strictEqual(execute("default", "{{ .a }}{{ .a.b }}"), "<no value><no value>");
  });

  it("are nil with zero, and nil has no fields", () => {
    strictEqual(execute("zero", "{{ .a }}{{ .m.a }}{{ (.a).b }}"), "<no value><no value><no value>");
    strictEqual(execute("zero", "{{ .a.b }}"), at(5, ".a.b", "nil pointer evaluating interface {}.b"));
  });

  it("fail with error", () => {
    strictEqual(execute("error", "{{ .m.a }}"), at(5, ".m.a", `map has no entry for key "a"`));
    strictEqual(execute("error", "{{ (.nil).a }}"), at(4, ".nil", `nil data; no entry for key "a"`));
  });
});
