// What an operator believes that was told something old, or was not told at all; and one whose certificate expires.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../cluster/api.ts";
import { signClient } from "../cluster/certificates.ts";
import { answerWith, delay, halfClose, watchError } from "../cluster/faults.ts";
import type { ProxiedRequest } from "../cluster/proxy.ts";
import { sharedControlPlane } from "../cluster/shared.ts";
import { Chaos } from "./chaos.ts";
import { configMap, makeKind } from "./kind.ts";
import { startFor } from "./started.ts";

const chart = { "templates/config.yaml": configMap };

/** An operator behind a proxy, with a custom resource `web` that is deployed. */
async function start(): Promise<Chaos> {
  const chaos = await Chaos.start(await sharedControlPlane(), { chart });
  after(() => chaos.stop());
  await chaos.kind.create(chaos.namespace, "web", { size: 1 });
  await chaos.kind.waitForCondition(chaos.namespace, "web", "Ready");
  await chaos.quiet();
  return chaos;
}

const size = async (chaos: Chaos, name = "web") => (await chaos.data(`${name}-config`))?.size;
const config = ({ namespace }: Chaos) => ({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "web-config" });
const uidOf = async (chaos: Chaos) => (await chaos.cluster.api.get(config(chaos)))?.metadata.uid;
const waitForSize = (chaos: Chaos, wanted: string, name?: string) =>
  waitFor(`size ${wanted}`, async () => await size(chaos, name) === wanted, { timeoutMs: 60_000 });

/** The list of custom resources as it is now, to be answered later. */
const snapshot = ({ kind, cluster }: Chaos) =>
  cluster.api.request("GET", `/apis/${kind.apiVersion}/probes`).then((list) => JSON.stringify(list));

const isOfKind = ({ kind }: Chaos) => ({ path }: ProxiedRequest) => path === `/apis/${kind.apiVersion}/probes`;

/** Starts the operator on an API server whose watch cache is behind: it lists the past, and hears no more for a while. */
async function bootInThePast(chaos: Chaos, past: string): Promise<void> {
  const isProbes = isOfKind(chaos);
  chaos.proxy.reset();
  chaos.proxy.inject({
    when: (request) => isProbes(request) && !request.isWatch,
    times: Infinity,
    fault: answerWith(past),
  });
  chaos.proxy.inject({ when: (request) => isProbes(request) && request.isWatch, fault: delay(2_000) });
  await chaos.boot();
}

describe("an operator that restarts with a view of the past", () => {
  it("does not bring back what a custom resource asked for before", async () => {
    const chaos = await start();
    const past = await snapshot(chaos);
    await chaos.kind.change(chaos.namespace, "web", { spec: { size: 2 } });
    await waitForSize(chaos, "2");
    await chaos.quiet();
    await chaos.kill();
    await bootInThePast(chaos, past);
    await sleep(3_000);
    assert.equal(await size(chaos), "2");
    assert.deepEqual((await chaos.assertWhole("web")).map(({ version }) => version), [1, 2]);
    await chaos.kind.change(chaos.namespace, "web", { spec: { size: 3 } });
    await waitForSize(chaos, "3");
  });

  it("does not uninstall the release of a resource that was deleted and made again", async () => {
    const chaos = await start();
    const other = "test.example.com/hold";
    await chaos.kind.change(chaos.namespace, "web", {
      metadata: { finalizers: [other, "helm.sdk.operatorframework.io/uninstall-release"] },
    });
    await chaos.kind.delete(chaos.namespace, "web");
    await waitFor("the uninstall", async () => await size(chaos) === undefined);
    const past = await snapshot(chaos);
    assert.match(past, /deletionTimestamp/);
    await chaos.kind.change(chaos.namespace, "web", { metadata: { finalizers: null } });
    await chaos.kind.waitUntilGone(chaos.namespace, "web");
    await chaos.kind.create(chaos.namespace, "web", { size: 5 });
    await waitForSize(chaos, "5");
    await chaos.quiet();
    const uid = await uidOf(chaos);
    await chaos.kill();
    await bootInThePast(chaos, past);
    await sleep(3_000);
    assert.equal(await uidOf(chaos), uid);
    assert.deepEqual(await chaos.conditions("web"), ["Deployed", "Initialized", "Ready"]);
    assert.equal((await chaos.assertWhole("web")).length, 1);
  });

  it("does not install for a resource that is gone", async () => {
    const chaos = await start();
    const past = await snapshot(chaos);
    await chaos.kind.delete(chaos.namespace, "web");
    await chaos.kind.waitUntilGone(chaos.namespace, "web");
    await chaos.kill();
    await bootInThePast(chaos, past);
    await sleep(3_000);
    assert.equal(await size(chaos), undefined);
    assert.deepEqual(await chaos.history("web"), []);
  });
});

