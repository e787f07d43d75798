/** The flags of `helmwright run`: those of operator-sdk's helm-operator and a few of its own. */
import { Option } from "effect";
import { Flag } from "effect/cli";
import { parseGoDuration } from "../watches/go-duration.ts";
import type { FlagNames } from "./go-flags.ts";
import type { LogOptions } from "../observability/logger.ts";

/** The flags as given; null where the command line says nothing and the default depends on more. */
export interface OperatorFlags {
  readonly watchesFile: string | null;
  readonly strict: boolean;
  readonly reconcilePeriod: number;
  readonly maxConcurrentReconciles: number | null;
  readonly renderTimeout: number;
  readonly metricsBindAddress: string | null;
  readonly metricsAddr: string | null;
  readonly metricsSecure: boolean;
  readonly metricsRequireRbac: boolean;
  readonly enableHttp2: boolean;
  readonly healthProbeBindAddress: string;
  readonly leaderElect: boolean | null;
  readonly enableLeaderElection: boolean | null;
  readonly leaderElectionId: string | null;
  readonly leaderElectionNamespace: string | null;
  readonly suppressOverrideValues: boolean;
  readonly statusManifest: "full" | "masked" | "none";
  readonly statusReadiness: boolean;
  readonly kubeconfig: string | null;
  readonly kubeContext: string | null;
  readonly zapDevel: boolean;
  readonly zapEncoder: LogOptions["format"] | null;
  readonly zapLogLevel: LogOptions["level"] | null;
  readonly zapStacktraceLevel: string | null;
  readonly zapTimeEncoding: string | null;
}

const text = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.optional, Flag.map(Option.getOrNull));

const toggle = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withoutNegation, Flag.withDescription(description));

const off = (name: string, description: string) => toggle(name, description).pipe(Flag.withDefault(false));

const unset = (name: string, description: string) =>
  toggle(name, description).pipe(Flag.optional, Flag.map(Option.getOrNull));

/** The flags by the names of {@link OperatorFlags}. */
export const operatorFlags = {
  watchesFile: text(
    "watches-file",
    "The watches file. Default: HELM_CHART_WATCHES, else API_VERSION, KIND and HELM_CHART, else ./watches.yaml",
  ),
  strict: off("strict", "Refuse a watches file that has unknown fields"),
  reconcilePeriod: Flag.String("reconcile-period").pipe(
    Flag.withMetavar("duration"),
    Flag.withDescription("Reconcile every release so often, as in 1m. 0s: only when something changes"),
    Flag.mapTryCatch(parseGoDuration, (error) => (error as Error).message),
    Flag.withDefault(0),
  ),
  maxConcurrentReconciles: Flag.Int("max-concurrent-reconciles").pipe(
    Flag.withDescription("Custom resources of a kind worked on at once. Default: the number of processors"),
    Flag.filter((n) => n >= 1, (n) => `expected a number of at least 1, got ${n}`),
    Flag.optional,
    Flag.map(Option.getOrNull),
  ),
  renderTimeout: Flag.String("render-timeout").pipe(
    Flag.withMetavar("duration"),
    Flag.withDescription("How long the rendering of a chart may take. Default: 1m"),
    Flag.mapTryCatch(parseGoDuration, (error) => (error as Error).message),
    Flag.filter((milliseconds) => milliseconds > 0, () => "expected a duration above 0"),
    Flag.withDefault(60_000),
  ),
  metricsBindAddress: text("metrics-bind-address", "Where /metrics is served; 0 for nowhere. Default: :8080"),
  metricsAddr: text("metrics-addr", "Deprecated: use --metrics-bind-address"),
  metricsSecure: off("metrics-secure", "Serve /metrics over TLS"),
  metricsRequireRbac: off("metrics-require-rbac", "Serve /metrics to those only whom RBAC allows it"),
  enableHttp2: off("enable-http2", "Accepted for compatibility: the servers speak HTTP/1.1"),
  healthProbeBindAddress: Flag.String("health-probe-bind-address").pipe(
    Flag.withDescription("Where /healthz and /readyz are served; 0 for nowhere"),
    Flag.withDefault(":8081"),
  ),
  leaderElect: unset("leader-elect", "Work only while holding a lease, so that one of several replicas does"),
  enableLeaderElection: unset("enable-leader-election", "Deprecated: use --leader-elect"),
  leaderElectionId: text("leader-election-id", "The lease's name"),
  leaderElectionNamespace: text("leader-election-namespace", "The lease's namespace. Default: the pod's own"),
  suppressOverrideValues: off("suppress-override-values", "Show **** for values in OverrideValuesInUse events"),
  statusManifest: Flag.Literals("status-manifest", ["full", "masked", "none"]).pipe(
    Flag.withDescription("The manifest in status.deployedRelease: with Secrets' data, with it masked, or left out"),
    Flag.withDefault("masked" as const),
  ),
  statusReadiness: toggle(
    "status-readiness",
    "Tell in the status how ready releases are: Ready, observedGeneration, resources. Default: true",
  ).pipe(Flag.withDefault(true)),
  kubeconfig: text("kubeconfig", "A kubeconfig file. Default: KUBECONFIG, else the pod's service account"),
  kubeContext: text("kube-context", "A context of the kubeconfig. Default: its current one"),
  zapDevel: off("zap-devel", "Log for developers: console form, debug level"),
  zapEncoder: Flag.Literals("zap-encoder", ["json", "console"]).pipe(
    Flag.withDescription("The log's form. Default: json, console on a terminal"),
    Flag.optional,
    Flag.map(Option.getOrNull),
  ),
  zapLogLevel: Flag.String("zap-log-level").pipe(
    Flag.withMetavar("level"),
    Flag.withDescription("debug, info, error, panic, or a number above 0 for debug"),
    Flag.mapTryCatch(parseZapLevel, (error) => (error as Error).message),
    Flag.optional,
    Flag.map(Option.getOrNull),
  ),
  zapStacktraceLevel: text("zap-stacktrace-level", "Accepted for compatibility: only bugs are logged with a stack"),
  zapTimeEncoding: text("zap-time-encoding", "Accepted for compatibility: times are RFC 3339 with milliseconds"),
};

const booleanFields: ReadonlyArray<keyof OperatorFlags> = [
  "strict",
  "metricsSecure",
  "metricsRequireRbac",
  "enableHttp2",
  "leaderElect",
  "enableLeaderElection",
  "suppressOverrideValues",
  "statusReadiness",
  "zapDevel",
];

/** The flags' names on the command line. */
export const operatorFlagNames: FlagNames = {
  booleans: new Set(booleanFields.map(toFlagName)),
  values: new Set(
    (Object.keys(operatorFlags) as Array<keyof OperatorFlags>)
      .filter((field) => !booleanFields.includes(field)).map(toFlagName),
  ),
};

function toFlagName(field: string): string {
  return field === "enableHttp2" ? "enable-http2" : field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** zap's levels to those that Helmwright logs at. */
function parseZapLevel(level: string): LogOptions["level"] {
  if (level === "info") return "Info";
  if (level === "error") return "Error";
  if (level === "panic") return "Fatal";
  if (level === "debug" || (/^\d+$/.test(level) && Number(level) > 0)) return "Debug";
  throw new Error(`expected debug, info, error, panic or a number above 0, got ${JSON.stringify(level)}`);
}
