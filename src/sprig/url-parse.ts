/** net/url's URLs: Parse and String. */
import { quote } from "../template/format.ts";
import { fromBinary, toBinary } from "./bytes.ts";
import { checkIPv6 } from "./ip.ts";

/** A parsed URL; paths and fragments are unescaped, with the spelling kept where it differs from the usual one. */
export interface Url {
  scheme: string;
  opaque: string;
  user?: { name: string; password?: string };
  host: string;
  path: string;
  rawPath: string;
  query: string;
  forceQuery: boolean;
  fragment: string;
  rawFragment: string;
  omitHost: boolean;
}

/** The characters that stand unescaped in a component, besides letters and digits. */
const free = {
  path: "$&+,-./:;=@_~",
  segment: "$&+-.:=@_~",
  host: "!\"$&'()*+,-.:;<=>[]_~",
  user: "$&+,-.;=_~",
  fragment: "!$&()*+,-./:;=?@_~",
};

type Component = keyof typeof free;

function isFree(char: string, component: Component): boolean {
  return /[0-9A-Za-z]/.test(char) || free[component].includes(char);
}

function escape(text: string, component: Component): string {
  let out = "";
  for (const byte of toBinary(text)) {
    out += isFree(byte, component) ? byte : "%" + byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
  }
  return out;
}

const badEscape = (text: string) => new Error(`invalid URL escape ${quote(text)}`);

/** Unescapes; in a host (and its zone) only what a host may hold. */
function unescape(text: string, component: Component, zone = false): string {
  let out = "";
  const bytes = toBinary(text);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte !== "%") {
      if (component === "host" && byte < "\x80" && !isFree(byte, "host")) {
        throw new Error(`invalid character ${quote(byte)} in host name`);
      }
      out += byte;
      continue;
    }
    const escaped = bytes.slice(i, i + 3);
    if (!/^%[0-9A-Fa-f]{2}$/.test(escaped)) throw badEscape(escaped);
    const char = String.fromCharCode(parseInt(escaped.slice(1), 16));
    if (component === "host" && escaped !== "%25") {
      if (zone ? char !== " " && !isFree(char, "host") : char < "\x80") throw badEscape(escaped);
    }
    out += char;
    i += 2;
  }
  return fromBinary(out);
}

/** Splits at the first separator; without one the second part is empty. */
function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

/**
 * url.Parse.
 *
 * @throws Error in Go's words: `parse "x": missing protocol scheme`
 */
export function parseUrl(text: string): Url {
  const [main, fragment] = cut(text, "#");
  const url = wrapped(main, () => parseMain(main));
  if (fragment === "") return url;
  url.fragment = wrapped(text, () => unescape(fragment, "fragment"));
  url.rawFragment = escape(url.fragment, "fragment") === fragment ? "" : fragment;
  return url;
}

function wrapped<A>(text: string, parse: () => A): A {
  try {
    return parse();
  } catch (error) {
    throw new Error(`parse ${quote(text)}: ${(error as Error).message}`);
  }
}

function parseMain(text: string): Url {
  const url: Url = {
    scheme: "",
    opaque: "",
    host: "",
    path: "",
    rawPath: "",
    query: "",
    forceQuery: false,
    fragment: "",
    rawFragment: "",
    omitHost: false,
  };
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f]/.test(text)) throw new Error("net/url: invalid control character in URL");
  if (text === "*") return { ...url, path: "*" };
  let rest = text;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*)?:/.exec(text);
  if (scheme !== null) {
    if (scheme[1] === undefined) throw new Error("missing protocol scheme");
    url.scheme = scheme[1].toLowerCase();
    rest = text.slice(scheme[0].length);
  }
  url.forceQuery = rest.endsWith("?") && rest.indexOf("?") === rest.length - 1;
  [rest, url.query] = cut(rest, "?");
  if (!rest.startsWith("/")) {
    if (url.scheme !== "") return { ...url, opaque: rest };
    if (cut(rest, "/")[0].includes(":")) throw new Error("first path segment in URL cannot contain colon");
  }
  if ((url.scheme !== "" || !rest.startsWith("///")) && rest.startsWith("//")) {
    const authority = /^\/\/([^/]*)/.exec(rest)![1];
    parseAuthority(url, authority);
    rest = rest.slice(2 + authority.length);
  } else if (url.scheme !== "" && rest.startsWith("/")) {
    url.omitHost = true;
  }
  return withPath(url, rest);
}

