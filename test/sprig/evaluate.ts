/** Evaluates templates with Sprig's functions; what the tables of the other files need. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { durationFunctions } from "../../src/sprig/duration.ts";
import { sprigFunctions } from "../../src/sprig/functions.ts";
import { TemplateError, TemplateSet } from "../../src/template/template.ts";
import type { GoValue } from "../../src/template/value.ts";
import { readJson, writeJson } from "../../src/yaml/json.ts";

/** 2026-03-01T12:30:15.25Z: the time at which the tests run. */
export const testTime = Date.UTC(2026, 2, 1, 12, 30, 15, 250);

const functions = sprigFunctions({ json: { read: readJson, write: writeJson }, now: () => testTime });
for (const [name, f] of Object.entries(durationFunctions)) functions.set(name, f);

/** What a template gives; what is missing prints as nothing. */
export function evaluate(template: string, dot: GoValue = null): string {
  const set = new TemplateSet({ functions, missingKey: "zero" });
  set.parse("t", template);
  return set.execute("t", dot).replaceAll("<no value>", "");
}

/** The words of the call that fails, from the function's name on. */
export function failure(template: string): string {
  try {
    evaluate(template);
  } catch (error) {
    assert.ok(error instanceof TemplateError, `${template}: ${error}`);
    return /error calling (.*)$/s.exec(error.message)?.[1] ?? error.message.replace(/^.*?at <.*?>:\s*/s, "");
  }
  assert.fail(`${template} does not fail`);
}

/** Templates and what Helm 4.3.1 makes of them. */
export type Cases = readonly (readonly [template: string, expected: string])[];

/** A test for each template that gives something. */
export function results(subject: string, cases: Cases): void {
  describe(subject, () => {
    for (const [template, expected] of cases) {
      it(template, () => assert.equal(evaluate(template).toWellFormed(), expected));
    }
  });
}

/** A test for each template that fails. */
export function failures(subject: string, cases: Cases): void {
  describe(`${subject}, failing`, () => {
    for (const [template, expected] of cases) it(template, () => assert.equal(failure(template), expected));
  });
}
