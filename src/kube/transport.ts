/**
 * The one way to an API server: a fetch-shaped function over a pool of connections, with a binding for each runtime.
 *
 * HTTP/1.1 on purpose. Over HTTP/2 all requests share one connection: watches beyond the server's limit of streams
 * starve every other request, a slow reader of one watch stalls the rest, and a connection that died silently fails
 * all requests until the kernel gives up. With a connection for each running request none of that happens, and a
 * request that timed out takes its connection with it.
 */

/** Where to connect and how to trust and be trusted; PEM texts, not file names. */
export interface TransportOptions {
  /** The server's URL, such as `https://10.0.0.1:6443`. */
  readonly server: string;
  /** Authorities that may have signed the server's certificate; the system's when absent. */
  readonly ca?: string;
  /** Client certificate chain and its key. */
  readonly cert?: string;
  readonly key?: string;
  /** Accept any server certificate. */
  readonly insecureSkipVerify?: boolean;
  /** The name that the server's certificate must have, when it is not the URL's host. */
  readonly serverName?: string;
  /**
   * `http://` or `https://` URL, on Deno also `socks5://`; absent: taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
   */
  readonly proxyUrl?: string;
}

/** What a request may say. Bodies are texts: Kubernetes' API knows no other. */
export interface TransportRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** Aborting it before the body's end closes the connection. */
  readonly signal?: AbortSignal;
}

export interface Transport {
  /** Rejects when no answer came. Nothing here limits the time that an answer or its body may take. */
  readonly fetch: (url: string, request: TransportRequest) => Promise<Response>;
  /** Frees idle connections; running requests may finish. */
  readonly close: () => void;
}

/**
 * The request as fetch takes it. Deno's fetch and Bun's send a request once more by themselves when a pooled connection
 * breaks, even if the server has done what it says: a write that succeeded would then seem to have failed with Conflict
 * or AlreadyExists. A body that is a stream cannot be sent twice.
 */
export function sentOnce(request: TransportRequest): RequestInit {
  const { body, ...rest } = request;
  if (body === undefined) return { ...rest, redirect: "manual" };
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(body));
      controller.close();
    },
  });
  return { ...rest, redirect: "manual", body: stream, duplex: "half" } as RequestInit;
}

/** A {@link TransportOptions} whose proxy is settled: a URL, or undefined for none. */
export type Connecting = Omit<TransportOptions, "proxyUrl"> & { readonly proxy: URL | undefined };

/** Throws for a SOCKS proxy, which only Deno's own client can use. */
export function httpProxy(proxy: URL | undefined): URL | undefined {
  if (!proxy?.protocol.startsWith("socks5")) return proxy;
  throw new Error(`Cannot use the proxy "${proxy.host}" as it must be an http or https one here: it is socks5`);
}
