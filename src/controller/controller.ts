/**
 * The controller of one kind of custom resources: a watch that fills a queue, and workers that empty it.
 *
 * At rest it asks nothing of the API server but its watch. On interruption the workers take nothing new and get a few
 * seconds to end what they are at; then they are interrupted too.
 */
import { Cause, Clock, Deferred, Effect, Exit, Fiber, FiberSet, Stream } from "effect";
import { KubeClient, type KubeError } from "../kube/kube-client.ts";
import { formatApiVersion, type Gvk } from "../kube/object.ts";
import { type ObjectChange, reflect } from "../kube/watch-source.ts";
import type { Dependents } from "./dependents.ts";
import { typeName } from "./ledger.ts";
import { makeWorkQueue, type QueueObserver, type WorkQueue } from "./queue.ts";
import type { ReconcileMetrics, ReconcilerContext, RequeueAfter } from "./context.ts";
import { reconcile } from "./reconciler.ts";
import { fingerprint, judgeChange } from "./resource-watch.ts";
import { retryOf } from "./retry.ts";
import type { ReconcileFailed } from "./work.ts";

/** What a controller reports. */
export interface ControllerMetrics extends ReconcileMetrics {
  readonly queue: QueueObserver;
  readonly reconcileStarted: () => void;
  /** Seconds. */
  readonly reconcileEnded: (result: "success" | "error" | "requeue" | "requeue_after", seconds: number) => void;
  readonly panicked: () => void;
  /** A custom resource is there; seconds since 1970. */
  readonly resourceSeen: (resource: Record<string, string>, created: number) => void;
  readonly resourceGone: (resource: Record<string, string>) => void;
}

export interface ControllerOptions {
  readonly gvk: Gvk;
  /** Empty watches all. */
  readonly namespaces: ReadonlyArray<string>;
  /** A label selector; "" takes all. */
  readonly selector: string;
  readonly workers: number;
  readonly metrics: ControllerMetrics;
  /** A part of the controller says what it waits for, or null when it is ready. */
  readonly ready: (part: string, waitsFor: string | null) => Effect.Effect<void>;
  readonly reconciler: ReconcilerContext;
  readonly dependents: Dependents;
  /** Whether drift of the releases' objects is put right as it happens. */
  readonly watchesDependents: boolean;
}

/** How long a worker may go on after an interruption, and then for the write that it is at; milliseconds. */
const grace = { reconcile: 3_000, write: 3_000 };

/** `web-controller`, as operator-sdk names it. */
export function controllerName({ kind }: Gvk): string {
  return `${kind.toLowerCase()}-controller`;
}

/** Runs the controller until it is interrupted. It never fails; a bug in it is a defect. */
export const runController = (options: ControllerOptions): Effect.Effect<never, never, KubeClient> =>
  Effect.scoped(Effect.gen(function* () {
    const { gvk, metrics, dependents, namespaces, workers } = options;
    const queue = yield* makeWorkQueue({ observer: metrics.queue });
    const controller = new Controller(options, queue);
    yield* dependents.register({
      group: gvk.group,
      kind: gvk.kind,
      watchesDependents: options.watchesDependents,
      isNamespaced: () => controller.isNamespaced,
      isBusy: queue.isBusy,
      enqueue: queue.addAfter,
      readinessChanged: options.reconciler.readiness.changed,
    });
    const fibers = yield* FiberSet.make<never, never>();
    for (let i = 0; i < workers; i++) yield* FiberSet.run(fibers, controller.work);
    for (const namespace of namespaces.length > 0 ? namespaces : [undefined]) {
      yield* FiberSet.run(fibers, controller.watch(namespace));
    }
    yield* FiberSet.join(fibers);
    return yield* Effect.never;
  }));

class Controller {
  readonly #name: string;
  readonly #type: string;
  /** Until a resource without a namespace is seen. */
  isNamespaced = true;
  /** Resources that the watch selects now. */
  readonly #selected = new Set<string>();
  /** What workers are at, to be broken off when the resource is deleted meanwhile. */
  readonly #current = new Map<string, Deferred.Deferred<void>>();

  constructor(private readonly options: ControllerOptions, private readonly queue: WorkQueue) {
    this.#name = controllerName(options.gvk);
    this.#type = typeName(options.gvk.group, options.gvk.kind);
  }

  /** Watches the custom resources in one namespace, or in all. */
  watch(namespace: string | undefined): Effect.Effect<never, never, KubeClient> {
    const { gvk, selector, ready } = this.options;
    const selection = {
      ...(namespace === undefined ? {} : { namespace }),
      ...(selector === "" ? {} : { labelSelector: selector }),
    };
    const part = `${this.#name}${namespace === undefined ? "" : ` in ${namespace}`}`;
    const wanted = "its first list";
    let isSynced = false;
    return Effect.gen({ self: this }, function* () {
      yield* ready(part, wanted);
      yield* Stream.runForEach(reflect(gvk, selection, fingerprint), (change) => {
        if (change.type === "Applied" || change.type === "Deleted") return this.#changed(change);
        isSynced ||= change.type === "Synced";
        // A kind that is not served yet is waited for, and that is being ready; other failures are not.
        if (change.type === "Synced" || change.error._tag === "NoMatchError") return ready(part, null);
        return isSynced ? Effect.void : ready(part, `${wanted}: ${change.error.message}`);
      });
      return yield* Effect.never;
    });
  }

