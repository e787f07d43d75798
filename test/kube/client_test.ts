import assert from "node:assert/strict";
import { test } from "node:test";
import { Effect, Fiber, Stream } from "effect";
import { layer } from "../../src/kube/client.ts";
import { KubeClient, type WatchEvent } from "../../src/kube/kube-client.ts";
import { loadClusterConfig } from "../../src/kube/kubeconfig.ts";
import { waitFor } from "../cluster/api.ts";
import { sharedControlPlane } from "../cluster/shared.ts";

const configMap = { group: "", version: "v1", kind: "ConfigMap" };

const { api, kubeconfig } = await sharedControlPlane();
const config = await Effect.runPromise(loadClusterConfig({ kubeconfig }));
const run = <A, E>(use: (client: KubeClient["Service"]) => Effect.Effect<A, E>) =>
  Effect.runPromise(Effect.provide(Effect.flatMap(KubeClient, use), layer(config)));

const settings = (namespace: string, name: string, data: Record<string, string> = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace, name },
  data,
});

test("knows the server's version and what it serves, kinds of subresources included", () =>
  run((client) =>
    Effect.gen(function* () {
      const { gitVersion, major, minor, apiVersions } = yield* client.versions;
      assert.equal(gitVersion.split(".").slice(0, 2).join("."), `v${major}.${minor}`);
      for (const one of ["v1", "v1/Pod", "v1/Eviction", "apps/v1", "apps/v1/Deployment", "apps/v1/Scale"]) {
        assert.ok(apiVersions.includes(one), one);
      }
      assert.deepEqual([...apiVersions].sort(), apiVersions);
    })
  ));

test("creates, reads, replaces, patches, applies and deletes", async () => {
  const namespace = await api.createNamespace();
  const ref = { ...settings(namespace, "front"), namespace, name: "front" };
  await run((client) =>
    Effect.gen(function* () {
      assert.equal(yield* client.get(ref), null);
      const made = yield* client.create(settings(namespace, "front", { a: "1" }), { fieldManager: "maker" });
      assert.equal(made.metadata.managedFields?.[0].manager, "maker");
      const exists = yield* Effect.flip(client.create(settings(namespace, "front")));
      assert.deepEqual([exists._tag, exists._tag === "ApiError" && exists.reason], ["ApiError", "AlreadyExists"]);
      yield* client.replace({ ...made, data: { a: "2" } });
      const stale = yield* Effect.flip(client.replace({ ...made, data: { a: "3" } }));
      assert.equal(stale._tag === "ApiError" && stale.reason, "Conflict");
      yield* client.patch(ref, { data: { b: "1" } }, "application/merge-patch+json");
      const dry = yield* client.apply(settings(namespace, "front", { c: "1" }), { fieldManager: "x", dryRun: true });
      assert.deepEqual(dry.data, { a: "2", b: "1", c: "1" });
      assert.deepEqual((yield* client.get(ref))?.data, { a: "2", b: "1" });
      const taken = settings(namespace, "front", { a: "9" });
      const conflict = yield* Effect.flip(client.apply(taken, { fieldManager: "x" }));
      assert.equal(conflict._tag === "ApiError" && conflict.code, 409);
      assert.equal((yield* client.apply(taken, { fieldManager: "x", force: true })).data.a, "9");
      assert.equal(yield* client.delete(ref), true);
      assert.equal(yield* client.delete(ref), false);
    })
  );
});

test("lists all pages, and gives items their kind", async () => {
  const namespace = await api.createNamespace();
  await run((client) =>
    Effect.gen(function* () {
      const names = Array.from({ length: 620 }, (_, n) => `c${String(n).padStart(3, "0")}`);
      yield* Effect.forEach(names, (name) => client.create(settings(namespace, name)), { concurrency: 16 });
      const list = yield* client.list(configMap, { namespace });
      assert.deepEqual(
        list.items.map(({ metadata }) => metadata.name).filter((name) => name!.startsWith("c")),
        names,
      );
      assert.ok(list.items.every(({ apiVersion, kind }) => apiVersion === "v1" && kind === "ConfigMap"));
      const pages = yield* Stream.runCollect(client.listPages(configMap, { namespace, metadataOnly: true }));
      assert.equal(pages.length, 2);
      assert.equal(pages[0].metadata.resourceVersion, pages[1].metadata.resourceVersion);
      assert.deepEqual(Object.keys(pages[0].items[0]).sort(), ["apiVersion", "kind", "metadata"]);
    })
  );
});

