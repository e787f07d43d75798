// An operator behind the fault proxy that is killed at a chosen request, and what must hold when it is back.

import assert from "node:assert/strict";
import { interruptAfter, interruptBefore } from "../cluster/faults.ts";
import { waitFor } from "../cluster/api.ts";
import { type Fault, type FaultProxy, type ProxiedRequest, startFaultProxy } from "../cluster/proxy.ts";
import type { SharedControlPlane } from "../cluster/shared.ts";
import { type Condition, type Kind, type KindOptions, makeKind } from "./kind.ts";
import { type Operator, type OperatorOptions, startOperator } from "./operator.ts";

/** Where the operator is killed: just before the API server sees the `n`th request, or just after it answered. */
export interface Boundary {
  readonly moment: "before" | "after";
  readonly n: number;
  /** Count the requests only that change something: between two of them the cluster is the same. */
  readonly writesOnly: boolean;
}

/** So long without a request, and the operator is at rest; milliseconds. */
const rest = 300;

/** One kind, one namespace, and one operator at a time. */
export class Chaos {
  #operator: Operator | undefined;
  #neverSent: ProxiedRequest | undefined;

  private constructor(
    readonly cluster: SharedControlPlane,
    readonly kind: Kind,
    readonly proxy: FaultProxy,
    readonly namespace: string,
  ) {}

  /** Makes the kind and starts the operator. */
  static async start(cluster: SharedControlPlane, options: KindOptions): Promise<Chaos> {
    const kind = await makeKind(cluster.api, options);
    const proxy = await startFaultProxy(cluster);
    const chaos = new Chaos(cluster, kind, proxy, await cluster.api.createNamespace());
    await chaos.boot();
    return chaos;
  }

  /** Starts an operator; the last one must have been killed. */
  async boot(options: Pick<OperatorOptions, "startOnly"> = {}): Promise<void> {
    this.#operator = await startOperator({ ...this.kind.run, kubeconfig: this.proxy.kubeconfig, ...options });
  }

  async kill(): Promise<void> {
    await this.#operator?.kill();
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.proxy.stop();
    this.kind.close();
  }

  /** What the operator that runs now has written. */
  get output(): string {
    return this.#operator?.output() ?? "";
  }

  /** Waits until the operator asks for nothing any more. */
  async quiet(): Promise<void> {
    let [last, since] = [-1, Date.now()];
    await waitFor("the operator to come to rest", () => {
      const { length } = this.proxy.requests.filter(({ isWatch }) => !isWatch);
      if (length !== last || this.proxy.underway() > 0) [last, since] = [length, Date.now()];
      return Date.now() - since >= rest;
      // A request without an answer is given up after half a minute.
    }, { intervalMs: 20, timeoutMs: 60_000 });
  }

  /**
   * Does something, kills the operator at a boundary and starts it again; then `check` must come to hold, and the operator
   * to rest. Answers whether it was killed: it is not when what was done takes fewer requests.
   */
  async crashAt(boundary: Boundary, act: () => Promise<unknown>, check: () => Promise<void>): Promise<boolean> {
    await this.quiet();
    this.proxy.reset();
    this.#neverSent = undefined;
    const died = Promise.withResolvers<void>();
    let seen = 0;
    let happened = false;
    const isBoundary = ({ isWrite, isWatch }: ProxiedRequest) => boundary.writesOnly ? isWrite : !isWatch;
    const kill = async () => {
      happened = true;
      await this.kill();
      died.resolve();
    };
    const interrupt = boundary.moment === "before" ? interruptBefore(kill) : interruptAfter(kill);
    const removeFault = this.proxy.inject({
      when: (request) => isBoundary(request) && ++seen === boundary.n,
      fault: (exchange) => {
        if (boundary.moment === "before") this.#neverSent = exchange.request;
        return interrupt(exchange);
      },
    });
    await act();
    await waitFor("the action", async () => happened || (await check(), true), { intervalMs: 50, timeoutMs: 90_000 });
    if (!happened) await this.quiet();
    removeFault();
    if (happened) {
      await died.promise;
      await this.boot();
    }
    // The garbage collector looks for new kinds each half a minute, and before that does not know an owner of such.
    await waitFor("what must hold", async () => (await check(), true), { intervalMs: 50, timeoutMs: 90_000 });
    await this.quiet();
    await check();
    return happened;
  }

