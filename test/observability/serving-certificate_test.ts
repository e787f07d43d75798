import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "node:tls";
import { Effect } from "effect";
import { serve } from "../../src/observability/http-server.ts";
import { tlsServer } from "../../src/observability/serving-certificate.ts";
import { createAuthority, signServer } from "../cluster/certificates.ts";

const authority = await createAuthority("metrics-test");
const pair = await signServer(authority, "metrics", [], ["127.0.0.1"]);
const selfSigned = () => ({ cert: pair.certificate, key: pair.key });

/** The protocol that a client which speaks both gets, and that the server ends although the client stays. */
const negotiated = (http2: boolean) =>
  Effect.runPromise(Effect.scoped(Effect.gen(function* () {
    const create = yield* tlsServer("/nowhere", selfSigned, { http2 });
    const routes = { "/": () => Effect.succeed({ status: 200, body: "" }) };
    const port = yield* serve("test", "127.0.0.1:0", { routes, create });
    return yield* Effect.promise(() => {
      const { promise, resolve, reject } = Promise.withResolvers<string | false | null>();
      const options = { port: port!, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["h2", "http/1.1"] };
      const socket = connect(options, () => resolve(socket.alpnProtocol));
      socket.on("error", reject);
      return promise;
    });
  })));

test("HTTP/2 is spoken when it is asked for", async () => assert.equal(await negotiated(true), "h2"));
test("HTTP/1.1 is spoken otherwise", async () => assert.notEqual(await negotiated(false), "h2"));
