/** Every chart among Helm's own test data, rendered by Helmwright and by Helm. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { it } from "node:test";
import { ensureTools } from "../cluster/tools.ts";
import { findCases } from "./cases.ts";
import { compare } from "./compare.ts";

/** Helm's source, where Go keeps modules; fetched by the build of the helm that is compared with. */
function helmSource(): string {
  const module = join(import.meta.dirname!, "..", "cluster", "tools", "helm");
  const args = ["list", "-m", "-f", "{{.Dir}}", "helm.sh/helm/v4"];
  const folder = execFileSync("go", args, { cwd: module, encoding: "utf8" }).trim();
  if (folder !== "") return folder;
  execFileSync("go", ["mod", "download", "helm.sh/helm/v4"], { cwd: module });
  return execFileSync("go", args, { cwd: module, encoding: "utf8" }).trim();
}

it("Helm's test charts are rendered, or refused, as Helm does", async () => {
  const { helm } = await ensureTools(["helm"]);
  const cases = findCases(join(helmSource(), "pkg"));
  assert.ok(cases.length > 100, `only ${cases.length} charts found`);
  for (const one of cases) {
    const { verdict, details } = await compare(one, helm);
    assert.ok(verdict === "equal" || verdict === "refused alike", `${one.name}: ${verdict}\n${details}`);
  }
});
