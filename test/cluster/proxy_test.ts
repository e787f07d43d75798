import assert from "node:assert/strict";
import { request as httpsRequest } from "node:https";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Api, ApiError } from "./api.ts";
import * as faults from "./faults.ts";
import { type FaultProxy, startFaultProxy } from "./proxy.ts";
import { certificateSender } from "./sender.ts";
import { type SharedControlPlane, sharedControlPlane } from "./shared.ts";

describe("the fault proxy", () => {
  let controlPlane: SharedControlPlane, proxy: FaultProxy, api: Api, namespace: string;

  beforeEach(async () => {
    controlPlane = await sharedControlPlane();
    namespace = await controlPlane.api.createNamespace();
    proxy = await startFaultProxy(controlPlane);
    api = new Api(certificateSender(proxy.server, controlPlane.authority.certificate, controlPlane.admin));
    await api.collection({ apiVersion: "v1", kind: "ConfigMap" }); // Learns the paths.
    proxy.reset();
  });

  afterEach(async () => {
    api.close();
    await proxy.stop();
  });

  const settings = () => ({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "settings" });
  const create = () =>
    api.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace }, data: { a: "b" } });
  const existsInCluster = async () => await controlPlane.api.get(settings()) !== undefined;

  it("lets requests pass and counts them", async () => {
    await create();
    assert.equal((await api.get(settings()))?.data.a, "b");
    assert.deepEqual(
      proxy.requests.map(({ number, method, isWrite, status }) => ({ number, method, isWrite, status })),
      [
        { number: 1, method: "POST", isWrite: true, status: 201 },
        { number: 2, method: "GET", isWrite: false, status: 200 },
      ],
    );
  });

  for (const status of [409, 410, 422, 429, 500, 503]) {
    it(`answers ${status} once, and then lets pass`, async () => {
      proxy.inject({ when: ({ isWrite }) => isWrite, fault: faults.answer(status, { retryAfter: 1 }) });
      await assert.rejects(create(), (error) => error instanceof ApiError && error.status === status);
      assert.equal(await existsInCluster(), false);
      await create();
    });
  }

  it("cuts before the API server has seen the request", async () => {
    // More than once: a client may try again by itself when a connection that it used before was closed.
    proxy.inject({ times: Infinity, fault: faults.cut() });
    await assert.rejects(create());
    assert.equal(await existsInCluster(), false);
  });

  it("cuts after the API server has done what was asked", async () => {
    proxy.inject({ fault: faults.cutAfter() });
    await assert.rejects(create());
    assert.equal(await existsInCluster(), true);
  });

  it("cuts every request from the second on", async () => {
    proxy.inject({ when: ({ number }) => number >= 2, times: Infinity, fault: faults.cut() });
    await create();
    await assert.rejects(api.get(settings()));
    await assert.rejects(api.get(settings()));
  });

  it("delays", async () => {
    proxy.inject({ fault: faults.delay(300) });
    const startedAt = Date.now();
    await create();
    assert.ok(Date.now() - startedAt >= 290);
  });

  it("is away and comes back", async () => {
    proxy.goDown();
    await assert.rejects(create());
    proxy.comeBack();
    await create();
  });

  it("passes a watch on event by event, and cuts it", async () => {
    const watch = startWatch(controlPlane, proxy, namespace);
    await sleep(300);
    await create();
    await sleep(300);
    assert.match(watch.text(), /"type":"ADDED".*"name":"settings"/);
    proxy.cutAll();
    await watch.ended;
  });

  it("answers a watch with an error event", async () => {
    proxy.inject({ when: ({ isWatch }) => isWatch, fault: faults.watchError(410) });
    const watch = startWatch(controlPlane, proxy, namespace);
    await watch.ended;
    assert.equal(JSON.parse(watch.text()).object.code, 410);
  });

  it("falls silent in a watch", async () => {
    proxy.inject({ when: ({ isWatch }) => isWatch, fault: faults.halfClose() });
    const watch = startWatch(controlPlane, proxy, namespace);
    await create();
    await sleep(300);
    assert.equal(watch.text(), "");
    proxy.cutAll();
    await watch.ended;
  });
});

/** A watch on the ConfigMaps of a namespace; `ended` resolves when it is over, in whatever way. */
function startWatch(controlPlane: SharedControlPlane, proxy: FaultProxy, namespace: string) {
  let received = "";
  const { certificate: cert, key } = controlPlane.admin;
  const url =
    `${proxy.server}/api/v1/namespaces/${namespace}/configmaps?watch=true&fieldSelector=metadata.name%3Dsettings`;
  const ended = new Promise<void>((resolve) => {
    const request = httpsRequest(url, { ca: controlPlane.authority.certificate, cert, key }, (response) => {
      response.setEncoding("utf8");
      response.on("data", (chunk) => received += chunk);
      response.on("error", () => resolve());
      response.on("close", () => resolve());
    });
    request.on("error", () => resolve());
    request.end();
  });
  return { text: () => received, ended };
}
