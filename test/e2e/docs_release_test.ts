// The examples of docs/remediation.md and docs/release-options.md, as a user would follow them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { releaseFieldNames } from "../../src/watches/release-options.ts";
import { type Api, waitFor } from "../cluster/api.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { makeProject, readPage } from "./docs.ts";
import { startOperator } from "./operator.ts";

let cluster: SharedControlPlane;
let api: Api;
before(async () => {
  cluster = await sharedControlPlane();
  ({ api } = cluster);
});

async function start(files: Record<string, string>) {
  const project = await makeProject(api, files);
  const operator = await startOperator({ kubeconfig: cluster.kubeconfig, ...project.run });
  after(async () => {
    await operator.kill();
    project.close();
  });
  const condition = (name: string, type: string, timeoutMs = 60_000) =>
    waitFor(
      type,
      async () =>
        (await project.website(name))?.status?.conditions?.find((each: { type: string }) => each.type === type),
      { timeoutMs },
    );
  const website = project.refer("Website", "blog", "demo.example.com/v1alpha1");
  return { ...project, operator, condition, change: (patch: object) => api.patch(website, patch) };
}

describe("docs/remediation.md", () => {
  it("does what it says", async () => {
    const page = readPage("remediation");
    const project = await start({ "watches.yaml": page.file("watches.yaml") });
    await project.apply(page.file("blog.yaml"));
    await project.condition("blog", "Deployed");
    await project.change({ spec: { resources: { limits: { cpu: "1m" } } } });
    const command = `kubectl patch website blog --type merge -p '{"spec": {"resources": {"limits": {"cpu": "1m"}}}}'`;
    const shown = page.output(command).trim().split("\n").at(-1)!;
    const { message } = await project.condition("blog", "Stalled");
    assert.equal(message.replace(`${project.namespace}/`, "web/"), shown);
    const { resources } = (await project.deployment("blog"))!.spec.template.spec.containers[0];
    assert.equal(resources.limits, undefined);
    const tries = () => project.operator.output().split("Release failed").length - 1;
    assert.equal(tries(), 2);
    await project.change({ metadata: { annotations: { "helmwright.dev/retry": "now" } } });
    await waitFor("other tries", () => tries() === 4, { timeoutMs: 30_000 });
  });
});

describe("docs/release-options.md", () => {
  it("does what it says", async () => {
    const page = readPage("release-options");
    const test = "helm-charts/website/templates/test.yaml";
    const project = await start({ "watches.yaml": page.file("watches.yaml"), [test]: page.file(test) });
    await project.apply(page.file("blog.yaml"));
    const command = `kubectl get website blog -o jsonpath='{.status.conditions[?(@.type=="Tested")].message}'`;
    const tested = await waitFor("the tests", async () => {
      const found = await project.condition("blog", "Tested");
      return found.status !== "Unknown" && found;
    });
    assert.equal(tested.message, page.output(command).trim());
    const records = await api.list("v1", "Secret", project.namespace, "owner=helm,team=web");
    assert.equal(records.length, 1);
  });

  it("has every field, and so has the README", () => {
    const root = resolve(import.meta.dirname!, "..", "..");
    const page = readFileSync(join(root, "docs/release-options.md"), "utf8");
    const readme = readFileSync(join(root, "README.md"), "utf8");
    for (const field of releaseFieldNames) {
      assert.ok(page.includes(`\n| \`${field}\` |`), field);
      assert.ok(readme.includes(`\`${field}\``), field);
    }
  });
});
