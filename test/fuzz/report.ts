/** Disagreements in words. */
import type { Answer } from "../oracle/client.ts";
import type { Disagreement } from "./campaign.ts";

const said = ({ out, err }: Answer) =>
  err === undefined || err === "" ? JSON.stringify(out) : `error ${JSON.stringify(err)}`;

/** The question, both answers, and the command that repeats it. */
export function describe({ group, seed, question: { op, text, values }, ours, theirs }: Disagreement): string {
  return [
    "",
    `== ${group}: ${op}`,
    `text:   ${JSON.stringify(text)}`,
    ...(values === undefined ? [] : [`values: ${JSON.stringify(values)}`]),
    `ours:   ${said(ours)}`,
    `theirs: ${said(theirs)}`,
    `repeat: deno task fuzz --minutes 0 --only ${group} --seed ${seed}`,
  ].join("\n");
}