test("watches from a resourceVersion", async () => {
  const namespace = await api.createNamespace();
  await run((client) =>
    Effect.gen(function* () {
      const { metadata } = yield* client.list(configMap, { namespace });
      const events = yield* Effect.forkChild(Stream.runCollect(
        client.watch(configMap, { namespace, labelSelector: "seen=yes", resourceVersion: metadata.resourceVersion })
          .pipe(Stream.take(3)),
      ));
      const seen = settings(namespace, "seen");
      const labelled = { ...seen, metadata: { ...seen.metadata, labels: { seen: "yes" } } };
      yield* client.create(settings(namespace, "unseen"));
      yield* client.create(labelled);
      yield* client.apply({ ...labelled, data: { a: "1" } }, { fieldManager: "test" });
      yield* client.delete({ ...seen, namespace, name: "seen" });
      const shown = (event: WatchEvent) => event.type === "BOOKMARK" ? event.type : [event.type, event.object.data];
      assert.deepEqual((yield* Fiber.join(events)).map(shown), [
        ["ADDED", undefined],
        ["MODIFIED", { a: "1" }],
        ["DELETED", { a: "1" }],
      ]);
    })
  );
});

test("finds a kind when its definition has come, and no more when it has gone", async () => {
  const group = "discovery-test.example.com";
  const gvk = { group, version: "v1", kind: "Later" };
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `laters.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind: "Later", plural: "laters", singular: "later", listKind: "LaterList" },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: "object" } },
      }],
    },
  };
  await Effect.runPromise(Effect.provide(
    Effect.gen(function* () {
      const client = yield* KubeClient;
      const missing = yield* Effect.flip(client.list(gvk));
      assert.equal(missing.message, `no matches for kind "Later" in version "${group}/v1"`);
      yield* Effect.promise(() => api.createCustomResourceDefinition(definition));
      yield* Effect.promise(() =>
        waitFor("the kind to be found", () => Effect.runPromise(Effect.isSuccess(client.list(gvk))))
      );
      const { plural, namespaced, hasStatus } = yield* client.resource(gvk);
      assert.deepEqual({ plural, namespaced, hasStatus }, { plural: "laters", namespaced: true, hasStatus: true });
      assert.ok((yield* client.versions).apiVersions.includes(`${group}/v1/Later`));
      yield* client.delete({ ...definition, name: definition.metadata.name });
      yield* Effect.promise(() =>
        waitFor(
          "the kind to be gone",
          () => Effect.runPromise(Effect.map(Effect.flip(client.list(gvk)), ({ _tag }) => _tag === "NoMatchError")),
        )
      );
    }),
    layer(config, { unknownKindPause: "100 millis" }),
  ));
});

test("answers while more watches are open than one HTTP/2 connection takes", async () => {
  const namespace = await api.createNamespace();
  await run((client) =>
    Effect.gen(function* () {
      const { metadata: { resourceVersion } } = yield* client.list(configMap, { namespace });
      let events = 0;
      const count = Stream.runForEach(
        client.watch(configMap, { namespace, resourceVersion, fieldSelector: "metadata.name=news" }),
        () => Effect.sync(() => events++),
      );
      yield* Effect.forEach(Array.from({ length: 260 }), () => Effect.forkChild(count));
      yield* client.create(settings(namespace, "news"));
      yield* Effect.promise(() => waitFor("all watches to tell", () => Promise.resolve(events === 260)));
    })
  );
});
