// `helmwright diff` and the annotation that makes the operator plan only; the examples of docs/plan.md.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, waitFor } from "../cluster/api.ts";
import { type SharedControlPlane, sharedControlPlane } from "../cluster/shared.ts";
import { makeProject, objects, readPage } from "./docs.ts";
import { configMap, type Kind, makeKind } from "./kind.ts";
import { helmwrightCommand, startOperator } from "./operator.ts";
import { startFor } from "./started.ts";

const annotation = "helmwright.dev/plan";
let cluster: SharedControlPlane;
let api: Api;
before(async () => {
  cluster = await sharedControlPlane();
  ({ api } = cluster);
});

/** Runs `helmwright diff`. */
function diff(directory: string, args: ReadonlyArray<string>): Promise<{ code: number; out: string; error: string }> {
  const [program, ...first] = helmwrightCommand();
  return new Promise((resolve) => {
    const all = [...first, "diff", "--kubeconfig", cluster.kubeconfig, ...args];
    execFile(program, all, { cwd: directory, encoding: "utf8" }, (error, out, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, error: stderr });
    });
  });
}

describe("docs/plan.md", () => {
  const page = readPage("plan");
  let project: Awaited<ReturnType<typeof makeProject>>;
  const inNamespace = (text: string) => text.replaceAll(" web/", ` ${project.namespace}/`);
  before(async () => {
    project = await makeProject(api, { "blog.yaml": page.file("blog.yaml") });
    const operator = await startOperator({ kubeconfig: cluster.kubeconfig, ...project.run });
    after(async () => {
      await operator.kill();
      project.close();
    });
  });

  it("shows what helmwright diff prints", async () => {
    const [blog] = objects(page.file("blog.yaml"));
    await project.apply(JSON.stringify({ ...blog, spec: { title: "A blog", replicas: 2 } }));
    await waitFor("the release", async () => (await project.website("blog"))?.status?.deployedRelease);
    const { code, out } = await diff(project.folder, ["blog.yaml", "-n", project.namespace]);
    assert.equal(out, inNamespace(page.output("helmwright diff blog.yaml")));
    assert.equal(code, 2);
    assert.equal((await project.deployment("blog"))!.spec.replicas, 2);
  });

  it("shows what the annotation does", async () => {
    await project.apply(page.file("shop.yaml"));
    const planned = await waitFor("the plan", async () => {
      const found = await project.website("shop");
      return found?.status?.plan === undefined ? undefined : found;
    });
    const [expected] = objects(`apiVersion: v1\nkind: Status\n${inNamespace(page.file("status of shop.yaml"))}`);
    const { conditions, plan } = planned.status;
    const [{ lastTransitionTime: _, ...condition }] = conditions.filter(({ type }: { type: string }) =>
      type === "Planned"
    );
    assert.deepEqual([condition], expected.conditions);
    assert.deepEqual(plan, expected.plan);
    assert.equal(planned.metadata.finalizers, undefined);
    assert.equal(await project.deployment("shop"), undefined);
  });
});

describe("helmwright diff", () => {
  let kind: Kind;
  let namespace: string;
  const write = (name: string, text: string) => writeFileSync(join(kind.folder, name), text);
  const resource = (name: string, spec: string) =>
    `apiVersion: ${kind.apiVersion}\nkind: Probe\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: ${spec}\n`;
  before(async () => {
    kind = await makeKind(api, { chart: { "templates/config.yaml": configMap } });
    namespace = await api.createNamespace();
    after(() => kind.close());
  });

  it("plans an install, as text and as JSON, and writes nothing", async () => {
    write("web.yaml", `${resource("web", "{size: 3}")}---\n${resource("other", "{}")}`);
    const since = cluster.auditPosition();
    const text = await diff(kind.folder, ["web.yaml"]);
    assert.deepEqual(text, {
      code: 2,
      error: "",
      out: ["web", "other"].map((name) =>
        `+ v1/ConfigMap ${namespace}/${name}-config\nInstall of release "${name}": 1 object to create.\n`
      ).join("\n"),
    });
    const json = JSON.parse((await diff(kind.folder, ["web.yaml", "-o", "json"])).out);
    assert.equal(json.length, 2);
    assert.deepEqual(json[0].objects, [
      { apiVersion: "v1", kind: "ConfigMap", namespace, name: "web-config", change: "create", fields: [] },
    ]);
    const written = cluster.requests({ userAgent: "helmwright", since }).filter(({ verb, requestURI }) =>
      !["get", "list", "watch"].includes(verb) && !requestURI.includes("dryRun=All")
    );
    assert.deepEqual(written, []);
    assert.equal(await kind.get(namespace, "web"), undefined);
  });

  it("ends with exit code 1 and a reason when it cannot tell", async () => {
    for (
      const [name, text, words] of [
        ["nothing.yaml", "", "Cannot use nothing.yaml: it holds no custom resource"],
        [
          "pod.yaml",
          "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n",
          "Cannot use pod.yaml: no watch has v1, Kind=Pod",
        ],
        ["spec.yaml", resource("bad", "{size: [}"), "Cannot use spec.yaml: "],
        ["list.yaml", resource("bad", "[1]"), "/bad: failed to get spec: expected a map"],
      ]
    ) {
      write(name, text);
      const { code, error } = await diff(kind.folder, [name]);
      assert.equal(code, 1, name);
      assert.ok(error.includes(words), error);
    }
    assert.match((await diff(kind.folder, ["absent.yaml"])).error, /^Error: Cannot use absent\.yaml: /);
  });
});

