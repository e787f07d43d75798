// What the demo writes: numbered steps, and under each what happened.

import process from "node:process";

const plain = !process.stdout.isTTY || Boolean(process.env.NO_COLOR);
const paint = (code: number) => (text: string) => plain ? text : `\x1b[${code}m${text}\x1b[0m`;
const bold = paint(1), dim = paint(2), red = paint(31), green = paint(32), cyan = paint(36);

let stepNumber = 0;
let stepStartedAt = 0;

/** A step begins: what is done now. */
export function step(title: string): void {
  stepNumber++;
  stepStartedAt = Date.now();
  console.log(`\n${bold(cyan(`${stepNumber}`))}  ${bold(title)}`);
}

/** The command that a user would type for this step. */
export function command(line: string): void {
  console.log(`   ${dim(`$ ${line}`)}`);
}

/** What happened, and how long after the step's beginning. */
export function happened(text: string): void {
  console.log(`   ${green("✓")} ${text}  ${dim(`${((Date.now() - stepStartedAt) / 1000).toFixed(1)} s`)}`);
}

/** More about what happened; a list of lines stands under one label. */
export function detail(label: string, value: string | ReadonlyArray<string>): void {
  const lines = typeof value === "string" ? [value] : value;
  lines.forEach((line, index) => console.log(`     ${dim((index === 0 ? label : "").padEnd(12))}${line}`));
}

/** A line outside of any step. */
export function say(text: string): void {
  console.log(text);
}

/** What went wrong, on standard error. */
export function complain(text: string): void {
  console.error(`\n${red("✗")} ${text}`);
}
