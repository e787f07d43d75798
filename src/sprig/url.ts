import { kindName } from "../template/format.ts";
import { fn } from "../template/signature.ts";
import type { GoFunction, GoMap, GoValue } from "../template/value.ts";
import { nilDereference } from "./runtime-error.ts";
import { hostname, parseUrl, type Url, urlText, userinfo } from "./url-parse.ts";

function urlParse(text: string): GoMap {
  let url: Url;
  try {
    url = parseUrl(text);
  } catch (error) {
    throw new Error(`unable to parse url: ${(error as Error).message}`);
  }
  return new Map<string, GoValue>([
    ["scheme", url.scheme],
    ["host", url.host],
    ["hostname", hostname(url)],
    ["path", url.path],
    ["query", url.query],
    ["opaque", url.opaque],
    ["fragment", url.fragment],
    ["userinfo", url.user === undefined ? "" : userinfo(url.user)],
  ]);
}

function part(parts: GoMap, key: string): string {
  const value = parts.get(key);
  if (value === undefined) return "";
  if (value === null) throw nilDereference();
  if (typeof value === "string") return value;
  throw new Error(`unable to parse ${key} key, must be of type string, but ${kindName(value)} found`);
}

function parseUserinfo(text: string): Url["user"] {
  if (text === "") return undefined;
  try {
    return parseUrl(`proto://${text}@host`).user;
  } catch (error) {
    throw new Error(`unable to parse userinfo in dict: ${(error as Error).message}`);
  }
}

function urlJoin(parts: GoMap): string {
  const url: Url = {
    scheme: part(parts, "scheme"),
    host: part(parts, "host"),
    path: part(parts, "path"),
    rawPath: "",
    query: part(parts, "query"),
    forceQuery: false,
    opaque: part(parts, "opaque"),
    fragment: part(parts, "fragment"),
    rawFragment: "",
    omitHost: false,
  };
  url.user = parseUserinfo(part(parts, "userinfo"));
  return urlText(url);
}

/** Sprig's functions on URLs. */
export const urlFunctions: Record<string, GoFunction> = {
  urlJoin: fn("func(map[string]any) string", urlJoin),
  urlParse: fn("func(string) map[string]any", urlParse),
};