/** URL.setPath. */
export function withPath(url: Url, escaped: string): Url {
  const path = unescape(escaped, "path");
  return { ...url, path, rawPath: escape(path, "path") === escaped ? "" : escaped };
}

function parseAuthority(url: Url, authority: string): void {
  const at = authority.lastIndexOf("@");
  url.host = parseHost(url.scheme, authority.slice(at + 1));
  if (at < 0) return;
  const userinfo = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo)) throw new Error("net/url: invalid userinfo");
  const [name, password] = cut(userinfo, ":");
  url.user = { name: unescape(name, "user") };
  if (userinfo.includes(":")) url.user.password = unescape(password, "user");
}

function parseHost(scheme: string, host: string): string {
  const open = host.lastIndexOf("[");
  if (open > 0) throw new Error("invalid IP-literal");
  if (open === 0) return parseLiteral(host);
  const strict = scheme === "http" || scheme === "https";
  const colon = strict ? host.indexOf(":") : host.lastIndexOf(":");
  if (colon >= 0) checkPort(host.slice(colon));
  return unescape(host, "host");
}

function checkPort(port: string): void {
  if (!/^(:[0-9]*)?$/.test(port)) throw new Error(`invalid port ${quote(port)} after host`);
}

/** `[fe80::1%25eth0]:80` */
function parseLiteral(host: string): string {
  const close = host.lastIndexOf("]");
  if (close < 0) throw new Error("missing ']' in host");
  const port = host.slice(close + 1);
  checkPort(port);
  const name = host.slice(1, close);
  const zone = name.indexOf("%25");
  const address = zone < 0
    ? unescape(name, "host")
    : unescape(name.slice(0, zone), "host") + unescape(name.slice(zone), "host", true);
  checkIPv6(address);
  return `[${address}]${port}`;
}

/** URL.Hostname: the host without port and brackets. */
export function hostname(url: Url): string {
  return url.host.replace(/:[0-9]*$/, "").replace(/^\[(.*)\]$/s, "$1");
}

/** Userinfo.String. */
export function userinfo(user: NonNullable<Url["user"]>): string {
  const name = escape(user.name, "user");
  return user.password === undefined ? name : `${name}:${escape(user.password, "user")}`;
}

/** Keeps the original spelling of a component if it is sound and still means the same. */
function spelling(raw: string, text: string, component: "path" | "fragment"): string {
  const sound = [...raw].every((char) => isFree(char, component) || "!$&'()*+,;=:@[]%".includes(char));
  if (raw !== "" && sound && unescape(raw, component) === text) return raw;
  return component === "path" && text === "*" ? "*" : escape(text, component);
}

/** URL.EscapedPath. */
export function escapedPath({ rawPath, path }: Url): string {
  return spelling(rawPath, path, "path");
}

/** PathEscape. */
export function pathEscape(text: string): string {
  return escape(text, "segment");
}

/** PathUnescape. Throws an Error with Go's words. */
export function pathUnescape(text: string): string {
  return unescape(text, "segment");
}

/** URL.String. */
export function urlText(url: Url): string {
  let out = url.scheme === "" ? "" : `${url.scheme}:`;
  if (url.opaque !== "") {
    out += url.opaque;
  } else {
    const { host, path, user } = url;
    const bare = url.omitHost && host === "" && user === undefined;
    if ((url.scheme !== "" || host !== "" || user !== undefined) && !bare) {
      if (host !== "" || path !== "" || user !== undefined) out += "//";
      if (user !== undefined) out += `${userinfo(user)}@`;
      out += escape(host, "host");
    }
    const escaped = escapedPath(url);
    if (escaped !== "" && escaped[0] !== "/" && host !== "") out += "/";
    // A first segment with a colon would read as a scheme.
    if (out === "" && cut(escaped, "/")[0].includes(":")) out += "./";
    out += escaped;
  }
  if (url.forceQuery || url.query !== "") out += `?${url.query}`;
  if (url.fragment !== "") out += `#${spelling(url.rawFragment, url.fragment, "fragment")}`;
  return out;
}
