/** Which proxy a server is reached through, by a kubeconfig's `proxy-url` or the environment, as Go's net/http reads it. */
import { BlockList, isIP } from "node:net";
import type { Env } from "./environment.ts";

/**
 * The proxy for `server`: `proxyUrl` if there is one, else HTTPS_PROXY or HTTP_PROXY (or in lower case) unless NO_PROXY
 * names the host or the host is this machine. Undefined means a direct connection. Throws on a URL of another scheme
 * than http, https, socks5 and socks5h.
 */
export function proxyFor(server: string, proxyUrl: string | undefined, env: Env): URL | undefined {
  if (proxyUrl) return parseProxy(proxyUrl, "proxy-url");
  const url = new URL(server);
  const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const value = env[name] || env[name.toLowerCase()];
  if (!value || bypassed(url, env.NO_PROXY || env.no_proxy || "")) return undefined;
  return parseProxy(value.includes("://") ? value : `http://${value}`, name);
}

const proxySchemes = new Set(["http:", "https:", "socks5:", "socks5h:"]);

function parseProxy(text: string, from: string): URL {
  const url = URL.parse(text);
  if (url && proxySchemes.has(url.protocol)) return url;
  const shown = text.replace(/\/\/.*@/, "//"); // Without a password.
  throw new Error(`Cannot use the proxy "${shown}" as ${from} must be an http, https or socks5 URL`);
}

/** Go's rules: `*`, names (with their subdomains), `.names` (subdomains only), addresses and CIDR ranges, each with `:port`. */
function bypassed(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || host === "::1" || host.startsWith("127.")) return true;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return noProxy.split(",").map((entry) => entry.trim().toLowerCase()).filter(Boolean)
    .some((entry) => entry === "*" || matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry.includes("/")) return inRange(entry, host);
  const [name, wantedPort] = splitPort(entry);
  if (wantedPort !== undefined && wantedPort !== port) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0) return name === host;
  const bare = name.replace(/^\*\./, ".");
  return bare.startsWith(".") ? host.endsWith(bare) : host === bare || host.endsWith(`.${bare}`);
}

function splitPort(entry: string): [string, string | undefined] {
  if (isIP(entry) !== 0) return [entry, undefined];
  const found = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry)!;
  return [found[1], found[2]];
}

function inRange(cidr: string, host: string): boolean {
  const family = isIP(host);
  const [network, prefix] = cidr.split("/");
  const bits = Number(prefix);
  if (family === 0 || isIP(network) !== family || !Number.isInteger(bits) || bits > (family === 4 ? 32 : 128)) {
    return false;
  }
  const list = new BlockList();
  list.addSubnet(network, bits, family === 4 ? "ipv4" : "ipv6");
  return list.check(host, family === 4 ? "ipv4" : "ipv6");
}
