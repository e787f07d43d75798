/**
 * What is done about drift: by the watch, by the custom resource, and by the object itself, of which the nearest to the
 * object decides. Pure.
 */
import { type KubeObject, parseApiVersion } from "../kube/object.ts";

/** Put back, only told of, or not even compared. */
export type DriftMode = "repair" | "warn" | "off";

/** Which objects are meant: those that have all that is given. */
export interface DriftTarget {
  /** `apps`; "" is the core group. */
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Fields that are left alone in the objects of the target. */
export interface DriftIgnore {
  readonly target: DriftTarget;
  /** JSON pointers (RFC 6901) into the object as the chart renders it. */
  readonly paths: ReadonlyArray<string>;
}

export interface DriftOptions {
  readonly mode: DriftMode;
  readonly ignore: ReadonlyArray<DriftIgnore>;
}

/** What holds for one object. */
export interface DriftPolicy {
  readonly mode: DriftMode;
  readonly paths: ReadonlyArray<string>;
}

/** On a custom resource, or on an object in the chart: `repair`, `warn` or `off`. */
export const driftAnnotation = "helmwright.dev/drift";
/**
 * The same, with what is left alone: `/data/size, /spec/replicas`. On a custom resource a pointer may be limited to
 * objects, as in `Deployment:/spec/replicas` and `Deployment/web:/spec/replicas`.
 */
export const driftIgnoreAnnotation = "helmwright.dev/drift-ignore";

const modes: ReadonlyArray<DriftMode> = ["repair", "warn", "off"];

/** The policy for an object of a custom resource's release. Annotations that cannot be read count as not set. */
export function driftPolicy(options: DriftOptions, cr: KubeObject, object: KubeObject): DriftPolicy {
  const rules = [...options.ignore, ...ignoresOf(cr).rules, ...ignoresOf(object).rules];
  return {
    mode: modeOf(object) ?? modeOf(cr) ?? options.mode,
    paths: rules.filter(({ target }) => matches(target, object)).flatMap(({ paths }) => paths),
  };
}

/** What is wrong with a custom resource's annotations about drift, for people. */
export function driftProblems(cr: KubeObject): string[] {
  const mode = cr.metadata.annotations?.[driftAnnotation];
  const isWrong = mode !== undefined && modeOf(cr) === undefined;
  const problem = `Cannot read annotation ${driftAnnotation} as one of ${modes.join(", ")}: "${mode}"`;
  return [...(isWrong ? [problem] : []), ...ignoresOf(cr).problems];
}

function modeOf({ metadata: { annotations } }: KubeObject): DriftMode | undefined {
  return modes.find((mode) => mode === annotations?.[driftAnnotation]);
}

function ignoresOf({ metadata: { annotations } }: KubeObject): { rules: DriftIgnore[]; problems: string[] } {
  const rules: DriftIgnore[] = [];
  const problems: string[] = [];
  for (const entry of (annotations?.[driftIgnoreAnnotation] ?? "").split(/[\s,]+/).filter(Boolean)) {
    const found = /^(?:([A-Za-z][A-Za-z0-9]*)(?:\/([^/:]+))?:)?(\/.+)$/.exec(entry);
    if (found === null || !isPointer(found[3])) {
      problems.push(
        `Cannot read "${entry}" in annotation ${driftIgnoreAnnotation} as a JSON pointer such as /spec/replicas`,
      );
      continue;
    }
    const [, kind, name, path] = found;
    rules.push({ target: { kind, name }, paths: [path] });
  }
  return { rules, problems };
}

/** Whether the text is a JSON pointer to a field: the object as a whole is none. */
export function isPointer(text: string): boolean {
  return /^(\/([^~]|~[01])*)+$/.test(text) && text !== "/";
}

function matches(
  { group, kind, namespace, name }: DriftTarget,
  { apiVersion, kind: own, metadata }: KubeObject,
): boolean {
  return (group === undefined || group === parseApiVersion(apiVersion).group) &&
    (kind === undefined || kind === own) &&
    (namespace === undefined || namespace === metadata.namespace) &&
    (name === undefined || name === metadata.name);
}
