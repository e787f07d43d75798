// Watches and requests through a proxy that breaks them.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Effect, Stream } from "effect";
import { layer } from "../../src/kube/client.ts";
import { KubeClient } from "../../src/kube/kube-client.ts";
import { loadClusterConfig } from "../../src/kube/kubeconfig.ts";
import { type Change, reflect } from "../../src/kube/watch-source.ts";
import { waitFor } from "../cluster/api.ts";
import * as faults from "../cluster/faults.ts";
import { startFaultProxy } from "../cluster/proxy.ts";
import { sharedControlPlane } from "../cluster/shared.ts";

const controlPlane = await sharedControlPlane();
const { api } = controlPlane;
const proxy = await startFaultProxy(controlPlane);
after(() => proxy.stop());
const config = await Effect.runPromise(loadClusterConfig({ kubeconfig: proxy.kubeconfig }));
const settings = (namespace: string, name: string, data = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace, name },
  data,
});

/** Reflects the ConfigMaps of a namespace of its own; `until` waits until the view is this. */
async function reflecting(
  body: (namespace: string, until: (view: Record<string, string>) => Promise<unknown>) => Promise<void>,
) {
  proxy.reset();
  const namespace = await api.createNamespace();
  await waitFor(
    "the namespace's own ConfigMap",
    () => api.get({ ...settings(namespace, "kube-root-ca.crt"), namespace, name: "kube-root-ca.crt" }),
  );
  const view = new Map<string, string>();
  const until = (wanted: Record<string, string>) =>
    waitFor(
      `the view to be ${JSON.stringify(wanted)}`,
      () => Promise.resolve(JSON.stringify(Object.fromEntries([...view].sort())) === JSON.stringify(wanted)),
      {
        timeoutMs: 20_000,
      },
    );
  const take = (change: Change<string>) =>
    Effect.sync(() => {
      if (change.type === "Applied") view.set(change.key.name, change.value);
      if (change.type === "Deleted") view.delete(change.key.name);
    });
  const gvk = { group: "", version: "v1", kind: "ConfigMap" };
  const source = reflect(
    gvk,
    { namespace, labelSelector: "!no", fieldSelector: "metadata.name!=kube-root-ca.crt" },
    (o) => o.data?.is ?? "",
  );
  await Effect.runPromise(
    Effect.raceFirst(
      Stream.runForEach(source, take),
      Effect.promise(() => body(namespace, until)),
    ).pipe(Effect.provide(layer(config))),
  );
}

const put = (namespace: string, name: string, is: string) => api.apply(settings(namespace, name, { is }));
const remove = (namespace: string, name: string) => api.delete({ ...settings(namespace, name), namespace, name });

test("a view is right after an outage in which things came, changed and went", () =>
  reflecting(async (namespace, until) => {
    await put(namespace, "a", "1");
    await put(namespace, "b", "1");
    await until({ a: "1", b: "1" });
    proxy.goDown();
    await put(namespace, "c", "1");
    await remove(namespace, "b");
    proxy.comeBack();
    await until({ a: "1", c: "1" });
  }));

const lists = () => proxy.requests.filter(({ path, isWatch }) => path.endsWith("/configmaps") && !isWatch).length;
const watches = () => proxy.requests.filter(({ isWatch }) => isWatch).length;

test("a watch whose past is forgotten is listed again, once", () =>
  reflecting(async (namespace, until) => {
    await put(namespace, "a", "1");
    await until({ a: "1" });
    proxy.inject({ when: ({ isWatch }) => isWatch, fault: faults.watchError(410) });
    proxy.cutAll();
    await put(namespace, "b", "1");
    await until({ a: "1", b: "1" });
    assert.equal(lists(), 2);
  }));

test("a watch that was cut goes on where it was, without a list", () =>
  reflecting(async (namespace, until) => {
    await put(namespace, "a", "1");
    await until({ a: "1" });
    proxy.cutAll();
    await put(namespace, "a", "2");
    await until({ a: "2" });
    assert.deepEqual([lists(), watches()], [1, 2]);
  }));

test("errors of every kind are got over", () =>
  reflecting(async (namespace, until) => {
    for (const fault of [faults.answer(500), faults.answer(503, { retryAfter: 1 }), faults.answer(429), faults.cut()]) {
      proxy.inject({ when: ({ path }) => path.endsWith("/configmaps"), fault });
      proxy.cutAll();
      const is = String(Math.random());
      await put(namespace, "a", is);
      await until({ a: is });
    }
  }));

test("a write whose answer was lost is not sent again", async () => {
  proxy.reset();
  const namespace = await api.createNamespace();
  await Effect.runPromise(Effect.provide(
    Effect.gen(function* () {
      const client = yield* KubeClient;
      yield* client.create(settings(namespace, "before"));
      proxy.inject({ when: ({ isWrite }) => isWrite, fault: faults.cutAfter() });
      const error = yield* Effect.flip(client.create(settings(namespace, "lost")));
      assert.equal(error._tag, "ConnectionError");
      assert.equal(proxy.requests.filter(({ isWrite }) => isWrite).length, 2);
      assert.ok(yield* client.get({ ...settings(namespace, "lost"), namespace, name: "lost" }));
    }),
    layer(config),
  ));
});

test("a half-open watch is noticed by its silence", async () => {
  proxy.reset();
  const namespace = await api.createNamespace();
  proxy.inject({ when: ({ isWatch }) => isWatch, fault: faults.halfClose() });
  const gvk = { group: "", version: "v1", kind: "ConfigMap" };
  await put(namespace, "a", "1");
  await Effect.runPromise(Effect.provide(
    Stream.runDrain(
      Stream.takeUntil(
        Stream.tap(
          reflect(gvk, { namespace }, ({ data }) => data?.is),
          ({ type }) => Effect.promise(async () => void (type === "Synced" && await put(namespace, "a", "2"))),
        ),
        (change) => change.type === "Applied" && change.value === "2",
      ),
    ),
    layer(config, { watch: { lifetime: "1 second", lateness: "100 millis" } }),
  ));
  assert.ok(watches() >= 2);
});
