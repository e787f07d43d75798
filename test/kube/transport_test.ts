import assert from "node:assert/strict";
import type { Buffer } from "node:buffer";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:https";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from "node:net";
import { after, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { proxyFor } from "../../src/kube/proxy-settings.ts";
import { makeTransport } from "../../src/kube/make-transport.ts";
import type { TransportOptions } from "../../src/kube/transport.ts";
import { makeNodeTransport } from "../../src/kube/transport-node.ts";
import { createAuthority, signClient, signServer } from "../cluster/certificates.ts";

const authority = await createAuthority("transport-test");
const local = await signServer(authority, "local", ["localhost"], ["127.0.0.1"]);
const named = await signServer(authority, "named", ["api.example.com"], []);
const alice = await signClient(authority, { user: "alice" });

/** Listens, and is closed with everything open when the tests end. */
async function listen(server: Server | TcpServer | ReturnType<typeof createHttpServer>): Promise<number> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => open.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    open.forEach((socket) => socket.destroy());
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

let connections = 0;
/** Tells who the client is by its certificate, and what came. */
async function secure(pair: { certificate: string; key: string }): Promise<number> {
  const server = createServer(
    { cert: pair.certificate, key: pair.key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false },
    async (request, response) => {
      let body = "";
      for await (const piece of request) body += piece;
      const user = (request.socket as TLSSocket).getPeerCertificate()?.subject?.CN ?? "nobody";
      response.end(JSON.stringify({ user, method: request.method, host: request.headers.host, body }));
    },
  );
  server.on("secureConnection", () => connections++);
  return await listen(server);
}

const localPort = await secure(local);
const namedPort = await secure(named);
const ca = authority.certificate;

const bindings = {
  "this runtime's transport": (options: TransportOptions) => makeTransport(options, {}),
  "undici": (options: TransportOptions) =>
    Promise.resolve(makeNodeTransport({ ...options, proxy: proxyFor(options.server, options.proxyUrl, {}) })),
};

for (const [binding, make] of Object.entries(bindings)) {
  const ask = async (options: TransportOptions, method = "GET", body?: string) => {
    const transport = await make(options);
    try {
      const headers = { accept: "application/json" };
      const response = await transport.fetch(`${options.server}/version`, { method, headers, body });
      return await response.json();
    } finally {
      transport.close();
    }
  };
  const server = `https://127.0.0.1:${localPort}`;

  test(`${binding}: trusts the given authority and shows the client's certificate`, async () => {
    assert.equal((await ask({ server, ca })).user, "nobody");
    const said = await ask({ server, ca, cert: alice.certificate, key: alice.key }, "POST", '{"a":"ü"}');
    assert.deepEqual(said, { user: "alice", method: "POST", host: `127.0.0.1:${localPort}`, body: '{"a":"ü"}' });
  });

  test(`${binding}: refuses a certificate that it does not trust, unless told to skip that`, async () => {
    await assert.rejects(ask({ server }));
    assert.equal(
      (await ask({ server, insecureSkipVerify: true, cert: alice.certificate, key: alice.key })).user,
      "alice",
    );
  });

  test(`${binding}: takes the server's name from tls-server-name`, async () => {
    const other = `https://127.0.0.1:${namedPort}`;
    await assert.rejects(ask({ server: other, ca }));
    assert.equal((await ask({ server: other, ca, serverName: "api.example.com" })).method, "GET");
  });

  test(`${binding}: requests in a row share a connection`, async () => {
    const transport = await make({ server, ca });
    const before = connections;
    for (let n = 0; n < 20; n++) {
      await (await transport.fetch(`${server}/`, { method: "PATCH", headers: {}, body: "{}" })).text();
    }
    assert.ok(connections - before <= 2, `${connections - before} connections`);
    transport.close();
  });

  test(`${binding}: goes through an HTTP proxy with its password`, async () => {
    const proxy = await httpProxy();
    const said = await ask({ server, ca, proxyUrl: `http://user:p%40ss@127.0.0.1:${proxy.port}` });
    assert.equal(said.method, "GET");
    assert.deepEqual(proxy.seen, [[`127.0.0.1:${localPort}`, `Basic ${btoa("user:p@ss")}`]]);
  });

  test(`${binding}: cancelling a body closes its connection`, async () => {
    const closed = Promise.withResolvers<void>();
    const port = await listen(createHttpServer((_, response) => {
      response.write("{}\n");
      response.on("close", closed.resolve);
    }));
    const transport = await make({ server: `http://127.0.0.1:${port}` });
    const abort = new AbortController();
    const response = await transport.fetch(`http://127.0.0.1:${port}/`, {
      method: "GET",
      headers: {},
      signal: abort.signal,
    });
    await response.body!.getReader().read();
    abort.abort();
    await closed.promise;
    transport.close();
  });
}

test("Deno's client goes through a SOCKS proxy; the others say that they cannot", async () => {
  const { port, seen } = await socksProxy();
  const server = `https://127.0.0.1:${localPort}`;
  const proxyUrl = `socks5://127.0.0.1:${port}`;
  // This file runs on Node too, see CONTRIBUTING.md.
  if ("Deno" in globalThis) {
    const transport = await makeTransport({ server, ca, proxyUrl }, {});
    const response = await transport.fetch(`${server}/version`, { method: "GET", headers: {} });
    assert.equal((await response.json()).method, "GET");
    assert.deepEqual(seen, [localPort]);
    transport.close();
  }
  assert.throws(
    () => makeNodeTransport({ server, ca, proxy: new URL(proxyUrl) }),
    /Cannot use the proxy "127.0.0.1:\d+" as it must be an http or https one here: it is socks5/,
  );
});

/** A proxy for CONNECT, and what it was asked with. */
async function httpProxy() {
  const seen: [string | undefined, string | undefined][] = [];
  const server = createHttpServer();
  server.on("connect", (request, client: Socket) => {
    seen.push([request.url, request.headers["proxy-authorization"]]);
    const [host, port] = request.url!.split(":");
    const target = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    client.on("error", () => target.destroy());
    target.on("error", () => client.destroy());
  });
  return { port: await listen(server), seen };
}

/** A SOCKS 5 proxy without a password, for addresses of version 4, and the ports that it was asked for. */
async function socksProxy() {
  const seen: number[] = [];
  const server = createTcpServer((client) => {
    client.once("data", () => {
      client.write(Uint8Array.of(5, 0));
      client.once("data", (request: Buffer) => {
        const port = request.readUInt16BE(8);
        seen.push(port);
        const target = connect(port, request.subarray(4, 8).join("."), () => {
          client.write(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
          target.pipe(client).pipe(target);
        });
        client.on("error", () => target.destroy());
        target.on("error", () => client.destroy());
      });
    });
  });
  return { port: await listen(server), seen };
}

const proxyCases: [
  server: string,
  proxyUrl: string | undefined,
  env: Record<string, string>,
  proxy: string | undefined,
][] = [
  ["https://10.0.0.1:6443", undefined, {}, undefined],
  ["https://10.0.0.1:6443", undefined, { HTTPS_PROXY: "http://p:1" }, "http://p:1/"],
  ["https://10.0.0.1:6443", undefined, { https_proxy: "p:1" }, "http://p:1/"],
  ["https://10.0.0.1:6443", undefined, { HTTP_PROXY: "http://p:1" }, undefined],
  ["http://10.0.0.1:8080", undefined, { HTTP_PROXY: "http://p:1" }, "http://p:1/"],
  ["https://10.0.0.1:6443", "socks5://s:1", { HTTPS_PROXY: "http://p:1", NO_PROXY: "*" }, "socks5://s:1"],
  ["https://127.0.0.1:6443", undefined, { HTTPS_PROXY: "http://p:1" }, undefined],
  ["https://localhost:6443", undefined, { HTTPS_PROXY: "http://p:1" }, undefined],
  ["https://[::1]:6443", undefined, { HTTPS_PROXY: "http://p:1" }, undefined],
  ["https://10.0.0.1:6443", undefined, { HTTPS_PROXY: "http://p:1", NO_PROXY: "a.com, 10.0.0.0/8" }, undefined],
  ["https://11.0.0.1:6443", undefined, { HTTPS_PROXY: "http://p:1", NO_PROXY: "10.0.0.0/8" }, "http://p:1/"],
  ["https://10.0.0.1:6443", undefined, { HTTPS_PROXY: "http://p:1", NO_PROXY: "10.0.0.1:6443" }, undefined],
  ["https://10.0.0.1:6443", undefined, { HTTPS_PROXY: "http://p:1", NO_PROXY: "10.0.0.1:443" }, "http://p:1/"],
  ["https://api.example.com", undefined, { HTTPS_PROXY: "http://p:1", no_proxy: "example.com" }, undefined],
  ["https://example.com", undefined, { HTTPS_PROXY: "http://p:1", no_proxy: ".example.com" }, "http://p:1/"],
  ["https://api.example.com", undefined, { HTTPS_PROXY: "http://p:1", no_proxy: "*.example.com" }, undefined],
  ["https://badexample.com", undefined, { HTTPS_PROXY: "http://p:1", no_proxy: "example.com" }, "http://p:1/"],
  ["https://[fd00::1]:6443", undefined, { HTTPS_PROXY: "http://p:1", NO_PROXY: "fd00::/8" }, undefined],
];

for (const [server, proxyUrl, env, proxy] of proxyCases) {
  test(`the proxy for ${server} with ${proxyUrl ?? ""} ${JSON.stringify(env)} is ${proxy ?? "none"}`, () =>
    assert.equal(proxyFor(server, proxyUrl, env)?.href, proxy));
}

test("a proxy that is none is refused", () => {
  assert.throws(
    () => proxyFor("https://a", "ftp://user:word@p", {}),
    /Cannot use the proxy "ftp:\/\/p" as proxy-url must be an http/,
  );
});
