// `deno task demo`: the operator at work, step by step, on a control plane of its own.
//
//   deno task demo                  ends with Ctrl-C, so that you can look around
//   deno task demo --once           ends by itself: exit code 0 when all went as it should
//   deno task demo --context NAME   on a cluster of yours; leaves nothing behind

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { type Api, type KubeObject, waitFor } from "../test/cluster/api.ts";
import { writeJson } from "../src/yaml/json.ts";
import { readYaml } from "../src/yaml/read.ts";
import { type Operator, startOperator } from "../test/e2e/operator.ts";
import { Website } from "./demo/look.ts";
import { command, complain, detail, happened, say, step } from "./demo/narrator.ts";
import { contextStage, localStage, type Stage } from "./demo/stage.ts";

const project = resolve(import.meta.dirname!, "..", "examples", "website");
const namespace = "helmwright-demo";

const options = readOptions();
const cleanups: Array<() => Promise<void>> = [];
let ending: Promise<void> | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end(0));

try {
  await play();
  if (options.once) await end(0);
  // Until a signal ends it.
  else setInterval(() => {}, 60_000);
} catch (error) {
  // What fails because the demo is being ended is no failure.
  if (ending === undefined) {
    complain(error instanceof Error ? error.message : String(error));
    await end(1);
  }
}

async function play(): Promise<void> {
  say("Helmwright: any Helm chart, run as a Kubernetes operator. This plays examples/website.");
  const stage = await startStage();
  await defineKind(stage);
  const operator = await runOperator(stage);
  const blog = new Website(stage.api, namespace, "blog");
  const shop = new Website(stage.api, namespace, "shop");
  await createWebsites(stage, blog, shop);
  await changeWebsite(stage, blog);
  await damageWebsite(stage, blog);
  await deleteWebsite(stage, shop);
  showEnd(stage, operator);
}

async function startStage(): Promise<Stage> {
  step(options.context === undefined ? "A control plane of its own" : `The cluster of context ${options.context}`);
  const stage = await (options.context === undefined ? localStage() : contextStage(options.context));
  cleanups.unshift(stage.close);
  happened(stage.description);
  if (!stage.hasPods) detail("no pods", "its controllers are missing, and there is no Go to build them");
  if (stage.isTheUsers && await stage.api.get({ apiVersion: "v1", kind: "Namespace", name: namespace })) {
    throw new Error(`Cannot play in this cluster: it has a namespace ${namespace} already. Delete that first.`);
  }
  await stage.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  if (stage.isTheUsers) {
    cleanups.unshift(() => removeNamespace(stage.api));
  }
  return stage;
}

async function defineKind({ api, isTheUsers }: Stage): Promise<void> {
  step("A kind of custom resource: Website");
  command("kubectl apply -f examples/website/config/crd/bases");
  const definition = readObject("crd", "bases", "demo.example.com_websites.yaml");
  const { apiVersion, kind, metadata: { name } } = definition;
  const isNew = await api.get({ apiVersion, kind, name }) === undefined;
  await api.createCustomResourceDefinition(definition);
  if (isTheUsers && isNew) cleanups.unshift(() => api.delete({ apiVersion, kind, name }));
  happened(`${name} is established`);
}

async function runOperator(stage: Stage): Promise<Operator> {
  step("The operator, with a watches file that says: a Website is a release of the chart website");
  command("helmwright run --watches-file watches.yaml");
  const folder = mkdtempSync(join(tmpdir(), "helmwright-demo-"));
  const log = join(folder, "operator.log");
  cleanups.unshift(() => Promise.resolve(rmSync(folder, { recursive: true })));
  const operator = await startOperator({
    directory: project,
    watches: "watches.yaml",
    ...stage.operator,
    env: { WATCH_NAMESPACE: namespace },
    onOutput: (text) => writeFileSync(log, text, { flag: "a" }),
  });
  cleanups.unshift(async () => void await operator.stop());
  operator.exited.then((code) => {
    if (ending !== undefined) return;
    complain(`The operator ended with exit code ${code}:\n${lastLines(operator)}`);
    void end(1);
  });
  happened(`ready, process ${operator.pid}`);
  detail("its log", log);
  return operator;
}

