/** `newManagerFactory`: managers for the custom resources of one watch. */
import { randomUUID } from "node:crypto";
import { Effect, Layer, Result } from "effect";
import { KubeClient } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import { Storage } from "../storage/storage.ts";
import { chartLoader } from "./charts.ts";
import { concealer, concealing } from "./conceal.ts";
import { type HookLog, logHook } from "./hook-log.ts";
import { ChartError } from "./failure.ts";
import { ManagerFactory } from "./manager.ts";
import { newManager } from "./new-manager.ts";
import { type ReleaseOptions, type ReleaseSettings, settingsOf } from "./options.ts";
import { releaseNameFor } from "./release-name.ts";
import { Renderer } from "./renderer.ts";
import type { Session, Source } from "./session.ts";
import { mergeValues, specValues } from "./values.ts";
import { type ReadReference, type ValuesElsewhere, valuesElsewhere } from "./values-from.ts";

/**
 * A factory for a chart's folder or archive. The chart is read when a manager first needs it, and again when its files
 * have changed: edits apply without a restart.
 */
export function makeManagerFactory(
  chartDir: string,
  options: ReleaseOptions = {},
  hookLog: (cr: KubeObject, log: HookLog) => Effect.Effect<void> = logHook,
): Effect.Effect<ManagerFactory["Service"], never, KubeClient | Storage | Renderer> {
  return Effect.gen(function* () {
    const services = { kube: yield* KubeClient, storage: yield* Storage, renderer: yield* Renderer };
    const settings = settingsOf(options);
    const holder = randomUUID();
    const load = chartLoader(chartDir);
    return ManagerFactory.of({
      newManager: (cr) =>
        Effect.gen(function* () {
          const release = {
            name: releaseNameFor(cr.metadata.name ?? ""),
            namespace: cr.metadata.namespace || settings.namespace,
          };
          const references: ReadReference[] = [];
          const elsewhere = yield* Effect.result(
            valuesElsewhere(services.kube, cr, release.namespace, settings.valuesFrom, (each) => references.push(each)),
          );
          const secrets = Result.isSuccess(elsewhere) ? elsewhere.success.secrets : [];
          const conceal = secrets.length === 0 ? null : concealer(secrets);
          const session: Session = {
            ...services,
            holder,
            hookLog: (log) => hookLog(cr, conceal === null ? log : { ...log, text: conceal(log.text) }),
            release,
            cr,
            settings,
            source: Effect.flatMap(load, (chart) =>
              Effect.flatMap(Effect.fromResult(elsewhere), ({ values }) =>
                sourceOf(cr, settings, chart, values))),
          };
          const manager = { ...newManager(session), references };
          return conceal === null ? manager : concealing(manager, conceal);
        }),
    });
  });
}

/** {@link makeManagerFactory} as a layer, for a program with one chart. */
export function newManagerFactory(
  chartDir: string,
  options: ReleaseOptions = {},
): Layer.Layer<ManagerFactory, never, KubeClient | Storage | Renderer> {
  return Layer.effect(ManagerFactory, makeManagerFactory(chartDir, options));
}

function sourceOf(
  cr: KubeObject,
  settings: ReleaseSettings,
  chart: Source["chart"],
  elsewhere: ValuesElsewhere["values"],
): Effect.Effect<Source, ChartError> {
  const spec = specValues(cr);
  if (spec === undefined) {
    const detail = `failed to get spec: expected a map: current value is ${JSON.stringify(cr.spec)?.slice(0, 80)}`;
    return Effect.fail(new ChartError({ chart: chart.metadata.name, detail }));
  }
  return Effect.succeed({ chart, values: mergeValues(mergeValues(elsewhere, spec), settings.overrideValues) });
}
