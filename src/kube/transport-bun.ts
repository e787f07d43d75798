/** {@link Transport} on Bun: its `fetch` takes the certificates itself and pools by them. */
import { type Connecting, httpProxy, sentOnce, type Transport } from "./transport.ts";

export function makeBunTransport(options: Connecting): Transport {
  const proxy = httpProxy(options.proxy);
  const tls = {
    ...(options.ca !== undefined && { ca: options.ca }),
    ...(options.cert !== undefined && { cert: options.cert, key: options.key }),
    ...(options.serverName !== undefined && { serverName: options.serverName }),
    rejectUnauthorized: options.insecureSkipVerify !== true,
  };
  // timeout: Bun ends a quiet response after five minutes otherwise. proxy "": none, whatever the environment says.
  const fixed = { tls, timeout: false, proxy: proxy?.href ?? "" };
  return {
    fetch: (url, request) => fetch(url, { ...sentOnce(request), ...fixed } as RequestInit),
    close: () => {},
  };
}