async function createWebsites(stage: Stage, blog: Website, shop: Website): Promise<void> {
  const { api, isTheUsers } = stage;
  step("Two websites");
  command("kubectl apply -f examples/website/config/samples");
  if (isTheUsers) cleanups.unshift(() => removeWebsites(api, [blog, shop]));
  for (const website of [blog, shop]) await api.apply(sample(website.name));
  for (const website of [blog, shop]) {
    const conditions = await website.deployed(1);
    happened(`${website.name} is deployed`);
    detail("conditions", conditions);
    detail("revisions", await revisionsText(website));
    detail("objects", (await website.objects()).map(nameOf).join(", "));
    await showPods(stage, website, website === blog ? 2 : 1);
  }
}

/** While the operator still runs, which has to uninstall the releases. */
async function removeWebsites(api: Api, websites: ReadonlyArray<Website>): Promise<void> {
  for (const website of websites) await api.delete(website.reference);
  for (const website of websites) await website.gone();
}

async function removeNamespace(api: Api): Promise<void> {
  const reference = { apiVersion: "v1", kind: "Namespace", name: namespace };
  await api.delete(reference);
  await waitFor(`the namespace ${namespace} to be gone`, async () => await api.get(reference) === undefined);
}

async function changeWebsite(stage: Stage, blog: Website): Promise<void> {
  step("A change: three replicas and another text for blog");
  command(`kubectl patch website blog --type merge -p '{"spec":{"replicas":3,"text":"The first post."}}'`);
  await stage.api.patch(blog.reference, { spec: { replicas: 3, text: "The first post." } });
  const conditions = await blog.deployed(2);
  happened("blog is upgraded");
  detail("conditions", conditions);
  detail("revisions", await revisionsText(blog));
  await showPods(stage, blog, 3);
}

async function damageWebsite({ api }: Stage, blog: Website): Promise<void> {
  step("Damage: somebody deletes blog's Service");
  command("kubectl delete service blog");
  const service = { apiVersion: "v1", kind: "Service", namespace, name: "blog" };
  const { metadata: { uid } } = (await api.get(service))!;
  await api.delete(service);
  await waitFor("the Service to be repaired", async () => {
    const current = await api.get(service);
    return current !== undefined && current.metadata.uid !== uid;
  });
  happened("the Service is there again");
  detail("revisions", await revisionsText(blog));
}

async function deleteWebsite({ api }: Stage, shop: Website): Promise<void> {
  step("The end of shop");
  command("kubectl delete website shop");
  await api.delete(shop.reference);
  await shop.gone();
  happened("custom resource, revisions and objects are gone");
}

function showEnd(stage: Stage, operator: Operator): void {
  if (operator.output().includes('"level":"fatal"')) throw new Error(`The operator met a bug:\n${lastLines(operator)}`);
  say("\nAll went as it should.");
  if (options.once) return;
  say(`Look around until Ctrl-C:\n  ${stage.kubectl} -n ${namespace} get websites,deployments,pods,secrets`);
}

async function showPods({ hasPods }: Stage, website: Website, wanted: number): Promise<void> {
  if (!hasPods) return;
  const counts: Array<number> = [];
  await website.podsReady(wanted, (ready) => counts.push(ready));
  detail("pods", counts.length === 0 ? `${wanted} Ready` : `${counts.join(" → ")} Ready`);
  detail("Ready", await website.ready());
}

async function revisionsText(website: Website): Promise<string> {
  return (await website.revisions()).map(({ number, status }) => `${number} ${status}`).join(", ");
}

function sample(name: string): KubeObject {
  const object = readObject("samples", `${name}.yaml`);
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/** An object of the example's config folder. */
function readObject(...path: ReadonlyArray<string>): KubeObject {
  return JSON.parse(writeJson(readYaml(readFileSync(join(project, "config", ...path), "utf8"))));
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.name}`;
}

function readOptions(): { once: boolean; context?: string } {
  try {
    const { values } = parseArgs({
      args: process.argv.slice(2).filter((argument) => argument !== "--"),
      options: {
        once: { type: "boolean", default: false },
        context: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (!values.help) return values;
  } catch (error) {
    complain((error as Error).message);
  }
  say("Usage: deno task demo [--once] [--context NAME]");
  process.exit(process.argv.some((argument) => argument === "--help" || argument === "-h") ? 0 : 2);
}

function lastLines(operator: Operator): string {
  return operator.output().trimEnd().split("\n").slice(-15).join("\n");
}

/** Undoes what the demo did, latest first, and exits. */
function end(code: number): Promise<void> {
  return ending ??= (async () => {
    for (const cleanup of cleanups) {
      await cleanup().catch((error) => complain(`Cannot clean up: ${error.message}`));
    }
    process.exit(code);
  })();
}
