// Asks Helmwright and Go, Helm and their libraries the same random questions, and shows where the answers differ.
//
//   deno task fuzz [-- --minutes N] [--seed N] [--only GROUP]
//
// Groups take turns, a batch each, until the time is over (default: 480 minutes). Each disagreement is shown once, as
// small as it could be made, with both answers and the command that repeats it. Ends with code 1 when there was one.

import process from "node:process";
import { parseArgs } from "node:util";
import { batchSize, Campaign } from "../test/fuzz/campaign.ts";
import { groups } from "../test/fuzz/groups.ts";
import { describe } from "../test/fuzz/report.ts";

const { values: flags } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    minutes: { type: "string", default: "480" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    only: { type: "string" },
  },
});
const chosen = groups.filter(({ name }) => flags.only === undefined || name === flags.only);
if (chosen.length === 0) {
  console.error(`Cannot fuzz "${flags.only}": the groups are ${groups.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

const first = Number(flags.seed);
const end = Date.now() + Number(flags.minutes) * 60_000;
const seen = new Set<string>();
let asked = 0;

console.log(`Seed ${first}, groups ${chosen.map(({ name }) => name).join(", ")}`);
await using campaign = new Campaign();
for (let seed = first; seed === first || Date.now() < end; seed = (seed + 1) % 2 ** 31) {
  for (const group of chosen) {
    const found = await campaign.batch(group, seed);
    asked += batchSize;
    progress(group.name);
    if (found === undefined || seen.has(found.question.text)) continue;
    seen.add(found.question.text);
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    console.log(describe(found));
  }
}
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
console.log(`${asked} questions, ${seen.size} disagreements`);
process.exitCode = seen.size === 0 ? 0 : 1;

function progress(group: string): void {
  const left = Math.max(0, Math.ceil((end - Date.now()) / 60_000));
  const line = `${asked} questions, ${seen.size} disagreements, ${left} min left, ${group}`;
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  else if (asked % (batchSize * 500) === 0) process.stderr.write(`${line}\n`);
}
