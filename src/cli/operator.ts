/** The operator: everything that `helmwright run` starts, and in which order it stops. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { Effect, Layer } from "effect";
import { type ControllerMetrics, controllerName, runController } from "../controller/controller.ts";
import { type Dependents, makeDependents } from "../controller/dependents.ts";
import { nameOf, typeName } from "../controller/ledger.ts";
import { makeReferences, type References, withReferences } from "../controller/references.ts";
import { makeReadinessReporter, noReadinessReporter } from "../controller/readiness-reporter.ts";
import { Remediation } from "../controller/remediation.ts";
import { steadyWrites } from "../controller/steady-client.ts";
import { supervise } from "../controller/supervisor.ts";
import { layer as kubeLayer } from "../kube/client.ts";
import type { ClusterConfig } from "../kube/cluster-config.ts";
import { makeEventRecorder } from "../kube/events.ts";
import { KubeClient } from "../kube/kube-client.ts";
import { loadClusterConfig } from "../kube/kubeconfig.ts";
import { hookLogEvent, logHook } from "../release/hook-log.ts";
import { fenced, withLease } from "../kube/lease.ts";
import { serveHealth } from "../observability/health-server.ts";
import { loggerLayer } from "../observability/logger.ts";
import { controllerMetrics, operatorMetrics } from "../observability/metrics.ts";
import { Readiness } from "../observability/readiness.ts";
import { makeRenderer, Renderer } from "../release/renderer.ts";
import { formatGoDuration } from "../watches/go-duration.ts";
import { shownOverrides } from "../watches/typed-overrides.ts";
import { formatGvk, formatProblem } from "../watches/watch.ts";
import { metricsEndpoint } from "./metrics-endpoint.ts";
import { newManagerFactories, type WatchedRelease } from "./manager-factories.ts";
import { ConfigurationError, OperatorConfig, resolveSettings } from "./operator-config.ts";
import type { OperatorFlags } from "./operator-flags.ts";
import { loadContext } from "./override-templates.ts";
import { commit, version } from "./version.ts";

/** Runs the operator until it is interrupted. Fails when it cannot start, and when it loses its lease. */
export const runOperator = (flags: OperatorFlags) =>
  Effect.gen(function* () {
    const settings = yield* Effect.try({
      try: () => resolveSettings(flags, { environment: process.env, isTerminal: process.stderr.isTTY === true }),
      catch: (error) => error as ConfigurationError,
    });
    yield* operator.pipe(
      Effect.provideService(OperatorConfig, settings),
      Effect.onInterrupt(() => Effect.logInfo("Stopped")),
      Effect.annotateLogs("logger", "helm"),
      Effect.provide(Layer.merge(loggerLayer(settings.log), Readiness.layer)),
    );
  });

const operator = Effect.scoped(Effect.gen(function* () {
  const settings = yield* OperatorConfig;
  for (const notice of settings.notices) yield* Effect.logInfo(notice);
  yield* Effect.annotateLogs(Effect.logInfo("Starting"), { version, pid: process.pid });
  const watched = yield* loadFactories;
  const cluster = yield* loadClusterConfig({
    kubeconfig: settings.kubeconfig ?? undefined,
    context: settings.context ?? undefined,
  });
  yield* Effect.logInfo(
    settings.namespaces.length === 0 ? "Watching all namespaces" : `Watching namespaces ${settings.namespaces}`,
  );
  const metrics = yield* operatorMetrics({ version, commit });
  yield* serveHealth(settings.probeAddress);
  yield* Effect.andThen(metricsEndpoint, elected(cluster, metrics.leading, controllers(watched))).pipe(
    Effect.provide(kubeLayer(cluster, { userAgent: `helmwright/${version}` })),
  );
}));

const loadFactories = Effect.gen(function* () {
  const { watchesFile, strict } = yield* OperatorConfig;
  const { source, watched, warnings } = yield* newManagerFactories(watchesFile, loadContext(process.env, strict));
  for (const warning of warnings) yield* Effect.logWarning(formatProblem(source, warning));
  return watched;
});

