/**
 * What a field manager owns of a live object, by its `managedFields` entry: the part by which drift is judged, free of
 * what the API server defaults and others write. Pure.
 */
import { createHash } from "node:crypto";
import type { KubeObject, ManagedFieldsEntry } from "./object.ts";

/** One owned field. */
interface OwnedField {
  /** JSON pointer to it in the object; for a list's item that is not there, to the list. */
  readonly pointer: string;
  /** Its value as JSON with sorted keys, or `absent`. */
  readonly value: string;
}

/** Owned fields by their path in the field set, which names list items by their keys and not by their place. */
export type OwnedView = ReadonlyMap<string, OwnedField>;

/** The entry of a manager that applies (server-side apply), not that of its writes to subresources. */
export function appliedEntry(object: KubeObject, manager: string): ManagedFieldsEntry | undefined {
  return object.metadata.managedFields?.find((entry) =>
    entry.manager === manager && entry.operation === "Apply" && !entry.subresource
  );
}

/** The object seen through a field set (`fieldsV1`). Fields of the set that the object does not have are in it, absent. */
export function ownedView(object: KubeObject, fields: unknown): OwnedView {
  const view = new Map<string, OwnedField>();
  collect(view, fields as FieldSet, object, "", "");
  return view;
}

/**
 * A hash of what the manager owns and of the values that it has: 22 characters, the same for as long as nobody changes
 * a value of these or takes ownership of one. Undefined when the manager has applied nothing.
 */
export function ownedHash(object: KubeObject, manager: string): string | undefined {
  const fields = appliedEntry(object, manager)?.fieldsV1;
  if (fields === undefined) return undefined;
  const hash = createHash("sha256");
  const lines = [...ownedView(object, fields)].map(([path, { value }]) => `${path}\n${value}\n`);
  for (const line of lines.sort()) hash.update(line);
  return hash.digest("base64url").slice(0, 22);
}

interface FieldSet {
  readonly [step: string]: FieldSet;
}

/** The value of an owned field that is not there; no JSON. */
export const absent = "absent";

function collect(view: Map<string, OwnedField>, fields: FieldSet, value: unknown, path: string, pointer: string): void {
  const steps = Object.entries(fields);
  if (steps.length === 0) view.set(path, { pointer, value: value === undefined ? absent : sortedJson(value) });
  for (const [step, inner] of steps) {
    const below = `${path}/${step}`;
    if (step === ".") {
      view.set(below, { pointer, value: value === undefined ? absent : "present" });
      continue;
    }
    const [child, key] = follow(step, value);
    collect(view, inner, child, below, key === undefined ? pointer : `${pointer}/${escape(key)}`);
  }
}

/** The value that a step leads to, and its key or index; both undefined when there is none. */
function follow(step: string, value: unknown): [unknown, string | undefined] {
  const name = step.slice(2);
  switch (step.slice(0, 2)) {
    case "f:":
      return [isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined, name];
    case "k:": {
      const keys = Object.entries(JSON.parse(name));
      return item(value, (each) => isObject(each) && keys.every(([key, wanted]) => each[key] === wanted));
    }
    case "v:": {
      const wanted = sortedJson(JSON.parse(name));
      return item(value, (each) => sortedJson(each) === wanted);
    }
    case "i:":
      return item(value, (_, index) => index === Number(name));
    default:
      return [undefined, undefined];
  }
}

function item(list: unknown, matches: (each: unknown, index: number) => boolean): [unknown, string | undefined] {
  const index = Array.isArray(list) ? list.findIndex(matches) : -1;
  return index < 0 ? [undefined, undefined] : [(list as unknown[])[index], String(index)];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** JSON whose objects' keys are sorted. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${sortedJson(value[key])}`).join()}}`;
}

/** A key within a JSON pointer (RFC 6901). */
function escape(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
