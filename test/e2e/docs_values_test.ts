// The examples of docs/values-from.md and docs/overrides.md, as a user would follow them.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
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

async function start(files: Record<string, string>, env: Record<string, string> = {}) {
  const project = await makeProject(api, files);
  const { directory, env: own } = project.run;
  const operator = await startOperator({ kubeconfig: cluster.kubeconfig, directory, env: { ...own, ...env } });
  after(async () => {
    await operator.kill();
    project.close();
  });
  return { ...project, operator };
}

describe("docs/values-from.md", () => {
  it("does what it says", async () => {
    const page = readPage("values-from");
    const project = await start({ "watches.yaml": page.file("watches.yaml") });
    await project.apply(page.file("values.yaml"));
    await project.apply(page.file("blog.yaml"));
    const deployed = await waitFor("the deployment", () => project.deployment("blog"));
    assert.equal(deployed.spec.replicas, 2);
    const html = (await project.configMap("blog"))!.data["index.html"];
    assert.match(html, /<title>Surprise!<\/title>/);
    assert.match(html, /Nothing written yet\./);
    await api.patch(project.refer("ConfigMap", "website-defaults"), { data: { "values.yaml": "replicas: 3" } });
    await waitFor("three replicas", async () => (await project.deployment("blog"))?.spec.replicas === 3);
    const status = await waitFor("the status", async () => {
      const found = (await project.website("blog"))?.status;
      return found?.conditions.some(({ reason }: { reason?: string }) => reason === "UpgradeSuccessful") && found;
    });
    assert.ok(!JSON.stringify(status).includes("Surprise!"), JSON.stringify(status));
  });
});

describe("docs/overrides.md", () => {
  it("does what it says", async () => {
    const page = readPage("overrides");
    const files = { "watches.yaml": page.file("watches.yaml") };
    const project = await start(files, { REGISTRY: "registry.example.com" });
    await project.apply(page.file("blog.yaml"));
    const { spec } = await waitFor("the deployment", () => project.deployment("blog"));
    assert.equal(spec.replicas, 2);
    const [container] = spec.template.spec.containers;
    assert.equal(container.image, "registry.example.com/nginx:1.27");
    assert.deepEqual(container.resources, { limits: { memory: "32Mi" } });
    assert.match((await project.configMap("blog"))!.data["index.html"], /One, two, \{three\}/);
    const events = await waitFor("the events", async () => {
      const all = await api.list("v1", "Event", project.namespace);
      const found = all.filter(({ reason }) => reason === "OverrideValuesInUse").map(({ message }) => message);
      return found.length >= 5 && found;
    });
    assert.ok(
      events.includes('Chart value "replicas" overridden to "****" by operator\'s watches.yaml'),
      events.join(),
    );
  });
});
