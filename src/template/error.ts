/** What an error in a template is made of, besides its text. */
export interface TemplateErrorParts {
  /** `parse`: the text is no template. `exec`: it failed while executing. `missing`: no template of that name. */
  readonly kind: "parse" | "exec" | "missing";
  /** The template that was executing (`executing "NAME"`), or being parsed. */
  readonly template: string;
  /** Where: the name of the text that was parsed, often a file, ... */
  readonly source?: string;
  /** ... its line, from 1, ... */
  readonly line?: number;
  /** ... and for `exec` the byte in that line, from 0. */
  readonly column?: number;
  /** For `exec`, the code at fault, as Go prints it between `<` and `>`. */
  readonly context?: string;
  /** Go's words without the place. */
  readonly reason: string;
}

/**
 * A template that cannot be parsed or executed. The message is Go's, whole: `template: a.yaml:3:8: executing "a.yaml"
 * at <.x.y>: nil pointer evaluating interface {}.y`.
 *
 * `cause` is what a called function threw, if one did: another TemplateError for `include`.
 */
export class TemplateError extends Error {
  override readonly name = "TemplateError";

  constructor(message: string, readonly parts: TemplateErrorParts, options?: ErrorOptions) {
    super("", options);
    // Bun's constructor copies the text, which after a thousand calls holds the words of a thousand errors.
    Object.defineProperty(this, "message", { value: message });
  }
}

/** Whether the error says that JavaScript's stack is exhausted; a regular expression has its own words for it. */
export function isStackOverflow(error: unknown): boolean {
  if (error instanceof TemplateError) return isStackOverflow(error.cause);
  if (!(error instanceof Error)) return false;
  return error instanceof RangeError ? error.message.includes("call stack") : error.message.endsWith("Stack overflow");
}
