// The examples of docs/readiness.md, docs/drift.md and docs/pause.md, as a user would follow them.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, waitFor } from "../cluster/api.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { makeProject, objects, readPage } from "./docs.ts";
import { startOperator } from "./operator.ts";

let cluster: SharedControlPlane;
let api: Api;
before(async () => {
  cluster = await sharedControlPlane();
  ({ api } = cluster);
});

async function start(files: Record<string, string> = {}) {
  const project = await makeProject(api, files);
  const operator = await startOperator({ kubeconfig: cluster.kubeconfig, ...project.run });
  after(async () => {
    await operator.kill();
    project.close();
  });
  const condition = async (name: string, type: string) =>
    (await project.website(name))?.status?.conditions?.find((each: { type: string }) => each.type === type);
  return { ...project, operator, condition };
}

/** A YAML text of a page as data, with the namespace that the page calls `web`. */
function parse(text: string, namespace: string) {
  const [{ apiVersion: _, kind: __, metadata: ___, ...found }] = objects(`apiVersion: v1\nkind: Status\n${text}`);
  return JSON.parse(JSON.stringify(found).replaceAll('"web"', JSON.stringify(namespace)));
}

describe("docs/readiness.md", () => {
  it("does what it says", async () => {
    const page = readPage("readiness");
    const project = await start();
    await project.apply(page.file("blog.yaml"));
    await waitFor("Ready", async () => (await project.condition("blog", "Ready"))?.status === "True");
    const { status } = (await project.website("blog"))!;
    const expected = parse(page.file("status of blog.yaml"), project.namespace);
    const { lastTransitionTime: _, ...ready } = await project.condition("blog", "Ready");
    assert.deepEqual([ready], expected.conditions);
    assert.deepEqual(status.resources, expected.resources);
    assert.equal(status.observedGeneration, expected.observedGeneration);
  });
});

describe("docs/drift.md", () => {
  it("does what it says", async () => {
    const page = readPage("drift");
    const project = await start({ "watches.yaml": page.file("watches.yaml") });
    const blog = page.file("blog.yaml");
    await project.apply(blog);
    await project.apply("apiVersion: demo.example.com/v1alpha1\nkind: Website\nmetadata: {name: shop}\nspec: {}\n");
    for (const name of ["blog", "shop"]) {
      await waitFor("Ready", async () => (await project.condition(name, "Ready"))?.status === "True");
      const scaled = { spec: { replicas: 5 } };
      await api.patch(project.refer("Deployment", name, "apps/v1"), scaled, "scale");
      await api.patch(project.refer("ConfigMap", name), { data: { "index.html": "Hello" } });
    }
    const { spec } = (await project.deployment("blog"))!;
    spec.template.spec.containers[0].image = "nginx:other";
    await api.patch(project.refer("Deployment", "blog", "apps/v1"), { spec: { template: spec.template } });
    const { message } = await waitFor("Drifted", () => project.condition("shop", "Drifted"));
    const shown = page.output(`kubectl patch configmap shop --type merge -p '{"data": {"index.html": "Hello"}}'`);
    assert.equal(message, shown.trim().split("\n").at(-1)!.replace("web/", `${project.namespace}/`));
    const html = async (name: string) => (await project.configMap(name))!.data["index.html"];
    await waitFor("the repair", async () => await html("blog") !== "Hello");
    await sleep(1_000);
    assert.equal(await html("shop"), "Hello");
    const found = (await project.deployment("blog"))!;
    assert.equal(found.spec.replicas, 5);
    assert.equal(found.spec.template.spec.containers[0].image, "nginx:other");
    assert.equal((await project.deployment("shop"))!.spec.replicas, 5);
  });
});

describe("docs/pause.md", () => {
  it("does what it says", async () => {
    const page = readPage("pause");
    const project = await start();
    await project.apply(page.file("blog.yaml"));
    const { lastTransitionTime: _, ...paused } = await waitFor("Paused", () => project.condition("blog", "Paused"));
    assert.deepEqual([paused], parse(page.file("status of blog.yaml"), project.namespace).conditions);
    assert.equal(await project.deployment("blog"), undefined);
    await api.patch(project.refer("Website", "blog", "demo.example.com/v1alpha1"), {
      metadata: { annotations: { "helmwright.dev/pause": null } },
    });
    await waitFor("the deployment", () => project.deployment("blog"));
    await waitFor("no condition Paused", async () => (await project.condition("blog", "Paused")) === undefined);
  });
});
