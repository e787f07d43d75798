/** The CRDs in a chart's crds/, which are there before anything is rendered and stay when the release goes. */
import { Effect } from "effect";
import type { Chart } from "../chart/chart.ts";
import { processDependencies } from "../chart/dependencies.ts";
import type { KubeObject } from "../kube/object.ts";
import type { CrdFile } from "../render/release-facts.ts";
import { applyTo } from "./apply.ts";
import { buildObjects } from "./build.ts";
import { refOf } from "./manifest.ts";
import { type Session, type Source, StepError, stepFailed, type StepFailure } from "./session.ts";
import { type Progress, waitFor } from "./wait.ts";
import { goValues } from "./values.ts";

/**
 * Creates the CRDs that are not there, or with the policy `replace` applies all, and waits until the API server serves
 * their kinds. Does nothing with the policy `skip`.
 */
export function installCrds(session: Session, source: Source): Effect.Effect<void, StepFailure> {
  const { crds } = session.settings;
  if (crds === "skip" || !hasCrds(source.chart)) return Effect.void;
  return Effect.gen(function* () {
    const files = yield* Effect.try({
      try: () => crdFiles(processDependencies(source.chart, goValues(source.values))),
      catch: (cause) => new StepError({ detail: (cause as Error).message, cause }),
    });
    const written: KubeObject[] = [];
    for (const file of files) written.push(...(yield* installFile(session, source, file, crds === "replace")));
    if (written.length === 0) return;
    yield* Effect.forEach(
      written,
      (crd) => Effect.mapError(waitFor(session, crd, established), stepFailed(crd, "cannot wait for the CRD")),
      {
        concurrency: "unbounded",
        discard: true,
      },
    );
    yield* session.kube.invalidate;
  });
}

function installFile(
  session: Session,
  { chart }: Source,
  file: CrdFile,
  replace: boolean,
): Effect.Effect<KubeObject[], StepFailure> {
  return Effect.gen(function* () {
    const written: KubeObject[] = [];
    const objects = yield* buildObjects(session, file.data, {
      chartName: chart.metadata.name,
      managed: false,
      outlives: true,
    });
    for (const object of objects) {
      const live = yield* session.kube.get(refOf(object));
      if (live !== null && !replace) continue;
      yield* applyTo(session, object, live, false);
      written.push(object);
    }
    return written;
  }).pipe(
    Effect.mapError((error) =>
      new StepError({ detail: `failed to install CRD ${file.filename}: ${error.message}`, cause: error })
    ),
  );
}

function established(live: KubeObject): Progress {
  if (live.kind !== "CustomResourceDefinition") return { status: "Current", message: "" };
  const conditions: { type: string; status: string; message?: string }[] = live.status?.conditions ?? [];
  const is = (type: string) => conditions.find((condition) => condition.type === type);
  if (is("Established")?.status === "True") return { status: "Current", message: "CRD is established" };
  const refused = is("NamesAccepted");
  if (refused?.status === "False") {
    return { status: "Failed", message: refused.message ?? "its names are not accepted" };
  }
  return { status: "InProgress", message: "CRD is not established" };
}

function hasCrds(chart: Chart): boolean {
  return chart.files.some(({ name }) => isCrdFile(name)) || chart.dependencies.some(hasCrds);
}

/** The files of crds/, the chart's own before its subcharts'. */
export function crdFiles(chart: Chart, path = chart.metadata.name): CrdFile[] {
  const own = chart.files.filter(({ name }) => isCrdFile(name)).map(({ name, data }) => ({
    filename: `${path}/${name}`,
    data: new TextDecoder().decode(data),
  }));
  return [
    ...own,
    ...chart.dependencies.flatMap((child) => crdFiles(child, `${path}/charts/${child.metadata.name}`)),
  ];
}

function isCrdFile(name: string): boolean {
  return name.startsWith("crds/") && /\.(yaml|yml|json)$/.test(name);
}
