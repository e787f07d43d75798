/** JSON schemas that a chart's schema refers to by `http:`, `https:` and `file:` addresses, which Helm has too. */

import { getServers } from "node:dns";
import { lookup } from "node:dns/promises";
import { STATUS_CODES } from "node:http";
import { parseUrl } from "../sprig/url-parse.ts";
import { fromBytes } from "../template/bytes.ts";
import { FileTooLarge, readRegularFile } from "./read-file.ts";

/** A schema's text, or in Helm's words why it cannot be had. */
export type RemoteSchema = { readonly text: string } | { readonly error: string };

/** What is known of remote schemas, by their addresses without fragments. */
export type RemoteSchemas = ReadonlyMap<string, RemoteSchema>;

/** Values cannot be validated before the schema at this address is known: fetch it, and validate again. */
export class SchemaNeeded extends Error {
  override readonly name = "SchemaNeeded";

  constructor(readonly url: string) {
    super(`The values' schema needs the one at "${url}"`);
  }
}

/** Milliseconds that an answer may take, as in Helm, and bytes that it may have. */
const timeout = 15_000;
const largest = 16 * 1024 * 1024;

/** Fetches a schema. Never fails: what went wrong is in the answer. */
export async function fetchSchema(url: string, signal?: AbortSignal): Promise<RemoteSchema> {
  if (parseUrl(url).scheme === "file") return readSchemaFile(url);
  const limit = AbortSignal.timeout(timeout);
  try {
    const response = await fetch(url, { signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) });
    const { status } = response;
    if (status !== 200) {
      await response.body?.cancel();
      return { error: `HTTP request to ${url} returned status ${status} (${STATUS_CODES[status] ?? ""})` };
    }
    return await readText(response, url);
  } catch (error) {
    return { error: `HTTP request failed for ${url}: Get "${url}": ${await reasonOf(error as Error, url)}` };
  }
}

/** Reads a schema of the machine: as in Helm a chart's own files are at no address. Never fails either. */
export function readSchemaFile(url: string): RemoteSchema {
  try {
    return { text: fromBytes(readRegularFile(parseUrl(url).path, largest)) };
  } catch (error) {
    return { error: error instanceof FileTooLarge ? tooLarge(url) : (error as Error).message };
  }
}

const tooLarge = (url: string) => `the schema at ${url} is larger than the maximum size ${largest}`;

/** Why there is no answer; in Go's words for what machines without a network, or without the server, say. */
async function reasonOf(error: Error, url: string): Promise<string> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const found = await lookup(host).catch((failure) => failure as { code: string });
  if ("code" in found && found.code === "ENOTFOUND") {
    return `dial tcp: lookup ${host} on ${getServers()[0]}:53: no such host`;
  }
  if ("address" in found && isRefusal(error)) {
    const address = found.family === 6 ? `[${found.address}]` : found.address;
    return `dial tcp ${address}:${port || (protocol === "https:" ? 443 : 80)}: connect: connection refused`;
  }
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Each runtime tells of a refused connection in a way of its own. */
function isRefusal(error: Error): boolean {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return [code, cause?.code].some((one) => one === "ECONNREFUSED" || one === "ConnectionRefused") ||
    /connection refused/i.test(error.message);
}

async function readText(response: Response, url: string): Promise<RemoteSchema> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > largest) return { error: tooLarge(url) };
    parts.push(part);
  }
  return { text: fromBytes(Buffer.concat(parts)) };
}
