/** From a manifest to the objects that are sent to the API server. */
import { Effect } from "effect";
import { type KubeError, NoMatchError } from "../kube/kube-client.ts";
import { gvkOf, type KubeObject } from "../kube/object.ts";
import { hasGeneratedName, parseManifest } from "./manifest.ts";
import { withOwner } from "./ownership.ts";
import { type Session, StepError, type StepFailure } from "./session.ts";

export interface BuildOptions {
  /** Goes in operator-sdk's label. */
  readonly chartName: string;
  /** Whether the objects get Helm's label and annotations: those of the manifest do, hooks do not. */
  readonly managed: boolean;
  /** Whether the objects stay when the custom resource goes: those of crds/ do. Default: false. */
  readonly outlives?: boolean;
}

/** The manifest's objects with their namespaces and owners. Fails at a kind that the API server does not serve. */
export function buildObjects(
  session: Session,
  manifest: string,
  { chartName, managed, outlives = false }: BuildOptions,
): Effect.Effect<KubeObject[], StepFailure> {
  return Effect.gen(function* () {
    const parsed = yield* parse(manifest);
    return yield* Effect.forEach(parsed, (object) =>
      Effect.gen(function* () {
        const placed = yield* placeObject(session, object);
        if (placed.metadata.name && placed.metadata.generateName) {
          return yield* new StepError({ detail: "metadata.name and metadata.generateName cannot both be set" });
        }
        if (!placed.metadata.name && !placed.metadata.generateName) {
          return yield* new StepError({ detail: `resource name may not be empty: a ${placed.kind} has none` });
        }
        return withOwner(placed, session, chartName, { managed, outlives });
      }));
  });
}

/**
 * The objects that an earlier revision applied, to find what is to be deleted. Kinds that the API server serves no
 * longer are left out, their objects are gone; so is what has no name of its own.
 */
export function formerObjects(session: Session, manifest: string): Effect.Effect<KubeObject[], StepFailure> {
  return Effect.gen(function* () {
    const found: KubeObject[] = [];
    for (const object of yield* parse(manifest)) {
      if (hasGeneratedName(object)) continue;
      const placed = yield* placeObject(session, object).pipe(
        Effect.map((placed) => [placed]),
        Effect.catchTag("NoMatchError", () => Effect.succeed([])),
      );
      found.push(...placed);
    }
    return found;
  });
}

function parse(manifest: string): Effect.Effect<KubeObject[], StepError> {
  return Effect.try({
    try: () => parseManifest(manifest),
    catch: (cause) =>
      new StepError({
        detail: `unable to build kubernetes objects from release manifest: ${(cause as Error).message}`,
        cause,
      }),
  });
}

/** Namespaced kinds without a namespace get the release's; cluster-scoped ones have none. */
function placeObject({ kube, release }: Session, object: KubeObject): Effect.Effect<KubeObject, KubeError> {
  return Effect.map(kube.resource(gvkOf(object)), ({ namespaced }): KubeObject => {
    const { namespace, ...metadata } = object.metadata;
    return namespaced
      ? { ...object, metadata: { ...metadata, namespace: namespace || release.namespace } }
      : { ...object, metadata };
  }).pipe(Effect.mapError((error) => {
    if (error._tag !== "NoMatchError") return error;
    const { name, namespace } = object.metadata;
    return new NoMatchError({ gvk: error.gvk, object: { name, namespace } });
  }));
}
