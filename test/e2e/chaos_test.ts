// The operator is killed at the boundaries between its requests, and the next one goes on. By default it is killed after
// every fourth write; with HELMWRIGHT_CHAOS=all before and after each request, which takes many minutes.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import process from "node:process";
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
const chart = {
  "templates/a.yaml": configMap("a", "value: {{ .Values.value | quote }}"),
  "templates/random.yaml": configMap("random", "value: {{ uuidv4 }}"),
  "templates/b.yaml": `{{ if .Values.more }}\n${configMap("b", "x: text")}{{ end }}`,
  "templates/pre.yaml": configMap("pre", "x: text", "pre-install,pre-upgrade"),
  "templates/post.yaml": configMap("post", "x: text", "post-install,post-upgrade"),
  "templates/delete.yaml": configMap("delete", "x: text", "pre-delete"),
  "templates/bad.yaml":
    "{{ if .Values.bad }}\napiVersion: v1\nkind: Service\nmetadata: {name: {{ .Release.Name }}-bad}\nspec: {ports: [{port: 99999}]}\n{{ end }}",
};
// One try, so that a failing upgrade comes to rest.
const watch = "  remediation: {strategy: rollback, retries: 0}\n";

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
}

/** The release is as the custom resource asks, once, and says so. */
async function assertDeployed(name: string, { revisions, value, more }: Wanted): Promise<void> {
  assert.deepEqual(await chaos.conditions(name), ["Deployed", "Initialized", "Ready"]);
  const history = await chaos.assertWhole(name);
  assert.equal(history.at(-1)!.status, "deployed");
  if (revisions !== undefined) assert.equal(history.at(-1)!.version, revisions);
  assert.equal((await chaos.data(`${name}-a`))?.value, value);
  assert.deepEqual(await chaos.objects(name), ["a", ...(more ? ["b"] : []), "post", "pre", "random"]);
}

/** A release that was deployed without trouble. */
async function install(name: string, value: string, more: boolean): Promise<void> {
  await chaos.kind.create(chaos.namespace, name, { value, more });
  await chaos.kind.waitForCondition(chaos.namespace, name, "Ready");
}

const newestRevision = async (name: string) => (await chaos.history(name)).at(-1)!.version;

describe("the operator, killed in an install and in an uninstall", () => {
  it("leaves nothing undone, doubled or behind", async () => {
    let rounds = 0;
    await everywhere(10, async (boundary) => {
      const name = `install-${++rounds}`;
      const installing = await chaos.crashAt(
        boundary,
        () => chaos.kind.create(chaos.namespace, name, { value: "one", more: true }),
        () => assertDeployed(name, { revisions: 1, value: "one", more: true }),
      );
      for (const hook of ["pre", "post"]) assert.equal(chaos.applied(`${name}-${hook}`), 1, hook);
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
      assert.equal(chaos.applied(`${name}-delete`), 1, "delete");
      return installing || uninstalling;
    });
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
      for (const hook of ["pre", "post"]) assert.equal(chaos.applied(`upgrade-${hook}`), 1, hook);
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
      const happened = await chaos.crashAt(
        boundary,
        () => chaos.kind.change(chaos.namespace, "failing", { spec: { value: "bad", more: false, bad: true } }),
        async () => {
          const conditions = await chaos.conditions("failing");
          assert.deepEqual(conditions, ["Deployed", "Initialized", "ReleaseFailed", "Stalled"]);
          await chaos.assertWhole("failing");
          assert.deepEqual(await chaos.data("failing-a"), before);
          assert.deepEqual(await chaos.objects("failing"), ["a", "b", "post", "pre", "random"]);
        },
      );
      const value = String(++rounds);
      await chaos.kind.change(chaos.namespace, "failing", { spec: { value, bad: false, more: true } });
      await chaos.kind.waitForCondition(chaos.namespace, "failing", "Ready");
      await chaos.quiet();
      await assertDeployed("failing", { value, more: true });
      return happened;
    });
    await chaos.kind.delete(chaos.namespace, "failing");
  });
});

describe("the operator, killed in a repair", () => {
  it("repairs all the same, in the same revision", async () => {
    await install("drift", "0", true);
    const random = await chaos.data("drift-random");
    const reference = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", namespace: chaos.namespace, name });
    await everywhere(2, (boundary) =>
      chaos.crashAt(
        boundary,
        async () => {
          await chaos.cluster.api.delete(reference("drift-b"));
          await chaos.cluster.api.patch(reference("drift-a"), { data: { value: "x" } });
        },
        async () => {
          await assertDeployed("drift", { revisions: 1, value: "0", more: true });
          assert.deepEqual(await chaos.data("drift-random"), random);
        },
      ));
    await chaos.kind.delete(chaos.namespace, "drift");
  });
});
