/** One string for all equal names: fields, variables and keys are many, and few. */
import { detached } from "./bytes.ts";

/** As many names as there is room for, each where its characters say; of two that meet, the later one stays. */
const names = new Array<string>(4096).fill("");
const longest = 64;

/** A string equal to the name, and the same for all equal names while it is remembered. */
export const sharedName = (name: string): string => nameAt(name, 0, name.length);

/** The part of the text from `start` to `end`. A name that is known costs no new string. */
export function nameAt(text: string, start: number, end: number): string {
  const length = end - start;
  if (length > longest) return detached(text.slice(start, end));
  let hash = length;
  for (let i = start; i < end; i++) hash = Math.imul(hash, 31) + text.charCodeAt(i) | 0;
  const place = (hash ^ hash >>> 12) & (names.length - 1);
  const known = names[place];
  if (known.length === length && text.startsWith(known, start)) return known;
  return names[place] = detached(text.slice(start, end));
}
