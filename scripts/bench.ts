// The figures of Helmwright, measured on this machine and printed; nothing is asserted.
//
//   deno task bench                      everything
//   deno task bench -- render [CHART...] rendering, beside Helm's own engine
//     --charts DIR                       of all charts under a folder: the mean, and the worst
//   deno task bench -- operator          start, memory, 100 custom resources, rest
//
// The operator is dist/helmwright (`deno task compile`). With HELM_OPERATOR, the path of operator-sdk's Helm operator, it
// is measured too, in the same run on the same control plane. The executable is made by Bun: `bun scripts/bench.ts render`
// measures rendering there.

import process from "node:process";
import { parseArgs } from "node:util";
import { benchOperators } from "./bench/operator.ts";
import { benchRender } from "./bench/render.ts";

const { values: { charts: roots }, positionals: [what, ...folders] } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  allowPositionals: true,
  options: { charts: { type: "string", multiple: true, default: [] } },
});
if (what !== undefined && what !== "render" && what !== "operator") {
  console.error(`Cannot bench "${what}": say render, operator, or nothing for both.`);
  process.exit(1);
}
if (what !== "operator") await benchRender({ folders, roots });
if (what !== "render") await benchOperators(folders);
process.exit(0);
