/** `newManagerFactory`: managers for the custom resources of one watch. */
import { Effect, Layer } from "effect";
import { KubeClient } from "../kube/kube-client.ts";
import type { KubeObject } from "../kube/object.ts";
import { Storage } from "../storage/storage.ts";
import { chartLoader } from "./charts.ts";
import { ChartError, ManagerFactory } from "./manager.ts";
import { newManager } from "./new-manager.ts";
import { type ReleaseOptions, type ReleaseSettings, settingsOf } from "./options.ts";
import { Renderer } from "./renderer.ts";
import type { Session, Source } from "./session.ts";
import { mergeValues, specValues } from "./values.ts";

/**
 * A factory for a chart's folder or archive. The chart is read when a manager first needs it, and again when its files
 * have changed: edits apply without a restart.
 */
export function makeManagerFactory(
  chartDir: string,
  options: ReleaseOptions = {},
): Effect.Effect<ManagerFactory["Service"], never, KubeClient | Storage | Renderer> {
  return Effect.gen(function* () {
    const services = { kube: yield* KubeClient, storage: yield* Storage, renderer: yield* Renderer };
    const settings = settingsOf(options);
    const load = chartLoader(chartDir);
    return ManagerFactory.of({
      newManager: (cr) =>
        Effect.sync(() => {
          const session: Session = {
            ...services,
            release: { name: cr.metadata.name ?? "", namespace: cr.metadata.namespace || settings.namespace },
            cr,
            settings,
            source: Effect.flatMap(load, (chart) => sourceOf(cr, settings, chart)),
          };
          return newManager(session);
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
): Effect.Effect<Source, ChartError> {
  const spec = specValues(cr);
  if (spec === undefined) {
    const detail = `failed to get spec: expected a map: current value is ${JSON.stringify(cr.spec)?.slice(0, 80)}`;
    return Effect.fail(new ChartError({ chart: chart.metadata.name, detail }));
  }
  const { name = "" } = cr.metadata;
  if (!isReleaseName(name)) {
    const detail = `release name "${name}": invalid release name, must match regex ${validName.source} ` +
      "and the length must not be longer than 53";
    return Effect.fail(new ChartError({ chart: chart.metadata.name, detail }));
  }
  return Effect.succeed({ chart, values: mergeValues(spec, settings.overrideValues) });
}

const validName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Helm's rule: labels made of the name must fit. */
function isReleaseName(name: string): boolean {
  return name.length <= 53 && validName.test(name);
}