  #changed(change: ObjectChange<string>): Effect.Effect<void> {
    const { metrics } = this.options;
    const { namespace = "", name } = change.key;
    const key = `${namespace}/${name}`;
    const { group, version, kind } = this.options.gvk;
    const labels = { name, namespace, group, version, kind };
    if (change.type === "Deleted") {
      metrics.resourceGone(labels);
      this.#selected.delete(key);
      return this.queue.add(key);
    }
    this.#selected.add(key);
    this.isNamespaced = namespace !== "";
    const verdict = judgeChange(change.value, change.previous);
    if (change.previous === undefined) metrics.resourceSeen(labels, verdict.created);
    return Effect.gen({ self: this }, function* () {
      if (verdict.isNew) yield* this.queue.forget(key);
      if (verdict.needsReconcile) yield* this.queue.add(key);
      const current = verdict.deletionBegan ? this.#current.get(key) : undefined;
      if (current !== undefined) yield* Deferred.succeed(current, undefined);
    });
  }

  /** Takes keys and reconciles them, for ever. */
  get work(): Effect.Effect<never> {
    const one = Effect.uninterruptibleMask((restore) =>
      Effect.gen({ self: this }, function* () {
        const key = yield* restore(this.queue.take);
        // In a fiber of its own: the interruption of the worker leaves it some time.
        const fiber = yield* Effect.forkDetach(Effect.interruptible(this.#process(key)));
        yield* restore(Fiber.await(fiber)).pipe(Effect.onInterrupt(() => this.#wait(fiber)));
        yield* this.queue.done(key);
        yield* this.options.dependents.settle({ type: this.#type, key });
      })
    );
    return Effect.forever(one);
  }

  #wait(fiber: Fiber.Fiber<void>): Effect.Effect<void> {
    const within = (effect: Effect.Effect<unknown>, millis: number) =>
      Effect.timeoutOption(Effect.interruptible(effect), millis);
    return Effect.asVoid(
      Effect.andThen(within(Fiber.await(fiber), grace.reconcile), within(Fiber.interrupt(fiber), grace.write)),
    );
  }

  /** One reconcile of one resource, whatever comes of it. */
  #process(key: string): Effect.Effect<void> {
    const { gvk, metrics, reconciler } = this.options;
    const slash = key.indexOf("/");
    const namespace = key.slice(0, slash);
    const name = key.slice(slash + 1);
    const metadata = { name, ...(namespace === "" ? {} : { namespace }) };
    const apiVersion = formatApiVersion(gvk);
    return Effect.gen({ self: this }, function* () {
      const began = yield* Clock.currentTimeMillis;
      metrics.reconcileStarted();
      const deleted = yield* Deferred.make<void>();
      this.#current.set(key, deleted);
      const isSelected = this.#selected.has(key);
      const target = { apiVersion, kind: gvk.kind, metadata, isSelected, deletion: Deferred.await(deleted) };
      const exit = yield* Effect.exit(reconcile(reconciler, target));
      this.#current.delete(key);
      const result = yield* this.#conclude(key, exit);
      metrics.reconcileEnded(result, ((yield* Clock.currentTimeMillis) - began) / 1000);
    }).pipe(
      Effect.annotateLogs({ logger: "helm.controller", namespace, name, apiVersion, kind: gvk.kind }),
    );
  }

  #conclude(key: string, exit: Exit.Exit<RequeueAfter, ReconcileFailed | KubeError>) {
    const { metrics, dependents } = this.options;
    return Effect.gen({ self: this }, function* () {
      if (Exit.isSuccess(exit)) {
        yield* this.queue.forget(key);
        if (!this.#selected.has(key)) {
          yield* dependents.forget({ type: this.#type, key });
          yield* this.options.reconciler.readiness.forget(key);
        }
        if (exit.value <= 0) return "success" as const;
        yield* this.queue.addAfter(key, exit.value);
        return "requeue_after" as const;
      }
      if (Cause.hasInterruptsOnly(exit.cause)) return "requeue" as const;
      const error = Cause.squash(exit.cause);
      const isBug = exit.cause.reasons.some(Cause.isDieReason);
      if (isBug) metrics.panicked();
      const retry = retryOf(isBug ? null : error as ReconcileFailed | KubeError, {
        waitToRetry: this.options.reconciler.kube.waitToRetry,
        forget: this.queue.forget(key),
      });
      const delay = yield* this.queue.addFailed(key, retry);
      yield* Effect.annotateLogs(Effect.logError("Reconciler error", exit.cause), { retryIn: `${Math.ceil(delay)}ms` });
      return "error" as const;
    });
  }
}
