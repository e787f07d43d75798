// The figures of Helmwright, measured on this machine and printed; nothing is asserted.
//
//   deno task bench                      everything
//   deno task bench -- render [CHART...] rendering, beside Helm's own engine
//   deno task bench -- operator          start, memory, 100 custom resources, rest
//
// The operator is dist/helmwright (`deno task compile`). With HELM_OPERATOR, the path of operator-sdk's Helm operator, it
// is measured too, in the same run on the same control plane.

import process from "node:process";
import { benchOperators } from "./bench/operator.ts";
import { benchRender } from "./bench/render.ts";

const [what, ...rest] = process.argv.slice(2).filter((argument) => argument !== "--");
if (what !== undefined && what !== "render" && what !== "operator") {
  console.error(`Cannot bench "${what}": say render, operator, or nothing for both.`);
  process.exit(1);
}
if (what !== "operator") await benchRender(rest);
if (what !== "render") await benchOperators(rest);
process.exit(0);
