/** JSON schemas that a chart's schema refers to by `http:` and `https:` addresses, which Helm fetches too. */

import { getServers } from "node:dns";
import { lookup } from "node:dns/promises";

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
  const limit = AbortSignal.timeout(timeout);
  try {
    const response = await fetch(url, { signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) });
    if (!response.ok) {
      await response.body?.cancel();
      return { error: `HTTP request to ${url} returned status ${response.status} (${response.statusText})` };
    }
    return await readText(response, url);
  } catch (error) {
    return { error: `HTTP request failed for ${url}: Get "${url}": ${await reasonOf(error as Error, url)}` };
  }
}

/** Why there is no answer; a name that is not known in Go's words, since that is what machines without a network say. */
async function reasonOf(error: Error, url: string): Promise<string> {
  const host = new URL(url).hostname;
  const code = await lookup(host).then(() => undefined, (failure) => failure.code);
  if (code === "ENOTFOUND") return `dial tcp: lookup ${host} on ${getServers()[0]}:53: no such host`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}

async function readText(response: Response, url: string): Promise<RemoteSchema> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > largest) return { error: `the schema at ${url} is larger than the maximum size ${largest}` };
    text += decoder.decode(part, { stream: true });
  }
  return { text: text + decoder.decode() };
}
