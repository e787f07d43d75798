/** Sends requests to the API server: time limits, bounded retries, metrics, typed errors. */
import { Duration, Effect, Metric, Random, type Scope } from "effect";
import { apiError, connectionError } from "./api-error.ts";
import type { Connection } from "./connection.ts";
import { CredentialError } from "./credential.ts";
import { type ApiError, ConnectionError } from "./kube-client.ts";
import { Outage } from "./outage.ts";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With the query. */
  readonly path: string;
  /** For errors: `get apps/v1/Deployment web/front`. */
  readonly describe: string;
  /** Default `application/json`. */
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent: no body. */
  readonly body?: unknown;
  /** The body's type. Default `application/json`. */
  readonly contentType?: string;
}

/** An answer with its whole body. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** client-go's counter of requests by `code` (`<error>` when no answer came), `method` and `host`. */
export const requestsTotal: Metric.Counter<number> = Metric.counter("rest_client_requests_total", {
  description: "Number of HTTP requests, partitioned by status code, method, and host.",
  incremental: true,
});

/** How often a request is sent again at most. */
const retryLimit = 4;
/** How long a request may wait in all before it is sent again, milliseconds. */
const retryBudget = 30_000;
/** What something between us and the API server answers, or the API server when it starts or ends. */
const goneCodes: ReadonlySet<number> = new Set([502, 503, 504]);

export class Requester {
  /** What the requests find out of the API server's being there. */
  readonly outage = new Outage();

  /** `timeout` limits a whole request, its body included; milliseconds. */
  constructor(private readonly connection: Connection, private readonly timeout: number) {}

  /**
   * Sends a request and reads its answer, which is one with a status from 200 to 299, or 304.
   *
   * Sent again are: a read that got no answer, whatever was turned away with 429 and Retry-After, and a read that the
   * server failed to answer with 5xx and Retry-After; four times at most, within 30 seconds of waiting in all.
   */
  send(request: ApiRequest): Effect.Effect<ApiResponse, ApiError | ConnectionError> {
    const attempt = (tries: number, waited: number): Effect.Effect<ApiResponse, ApiError | ConnectionError> =>
      Effect.catch(this.#once(request), (error) => {
        const wait = waitBeforeRetry(request, error, tries);
        if (wait === undefined || tries >= retryLimit || waited + wait > retryBudget) return Effect.fail(error);
        return Effect.andThen(sleepJittered(wait), attempt(tries + 1, waited + wait));
      });
    return attempt(0, 0);
  }

  /** Sends a request and gives its answer once the head has come. The body is cancelled when the scope closes. */
  open(request: ApiRequest): Effect.Effect<Response, ApiError | ConnectionError, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const abort = new AbortController();
      yield* Effect.addFinalizer(() => Effect.sync(() => abort.abort()));
      const response = yield* this.#counted(request, this.#promise(request, () => this.#fetch(request, abort.signal)));
      if (response.ok) return response;
      const text = yield* this.#promise(request, () => response.text());
      return yield* apiError(
        request.describe,
        response.status,
        text,
        response.headers.get("retry-after"),
        this.connection.host,
      );
    });
  }

  #once(request: ApiRequest): Effect.Effect<ApiResponse, ApiError | ConnectionError> {
    const exchange = async (signal: AbortSignal): Promise<ApiResponse> => {
      const response = await this.#fetch(request, signal);
      return { status: response.status, headers: response.headers, text: await response.text() };
    };
    return Effect.flatMap(
      this.#counted(request, this.#promise(request, exchange)),
      ({ status, headers, text }) =>
        status < 300 || status === 304
          ? Effect.succeed({ status, headers, text })
          : Effect.fail(apiError(request.describe, status, text, headers.get("retry-after"), this.connection.host)),
    );
  }

  #fetch(request: ApiRequest, signal: AbortSignal): Promise<Response> {
    const { method, path, body } = request;
    return this.connection.send(path, {
      method,
      headers: {
        accept: request.accept ?? "application/json",
        ...(body !== undefined && { "content-type": request.contentType ?? "application/json" }),
        ...request.headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal,
    });
  }

  /** Within the time limit; running out of it, or being interrupted, aborts the signal. */
  #promise<A>(request: ApiRequest, run: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, ConnectionError> {
    return Effect.timeoutOrElse(
      Effect.tryPromise({
        try: (signal) => run(signal),
        catch: (cause) => connectionError(request.describe, cause, this.connection.host),
      }),
      {
        duration: Duration.millis(this.timeout),
        orElse: () =>
          Effect.fail(
            new ConnectionError({
              request: request.describe,
              detail: `no answer from ${this.connection.host} within ${this.timeout / 1000} s`,
            }),
          ),
      },
    );
  }

  #counted<A extends { readonly status: number }>(
    { method }: ApiRequest,
    exchange: Effect.Effect<A, ConnectionError>,
  ): Effect.Effect<A, ConnectionError> {
    const count = (code: string) =>
      Metric.update(Metric.withAttributes(requestsTotal, { code, method, host: this.connection.host }), 1);
    const { answered, unanswered } = this.outage;
    return exchange.pipe(
      Effect.tap(({ status }) => Effect.andThen(count(String(status)), goneCodes.has(status) ? unanswered : answered)),
      Effect.tapError(() => Effect.andThen(count("<error>"), unanswered)),
    );
  }
}

/** Milliseconds to wait before the request is sent again; undefined when it must not be, or has no hope. */
function waitBeforeRetry(request: ApiRequest, error: ApiError | ConnectionError, tries: number): number | undefined {
  const reads = request.method === "GET";
  if (error._tag === "ConnectionError") {
    const hopeless = error.cause === undefined || error.cause instanceof CredentialError;
    return reads && !hopeless ? 100 * 3 ** tries : undefined;
  }
  if (error.retryAfter === undefined) return undefined;
  return error.code === 429 || (reads && error.code >= 500) ? error.retryAfter * 1000 : undefined;
}

/** The wait and up to a fifth more, so that many who were turned away together do not come back together. */
function sleepJittered(milliseconds: number): Effect.Effect<void> {
  return Effect.flatMap(Random.nextBetween(1, 1.2), (factor) => Effect.sleep(Duration.millis(milliseconds * factor)));
}

/** The answer's body as JSON. A proxy or a login page in between answers with something else. */
// deno-lint-ignore no-explicit-any
export function parseJson({ text }: ApiResponse, request: string): Effect.Effect<any, ConnectionError> {
  return Effect.try({
    try: () => JSON.parse(text),
    catch: () => new ConnectionError({ request, detail: "the answer is not JSON; is this an API server?" }),
  });
}
