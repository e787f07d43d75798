/** One case, rendered by Helmwright and by Helm, and how the two fit together. */
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { Effect } from "effect";
import { renderTemplate } from "../../src/cli/render-template.ts";
import type { Case } from "./cases.ts";

/** `refused alike`: both fail, with the same words. */
export type Verdict =
  | "equal"
  | "refused alike"
  | "differs"
  | "failed"
  | "refused with other words"
  | "accepted what helm refuses";

export interface Comparison {
  readonly case: Case;
  readonly verdict: Verdict;
  /** The first lines that differ, or both sides' words; "" when all is well. */
  readonly details: string;
}

/** What a program printed, or the words with which it failed. */
type Outcome = { readonly text: string } | { readonly error: string };

/** How often helm renders, at most, what does not come out as ours, to find out what of it is random. */
const helmRuns = 10;

/** Renders a case by both. `helm` is the path of Helm's command line. */
export async function compare(one: Case, helm: string): Promise<Comparison> {
  const ours = await renderOurs(one);
  const theirs = await renderHelms(one, helm);
  const verdict = (name: Verdict, details = ""): Comparison => ({ case: one, verdict: name, details });
  if ("error" in theirs) {
    if (!("error" in ours)) return verdict("accepted what helm refuses", theirs.error);
    if (await refusedAlike(one, helm, ours.error, theirs.error)) return verdict("refused alike");
    return verdict("refused with other words", `helm: ${theirs.error}\nours: ${ours.error}`);
  }
  if ("error" in ours) return verdict("failed", ours.error);
  if (ours.text === theirs.text) return verdict("equal");
  const runs = [theirs.text];
  while (runs.length < helmRuns) {
    // What is a date shows when a second has passed.
    await delay(1000);
    const again = await renderHelms(one, helm);
    if ("error" in again) return verdict("differs", again.error);
    runs.push(again.text);
    if (sameButForRandomLines(ours.text, runs)) return verdict("equal");
  }
  return verdict("differs", difference(runs[0], ours.text));
}

/**
 * Of several mistakes helm names whichever it meets first in an order that is random, or all of them in such an order.
 */
async function refusedAlike(one: Case, helm: string, ours: string, theirs: string): Promise<boolean> {
  const said = new Set<string>();
  let error = theirs;
  for (let runs = 1; !saysAtLeast(ours, error); runs++) {
    said.add(error);
    if (said.size > 1 && sameInAnyOrder(ours, error)) return true;
    if (runs === helmRuns) return false;
    const again = await renderHelms(one, helm);
    if (!("error" in again)) return false;
    error = again.error;
  }
  return true;
}

function sameInAnyOrder(ours: string, helms: string): boolean {
  const parts = (error: string) => words(error).split(/,? /).sort().join(" ");
  return parts(ours) === parts(helms);
}

/** Whether our words are helm's, or helm's and then a reason that it leaves out. */
function saysAtLeast(ours: string, helms: string): boolean {
  return words(ours) === words(helms) || words(ours).startsWith(`${words(helms)}: `);
}

async function renderOurs({ chart, values }: Case): Promise<Outcome> {
  try {
    const rendering = renderTemplate({
      arguments: ["rel", chart],
      namespace: "ns",
      includeCrds: true,
      apiVersions: [],
      showOnly: [],
      skipTests: false,
      noHooks: false,
      isUpgrade: false,
      generateName: false,
      releaseName: false,
      skipSchemaValidation: false,
      debug: false,
      values,
      set: [],
      setString: [],
      setFile: [],
      setJson: [],
      setLiteral: [],
    }, () => {});
    return { text: new TextDecoder().decode(await Effect.runPromise(rendering)) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

async function renderHelms({ chart, values }: Case, helm: string): Promise<Outcome> {
  const files = values.flatMap((file) => ["-f", file]);
  const child = spawn(helm, ["template", "rel", chart, "-n", "ns", "--include-crds", ...files], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve)),
  ]);
  if (code === 0) return { text: output };
  return { error: errors.slice(errors.indexOf("Error: ") + "Error: ".length).trim() };
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of stream) text += decoder.decode(part, { stream: true });
  return text + decoder.decode();
}

const words = (error: string) => error.split(/\s+/).filter((word) => word !== "").join(" ");

/**
 * Whether our lines are those that helm's renderings share. Where these have no common number of lines, ours may be no
 * further from them than they are from each other.
 */
function sameButForRandomLines(ours: string, runs: readonly string[]): boolean {
  const lines = ours.split("\n");
  const helms = runs.map((run) => run.split("\n"));
  if (helms.every((run) => run.length === helms[0].length)) {
    return lines.length === helms[0].length &&
      lines.every((line, i) => helms.some((run) => run[i] !== helms[0][i]) || line === helms[0][i]);
  }
  const apart = helms.flatMap((a) => helms.map((b) => distance(a, b)));
  return Math.min(...helms.map((run) => distance(lines, run))) <= Math.max(...apart);
}

/** How many lines one has more often than the other, both ways. */
function distance(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of a) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of b) counts.set(line, (counts.get(line) ?? 0) - 1);
  return [...counts.values()].reduce((sum, count) => sum + Math.abs(count), 0);
}

/** The first place where the two differ, with a few lines around it. */
function difference(helm: string, ours: string): string {
  const theirs = helm.split("\n");
  const mine = ours.split("\n");
  let line = 0;
  while (line < theirs.length && theirs[line] === mine[line]) line++;
  const show = (mark: string, lines: readonly string[], from: number, to: number) =>
    lines.slice(Math.max(0, from), to).map((text) => `${mark} ${text}`);
  return [
    `@ line ${line + 1}`,
    ...show(" ", theirs, line - 3, line),
    ...show("-", theirs, line, line + 4),
    ...show("+", mine, line, line + 4),
  ].join("\n");
}
