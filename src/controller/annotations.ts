/** What a custom resource asks for by operator-sdk's annotations, and the names that the operator itself sets. */
import type { KubeObject } from "../kube/object.ts";
import { DurationError, parseGoDuration } from "../watches/go-duration.ts";

/** Keeps a custom resource until its release is uninstalled. */
export const uninstallFinalizer = "helm.sdk.operatorframework.io/uninstall-release";
/** The name that older operators gave it; honoured and removed, never set. */
export const legacyUninstallFinalizer = "uninstall-helm-release";

const prefix = "helm.sdk.operatorframework.io/";
/** Stops reconciling a custom resource; Helmwright's own, as all under this domain. */
export const pauseAnnotation = "helmwright.dev/pause";
/** Makes the operator say what it would do, and do nothing. */
export const planAnnotation = "helmwright.dev/plan";

export interface Requests {
  /** Replace objects on upgrade. Default false. */
  readonly upgradeForce: boolean;
  /** Replace objects on the rollback after a failed upgrade. Default true. */
  readonly rollbackForce: boolean;
  /** Keep the resource until every object of its release is gone. Default false. */
  readonly uninstallWait: boolean;
  /** Leave the resource, its release and its deletion alone. Default false. */
  readonly paused: boolean;
  /** Say what would be done, and do nothing. Default false. */
  readonly planOnly: boolean;
  /** Milliseconds, or null when the resource does not say. */
  readonly reconcilePeriod: number | null;
  /** Annotations that cannot be read; their defaults hold. */
  readonly problems: ReadonlyArray<string>;
}

/** Reads the annotations. One that cannot be read counts as not set, as in operator-sdk, and is told of. */
export function requestsOf(cr: KubeObject): Requests {
  const annotations = cr.metadata.annotations ?? {};
  const problems: string[] = [];
  const flag = (name: string, otherwise: boolean): boolean => {
    const text = annotations[name];
    if (text === undefined || text === "") return otherwise;
    const value = parseGoBool(text);
    if (value === undefined) problems.push(`Cannot read annotation ${name} as a boolean: "${text}"`);
    return value ?? otherwise;
  };
  const requests = {
    upgradeForce: flag(`${prefix}upgrade-force`, false),
    rollbackForce: flag(`${prefix}rollback-force`, true),
    uninstallWait: flag(`${prefix}uninstall-wait`, false),
    paused: flag(pauseAnnotation, false),
    planOnly: flag(planAnnotation, false),
  };
  return { ...requests, reconcilePeriod: period(annotations[`${prefix}reconcile-period`], problems), problems };
}

function period(text: string | undefined, problems: string[]): number | null {
  if (text === undefined) return null;
  try {
    return parseGoDuration(text);
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
    problems.push(`Cannot read annotation ${prefix}reconcile-period as a duration: ${error.message}`);
    return null;
  }
}

/** Go's strconv.ParseBool; undefined for what it refuses. */
export function parseGoBool(text: string): boolean | undefined {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  return /^(0|f|F|FALSE|false|False)$/.test(text) ? false : undefined;
}

/** Whether one of the operator's finalizers, the legacy one included, is on the resource. */
export function hasFinalizer(cr: KubeObject): boolean {
  return (cr.metadata.finalizers ?? []).some(isOurs);
}

/** The resource's finalizers with the operator's own at the end. */
export function withFinalizer(cr: KubeObject): string[] {
  return [...cr.metadata.finalizers ?? [], uninstallFinalizer];
}

/** The resource's finalizers without the operator's. */
export function withoutFinalizer(cr: KubeObject): string[] {
  return (cr.metadata.finalizers ?? []).filter((each) => !isOurs(each));
}

function isOurs(finalizer: string): boolean {
  return finalizer === uninstallFinalizer || finalizer === legacyUninstallFinalizer;
}
