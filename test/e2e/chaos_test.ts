// The operator is killed at the boundaries between its requests, and the next one goes on. By default it is killed after
// every fourth write. With HELMWRIGHT_CHAOS=all it is killed before and after each request, hooks are Jobs too, and the
// chart brings a CRD: that takes about an hour.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import process from "node:process";
import { waitFor } from "../cluster/api.ts";
import { sharedControlPlane } from "../cluster/shared.ts";
import { type Boundary, Chaos } from "./chaos.ts";

const isComplete = process.env.HELMWRIGHT_CHAOS === "all";
/** Every write would take too long for each run. */
const stride = isComplete ? 1 : 4;

const configMap = (name: string, data: string, events = "") =>
  `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-${name}
  annotations: {${events === "" ? "" : `helm.sh/hook: "${events}"`}}
data:
  ${data}
`;
/** Heavier than the ConfigMap of its event, so that there is a hook before it. */
const job = (name: string, events: string) =>
  `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-${name}
  annotations: {helm.sh/hook: "${events}", helm.sh/hook-weight: "1"}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: example.com/main}]
`;
const jobs: Record<string, string> = isComplete
  ? {
    "templates/pre-job.yaml": job("pre-job", "pre-install,pre-upgrade"),
    "templates/post-job.yaml": job("post-job", "post-install,post-upgrade"),
    "templates/back-job.yaml": job("back-job", "post-rollback"),
    "templates/delete-job.yaml": job("delete-job", "pre-delete"),
    "templates/test-job.yaml": job("test-job", "test"),
  }
  : {};
/** The names of an event's hooks. */
const hooks = (...names: string[]) => names.flatMap((name) => isComplete ? [name, `${name}-job`] : [name]);

const chart = {
  ...jobs,
  "templates/a.yaml": configMap("a", "value: {{ .Values.value | quote }}"),
  "templates/random.yaml": configMap("random", "value: {{ uuidv4 }}"),
  "templates/b.yaml": `{{ if .Values.more }}\n${configMap("b", "x: text")}{{ end }}`,
  "templates/pre.yaml": configMap("pre", "x: text", "pre-install,pre-upgrade"),
  "templates/post.yaml": configMap("post", "x: text", "post-install,post-upgrade"),
  "templates/back.yaml": configMap("back", "x: text", "post-rollback"),
  "templates/delete.yaml": configMap("delete", "x: text", "pre-delete"),
  "templates/test.yaml": configMap("test", "x: text", "test"),
  "templates/bad.yaml":
    "{{ if .Values.bad }}\napiVersion: v1\nkind: Service\nmetadata: {name: {{ .Release.Name }}-bad}\nspec: {ports: [{port: 99999}]}\n{{ end }}",
};
// One try, so that a failing upgrade comes to rest.
const watch = "  test: true\n  remediation: {strategy: rollback, retries: 0}\n";

let chaos: Chaos;
before(async () => {
  chaos = await Chaos.start(await sharedControlPlane(), { chart, watch });
});
after(() => chaos.stop());

/** Runs a round for each boundary until one is beyond the last request. All failures are told at the end. */
async function everywhere(leastRequests: number, round: (boundary: Boundary) => Promise<boolean>): Promise<void> {
  const failures: string[] = [];
  for (const moment of isComplete ? ["before", "after"] as const : ["after"] as const) {
    for (let n = 1; failures.length < 5; n += stride) {
      try {
        if (await round({ moment, n, writesOnly: !isComplete })) continue;
        if (isComplete) console.log(`killed ${moment} each of ${n - 1} requests`);
        assert.ok(n > leastRequests, `only ${n - 1} requests`);
        break;
      } catch (error) {
        const requests = chaos.proxy.requests.map(({ method, path, status }) => `${method} ${path} ${status ?? "-"}`);
        failures.push([`${moment} request ${n}: ${(error as Error).message}`, ...requests, chaos.output].join("\n"));
      }
    }
  }
  assert.deepEqual(failures, [], failures.join("\n\n"));
}

interface Wanted {
  readonly revisions?: number;
  readonly value: string;
  readonly more: boolean;
  /** Objects beside those of an install. */
  readonly others?: ReadonlyArray<string>;
}

