/** Why a rendering failed, in the words of Helm's engine (helm.sh/helm/v4/pkg/engine). */
import { TemplateError } from "../template/template.ts";
import type { LookupQuery } from "./release-facts.ts";

/**
 * A chart that cannot be rendered with these values. The message is Helm's.
 *
 * `stage` tells what failed: the dependencies, the values (their schema), or the templates and what they rendered.
 */
export class RenderError extends Error {
  override readonly name = "RenderError";

  constructor(message: string, readonly stage: "dependencies" | "values" | "render", options?: ErrorOptions) {
    super(message, options);
  }
}

/** Templates rendered something that is no YAML. */
export class InvalidManifest extends RenderError {
  /** `rendered` is all that the templates rendered, for a person to look at. */
  constructor(error: RenderError, readonly rendered: string) {
    super(error.message, error.stage, { cause: error });
  }
}

/** A rendering that took longer than its limit; the message tells where it was. */
export class DeadlineExceeded extends RenderError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, "render", options);
  }
}

/** A rendering stopped at a `lookup` that has no answer yet: read what it asks for and render again. */
export class LookupNeeded extends Error {
  override readonly name = "LookupNeeded";

  constructor(readonly query: LookupQuery) {
    super(`The rendering needs the answer to lookup "${Object.values(query).join(" ")}"`);
  }
}

/** `fail` and `required` mark their messages, so that they can be found within the words of the templates around. */
export function markedMessage(message: string): string {
  return `HELM_ERR_START${message}HELM_ERR_END`;
}

/** What Helm says of a template that cannot be parsed. */
export function parseFailure(file: string, error: Error): RenderError {
  const tokens = error.message.split(": ");
  const message = tokens.length === 1
    ? `parse error in (${file}): ${error.message}`
    : `parse error at (${tokens[1]}): ${tokens.at(-1)}`;
  return new RenderError(message, "render", { cause: error });
}

/**
 * What Helm says of a template that failed while it executed: the chain of templates, each on lines of its own. `late`
 * says that it failed because it took too long.
 */
export function executionFailure(file: string, error: Error, late: boolean): RenderError {
  if (late) return new DeadlineExceeded(lateWords(file, error), { cause: error });
  return new RenderError(executionWords(file, error), "render", { cause: error });
}

/** The innermost place alone: the chain may be a thousand calls of a template by itself. */
function lateWords(file: string, error: Error): string {
  let place = file;
  for (let link: unknown = error; link instanceof Error; link = link.cause) {
    if (!(link instanceof TemplateError) || link.parts.line === undefined) continue;
    place = `${link.parts.source}:${link.parts.line}:${link.parts.column}`;
  }
  return `execution error at (${place}): the template takes longer than its limit allows`;
}

function executionWords(file: string, error: Error): string {
  const text = error.message;
  if (!(error instanceof TemplateError) || error.parts.kind !== "exec") return text;
  const first = text.indexOf(": ");
  const second = text.indexOf(": ", first + 2);
  if (second < 0) return `execution error in (${file}): ${text}`;
  const marked = /HELM_ERR_START(.*)HELM_ERR_END/s.exec(text.slice(second + 2));
  if (marked !== null) return `execution error at (${text.slice(first + 2, second)}): ${marked[1]}`;
  const links = chainOf(error).map(({ message }) => message);
  let words = "";
  let last = "";
  // The innermost message is the shortest, and of a long recursion the only one that is looked at.
  for (const message of links.reverse()) {
    const trace = traceOf(message);
    // An error that is no template's ends Helm's attempt: it shows Go's own words.
    if (trace === undefined) return text;
    if (trace !== last) words = trace + words;
    last = trace;
  }
  return words.trim();
}

/** The error and its causes. */
function chainOf(error: Error): Error[] {
  const links: Error[] = [];
  for (let link: unknown = error; link instanceof Error; link = link.cause) links.push(link);
  return links;
}

/** One link of the chain as Helm prints it; undefined for what text/template did not write. */
function traceOf(message: string): string | undefined {
  if (!message.startsWith("template: ")) return undefined;
  const rest = message.slice("template: ".length);
  if (rest.startsWith("no template ")) return `${message}\n`;
  const place = rest.split(": executing ", 1)[0];
  const executing = /^: executing ("[^"]*") at <(.*?)>: (.*)$/s.exec(rest.slice(place.length));
  if (executing !== null) {
    const [, template, code, reason] = executing;
    return `${place}\n  executing ${template} at <${code}>:\n    ${untilNextTemplate(reason)}\n`;
  }
  const separator = rest.lastIndexOf(": ");
  if (separator < 0) return undefined;
  return `${rest.slice(0, separator)}\n  ${untilNextTemplate(rest.slice(separator + 2))}\n`;
}

const untilNextTemplate = (reason: string) => reason.split(" template:", 1)[0];
