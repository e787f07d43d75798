import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, describe, it } from "node:test";
import { Effect, Layer, ManagedRuntime } from "effect";
import type { KubeClient } from "../../src/kube/kube-client.ts";
import { storageFor, UnknownDriver } from "../../src/storage/driver.ts";
import type { ReleaseRecord } from "../../src/storage/record.ts";
import { ReleaseExists, ReleaseTaken, Storage, StorageError } from "../../src/storage/storage.ts";
import type { Api } from "../cluster/api.ts";
import { connect } from "../release/cluster.ts";

const record = (namespace: string, version: number, more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  name: "web",
  namespace,
  version,
  info: { status: "deployed", description: "Install complete" },
  manifest: `# ${version}\n`,
  ...more,
});

/** Without what names the object's version. */
const content = <A extends { resourceVersion?: string }>(read: A | null) => {
  const { resourceVersion, ...rest } = read!;
  assert.ok(resourceVersion);
  return rest;
};

let api: Api;
let kube: Layer.Layer<KubeClient>;
before(async () => {
  ({ api, kube } = await connect());
});

/** Runs with a driver in a namespace of its own. */
async function withDriver<A>(
  driver: string,
  use: (storage: Storage["Service"], namespace: string) => Effect.Effect<A, unknown>,
): Promise<A> {
  const runtime = ManagedRuntime.make(Layer.provide(await Effect.runPromise(storageFor(driver)), kube));
  const namespace = await api.createNamespace("storage");
  try {
    return await runtime.runPromise(Effect.flatMap(Storage, (storage) => use(storage, namespace)));
  } finally {
    await runtime.dispose();
  }
}

for (const driver of ["secret", "configmap", "memory"]) {
  describe(`the ${driver} driver`, () => {
    it("gives back what it was given, the oldest revision first", () =>
      withDriver(driver, (storage, namespace) =>
        Effect.gen(function* () {
          const release = { name: "web", namespace };
          for (const version of [10, 2, 1]) {
            yield* storage.create(record(namespace, version, { labels: { team: "a" } }));
          }
          yield* storage.create(record(namespace, 1, { name: "other" }));
          assert.deepEqual((yield* storage.history(release)).map(({ version }) => version), [1, 2, 10]);
          assert.deepEqual((yield* storage.revisions(release)).map(content), [
            { version: 1, status: "deployed" },
            { version: 2, status: "deployed" },
            { version: 10, status: "deployed" },
          ]);
          assert.deepEqual(content(yield* storage.get(release, 2)), record(namespace, 2, { labels: { team: "a" } }));
          assert.equal(yield* storage.get(release, 3), null);
        })));

    it("creates a revision once, rewrites it in place and deletes it", () =>
      withDriver(driver, (storage, namespace) =>
        Effect.gen(function* () {
          const release = { name: "web", namespace };
          yield* storage.create(record(namespace, 1));
          assert.ok((yield* Effect.flip(storage.create(record(namespace, 1)))) instanceof ReleaseExists);
          yield* storage.update(record(namespace, 1, { info: { status: "superseded" } }));
          assert.deepEqual((yield* storage.revisions(release)).map(content), [{ version: 1, status: "superseded" }]);
          yield* storage.delete(release, 1);
          yield* storage.delete(release, 1);
          assert.deepEqual(yield* storage.history(release), []);
          assert.ok((yield* Effect.flip(storage.update(record(namespace, 1)))) instanceof ReleaseTaken);
        })));

    it("does not rewrite what another has written since", () =>
      withDriver(driver, (storage, namespace) =>
        Effect.gen(function* () {
          const mine = yield* storage.create(record(namespace, 1));
          const theirs = (yield* storage.get({ name: "web", namespace }, 1))!;
          const written = yield* storage.update({ ...theirs, manifest: "# theirs\n" });
          assert.ok((yield* Effect.flip(storage.update(mine))) instanceof ReleaseTaken);
          assert.deepEqual(yield* storage.get({ name: "web", namespace }, 1), written);
          assert.ok(yield* storage.update({ ...written, manifest: "# again\n" }));
        })));
  });
}

