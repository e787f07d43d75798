/** Any value as text, and any list as texts: what most string functions do to their arguments first. */
import { sprint } from "../template/format.ts";
import { GoObject, type GoValue, isList, TypedList, wrap } from "../template/value.ts";
import { fromBytes } from "./bytes.ts";

/** Sprig's `toString`: the text itself, bytes as text, anything else as Go's `%v`. */
export function toText(value: GoValue): string {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? fromBytes(value) : sprint(value);
}

/** Sprig's `toStrings`: a list's elements as text, without nils; anything else is a list of one. A []string is itself. */
export function toTexts(value: GoValue): string[] {
  const list = elements(value);
  if (list === undefined) return value === null ? [] : [toText(value)];
  if (value instanceof TypedList && value.element === "string") return value as string[];
  const texts: string[] = [];
  for (const item of list) if (item !== null) texts.push(toText(item));
  return texts;
}

/** What Go's reflection sees as the elements of a slice; undefined for anything else. */
export function elements(value: GoValue): GoValue[] | undefined {
  if (isList(value)) return value;
  if (value instanceof Uint8Array) return Array.from(value, (byte) => wrap(BigInt(byte), "uint8"));
  const inside = value instanceof GoObject ? value.collection() : undefined;
  return Array.isArray(inside) ? inside : undefined;
}
