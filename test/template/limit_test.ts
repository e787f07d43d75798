/** Templates that would not end, or hardly. */
import { match, ok, strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { fn, late } from "../../src/template/signature.ts";
import {
  Execution,
  type Interrupted,
  isStackOverflow,
  type Limits,
  TemplateError,
  TemplateSet,
} from "../../src/template/template.ts";

type Limit = Extract<Interrupted, { kind: "execution" }>["limit"];

/** With `most`, `include` tells how often it may execute the same template. */
function failure(text: string, limits: Limits = {}, maxDepth?: number, most?: Limit): string {
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
    functions: {
      include: (name, data) => {
        try {
          return set.execute(name as string, data, execution);
        } catch (error) {
          if (most !== undefined && isStackOverflow(error)) {
            execution.budget.interrupted.push({ kind: "execution", of: name as string, limit: most });
          }
          throw error;
        }
      },
    },
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

  it("of template by turns ends where Go's limit is met", () => {
    const text =
      `{{ define "x" }}{{ template "y" }}{{ end }}{{ define "y" }}{{ with 1 }}{{ template "z" }}{{ end }}{{ end }}` +
      `{{ define "z" }}{{ template "x" }}{{ end }}{{ template "x" }}`;
    const tooDeep = (depth: number, column: number, name: string, call: string) =>
      `template: t:1:${column}: executing "${name}" at <{{template "${call}"}}>: exceeded maximum template depth (${depth})`;
    strictEqual(failure(text), tooDeep(100_000, 28, "x", "y"));
    strictEqual(failure(text, {}, 100_001), tooDeep(100_001, 83, "y", "z"));
    strictEqual(failure(text, {}, 100_002), tooDeep(100_002, 135, "z", "x"));
  });

  it("of a function that calls back is told once around", () => {
    const call = (column: number, name: string) =>
      `template: t:1:${column}: executing "${name}" at <include "x" .>: error calling include: `;
    strictEqual(
      failure(`{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}`),
      `${call(47, "t")}${call(19, "x")}the template calls itself without end`,
    );
  });

  it("of a function that limits it ends at that limit", () => {
    const call = (column: number, name: string) =>
      `template: t:1:${column}: executing "${name}" at <include "x" .>: error calling include: `;
    const limit = { times: 20_000, error: () => new Error("enough") };
    strictEqual(
      failure(`{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}`, {}, undefined, limit),
      `${call(47, "t")}${call(19, "x").repeat(20_000)}enough`,
    );
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
