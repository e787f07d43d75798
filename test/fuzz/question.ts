/** What both sides are asked, and the groups of questions that are drawn at random. */
import type fc from "fast-check";

/** The oracle's operations that are fuzzed; its main.go says what each does. */
export type Operation =
  | "helm"
  | "ignored"
  | "render"
  | "schema"
  | "set"
  | "set-json"
  | "set-literal"
  | "set-string"
  | "yaml2json";

/** One question: an operation and its input. */
export interface Question {
  readonly op: Operation;
  readonly text: string;
  /** YAML of the values; default `{}`. */
  readonly values?: string;
}

/** A subject with a generator of questions about it. */
export interface Group {
  /** What `--only` names. */
  readonly name: string;
  readonly questions: fc.Arbitrary<Question>;
}
