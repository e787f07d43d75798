/** net/url's URLs: ResolveReference. */
import { escapedPath, type Url, withPath } from "./url-parse.ts";

/** URL.ResolveReference, for references without fragments. */
export function resolveReference(base: Url, reference: Url): Url {
  const url: Url = { ...reference, scheme: reference.scheme || base.scheme };
  const own = escapedPath(reference);
  if (reference.scheme !== "" || reference.host !== "" || reference.user !== undefined) {
    return withPath(url, resolvePath(own, ""));
  }
  if (reference.path === "" && !reference.forceQuery && reference.query === "") url.query = base.query;
  if (reference.path === "" && base.opaque !== "") return { ...url, opaque: base.opaque };
  const { host, user } = base;
  return withPath({ ...url, host, user }, resolvePath(escapedPath(base), own));
}

/** A path from where another one is, without `.` and `..`. */
function resolvePath(base: string, reference: string): string {
  const full = reference.startsWith("/") ? reference : base.slice(0, base.lastIndexOf("/") + 1) + reference;
  const path = reference === "" ? base : full;
  if (path === "") return "";
  const kept: string[] = [];
  const segments = path.split("/");
  for (const segment of segments) {
    if (segment === "..") kept.pop();
    else if (segment !== ".") kept.push(segment);
  }
  if (/^\.\.?$/.test(segments.at(-1)!)) kept.push("");
  return `/${kept.join("/")}`.replace(/^\/\//, "/");
}
