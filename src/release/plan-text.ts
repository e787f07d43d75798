/** A plan in words: for the terminal, and bounded for a custom resource's status. */
import type { Json } from "../template/value.ts";
import type { FieldChange } from "./field-changes.ts";
import { describePlanned, type PlannedObject, type ReleasePlan } from "./plan.ts";

/** `Upgrade of release "blog" from revision 1: 1 object to change, 1 hook to run.` */
export function summarize(plan: ReleasePlan): string {
  const { action, release, revision, objects, hooks } = plan;
  if (action === "none") return `No changes: release "${release}" is up to date at revision ${revision}.`;
  const counts = (["create", "change", "replace", "delete", "keep"] as const).map((change) => {
    const count = objects.filter((object) => object.change === change).length;
    return count === 0 ? "" : `${plural(count, "object")} to ${change}`;
  });
  const refused = objects.filter(({ problem }) => problem !== undefined).length;
  const parts = [
    ...counts,
    hooks.length === 0 ? "" : `${plural(hooks.length, "hook")} to run`,
    refused === 0 ? "" : `${plural(refused, "object")} that the API server would refuse`,
  ].filter((part) => part !== "");
  return `${heading(plan)}: ${parts.length === 0 ? "no object changes" : parts.join(", ")}.`;
}

function heading({ action, release, revision }: ReleasePlan): string {
  if (action === "install") return `Install of release "${release}"`;
  if (action === "upgrade") return `Upgrade of release "${release}" from revision ${revision}`;
  return `Repair of release "${release}" at revision ${revision}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

const signs = { create: "+", change: "~", replace: "±", delete: "-", keep: "=" } as const;

/** The plan for a terminal: a line for each object, under it its fields, then the hooks and the summary. */
export function formatPlan(plan: ReleasePlan): string {
  const lines = plan.objects.flatMap((object) => [
    `${signs[object.change]} ${describePlanned(object)}${object.change === "keep" ? " (stays in the cluster)" : ""}`,
    ...object.fields.flatMap((change) => fieldLines(change).map((line) => `    ${line}`)),
    ...(object.problem === undefined ? [] : [`    ! the API server would refuse it: ${object.problem}`]),
  ]);
  const hooks = plan.hooks.map(({ event, kind, name }) => `> ${event} hook ${kind}/${name}`);
  return [...lines, ...hooks, summarize(plan)].map((line) => `${line}\n`).join("");
}

/** A changed field on a line of its own; several lines for texts that have several. */
function fieldLines(change: FieldChange): string[] {
  const { before, after, field } = change;
  const isText = typeof before === "string" && typeof after === "string" && `${before}${after}`.includes("\n");
  if (!isText || change.masked) return [fieldLine(change)];
  const [old, next] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < Math.min(old.length, next.length) && old[start] === next[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, next.length) - start && old.at(-1 - end) === next.at(-1 - end)) end++;
  return [
    `${field}: from line ${start + 1}`,
    ...old.slice(start, old.length - end).map((line) => `  - ${line}`),
    ...next.slice(start, next.length - end).map((line) => `  + ${line}`),
  ];
}

/** `spec.replicas: 1 -> 3`, `data.password: *** (changed)`. */
export function fieldLine({ field, before, after, masked }: FieldChange): string {
  if (masked) return `${field}: *** (${before === undefined ? "new" : after === undefined ? "removed" : "changed"})`;
  return `${field}: ${show(before)} -> ${show(after)}`;
}

function show(value: Json | undefined): string {
  return value === undefined ? "(none)" : JSON.stringify(value);
}

/** A plan in a status. */
export interface PlanStatus {
  /** The generation of the custom resource that was planned for. */
  readonly observedGeneration?: number;
  readonly summary: string;
  readonly objects: ReadonlyArray<{
    readonly object: string;
    readonly change: PlannedObject["change"];
    readonly fields?: ReadonlyArray<string>;
    readonly problem?: string;
  }>;
  readonly hooks: ReadonlyArray<string>;
  /** How many objects are left out. */
  readonly omitted?: number;
}

/** Bounds on a plan in a status: objects, hooks, fields of an object, characters of a line and of all objects. */
const bounds = { objects: 100, hooks: 50, fields: 20, line: 256, total: 65_536 };

/** The plan as a status holds it. What is too much is left out and counted. */
export function planStatus(plan: ReleasePlan, observedGeneration?: number): PlanStatus {
  const objects: PlanStatus["objects"][number][] = [];
  let size = 0;
  for (const planned of plan.objects.slice(0, bounds.objects)) {
    const { change, fields, problem } = planned;
    const shown = fields.slice(0, bounds.fields).map((each) => cut(fieldLine(each)));
    const more = fields.length > bounds.fields ? [`and ${plural(fields.length - bounds.fields, "more field")}`] : [];
    const object = {
      object: describePlanned(planned),
      change,
      ...(fields.length === 0 ? {} : { fields: [...shown, ...more] }),
      ...(problem === undefined ? {} : { problem: cut(problem) }),
    };
    size += JSON.stringify(object).length;
    if (size > bounds.total) break;
    objects.push(object);
  }
  const omitted = plan.objects.length - objects.length;
  return {
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    summary: summarize(plan),
    objects,
    hooks: plan.hooks.slice(0, bounds.hooks).map(({ event, kind, name }) => `${event} ${kind}/${name}`),
    ...(omitted === 0 ? {} : { omitted }),
  };
}

function cut(text: string): string {
  return text.length <= bounds.line ? text : `${text.slice(0, bounds.line - 1)}…`;
}
