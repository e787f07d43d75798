/** The flags of `helmwright run`: those of operator-sdk's helm-operator and a few of its own. */
import { Flag } from "effect/cli";
import { type LogOptions, timeEncodings } from "../observability/logger.ts";
import { parseGoDuration } from "../watches/go-duration.ts";
import { choice, last, off, parsed, pathFlag, text, toggle } from "./flags.ts";

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
  readonly zapStacktraceLevel: "info" | "error" | "panic" | null;
  readonly zapTimeEncoding: LogOptions["timeEncoding"] | null;
}

/** The flags by the names of {@link OperatorFlags}. */
export const operatorFlags = {
  watchesFile: last(
    pathFlag("watches-file"),
    "The watches file. Default: HELM_CHART_WATCHES, else API_VERSION, KIND and HELM_CHART, else ./watches.yaml",
  ),
  strict: off("strict", "Refuse a watches file that has unknown fields"),
  reconcilePeriod: parsed(
    "reconcile-period",
    "duration",
    parseGoDuration,
    "Reconcile every release so often, as in 1m. Default: only when something changes",
  ).pipe(Flag.map((given) => given ?? 0)),
  maxConcurrentReconciles: parsed(
    "max-concurrent-reconciles",
    "integer",
    parseCount,
    "Custom resources of a kind worked on at once. Default: the number of processors",
  ),
  renderTimeout: parsed(
    "render-timeout",
    "duration",
    parseTimeout,
    "How long the rendering of a chart may take. Default: 1m",
  ).pipe(Flag.map((given) => given ?? 60_000)),
  metricsBindAddress: text("metrics-bind-address", "Where /metrics is served; 0 for nowhere. Default: :8080"),
  metricsAddr: text("metrics-addr", "Deprecated: use --metrics-bind-address"),
  metricsSecure: off("metrics-secure", "Serve /metrics over TLS"),
  metricsRequireRbac: off("metrics-require-rbac", "Serve /metrics to those only whom RBAC allows it"),
  enableHttp2: off("enable-http2", "Let clients of /metrics have HTTP/2, with --metrics-secure"),
  healthProbeBindAddress: text(
    "health-probe-bind-address",
    "Where /healthz and /readyz are served; 0 for nowhere. Default: :8081",
  ).pipe(Flag.map((given) => given ?? ":8081")),
  leaderElect: toggle("leader-elect", "Work only while holding a lease, so that one of several replicas does"),
  enableLeaderElection: toggle("enable-leader-election", "Deprecated: use --leader-elect"),
  leaderElectionId: text("leader-election-id", "The lease's name"),
  leaderElectionNamespace: text("leader-election-namespace", "The lease's namespace. Default: the pod's own"),
  suppressOverrideValues: off("suppress-override-values", "Show **** for values in OverrideValuesInUse events"),
  statusManifest: choice(
    "status-manifest",
    ["full", "masked", "none"],
    "The manifest in status.deployedRelease: with Secrets' data, with it masked, or left out. Default: masked",
  ).pipe(Flag.map((given) => given ?? "masked")),
  statusReadiness: toggle(
    "status-readiness",
    "Tell in the status how ready releases are: Ready, observedGeneration, resources. Default: true",
  ).pipe(Flag.map((given) => given ?? true)),
  kubeconfig: last(pathFlag("kubeconfig"), "A kubeconfig file. Default: KUBECONFIG, else the pod's service account"),
  kubeContext: text("kube-context", "A context of the kubeconfig. Default: its current one"),
  zapDevel: off("zap-devel", "Log for developers: console form, debug level"),
  zapEncoder: choice("zap-encoder", ["json", "console"], "The log's form. Default: json, console on a terminal"),
  zapLogLevel: parsed(
    "zap-log-level",
    "level",
    parseZapLevel,
    "debug, info, error, panic, or a number above 0 for debug. Default: info",
  ),
  zapStacktraceLevel: choice(
    "zap-stacktrace-level",
    ["info", "error", "panic"],
    "Accepted for compatibility: only bugs are logged with a stack",
  ),
  zapTimeEncoding: choice("zap-time-encoding", timeEncodings, "How the log tells the time. Default: iso8601"),
};

function parseCount(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1) throw new Error("a number of at least 1");
  return Number(text);
}

function parseTimeout(text: string): number {
  const milliseconds = parseGoDuration(text);
  if (milliseconds <= 0) throw new Error("a duration above 0");
  return milliseconds;
}

/** zap's levels to those that Helmwright logs at. */
function parseZapLevel(level: string): LogOptions["level"] {
  if (level === "info") return "Info";
  if (level === "error") return "Error";
  if (level === "panic") return "Fatal";
  if (level === "debug" || (/^\d+$/.test(level) && Number(level) > 0)) return "Debug";
  throw new Error("debug, info, error, panic or a number above 0");
}