  /**
   * Does something while the `n`th request but watches meets a fault; then `check` must come to hold, and the operator to
   * rest. Answers whether it met one, and how many requests came in all.
   */
  async troubleAt(
    n: number,
    fault: Fault,
    act: () => Promise<unknown>,
    check: () => Promise<void>,
  ): Promise<{ happened: boolean; requests: number }> {
    await this.quiet();
    this.proxy.reset();
    let [seen, happened] = [0, false];
    const heal = this.proxy.inject({
      when: ({ isWatch }) => !isWatch && ++seen === n,
      fault: (exchange) => {
        happened = true;
        return fault(exchange);
      },
    });
    await act();
    const holds = () =>
      waitFor("what must hold", async () => (await check(), true), { intervalMs: 50, timeoutMs: 90_000 });
    await holds();
    heal();
    await this.quiet();
    // It may have held before the operator told of the trouble, which it tries to get over only after a pause.
    await holds();
    await this.quiet();
    await check();
    return { happened, requests: this.proxy.requests.length };
  }

  /** How often a ConfigMap or Job was applied since the last {@link crashAt} began. */
  applied(name: string): number {
    return this.proxy.requests.filter(({ method, path, query }, index) =>
      method === "PATCH" && this.proxy.requests[index] !== this.#neverSent && !query.has("dryRun") &&
      new RegExp(`/namespaces/${this.namespace}/(configmaps|jobs)/${name}$`).test(path)
    ).length;
  }

  /** The data of a ConfigMap; undefined when there is none. */
  async data(name: string): Promise<Record<string, string> | undefined> {
    const { api } = this.cluster;
    return (await api.get({ apiVersion: "v1", kind: "ConfigMap", namespace: this.namespace, name }))?.data;
  }

  /** The objects that a release may have made, without the release's name. */
  async objects(release: string): Promise<string[]> {
    const { api } = this.cluster;
    const kinds = [["v1", "ConfigMap"], ["v1", "Service"], ["batch/v1", "Job"]];
    const lists = await Promise.all(kinds.map(([apiVersion, kind]) => api.list(apiVersion, kind, this.namespace)));
    return lists.flat().map(({ metadata }) => metadata.name)
      .filter((name) => name.startsWith(`${release}-`)).map((name) => name.slice(release.length + 1)).sort();
  }

  /** A release's revisions, the oldest first, each with its status. */
  async history(release: string): Promise<Array<{ version: number; status: string }>> {
    const records = await this.cluster.api.list("v1", "Secret", this.namespace, `owner=helm,name=${release}`);
    return records.map(({ metadata }) => ({
      version: Number(metadata.labels!.version),
      status: metadata.labels!.status,
    })).sort((a, b) => a.version - b.version);
  }

  /** The history has no gap and nothing that is under way, and one revision is deployed. */
  async assertWhole(release: string): Promise<Array<{ version: number; status: string }>> {
    const history = await this.history(release);
    const first = history[0]?.version;
    assert.deepEqual(history.map(({ version }) => version), history.map((_, index) => first + index), "a gap");
    const alive = history.map(({ status }) => status).filter((each) => each !== "superseded" && each !== "failed");
    assert.deepEqual(alive, ["deployed"], JSON.stringify(history));
    return history;
  }

  /** The conditions of a custom resource whose status is of what it asks for now; those that are True. */
  async conditions(release: string): Promise<string[]> {
    const cr = await this.kind.get(this.namespace, release);
    assert.equal(cr?.status?.observedGeneration, cr?.metadata.generation, "observedGeneration");
    const conditions = cr?.status?.conditions as Condition[];
    return conditions.filter(({ status }) => status === "True").map(({ type }) => type).sort();
  }
}
