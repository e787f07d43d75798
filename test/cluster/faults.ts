// What the fault proxy can do to a request.

import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "./proxy.ts";

/** Answers with an error status in the API server's form, without asking it. `retryAfter` is in seconds. */
export function answer(status: number, options: { message?: string; retryAfter?: number } = {}): Fault {
  return ({ request, response }) => {
    request.status = status;
    const retryAfter = options.retryAfter === undefined ? {} : { "retry-after": String(options.retryAfter) };
    response.writeHead(status, { "content-type": "application/json", ...retryAfter });
    response.end(JSON.stringify(statusObject(status, options.message)));
  };
}

/**
 * Cuts the connection before the API server sees the request. A client that used this connection before may try again
 * by itself, on a new one.
 */
export function cut(): Fault {
  return ({ response }) => void response.destroy();
}

/** Cuts the connection after the API server has done what was asked: the client does not learn of it. */
export function cutAfter(): Fault {
  return async ({ forward, response }) => {
    await text(await forward());
    response.destroy();
  };
}

/** Lets the request pass so many milliseconds later. */
export function delay(ms: number): Fault {
  return async ({ forward, deliver }) => {
    await sleep(ms);
    await deliver(await forward());
  };
}

/** Answers a watch, then sends nothing and never ends: the other side is gone without a word. */
export function halfClose(): Fault {
  return ({ request, response }) => {
    request.status = 200;
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
  };
}

/** Answers a watch with a bookmark, then sends nothing and never ends. */
export function fallSilent(): Fault {
  return ({ request, response }) => {
    const object = { metadata: { resourceVersion: request.query.get("resourceVersion") ?? "" } };
    request.status = 200;
    response.writeHead(200, { "content-type": "application/json" });
    response.write(`${JSON.stringify({ type: "BOOKMARK", object })}\n`);
  };
}

/** Answers a watch with an ERROR event of this status (410 means: your resource version is too old) and ends it. */
export function watchError(status: number, message?: string): Fault {
  return ({ request, response }) => {
    request.status = 200;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(`${JSON.stringify({ type: "ERROR", object: statusObject(status, message) })}\n`);
  };
}

/** Calls back before the API server sees the request, which is then cut: the moment to kill the client. */
export function interruptBefore(callback: () => Promise<void> | void): Fault {
  return async ({ response }) => {
    await callback();
    response.destroy();
  };
}

/** Calls back when the API server has done what was asked and the client does not know yet; then cuts. */
export function interruptAfter(callback: () => Promise<void> | void): Fault {
  return async ({ forward, response }) => {
    await text(await forward());
    await callback();
    response.destroy();
  };
}

/** Answers with this text, such as a list taken some time ago: an API server whose cache is behind. */
export function answerWith(json: string): Fault {
  return ({ request, response }) => {
    request.status = 200;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(json);
  };
}

const REASONS: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "Expired",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

function statusObject(code: number, message = `a fault injected by a test: ${code}`): Record<string, unknown> {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    reason: REASONS[code] ?? "",
    message,
    code,
  };
}