/** Runs the body while this replica holds the lease, if leader election is asked for. */
const elected = <A, E, R>(
  cluster: ClusterConfig,
  leading: (lease: string, isLeader: boolean) => void,
  body: Effect.Effect<A, E, R>,
) =>
  Effect.gen(function* () {
    const { leaderElection } = yield* OperatorConfig;
    const kube = steadyWrites(yield* KubeClient);
    if (leaderElection === null) return yield* Effect.provideService(body, KubeClient, kube);
    const { id: name } = leaderElection;
    const namespace = leaderElection.namespace ?? (cluster.context === "in-cluster" ? cluster.namespace : null);
    if (namespace === null) {
      const detail = "Cannot find the namespace for leader election as this is no pod: set --leader-election-namespace";
      return yield* new ConfigurationError({ detail });
    }
    leading(name, false);
    return yield* withLease({ namespace, name, identity: `${hostname()}_${randomUUID()}` }, (lease) => {
      leading(name, true);
      return Effect.provideService(body, KubeClient, fenced(kube, lease));
    });
  });

/** All controllers, until interrupted. */
const controllers = (watched: ReadonlyArray<WatchedRelease>) =>
  Effect.scoped(Effect.gen(function* () {
    const { namespaces, renderTimeout } = yield* OperatorConfig;
    const renderer = Layer.succeed(Renderer, yield* makeRenderer({ timeout: renderTimeout }));
    const references = yield* makeReferences;
    const dependents = withReferences(yield* makeDependents(namespaces.length > 0), references);
    const all = yield* Effect.forEach(watched, (each) =>
      Effect.map(controller(each, dependents, references, renderer), (run) =>
        [formatGvk(each.watch), run] as const));
    return yield* supervise(new Map(all));
  }));

/** The controller of one watch, not running yet. */
const controller = (
  { watch, newManagerFactory }: WatchedRelease,
  dependents: Dependents,
  references: References,
  renderer: Layer.Layer<Renderer>,
) =>
  Effect.gen(function* () {
    const settings = yield* OperatorConfig;
    const readiness = yield* Readiness;
    const { group, version, kind, overrideValues } = watch;
    const name = controllerName(watch);
    const workers = watch.maxConcurrentReconciles ?? settings.maxConcurrentReconciles;
    const metrics: ControllerMetrics = yield* controllerMetrics(name, workers);
    const { record } = yield* makeEventRecorder({ component: name });
    const factory = newManagerFactory({
      renderer,
      hookLog: (cr, log) => Effect.andThen(logHook(cr, log), record(cr, "Normal", "HookLog", hookLogEvent(log))),
    });
    const managers = yield* Effect.provideService(factory, KubeClient, dependents.observed);
    const reconcilePeriod = watch.reconcilePeriod ?? settings.reconcilePeriod;
    const type = typeName(group, kind);
    const gvk = { group, version, kind };
    const kube = yield* KubeClient;
    const isWatched = watch.watchDependentResources;
    const reporter = (watch.statusReadiness ?? settings.statusReadiness)
      ? yield* makeReadinessReporter({ kube, gvk, dependents, isWatched })
      : noReadinessReporter;
    yield* Effect.annotateLogs(Effect.logInfo("Watching resource"), {
      apiVersion: group === "" ? version : `${group}/${version}`,
      kind,
      reconcilePeriod: formatGoDuration(reconcilePeriod),
    });
    return runController({
      gvk,
      namespaces: settings.namespaces,
      selector: watch.selector,
      workers,
      metrics,
      dependents,
      watchesDependents: isWatched,
      ready: readiness.set,
      reconciler: {
        kube,
        managers,
        metrics,
        record: (cr, event) => record(cr, event.type, event.reason, event.message),
        released: ({ metadata: { namespace = "", name } }) =>
          isWatched ? dependents.watch({ type, key: `${namespace}/${name}` }) : Effect.void,
        watchClosely: ({ metadata: { namespace = "", name } }, objects) =>
          dependents.watchClosely({ type, key: `${namespace}/${name}` }, objects.map(nameOf)),
        attended: ({ metadata: { namespace = "", name } }) =>
          dependents.attended({ type, key: `${namespace}/${name}` }),
        follow: ({ metadata: { namespace = "", name } }, read) =>
          references.follow({ type, key: `${namespace}/${name}` }, read),
        overrideValues: new Map([...shownOverrides(watch.typedOverrideValues), ...overrideValues]),
        readiness: reporter,
        remediation: new Remediation(watch.release.remediation),
        suppressOverrideValues: settings.suppressOverrideValues,
        statusManifest: settings.statusManifest,
        reconcilePeriod,
      },
    });
  });
