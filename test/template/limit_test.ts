/** Templates that would not end, or hardly. */
import { match, ok, strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { fn, late } from "../../src/template/signature.ts";
import { Execution, isStackOverflow, type Limits, TemplateError, TemplateSet } from "../../src/template/template.ts";
import type { GoValue } from "../../src/template/value.ts";

function failure(text: string, limits: Limits = {}, maxDepth?: number): string {
  const set = new TemplateSet({
    functions: {
      include: late("func(string, any) (string, error)"),
      grow: fn("func(string) string", (s: string) => s + s),
    },
    maxDepth,
  });
  set.parse("t", text);
  const execution: Execution = new Execution({
    limits,
    functions: { include: (name, data) => set.execute(name as string, data, execution) },
  });
  try {
    return `ended with ${set.execute("t", null, execution).length} characters`;
  } catch (error) {
    ok(error instanceof TemplateError, String(error));
    return error.message;
  }
}

describe("recursion", () => {
  it("of template ends at Go's limit, or where the stack does", () => {
    strictEqual(
      failure(`{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}`),
      `template: t:1:28: executing "x" at <{{template "x"}}>: exceeded maximum template depth (100000)`,
    );
  });

  it("of template ends at the set's own limit", () => {
    strictEqual(
      failure(`{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}`, {}, 50),
      `template: t:1:28: executing "x" at <{{template "x"}}>: exceeded maximum template depth (50)`,
    );
  });

  it("of a function that calls back ends in an error of the outermost execution", () => {
    strictEqual(
      failure(`{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}`),
      "template: t: the template nests deeper than the stack allows",
    );
  });

  it("can be told from other errors by the function", () => {
    const set = new TemplateSet({ functions: { include: late("func(string, any) (string, error)") } });
    set.parse("t", `{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}`);
    let told = 0;
    const include = (name: GoValue, data: GoValue): GoValue => {
      try {
        return set.execute(name as string, data, execution);
      } catch (error) {
        if (isStackOverflow(error)) told++;
        throw error;
      }
    };
    const execution: Execution = new Execution({ functions: { include } });
    try {
      set.execute("t", null, execution);
    } catch (error) {
      ok(error instanceof TemplateError && isStackOverflow(error));
    }
    ok(told > 100);
  });

  it("of parentheses and branches in the text is an error of the parser", () => {
    const deep = (open: string, close: string) => `${open.repeat(50_000)}${close.repeat(50_000)}`;
    strictEqual(failureToParse(`{{ ${deep("(", ")")} }}`), "template: t:1: max expression depth exceeded");
    // Go has no such limit for branches: whether this one parses is for the stack to say.
    match(failureToParse(deep("{{ if 1 }}", "{{ end }}")), /^parsed$|^template: t:1: max expression depth exceeded$/);
  });
});

function failureToParse(text: string): string {
  try {
    new TemplateSet({ functions: {} }).parse("t", text);
    return "parsed";
  } catch (error) {
    ok(error instanceof TemplateError);
    return error.message;
  }
}

describe("limits", () => {
  const at = (node: string, column: number, reason: string) =>
    `template: t:1:${column}: executing "t" at <${node}>: ${reason}`;

  it("count the steps of loops", () => {
    const loop = "{{ range 1000000000 }}{{ end }}";
    strictEqual(
      failure(loop, { steps: 5000 }),
      at("{{range 1000000000}}{{end}}", 9, "the template takes more steps than its limit allows"),
    );
    strictEqual(failure("{{ range 100 }}{{ end }}", { steps: 5000 }), "ended with 0 characters");
  });

  it("count the steps of template calls, which may double from one to the next", () => {
    const calls = Array.from(
      { length: 40 },
      (_, i) => `{{ define "${i}" }}{{ template "${i + 1}" }}{{ template "${i + 1}" }}{{ end }}`,
    );
    const message = failure(`${calls.join("")}{{ define "40" }}{{ end }}{{ template "0" }}`, { steps: 10_000 });
    ok(message.endsWith("the template takes more steps than its limit allows"), message);
  });

  it("end at a deadline", () => {
    const started = Date.now();
    const message = failure("{{ range 1000000000 }}{{ end }}", { deadline: started + 50 });
    ok(message.endsWith("the template takes longer than its limit allows"), message);
    ok(Date.now() - started < 5000);
  });

  it("bound the output", () => {
    const message = failure(`{{ range 1000000 }}0123456789{{ end }}`, { output: 100_000 });
    ok(message.endsWith("the template writes more than its limit allows"), message);
  });

  it("hold over all executions of a rendering", () => {
    const message = failure(
      `{{ define "x" }}{{ range 600 }}{{ end }}{{ end }}{{ range 10 }}{{ include "x" . }}{{ end }}`,
      {
        steps: 3000,
      },
    );
    ok(message.endsWith("the template takes more steps than its limit allows"), message);
  });

  it("need no telling where JavaScript's strings end", () => {
    const message = failure(`{{ $x := "0123456789" }}{{ range 40 }}{{ $x = grow $x }}{{ end }}`);
    ok(message.startsWith(at("grow $x", 46, "error calling grow: ")), message);
  });
});
