/**
 * Renders charts with Helmwright and with Helm, and says where they differ.
 *
 *     deno task conformance -- --charts DIR [--only TEXT] [--show N] [--jobs N]
 *
 * Each chart under DIR is rendered with its default values and with each of its ci/*-values.yaml. `--only` picks cases
 * whose names hold the text; `--show` bounds how many differences are shown in full (default 5). Helm is taken from
 * `HELM`, or built. Ends with code 1 when a case is not as Helm's.
 */
import { availableParallelism } from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import { ensureTools } from "../cluster/tools.ts";
import { findCases } from "./cases.ts";
import { compare, type Comparison } from "./compare.ts";

const { values: flags } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    charts: { type: "string" },
    only: { type: "string", default: "" },
    show: { type: "string", default: "5" },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});
if (flags.charts === undefined) {
  console.error("Usage: deno task conformance -- --charts DIR [--only TEXT] [--show N] [--jobs N]");
  process.exit(2);
}

const helm = process.env.HELM ?? (await ensureTools(["helm"])).helm;
const cases = findCases(flags.charts).filter(({ name }) => name.includes(flags.only));
const results = await compareAll(Number(flags.jobs));
report(results);

async function compareAll(jobs: number): Promise<Comparison[]> {
  const done: Comparison[] = [];
  let next = 0;
  const work = async () => {
    while (next < cases.length) {
      const index = next++;
      done[index] = await compare(cases[index], helm);
      showProgress(cases[index].name, done.filter(Boolean).length);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  return done;
}

function showProgress(name: string, count: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${count} of ${cases.length} ${name}`.slice(0, 120));
  else if (count % 50 === 0) process.stderr.write(`${count} of ${cases.length}\n`);
}

function report(all: readonly Comparison[]): void {
  const bad = all.filter(({ verdict }) => verdict !== "equal" && verdict !== "refused alike");
  for (const [index, { case: { name }, verdict, details }] of bad.entries()) {
    console.log(`== ${name}: ${verdict}`);
    if (index < Number(flags.show)) console.log(details);
  }
  const counts = new Map<string, number>();
  for (const { verdict } of all) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  console.log([...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", "));
  console.log(`${all.length - bad.length} of ${all.length} cases as helm`);
  if (bad.length > 0 || all.length === 0) process.exitCode = 1;
}