/** The release is as the custom resource asks, once, and says so. */
async function assertDeployed(name: string, { revisions, value, more, others = [] }: Wanted): Promise<void> {
  assert.deepEqual(await chaos.conditions(name), ["Deployed", "Initialized", "Ready", "Tested"]);
  const history = await chaos.assertWhole(name);
  assert.equal(history.at(-1)!.status, "deployed");
  if (revisions !== undefined) assert.equal(history.at(-1)!.version, revisions);
  assert.equal((await chaos.data(`${name}-a`))?.value, value);
  const wanted = ["a", ...(more ? ["b"] : []), "random", ...hooks("pre", "post", "test"), ...others];
  assert.deepEqual(await chaos.objects(name), wanted.sort());
}

/** What failed comes to be deployed. */
async function mended(name: string, wanted: Wanted): Promise<void> {
  await waitFor(`${name} to be mended`, async () => (await assertDeployed(name, wanted), true), { timeoutMs: 60_000 });
  await chaos.quiet();
}

/** Each of these hooks ran once in this round, and no other. */
function assertRan(release: string, ...names: string[]): void {
  const all = hooks("pre", "post", "back", "delete", "test");
  const ran = all.filter((name) => names.includes(name)).map((name) => [name, 1]);
  const applied = all.map((name) => [name, chaos.applied(`${release}-${name}`)]);
  assert.deepEqual(applied.filter(([, times]) => times !== 0), ran);
}

/** A release that was deployed without trouble. */
async function install(name: string, value: string, more: boolean): Promise<void> {
  await chaos.kind.create(chaos.namespace, name, { value, more });
  await chaos.kind.waitForCondition(chaos.namespace, name, "Tested");
}

const newestRevision = async (name: string) => (await chaos.history(name)).at(-1)!.version;

/** An install, and then an uninstall, in which the operator is killed. */
async function installAndUninstall(boundary: Boundary, name: string): Promise<boolean> {
  const installing = await chaos.crashAt(
    boundary,
    () => chaos.kind.create(chaos.namespace, name, { value: "one", more: true }),
    () => assertDeployed(name, { revisions: 1, value: "one", more: true }),
  );
  assertRan(name, ...hooks("pre", "post", "test"));
  const uninstalling = await chaos.crashAt(
    boundary,
    () => chaos.kind.delete(chaos.namespace, name),
    async () => {
      assert.equal(await chaos.kind.get(chaos.namespace, name), undefined);
      assert.deepEqual(await chaos.history(name), []);
      // The hooks' objects go with their owner.
      assert.deepEqual(await chaos.objects(name), []);
    },
  );
  assertRan(name, ...hooks("delete"));
  return installing || uninstalling;
}

describe("the operator, killed in an install with tests and in an uninstall", () => {
  it("leaves nothing undone, doubled or behind", async () => {
    let rounds = 0;
    await everywhere(10, (boundary) => installAndUninstall(boundary, `install-${++rounds}`));
  });
});

describe("the operator, killed in an upgrade", () => {
  it("goes on with it in the same revision", async () => {
    await install("upgrade", "0", false);
    let rounds = 0;
    await everywhere(10, async (boundary) => {
      const [value, more] = [String(++rounds), rounds % 2 === 1];
      const revisions = await newestRevision("upgrade") + 1;
      const happened = await chaos.crashAt(
        boundary,
        () => chaos.kind.change(chaos.namespace, "upgrade", { spec: { value, more } }),
        () => assertDeployed("upgrade", { revisions, value, more }),
      );
      assertRan("upgrade", ...hooks("pre", "post", "test"));
      return happened;
    });
    await chaos.kind.delete(chaos.namespace, "upgrade");
  });
});

describe("the operator, killed in a failing upgrade and its rollback", () => {
  it("ends where it was, and can be mended", async () => {
    await install("failing", "0", true);
    let rounds = 0;
    await everywhere(10, async (boundary) => {
      const before = await chaos.data("failing-a");
      const random = await chaos.data("failing-random");
      const happened = await chaos.crashAt(
        boundary,
        () => chaos.kind.change(chaos.namespace, "failing", { spec: { value: "bad", more: false, bad: true } }),
        async () => {
          const conditions = await chaos.conditions("failing");
          assert.deepEqual(conditions, ["Deployed", "Initialized", "ReleaseFailed", "Stalled", "Tested"]);
          await chaos.assertWhole("failing");
          assert.deepEqual(await chaos.data("failing-a"), before);
          assert.deepEqual(await chaos.data("failing-random"), random);
          const wanted = ["a", "b", "random", ...hooks("pre", "post", "test", "back")];
          assert.deepEqual(await chaos.objects("failing"), wanted.sort());
        },
      );
      assertRan("failing", ...hooks("pre", "back"));
      const value = String(++rounds);
      await chaos.kind.change(chaos.namespace, "failing", { spec: { value, bad: false, more: true } });
      await mended("failing", { value, more: true, others: hooks("back") });
      return happened;
    });
    await chaos.kind.delete(chaos.namespace, "failing");
  });
});

