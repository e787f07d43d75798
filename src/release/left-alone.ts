/** Which fields of an object are not the release's to set: those it is told to leave alone, and those granted to others. */
import { absent, appliedEntry, ownedView } from "../kube/owned-fields.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Json } from "../template/value.ts";
import { fieldManager } from "./session.ts";

type Table = { [key: string]: Json };

/**
 * The object as it is to be applied over the live one, so that the apply changes nothing of
 *
 * - the fields at `paths` (JSON pointers into the object) and below: where the release owns one it keeps the live value,
 *   where it does not it says nothing of it;
 * - fields that another manager took from the release by a forced server-side apply and still owns.
 */
export function leaveAlone(object: KubeObject, live: KubeObject, paths: ReadonlyArray<string>): KubeObject {
  const granted = grantedPointers(object, live);
  if (paths.length === 0 && granted.length === 0) return object;
  const wanted = structuredClone(object);
  for (const pointer of granted) edit(wanted as never, tokensOf(pointer), () => undefined);
  const owns = ownership(live);
  for (const pointer of paths) {
    edit(wanted as never, tokensOf(pointer), (value, at) => keep(value, at.value, at.pointer, owns), {
      value: live as never,
      pointer: "",
    });
  }
  return wanted;
}

/** Pointers into the object of what other managers applied otherwise, and this one owns no more. */
function grantedPointers(object: KubeObject, live: KubeObject): string[] {
  const own = appliedEntry(live, fieldManager)?.fieldsV1;
  if (own === undefined) return [];
  const others = (live.metadata.managedFields ?? []).filter(({ manager, operation, subresource }) =>
    operation === "Apply" && !subresource && manager !== fieldManager
  );
  if (others.length === 0) return [];
  const ours = ownedView(live, own);
  return others.flatMap(({ fieldsV1 }) => {
    const wanted = ownedView(object, fieldsV1);
    return [...ownedView(live, fieldsV1)].flatMap(([path, { value }]) => {
      const asked = wanted.get(path);
      const isTaken = asked !== undefined && asked.value !== absent && asked.value !== value && !ours.has(path);
      return isTaken ? [asked.pointer] : [];
    });
  });
}

/** Whether the release owns the live field at a pointer, something in it, or what it is a part of. */
function ownership(live: KubeObject): (pointer: string) => boolean {
  const fields = appliedEntry(live, fieldManager)?.fieldsV1;
  const owned = fields === undefined ? [] : [...ownedView(live, fields)]
    .filter(([path]) => !path.endsWith("/."))
    .map(([, { pointer }]) => pointer);
  return (pointer) =>
    owned.some((each) => each === pointer || each.startsWith(`${pointer}/`) || pointer.startsWith(`${each}/`));
}

/** The value with each field that the release owns as it is in the cluster, and without the others. */
function keep(
  wanted: Json,
  live: Json | undefined,
  pointer: string,
  owns: (pointer: string) => boolean,
): Json | undefined {
  if (live === undefined) return undefined;
  if (!isTable(wanted) || !isTable(live)) return owns(pointer) ? live : undefined;
  const kept: Table = {};
  for (const [key, value] of Object.entries(wanted)) {
    const inner = keep(value, live[key], `${pointer}/${escape(key)}`, owns);
    if (inner !== undefined) kept[key] = inner;
  }
  return kept;
}

/** Where the walk is in the live object; a list's item is found there by its name, for it may stand elsewhere. */
interface Place {
  readonly value: Json | undefined;
  readonly pointer: string;
}

/** Changes the value that the tokens lead to, in place; `undefined` takes it away. What is not there stays so. */
function edit(
  value: Json,
  [token, ...rest]: ReadonlyArray<string>,
  change: (value: Json, live: Place) => Json | undefined,
  live: Place = { value: undefined, pointer: "" },
): void {
  if (value === null || typeof value !== "object") return;
  const table = value as Table;
  if (!Object.hasOwn(table, token)) return;
  const below = follow(table[token], token, Array.isArray(value), live);
  if (rest.length > 0) return edit(table[token], rest, change, below);
  const changed = change(table[token], below);
  if (changed !== undefined) table[token] = changed;
  else if (!Array.isArray(value)) delete table[token];
}

function follow(wanted: Json, token: string, isItem: boolean, { value, pointer }: Place): Place {
  if (value === null || typeof value !== "object") return { value: undefined, pointer: `${pointer}/${escape(token)}` };
  const name = isItem && isTable(wanted) ? wanted.name : undefined;
  const index = name === undefined || !Array.isArray(value)
    ? token
    : String(value.findIndex((each) => isTable(each) && each.name === name));
  const found = Object.hasOwn(value, index) ? (value as Table)[index] : undefined;
  return { value: found, pointer: `${pointer}/${escape(index)}` };
}

function isTable(json: Json | undefined): json is Table {
  return json !== null && typeof json === "object" && !Array.isArray(json);
}

function tokensOf(pointer: string): string[] {
  return pointer.split("/").slice(1).map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function escape(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}