describe("the secret driver", () => {
  const key = "sh.helm.release.v1.web.v1";
  const reference = (namespace: string, name = key) => ({ apiVersion: "v1", kind: "Secret", namespace, name });

  it("writes Helm's Secret, owned by the custom resource, and keeps the owner", () =>
    withDriver("secret", (storage, namespace) =>
      Effect.gen(function* () {
        const configMap = yield* Effect.promise(() =>
          api.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "owner", namespace } })
        );
        const owner = { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: configMap.metadata.uid! };
        yield* storage.create(record(namespace, 1), owner);
        yield* storage.update(record(namespace, 1, { info: { status: "failed" } }));
        const secret = (yield* Effect.promise(() => api.get(reference(namespace))))!;
        assert.equal(secret.type, "helm.sh/release.v1");
        assert.deepEqual(Object.keys(secret.data), ["release"]);
        assert.deepEqual(secret.metadata.ownerReferences, [owner]);
        const { createdAt, modifiedAt, ...labels } = secret.metadata.labels!;
        assert.deepEqual(labels, { name: "web", owner: "helm", status: "failed", version: "1" });
        for (const stamp of [createdAt, modifiedAt]) assert.ok(Math.abs(Number(stamp) - Date.now() / 1000) < 60);
      })));

  it("splits a record that one Secret cannot hold, and rewrites and deletes its chunks", () =>
    withDriver("secret", (storage, namespace) =>
      Effect.gen(function* () {
        const release = { name: "web", namespace };
        const large = (bytes: number) => record(namespace, 1, { manifest: randomBytes(bytes).toString("base64") });
        const secrets = Effect.promise(() => api.list("v1", "Secret", namespace));
        const first = large(2_500_000);
        yield* storage.create(first);
        assert.deepEqual(content(yield* storage.get(release, 1)), first);
        assert.deepEqual((yield* storage.history(release)).map(content), [first]);
        assert.deepEqual((yield* secrets).map(({ type }) => type).sort(), [
          "operatorframework.io/chunk.v1",
          "operatorframework.io/chunk.v1",
          "operatorframework.io/index.v1",
        ]);
        const second = large(1_500_000);
        yield* storage.update(second);
        assert.deepEqual(content(yield* storage.get(release, 1)), second);
        assert.equal((yield* secrets).length, 2);
        yield* storage.update(record(namespace, 1));
        assert.deepEqual(content(yield* storage.get(release, 1)), record(namespace, 1));
        yield* storage.update(second);
        yield* storage.delete(release, 1);
        assert.equal((yield* secrets).length, 0);
      })));

  it("says which chunk is missing", () =>
    withDriver("secret", (storage, namespace) =>
      Effect.gen(function* () {
        yield* storage.create(record(namespace, 1, { manifest: randomBytes(1_500_000).toString("base64") }));
        const secrets = yield* Effect.promise(() => api.list("v1", "Secret", namespace));
        const { name } = secrets.find(({ type }) => type === "operatorframework.io/chunk.v1")!.metadata;
        yield* Effect.promise(() => api.delete(reference(namespace, name)));
        const error = yield* Effect.flip(storage.get({ name: "web", namespace }, 1));
        assert.ok(error instanceof StorageError);
        assert.match(error.message, new RegExp(`"${key}".*"${name}" is missing`));
      })));

  it("names a record that cannot be decoded", () =>
    withDriver("secret", (storage, namespace) =>
      Effect.gen(function* () {
        yield* storage.create(record(namespace, 1));
        yield* Effect.promise(() => api.patch(reference(namespace), { data: { release: "AAAA" } }));
        const error = yield* Effect.flip(storage.get({ name: "web", namespace }, 1));
        assert.match(
          String(error),
          /Cannot use the release record "sh\.helm\.release\.v1\.web\.v1": it cannot be decoded/,
        );
      })));
});

describe("the configmap driver", () => {
  it("refuses a record that does not fit", () =>
    withDriver("configmap", (storage, namespace) =>
      Effect.gen(function* () {
        const large = record(namespace, 1, { manifest: randomBytes(1_500_000).toString("base64") });
        const error = yield* Effect.flip(storage.create(large));
        assert.match(String(error), /a ConfigMap holds 1047552: set HELM_DRIVER to secret/);
        assert.deepEqual(yield* storage.history({ name: "web", namespace }), []);
      })));
});

describe("storageFor", () => {
  it("knows Helm's names", async () => {
    for (const name of [undefined, "", "Secrets", "configmaps"]) {
      await withDriver(name ?? "", (storage, namespace) => storage.history({ name: "web", namespace }));
    }
  });

  it("refuses another", async () => {
    const error = await Effect.runPromise(Effect.flip(storageFor("sql")));
    assert.ok(error instanceof UnknownDriver, String(error));
    assert.equal(error.message, 'Cannot use "sql" as HELM_DRIVER: it must be secret, configmap or memory');
  });
});
