/** A rendering of a custom resource's chart: what its release would be. */
import { Effect } from "effect";
import type { KubeError } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import { lookupKey, type Rendered } from "../render/release-facts.ts";
import { LookupNeeded, type RenderError } from "../render/render-error.ts";
import type { RecordFacts } from "../storage/record.ts";
import { fromJson, type GoValue, type Json } from "../template/value.ts";
import { digestInputs, recordCapabilities, recordLookup, sameCapabilities } from "./inputs.ts";
import { lookup } from "./lookup.ts";
import { ChartError } from "./failure.ts";
import type { Session, Source } from "./session.ts";
import { goValues } from "./values.ts";

export interface Candidate {
  readonly rendered: Rendered;
  /** What the rendering was made of. */
  readonly facts: RecordFacts;
}

/** The part of `.Release` that differs between a first and a later revision. */
export interface RevisionFacts {
  readonly revision: number;
  readonly isInstall: boolean;
}

/** The digest of the inputs as they are now, and what a rendering needs of them. */
export interface Inputs extends Source {
  readonly digest: string;
  readonly capabilities: { readonly kubeVersion: string; readonly apiVersions: ReadonlyArray<string> };
}

/** Reads chart, values and capabilities. */
export function readInputs(session: Session): Effect.Effect<Inputs, ChartError | KubeError> {
  return Effect.gen(function* () {
    const source = yield* session.source;
    const versions = yield* session.kube.versions;
    const capabilities = { kubeVersion: versions.gitVersion, apiVersions: versions.apiVersions };
    return { ...source, capabilities, digest: digestInputs(source, session.release) };
  });
}

/** Whether what a revision's rendering asked of the cluster would be answered the same now. */
export function sameAnswers(session: Session, inputs: Inputs, facts: RecordFacts): Effect.Effect<boolean, KubeError> {
  return Effect.gen(function* () {
    if (!sameCapabilities(facts, inputs.capabilities)) return false;
    for (const { digest, ...query } of facts.lookups ?? []) {
      const found = yield* lookup(session, query);
      if (recordLookup(query, found, session).digest !== digest) return false;
    }
    return true;
  });
}

/** Renders. A rendering that asks for an object stops, the object is read, and the rendering runs again. */
export function renderCandidate(
  session: Session,
  inputs: Inputs,
  { revision, isInstall }: RevisionFacts,
): Effect.Effect<Candidate, ChartError | KubeError> {
  return Effect.gen(function* () {
    const answers = new Map<string, GoValue>();
    const found = new Map<string, KubeObject | null>();
    const attempt = session.renderer.render({
      chart: inputs.chart,
      values: goValues(inputs.values),
      release: { ...session.release, revision, isInstall, isUpgrade: !isInstall },
      capabilities: inputs.capabilities,
      lookups: answers,
      skipSchemaValidation: session.settings.skipSchemaValidation,
    });
    while (true) {
      const outcome = yield* Effect.catchIf(
        attempt,
        (error): error is LookupNeeded => error instanceof LookupNeeded,
        (needed) => Effect.succeed(needed),
      ).pipe(Effect.mapError((error: RenderError) => chartError(inputs, error)));
      if (!(outcome instanceof LookupNeeded)) {
        return { rendered: outcome, facts: factsOf(session, inputs, outcome, found) };
      }
      const object = yield* lookup(session, outcome.query);
      found.set(lookupKey(outcome.query), object);
      answers.set(lookupKey(outcome.query), object === null ? new Map() : fromJson(object as unknown as Json));
    }
  });
}

function factsOf(
  session: Session,
  { digest, capabilities: current }: Inputs,
  { lookups: queries, capabilities: use }: Rendered,
  found: ReadonlyMap<string, KubeObject | null>,
): RecordFacts {
  const capabilities = recordCapabilities(use, current);
  const facts: RecordFacts = {
    inputs: digest,
    ...resourceFact(session.cr),
    ...(capabilities === undefined ? {} : { capabilities }),
  };
  const unique = new Map(queries.map((query) => [lookupKey(query), query]));
  if (unique.size === 0) return facts;
  const lookups = [...unique].map(([key, query]) => recordLookup(query, found.get(key) ?? null, session));
  return { ...facts, lookups };
}

/** Which state of the custom resource a revision is made of. */
export function resourceFact({ metadata: { uid, generation } }: KubeObject): Pick<RecordFacts, "resource"> {
  return uid === undefined || generation === undefined ? {} : { resource: { uid, generation } };
}

function chartError({ chart }: Source, error: RenderError): ChartError {
  return new ChartError({ chart: chart.metadata.name, detail: error.message });
}
