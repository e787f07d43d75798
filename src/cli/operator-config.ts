/** What `helmwright run` is told: flags, which are those of operator-sdk's helm-operator, and the environment. */
import { Context, Data } from "effect";
import { availableParallelism } from "node:os";
import type { LogOptions } from "../observability/logger.ts";
import type { OperatorFlags } from "./operator-flags.ts";

/** The flags or the environment cannot be used as given. */
export class ConfigurationError extends Data.TaggedError("ConfigurationError")<{ readonly detail: string }> {
  override get message(): string {
    return this.detail;
  }
}

export interface OperatorSettings {
  /** A watches file that was asked for by flag; null leaves it to the environment, then to `./watches.yaml`. */
  readonly watchesFile: string | null;
  /** Unknown fields of the watches file are errors. */
  readonly strict: boolean;
  /** Milliseconds between reconciles that nothing asked for; 0 is never. */
  readonly reconcilePeriod: number;
  /** Per watched kind. */
  readonly maxConcurrentReconciles: number;
  /** Milliseconds that a rendering may take. */
  readonly renderTimeout: number;
  /** The namespaces to watch; empty watches all. */
  readonly namespaces: ReadonlyArray<string>;
  /** `host:port`, `:port`, or `0` for no server. */
  readonly metricsAddress: string;
  readonly probeAddress: string;
  readonly metricsSecure: boolean;
  readonly metricsRequireRbac: boolean;
  /** Whether /metrics over TLS speaks HTTP/2 too. */
  readonly http2: boolean;
  /** Null when it was not asked for. `namespace` is null when the pod's own is meant. */
  readonly leaderElection: { readonly id: string; readonly namespace: string | null } | null;
  readonly suppressOverrideValues: boolean;
  readonly statusManifest: "full" | "masked" | "none";
  /** Whether the status tells how ready releases are, where the watches file does not say. */
  readonly statusReadiness: boolean;
  readonly kubeconfig: string | null;
  readonly context: string | null;
  readonly log: LogOptions;
  /** Things to tell once logging is set up, such as deprecated names. */
  readonly notices: ReadonlyArray<string>;
}

/** The settings of this operator. */
export class OperatorConfig extends Context.Service<OperatorConfig, OperatorSettings>()(
  "helmwright/cli/OperatorConfig",
) {}

/** The parts of the process that settings depend on. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether the log goes to a terminal. */
  readonly isTerminal: boolean;
}

/**
 * Flags and environment to settings. Throws {@link ConfigurationError} on what operator-sdk refuses: both names of one
 * flag, leader election without an ID, `--metrics-require-rbac` without `--metrics-secure`.
 */
export function resolveSettings(flags: OperatorFlags, { environment, isTerminal }: Surroundings): OperatorSettings {
  const notices: string[] = [];
  if (flags.metricsRequireRbac && !flags.metricsSecure) {
    throw refuse("--metrics-secure flag is required when --metrics-require-rbac is present");
  }
  const format = flags.zapEncoder ?? (flags.zapDevel || isTerminal ? "console" : "json");
  return {
    watchesFile: flags.watchesFile,
    strict: flags.strict,
    reconcilePeriod: flags.reconcilePeriod,
    maxConcurrentReconciles: flags.maxConcurrentReconciles ?? availableParallelism(),
    renderTimeout: flags.renderTimeout,
    namespaces: splitNamespaces(environment.WATCH_NAMESPACE),
    metricsAddress: oneOf("metrics-bind-address", flags.metricsBindAddress, "metrics-addr", flags.metricsAddr) ??
      ":8080",
    probeAddress: flags.healthProbeBindAddress,
    metricsSecure: flags.metricsSecure,
    metricsRequireRbac: flags.metricsRequireRbac,
    http2: flags.enableHttp2,
    leaderElection: leaderElection(flags, environment.OPERATOR_NAME, notices),
    suppressOverrideValues: flags.suppressOverrideValues,
    statusManifest: flags.statusManifest,
    statusReadiness: flags.statusReadiness,
    kubeconfig: flags.kubeconfig,
    context: flags.kubeContext,
    log: {
      level: flags.zapLogLevel ?? (flags.zapDevel ? "Debug" : "Info"),
      format,
      timeEncoding: flags.zapTimeEncoding ?? "iso8601",
      color: format === "console" && isTerminal && !environment.NO_COLOR,
    },
    notices,
  };
}

/** `a, b,,c` to its names; blanks are dropped, and nothing means all namespaces. */
export function splitNamespaces(text: string | undefined): string[] {
  return [...new Set((text ?? "").split(",").map((each) => each.trim()).filter((each) => each !== ""))];
}

function leaderElection(
  flags: OperatorFlags,
  operatorName: string | undefined,
  notices: string[],
): OperatorSettings["leaderElection"] {
  if (operatorName !== undefined) {
    notices.push(
      flags.leaderElectionId === null
        ? "Environment variable OPERATOR_NAME is deprecated, use --leader-election-id instead."
        : "Ignoring OPERATOR_NAME environment variable since --leader-election-id is set",
    );
  }
  const wanted = oneOf("leader-elect", flags.leaderElect, "enable-leader-election", flags.enableLeaderElection);
  if (wanted !== true) return null;
  const id = flags.leaderElectionId ?? operatorName ?? "";
  if (id === "") throw refuse("LeaderElectionID must be configured: set --leader-election-id");
  return { id, namespace: flags.leaderElectionNamespace };
}

function oneOf<A>(name: string, value: A | null, deprecated: string, other: A | null): A | null {
  if (value !== null && other !== null) throw refuse(`only one of --${name} and --${deprecated} may be set`);
  return value ?? other;
}

function refuse(detail: string): ConfigurationError {
  return new ConfigurationError({ detail });
}
