/** What every action on one release works with. */
import { Data, Effect } from "effect";
import type { Chart } from "../chart/chart.ts";
import type { KubeClient, KubeError } from "../kube/kube-client.ts";
import { describe, type KubeObject } from "../kube/object.ts";
import type { ReleaseRecord } from "../storage/record.ts";
import type { ReleaseKey, Storage, StorageFailure } from "../storage/storage.ts";
import type { Json } from "../template/value.ts";
import type { HookLog } from "./hook-log.ts";
import { ActionError, type ChartError } from "./failure.ts";
import type { ReleaseSettings } from "./options.ts";
import type { Renderer } from "./renderer.ts";
import { scrubError } from "./scrub.ts";

/** The field manager of everything that is applied: Helm's, so that the helm CLI can take its turn. */
export const fieldManager = "helm";

/** The chart and the values that a custom resource asks for. */
export interface Source {
  readonly chart: Chart;
  readonly values: { readonly [key: string]: Json };
}

export interface Session {
  readonly kube: KubeClient["Service"];
  readonly storage: Storage["Service"];
  readonly renderer: Renderer["Service"];
  readonly release: ReleaseKey;
  readonly cr: KubeObject;
  readonly settings: ReleaseSettings;
  /** Names this process among those that may work on the release. */
  readonly holder: string;
  /** Takes the logs that hooks ask to be shown. */
  readonly hookLog: (log: HookLog) => Effect.Effect<void>;
  /** Fails when the chart or values elsewhere cannot be read, or `spec` is no map; an uninstall needs none of them. */
  readonly source: Effect.Effect<Source, ChartError | KubeError>;
}

/** A step of an action failed; {@link inAction} tells the action. */
export class StepError extends Data.TaggedError("StepError")<{
  readonly object?: string;
  readonly detail: string;
  readonly cause?: unknown;
}> {
  override get message(): string {
    return this.detail;
  }
}

export type StepFailure = StepError | KubeError | StorageFailure;

/**
 * An object and what the API server said of it: `words` say what was tried, as Helm's errors begin. The values of a
 * Secret are taken out of what it said.
 */
export function stepFailed(object: KubeObject, words: string): (error: KubeError | StepError) => StepError {
  return (error) => {
    if (error._tag === "StepError") return error;
    const cause = scrubError(object, error);
    return new StepError({ object: describe(object), detail: `${words}: ${cause.message}`, cause });
  };
}

/** Several failures as one, in Helm's way of joining them. */
export function joinFailures(failures: ReadonlyArray<StepError>): StepError {
  if (failures.length === 1) return failures[0];
  return new StepError({
    object: failures[0].object,
    detail: failures.map((failure) => failure.detail).join(" && "),
    cause: failures[0].cause,
  });
}

/** Turns the failure of a step into the action's. `prefix` goes before the words. */
export function inAction(action: ActionError["action"], { release }: Session, prefix = "") {
  return <A, E, R>(
    effect: Effect.Effect<A, E | StepError, R>,
  ): Effect.Effect<A, Exclude<E, StepError> | ActionError, R> =>
    Effect.mapError(effect, (error) =>
      error instanceof StepError
        ? new ActionError({
          action,
          releaseName: release.name,
          object: error.object,
          detail: prefix + error.detail,
          cause: error.cause ?? error,
        })
        : error as Exclude<E, StepError>);
}

/** The name in a record's chart; empty when Helm stored none. */
export function chartNameOf(record: ReleaseRecord): string {
  const chart = record.chart as { metadata?: { name?: string } } | undefined;
  return chart?.metadata?.name ?? "";
}

/** Now, as records hold times. */
export const timestamp: Effect.Effect<string> = Effect.clockWith((clock) =>
  Effect.map(clock.currentTimeMillis, (millis) => new Date(millis).toISOString())
);
