/** Keeping values that came from Secrets out of everything that is shown: errors, notes, the manifest in the status. */
import { Buffer } from "node:buffer";
import { Effect } from "effect";
import { ApiError } from "../kube/kube-client.ts";
import { fromJson, type Json } from "../template/value.ts";
import { readYaml } from "../yaml/read.ts";
import { writeYaml } from "../yaml/write.ts";
import { masked } from "./field-changes.ts";
import { ActionError, ChartError, type ManagerFailure } from "./failure.ts";
import type { Manager, ReleaseRecord } from "./manager.ts";
import { toJson } from "./manifest.ts";
import { mask } from "./mask.ts";
import type { ReleasePlan } from "./plan.ts";

/** Shorter texts are part of any word: they are replaced only where they stand in quotes. */
const shortest = 4;

/**
 * A function that replaces the scalars of these values by `***`: as they are, in base64, as JSON quotes them, and the
 * lines of those that have several. `true`, `false` and null stay.
 */
export function concealer(secrets: ReadonlyArray<Json>): (text: string) => string {
  const forms = new Set(secrets.flatMap(scalars).flatMap(formsOf));
  const long = [...forms].filter((form) => form.length >= shortest).sort((a, b) => b.length - a.length);
  const short = [...forms].filter((form) => form.length < shortest);
  return (text) => {
    const concealed = long.reduce((rest, form) => rest.replaceAll(form, mask), text);
    return short.reduce(
      (rest, form) => ['"', "'", "`"].reduce((all, quote) => all.replaceAll(quote + form + quote, mask), rest),
      concealed,
    );
  };
}

function scalars(value: Json): string[] {
  if (typeof value === "string") return /^\s*(true|false|null)?\s*$/.test(value) ? [] : [value];
  if (typeof value === "number") return [String(value)];
  if (value === null || typeof value === "boolean") return [];
  return Object.values(value).flatMap(scalars);
}

function formsOf(text: string): string[] {
  const trimmed = text.trim();
  const lines = trimmed.includes("\n") ? trimmed.split("\n").map((line) => line.trim()) : [];
  const base64 = [text, trimmed].map((each) => Buffer.from(each).toString("base64"));
  return [trimmed, JSON.stringify(trimmed).slice(1, -1), ...base64, ...lines].filter((form) => form !== "");
}

/** The value with its strings concealed. What names an object stays: everybody can see that. */
export function concealJson(value: Json, conceal: (text: string) => string, path = ""): Json {
  if (typeof value === "string") return names.has(path) ? value : conceal(value);
  if (typeof value === "number") return conceal(String(value)) === String(value) ? value : mask;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((each) => concealJson(each, conceal, `${path}[]`));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, concealJson(each, conceal, path === "" ? key : `${path}.${key}`)]),
  );
}

const names = new Set(["apiVersion", "kind", "metadata.name", "metadata.namespace"]);

/** A manifest with the values concealed. A document that cannot be read is dropped when it holds some. */
export function concealManifest(manifest: string, conceal: (text: string) => string): string {
  return manifest.split(/^(?=---(?:\s|$))/m).map((document) => {
    if (conceal(document) === document) return document;
    try {
      const value = concealJson(toJson(readYaml(document.replace(/^---[^\n]*\n/, ""))), conceal);
      const comments = document.split("\n").filter((line) => line.startsWith("# Source:"));
      return ["---", ...comments, writeYaml(fromJson(value))].join("\n");
    } catch {
      return "---\n# Left out: it cannot be read as YAML.\n";
    }
  }).join("");
}

/** The error with the values concealed, and without the errors that it came of. */
export function concealError<E>(error: E, conceal: (text: string) => string): E | ManagerFailure {
  if (error instanceof ChartError) return new ChartError({ chart: error.chart, detail: conceal(error.detail) });
  if (error instanceof ActionError) {
    const { action, releaseName, object, detail } = error;
    return new ActionError({ action, releaseName, object, detail: conceal(detail) });
  }
  if (error instanceof ApiError) {
    const { code, reason, request, detail, retryAfter } = error;
    return new ApiError({ code, reason, request, detail: conceal(detail), retryAfter });
  }
  return error;
}

/** The plan with the fields masked that have such a value, before or after. */
function concealPlan(plan: ReleasePlan, conceal: (text: string) => string): ReleasePlan {
  const isSecret = (value: Json | undefined) => {
    const text = JSON.stringify(value ?? null);
    return conceal(text) !== text;
  };
  return {
    ...plan,
    objects: plan.objects.map((object) => ({
      ...object,
      fields: object.fields.map((each) => isSecret(each.before) || isSecret(each.after) ? masked(each) : each),
      ...(object.problem === undefined ? {} : { problem: conceal(object.problem) }),
    })),
  };
}

/** The manager with the values concealed in all that it answers. What it does is the same. */
export function concealing(manager: Manager, conceal: (text: string) => string): Manager {
  const release = (record: ReleaseRecord): ReleaseRecord => {
    const { manifest, info } = record;
    return {
      ...record,
      ...(manifest === undefined ? {} : { manifest: concealManifest(manifest, conceal) }),
      info: info.notes === undefined ? info : { ...info, notes: conceal(info.notes) },
    };
  };
  const hide = <A, E>(effect: Effect.Effect<A, E>) =>
    Effect.mapError(effect, (error) => concealError(error, conceal) as E);
  return {
    ...manager,
    sync: hide(manager.sync),
    deployedRelease: () => {
      const deployed = manager.deployedRelease();
      return deployed === null ? null : release(deployed);
    },
    plan: Effect.map(hide(manager.plan), (plan) => concealPlan(plan, conceal)),
    inputs: hide(manager.inputs),
    installRelease: (options) => Effect.map(hide(manager.installRelease(options)), release),
    updateRelease: (options) =>
      Effect.map(hide(manager.updateRelease(options)), ({ previous, updated }) => ({
        previous: release(previous),
        updated: release(updated),
      })),
    reconcileRelease: Effect.map(
      hide(manager.reconcileRelease),
      (reconciled) => ({ ...reconciled, release: release(reconciled.release) }),
    ),
    rollBack: (options) => Effect.map(hide(manager.rollBack(options)), (record) => record && release(record)),
    testRelease: Effect.map(hide(manager.testRelease), (report) => ({
      ...report,
      release: release(report.release),
      message: conceal(report.message),
    })),
    uninstallRelease: Effect.map(hide(manager.uninstallRelease), release),
    cleanupRelease: (record) => hide(manager.cleanupRelease(record)),
  };
}
