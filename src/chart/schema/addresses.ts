/** Addresses of schemas: URLs, and fragments that are JSON pointers or anchors. */
import { quote } from "../../template/format.ts";
import { type GoValue, isList, isMap } from "../../template/value.ts";
import { parseUrl, pathEscape, pathUnescape, type Url, urlText } from "../../sprig/url-parse.ts";
import { resolveReference } from "../../sprig/url-resolve.ts";

/** A schema that cannot be compiled: a reference to nothing, an unknown draft, a bad regular expression. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}

/** An address without its fragment, and the fragment, decoded. */
export interface Address {
  readonly url: string;
  readonly fragment: string;
}

/** Where a reference leads that stands in a resource of the id `base`. Throws {@link SchemaError}. */
export function joinAddress(base: string, reference: string): Address {
  const { url, fragment } = splitFragment(reference);
  const own = parsed(url);
  const around = parsed(base);
  const { opaque } = own.scheme === "" ? around : own;
  return { url: urlText({ ...resolveReference(around, own), opaque }), fragment };
}

function parsed(url: string): Url {
  try {
    return parseUrl(url);
  } catch (error) {
    throw new SchemaError(`error in parsing ${quote(url)}: ${(error as Error).message}`);
  }
}

/** An address cut at its `#`. Throws {@link SchemaError}. */
export function splitFragment(address: string): Address {
  const hash = address.indexOf("#");
  if (hash < 0) return { url: address, fragment: "" };
  try {
    return { url: address.slice(0, hash), fragment: pathUnescape(address.slice(hash + 1)) };
  } catch (error) {
    throw new SchemaError(`error in parsing ${quote(address)}: ${(error as Error).message}`);
  }
}

/** Whether a fragment is a JSON pointer, and no anchor. */
export function isPointer(fragment: string): boolean {
  return fragment === "" || fragment.startsWith("/");
}

/** Where a schema stands, `file:///values.schema.json#/properties/a`. */
export function locationOf({ url, pointer }: { readonly url: string; readonly pointer: string }): string {
  return `${url}#${escapeFragment(pointer)}`;
}

/** A text as part of an address. */
export function escapeFragment(text: string): string {
  return text.split("/").map(pathEscape).join("/");
}

/** A key as it stands in a JSON pointer. */
export function escapeToken(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** What a JSON pointer points to in the document at `url`. Throws {@link SchemaError}. */
export function lookUp(root: GoValue, url: string, pointer: string): GoValue {
  let value: GoValue | undefined = root;
  for (const escaped of pointer.split("/").slice(1)) {
    if (/~(?![01])/.test(escaped)) throw new SchemaError(`invalid json-pointer ${quote(locationOf({ url, pointer }))}`);
    const token = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isMap(value)) value = value.get(token);
    else if (isList(value)) value = /^[+-]?\d+$/.test(token) ? value[Number(token)] : undefined;
    else value = undefined;
    if (value === undefined) throw new SchemaError(`json-pointer in ${quote(locationOf({ url, pointer }))} not found`);
  }
  return value;
}
