/**
 * The operator's metrics, under the names that operator-sdk's Helm operator and controller-runtime give them, so that
 * dashboards and alerts go on working.
 */
import { type Context, Effect, Metric } from "effect";

type Labels = Record<string, string>;

const reconcileResults = ["success", "error", "requeue", "requeue_after"] as const;
export type ReconcileResult = typeof reconcileResults[number];

// controller-runtime's boundaries.
const reconcileBoundaries = [
  ...[0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9],
  ...[1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60],
];
const queueBoundaries = Array.from({ length: 12 }, (_, n) => 1e-8 * 10 ** n);

const counter = (name: string, description: string) => Metric.counter(name, { description, incremental: true });
const gauge = (name: string, description: string) => Metric.gauge(name, { description });

const buildInfo = gauge("helm_operator_build_info", "Build information of the operator");
const createdAt = gauge("resource_created_at_seconds", "When a custom resource was made, in seconds since 1970");
const leader = gauge("leader_election_master_status", "1 while this replica holds the lease, else 0");

const reconciles = counter("controller_runtime_reconcile_total", "Reconciles by result");
const errors = counter("controller_runtime_reconcile_errors_total", "Reconciles that failed");
const terminalErrors = counter("controller_runtime_terminal_reconcile_errors_total", "Failures that are not retried");
const panics = counter("controller_runtime_reconcile_panics_total", "Reconciles that ended in a bug");
const maxConcurrent = gauge("controller_runtime_max_concurrent_reconciles", "Reconciles that may run at once");
const active = gauge("controller_runtime_active_workers", "Reconciles that run now");
const reconcileTime = Metric.histogram("controller_runtime_reconcile_time_seconds", {
  description: "Seconds that a reconcile took",
  boundaries: reconcileBoundaries,
});

const depth = gauge("workqueue_depth", "Keys that wait");
const adds = counter("workqueue_adds_total", "Keys added");
const retries = counter("workqueue_retries_total", "Keys added again after a failure");
const waitTime = Metric.histogram("workqueue_queue_duration_seconds", {
  description: "Seconds that a key waited",
  boundaries: queueBoundaries,
});
const workTime = Metric.histogram("workqueue_work_duration_seconds", {
  description: "Seconds that a key was worked on",
  boundaries: queueBoundaries,
});

const actions = counter("helmwright_release_actions_total", "Installs, upgrades, rollbacks and uninstalls by result");
const repairs = counter("helmwright_drift_repairs_total", "Objects of releases that were put back");
const drifts = counter("helmwright_drift_detected_total", "Objects of releases that drifted and were left so");

/** What a controller reports. */
export interface ControllerMetrics {
  readonly reconcileStarted: () => void;
  /** Seconds. */
  readonly reconcileEnded: (result: ReconcileResult, seconds: number) => void;
  readonly panicked: () => void;
  readonly action: (action: string, succeeded: boolean) => void;
  /** An object was put back: `patched`, or `created` anew. */
  readonly repaired: (kind: string, change: string) => void;
  /** An object has drifted and was left so. */
  readonly drifted: (kind: string, change: string) => void;
  /** A custom resource is there; seconds since 1970. */
  readonly resourceSeen: (resource: Labels, created: number) => void;
  readonly resourceGone: (resource: Labels) => void;
  /** The observer of the controller's queue. */
  readonly queue: {
    readonly added: () => void;
    readonly depth: (keys: number) => void;
    readonly taken: (waited: number) => void;
    readonly done: (worked: number) => void;
    readonly retried: () => void;
  };
}

/** The metrics of one controller, such as `web-controller`; counters start at 0 so that rates can be taken. */
export const controllerMetrics = (name: string, workers: number): Effect.Effect<ControllerMetrics> =>
  Effect.map(Effect.context<never>(), (context) => {
    const { set, add, observe } = writers(context);
    const labels = { controller: name };
    const queue = { controller: name, name };
    let running = 0;
    for (const result of reconcileResults) add(reconciles, 0, { ...labels, result });
    for (const metric of [errors, terminalErrors, panics]) add(metric, 0, labels);
    for (const metric of [adds, retries]) add(metric, 0, queue);
    set(maxConcurrent, workers, labels);
    set(active, 0, labels);
    set(depth, 0, queue);
    return {
      reconcileStarted: () => set(active, ++running, labels),
      reconcileEnded: (result, seconds) => {
        set(active, --running, labels);
        add(reconciles, 1, { ...labels, result });
        if (result === "error") add(errors, 1, labels);
        observe(reconcileTime, seconds, labels);
      },
      panicked: () => add(panics, 1, labels),
      action: (action, succeeded) => add(actions, 1, { ...labels, action, result: succeeded ? "success" : "error" }),
      repaired: (kind, change) => add(repairs, 1, { ...labels, kind, change }),
      drifted: (kind, change) => add(drifts, 1, { ...labels, kind, change }),
      resourceSeen: (resource, created) => set(createdAt, created, resource),
      resourceGone: (resource) => Metric.removeUnsafe(Metric.withAttributes(createdAt, resource), context),
      queue: {
        added: () => add(adds, 1, queue),
        depth: (keys) => set(depth, keys, queue),
        taken: (waited) => observe(waitTime, waited, queue),
        done: (worked) => observe(workTime, worked, queue),
        retried: () => add(retries, 1, queue),
      },
    };
  });

/** What concerns the whole operator. */
export interface OperatorMetrics {
  readonly leading: (lease: string, isLeader: boolean) => void;
}

export const operatorMetrics = (build: { version: string; commit: string }): Effect.Effect<OperatorMetrics> =>
  Effect.map(Effect.context<never>(), (context) => {
    const { set } = writers(context);
    set(buildInfo, 1, build);
    return { leading: (name, isLeader) => set(leader, isLeader ? 1 : 0, { name }) };
  });

function writers(context: Context.Context<never>) {
  const update = <Input, State>(metric: Metric.Metric<Input, State>, input: Input, labels: Labels) =>
    Metric.withAttributes(metric, labels).updateUnsafe(input, context);
  return { set: update<number, any>, add: update<number, any>, observe: update<number, any> };
}