describe("an operator that misses events", () => {
  /** Every watch is cut, and what is opened in its place says nothing. */
  async function goDeaf(chaos: Chaos): Promise<() => void> {
    const hear = chaos.proxy.inject({ when: ({ isWatch }) => isWatch, times: Infinity, fault: halfClose() });
    const opened = () => chaos.proxy.requests.filter(({ isWatch }) => isWatch).length;
    const before = opened();
    chaos.proxy.cutAll();
    await waitFor("the silent watches", () => opened() >= before + 2);
    return hear;
  }

  /** Changes a resource, makes one, and deletes an object, all unheard. */
  async function changeAll(chaos: Chaos): Promise<string | undefined> {
    const uid = await uidOf(chaos);
    await chaos.cluster.api.delete(config(chaos));
    await chaos.kind.change(chaos.namespace, "web", { metadata: { labels: { unheard: "yes" } } });
    await chaos.kind.create(chaos.namespace, "new", { size: 4 });
    await sleep(1_000);
    assert.equal(await size(chaos, "new"), undefined);
    return uid;
  }

  it("on watches that fell silent, does what they should have told when these end", async () => {
    const chaos = await start();
    const hear = await goDeaf(chaos);
    const uid = await changeAll(chaos);
    hear();
    chaos.proxy.cutAll();
    await waitForSize(chaos, "4", "new");
    await waitForSize(chaos, "1");
    assert.notEqual(await uidOf(chaos), uid);
  });

  it("which the API server has forgotten, lists anew", async () => {
    const chaos = await start();
    const hear = await goDeaf(chaos);
    await changeAll(chaos);
    hear();
    const resumed = new Set<string>();
    chaos.proxy.inject({
      when: ({ isWatch, path }) => isWatch && !resumed.has(path) && resumed.add(path) !== undefined,
      times: Infinity,
      fault: watchError(410),
    });
    chaos.proxy.cutAll();
    await waitForSize(chaos, "4", "new");
    await waitForSize(chaos, "1");
    assert.ok(resumed.size >= 2, [...resumed].join());
  });
});

describe("an operator whose certificate has expired", () => {
  it("goes on when the files hold a new one", async () => {
    const cluster = await sharedControlPlane();
    const kind = await makeKind(cluster.api, { chart });
    const namespace = await cluster.api.createNamespace();
    const rules = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }, { nonResourceURLs: ["*"], verbs: ["get"] }];
    await cluster.createUser(kind.group, rules);
    const [certificate, key] = [join(kind.folder, "client.crt"), join(kind.folder, "client.key")];
    const renew = async (validMs?: number) => {
      const pair = await signClient(cluster.authority, { user: kind.group, validMs });
      writeFileSync(key, pair.key, { mode: 0o600 });
      writeFileSync(certificate, pair.certificate);
    };
    const validMs = 15_000;
    const expires = Date.now() + validMs;
    await renew(validMs);
    const kubeconfig = join(kind.folder, "kubeconfig");
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "probe",
        contexts: [{ name: "probe", context: { cluster: "probe", user: "probe" } }],
        clusters: [{
          name: "probe",
          cluster: {
            server: cluster.server,
            "certificate-authority-data": Buffer.from(cluster.authority.certificate).toString("base64"),
          },
        }],
        users: [{ name: "probe", user: { "client-certificate": certificate, "client-key": key } }],
      }),
    );
    const operator = await startFor(kind, { kubeconfig });
    await kind.create(namespace, "web");
    await kind.waitForCondition(namespace, "web", "Ready");
    await sleep(expires - Date.now() + 1_000);
    await kind.create(namespace, "late");
    await waitFor("a refusal", () => /401|Unauthorized|credentials/.test(operator.output()));
    assert.equal(await kind.condition(namespace, "late", "Ready"), undefined);
    await renew();
    await kind.waitForCondition(namespace, "late", "Ready", undefined, { timeoutMs: 60_000 });
  });
});
