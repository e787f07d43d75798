// The chart of `helm create`, made by the real helm.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ensureTools } from "../../test/cluster/tools.ts";

/** Makes the chart `web` in the folder and returns its path. */
export async function createChart(folder: string): Promise<string> {
  const { helm } = await ensureTools(["helm"]);
  execFileSync(helm, ["create", "web"], { cwd: folder, stdio: "ignore" });
  return join(folder, "web");
}
