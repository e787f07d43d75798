/** From what the API server or the network says to the typed errors of {@link KubeClient}. */
import { CredentialError } from "./credential.ts";
import { ApiError, ConnectionError } from "./kube-client.ts";

/** The reason that Kubernetes gives with a code when the server's answer names none. */
const reasons: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Expired",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

interface Status {
  readonly kind?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly retryAfterSeconds?: number };
}

/** The most of an answer that is no Status that a message quotes, in characters. */
const quoted = 300;

/** The error for an answer with a status other than 2xx. `text` is the answer's body, `retryAfter` its header. */
export function apiError(
  request: string,
  code: number,
  text: string,
  retryAfter: string | null,
  host?: string,
): ApiError {
  const status = parseStatus(text);
  if (code === 401 && host !== undefined) {
    const detail = `${status?.message ?? "Unauthorized"}: ${host} does not accept the credentials`;
    return new ApiError({ code, reason: "Unauthorized", request, detail });
  }
  if (status) return statusError(request, status, code, seconds(retryAfter));
  const words = text.trim().slice(0, quoted);
  return new ApiError({
    code,
    reason: reasons[code] ?? "Unknown",
    request,
    detail: code === 404 ? unknownPath : words === "" ? `the server answered ${code} to ${request}` : words,
    retryAfter: seconds(retryAfter),
  });
}

/** The error for a Status object: a failed request's body, or a watch's ERROR event. */
export function statusError(request: string, status: Status, code = 0, retryAfter?: number): ApiError {
  const known = status.code || code;
  return new ApiError({
    code: known,
    reason: status.reason || reasons[known] || "Unknown",
    request,
    detail: status.message || `the server answered ${known} to ${request}`,
    retryAfter: retryAfter ?? (status.details?.retryAfterSeconds || undefined),
  });
}

/** client-go's words for a 404 that is no Status: the server does not know the path at all. */
const unknownPath = "the server could not find the requested resource";

/** Whether the server does not serve the kind, as when its CRD is gone; a missing object is another 404. */
export function isUnknownPath(error: { readonly code: number; readonly detail: string }): boolean {
  return error.code === 404 && error.detail === unknownPath;
}

function parseStatus(text: string): Status | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(text);
    return value.kind === "Status" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Retry-After in seconds; a date or anything else counts as absent, as in client-go. */
function seconds(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

/** A certificate or a token lies in a file that cannot be read: nothing was asked. */
const fileCodes: ReadonlySet<unknown> = new Set(["ENOENT", "EACCES", "EISDIR"]);

/** The error for a request that got no answer from `host`; a watch that breaks off names none. */
export function connectionError(request: string, cause: unknown, host?: string): ConnectionError {
  const words = describeCause(cause);
  const isLocal = cause instanceof CredentialError || fileCodes.has((cause as { code?: unknown } | null)?.code);
  const wasAsked = host !== undefined && !isLocal;
  return new ConnectionError({ request, detail: wasAsked ? `no answer from ${host}: ${words}` : words, cause });
}

/** An error's message with those of its causes, each once. */
function describeCause(error: unknown): string {
  const messages: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    // Bun asks a question after what is known.
    const message = at.message.replace(/^ECONNREFUSED: .*/, "connection refused") ||
      (at as { code?: string }).code || at.name;
    if (!messages.some((known) => known.includes(message))) messages.push(message);
  }
  return messages.length > 0 ? messages.join(": ") : String(error);
}