describe("the operator, killed in a failing install that is uninstalled", () => {
  it("tries once, leaves nothing behind, and can be mended", async () => {
    let rounds = 0;
    await everywhere(10, async (boundary) => {
      const name = `broken-${++rounds}`;
      const happened = await chaos.crashAt(
        boundary,
        () => chaos.kind.create(chaos.namespace, name, { value: "bad", bad: true }),
        async () => {
          assert.deepEqual(await chaos.conditions(name), ["Initialized", "ReleaseFailed", "Stalled"]);
          assert.deepEqual(await chaos.history(name), []);
          // Objects of hooks stay.
          assert.deepEqual(await chaos.objects(name), hooks("pre", "delete").sort());
        },
      );
      assertRan(name, ...hooks("pre", "delete"));
      await chaos.kind.change(chaos.namespace, name, { spec: { value: "1", bad: false, more: true } });
      await mended(name, { value: "1", more: true, others: hooks("delete") });
      await chaos.kind.delete(chaos.namespace, name);
      await chaos.kind.waitUntilGone(chaos.namespace, name);
      return happened;
    });
  });
});

describe("the operator, killed in a repair", () => {
  it("repairs all the same, in the same revision", async () => {
    await install("drift", "0", true);
    const random = await chaos.data("drift-random");
    const reference = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", namespace: chaos.namespace, name });
    await everywhere(2, async (boundary) => {
      const happened = await chaos.crashAt(
        boundary,
        async () => {
          await chaos.cluster.api.delete(reference("drift-b"));
          await chaos.cluster.api.patch(reference("drift-a"), { data: { value: "x" } });
        },
        async () => {
          await assertDeployed("drift", { revisions: 1, value: "0", more: true });
          assert.deepEqual(await chaos.data("drift-random"), random);
        },
      );
      assertRan("drift");
      return happened;
    });
    await chaos.kind.delete(chaos.namespace, "drift");
  });
});

const group = `c${crypto.randomUUID().slice(0, 8)}.example.com`;
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Thing, plural: things, singular: thing, listKind: ThingList}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;

describe("the operator, killed in the install of a chart with a CRD", () => {
  it("installs it, and the object of its kind", async () => {
    const outer = chaos;
    const thing = `apiVersion: ${group}/v1\nkind: Thing\nmetadata: {name: "{{ .Release.Name }}"}\n`;
    chaos = await Chaos.start(outer.cluster, {
      chart: { "crds/thing.yaml": definition, "templates/thing.yaml": thing },
    });
    const crd = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: `things.${group}` };
    const { api } = chaos.cluster;
    let rounds = 0;
    try {
      await everywhere(4, async (boundary) => {
        const name = `crd-${++rounds}`;
        const happened = await chaos.crashAt(
          boundary,
          () => chaos.kind.create(chaos.namespace, name),
          async () => {
            assert.deepEqual(await chaos.conditions(name), ["Deployed", "Initialized", "Ready"]);
            assert.deepEqual((await chaos.assertWhole(name)).map(({ version }) => version), [1]);
            const things = await api.list(`${group}/v1`, "Thing", chaos.namespace);
            assert.deepEqual(things.map(({ metadata }) => metadata.name), [name]);
          },
        );
        await chaos.kind.delete(chaos.namespace, name);
        await chaos.kind.waitUntilGone(chaos.namespace, name);
        assert.ok(await api.get(crd), "the CRD is left");
        await api.delete(crd);
        await waitFor("the CRD to be gone", async () => await api.get(crd) === undefined);
        return happened;
      });
    } finally {
      await chaos.stop();
      chaos = outer;
    }
  });
});