describe("the annotation helmwright.dev/plan", () => {
  let kind: Kind;
  let namespace: string;
  const annotate = (value: string | null) =>
    kind.change(namespace, "web", { metadata: { annotations: { [annotation]: value } } });
  const size = async () =>
    (await api.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "web-config" }))?.data.size;
  const planned = (reason: string, words: RegExp) =>
    kind.waitForCondition(
      namespace,
      "web",
      "Planned",
      (each) => each.reason === reason && words.test(each.message ?? ""),
    );
  before(async () => {
    kind = await makeKind(api, { chart: { "templates/config.yaml": configMap } });
    namespace = await api.createNamespace();
    await startFor(kind, { kubeconfig: cluster.kubeconfig });
  });

  it("plans an install, and the plan follows the spec", async () => {
    const since = cluster.auditPosition();
    await kind.create(namespace, "web", { size: 3 }, { annotations: { [annotation]: "true" } });
    await planned("ChangesPlanned", /set\. Install of release "web": 1 object to create\.$/);
    await kind.change(namespace, "web", { spec: { size: [] } });
    await waitFor(
      "the next plan",
      async () => (await kind.get(namespace, "web"))!.status.plan.observedGeneration === 2,
    );
    assert.equal(await size(), undefined);
    assert.deepEqual(await api.list("v1", "Secret", namespace), []);
    const written = cluster.requests({ userAgent: "helmwright/", since }).filter(({ verb, requestURI }) =>
      !["get", "list", "watch"].includes(verb) && !requestURI.includes("dryRun=All") && requestURI.includes(namespace)
    );
    assert.deepEqual(
      [...new Set(written.map(({ verb, requestURI }) => `${verb} ${requestURI.split("/").slice(-2).join("/")}`))]
        .sort(),
      [`create ${namespace}/events`, "patch web/status"],
    );
    await kind.change(namespace, "web", { spec: { size: 3 } });
  });

  it("is done when the annotation goes", async () => {
    await annotate(null);
    await kind.waitForCondition(namespace, "web", "Deployed");
    assert.equal(await size(), "3");
    const { status } = (await kind.get(namespace, "web"))!;
    assert.equal(status.plan, undefined);
    assert.equal(await kind.condition(namespace, "web", "Planned"), undefined);
  });

  it("holds back an upgrade and a repair, and says what they would do", async () => {
    await annotate("true");
    await planned("NoChanges", /No changes: release "web" is up to date at revision 1\./);
    await kind.change(namespace, "web", { spec: { size: 4 } });
    await planned("ChangesPlanned", /Upgrade of release "web" from revision 1: 1 object to change\./);
    const { status } = (await kind.get(namespace, "web"))!;
    assert.deepEqual(status.plan.objects, [
      { object: `v1/ConfigMap ${namespace}/web-config`, change: "change", fields: ['data.size: "3" -> "4"'] },
    ]);
    await api.patch({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "web-config" }, { data: { size: "9" } });
    await waitFor("the plan of the repair", async () => {
      const { plan } = (await kind.get(namespace, "web"))!.status;
      return plan.objects[0]?.fields?.[0] === 'data.size: "9" -> "4"';
    });
    assert.equal(await size(), "9");
    await sleep(1_000);
    const since = cluster.auditPosition();
    await sleep(3_000);
    assert.deepEqual(cluster.requests({ userAgent: "helmwright/", since }).filter(({ verb }) => verb !== "watch"), []);
    await annotate(null);
    await waitFor("the size", async () => (await size()) === "4");
  });

  it("says why it cannot plan, and does not hinder a deletion", async () => {
    await annotate("true");
    await kind.change(namespace, "web", { spec: null });
    kind.writeChart(
      "templates/fail.yaml",
      "{{ if eq (.Values.size | default 0 | int) 5 }}{{ fail `no fives` }}{{ end }}\n",
    );
    await kind.change(namespace, "web", { spec: { size: 5 } });
    await kind.waitForCondition(
      namespace,
      "web",
      "Planned",
      ({ status, reason, message }) => status === "False" && reason === "PlanError" && /no fives/.test(message ?? ""),
    );
    await kind.delete(namespace, "web");
    await kind.waitUntilGone(namespace, "web");
    assert.equal(await size(), undefined);
  });
});
