import assert from "node:assert/strict";
import { test } from "node:test";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { connectionError } from "../../src/kube/api-error.ts";
import { Discovery, type DiscoveryOptions } from "../../src/kube/discovery.ts";
import { ApiError } from "../../src/kube/kube-client.ts";
import type { ApiRequest, Requester } from "../../src/kube/requester.ts";

const deployment = { group: "apps", version: "v1", kind: "Deployment" };
const web = { group: "example.com", version: "v1", kind: "Web" };

const kindOf = (group: string, version: string, kind: string) => ({ group, version, kind });

const aggregated = {
  "/api": {
    kind: "APIGroupDiscoveryList",
    items: [{
      versions: [{
        version: "v1",
        resources: [
          {
            resource: "pods",
            scope: "Namespaced",
            responseKind: kindOf("", "v1", "Pod"),
            verbs: ["get"],
            subresources: [
              { subresource: "eviction", responseKind: kindOf("policy", "v1", "Eviction") },
              { subresource: "log" },
            ],
          },
          { resource: "nodes", scope: "Cluster", responseKind: kindOf("", "v1", "Node"), verbs: ["get"] },
        ],
      }],
    }],
  },
  "/apis": {
    kind: "APIGroupDiscoveryList",
    items: [{
      metadata: { name: "apps" },
      versions: [{
        version: "v1",
        resources: [{
          resource: "deployments",
          scope: "Namespaced",
          responseKind: deployment,
          verbs: ["get"],
          subresources: [
            { subresource: "scale", responseKind: kindOf("autoscaling", "v1", "Scale") },
            { subresource: "status", responseKind: deployment },
          ],
        }],
      }],
    }, { metadata: { name: "metrics.k8s.io" }, versions: [{ version: "v1beta1", freshness: "Stale" }] }],
  },
  "/version": { gitVersion: "v1.36.3", major: "1", minor: "36" },
};

const plain = {
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/apis": {
    kind: "APIGroupList",
    groups: [
      { name: "apps", versions: [{ groupVersion: "apps/v1", version: "v1" }] },
      { name: "metrics.k8s.io", versions: [{ groupVersion: "metrics.k8s.io/v1beta1", version: "v1beta1" }] },
    ],
  },
  "/api/v1": {
    kind: "APIResourceList",
    groupVersion: "v1",
    resources: [
      { name: "pods", kind: "Pod", namespaced: true, verbs: ["get"] },
      { name: "pods/eviction", kind: "Eviction", namespaced: true, verbs: ["create"] },
      { name: "nodes", kind: "Node", namespaced: false, verbs: ["get"] },
    ],
  },
  "/apis/apps/v1": {
    kind: "APIResourceList",
    groupVersion: "apps/v1",
    resources: [
      { name: "deployments", kind: "Deployment", namespaced: true, verbs: ["get"] },
      { name: "deployments/scale", kind: "Scale", namespaced: true, verbs: ["get"] },
      { name: "deployments/status", kind: "Deployment", namespaced: true, verbs: ["get"] },
    ],
  },
  "/version": aggregated["/version"],
};

/** A server of these answers, which knows ETags, and what it was asked. A path that it does not have is a 404. */
function served(answers: Record<string, unknown>, options: DiscoveryOptions = {}) {
  const asked: string[] = [];
  const send = ({ path, headers = {}, describe }: ApiRequest) => {
    const answer = answers[path];
    asked.push(headers["if-none-match"] ? `${path} again` : path);
    if (answer === undefined) {
      const code = path.includes("metrics.k8s.io") ? 503 : 404;
      return Effect.fail(new ApiError({ code, reason: "NotFound", request: describe, detail: "" }));
    }
    if (answer instanceof Error) return Effect.fail(connectionError(describe, answer));
    const text = JSON.stringify(answer);
    const etag = `"${text.length}"`;
    if (headers["if-none-match"] === etag) return Effect.succeed({ status: 304, headers: new Headers(), text: "" });
    return Effect.succeed({ status: 200, headers: new Headers({ etag }), text });
  };
  return { asked, answers, discovery: new Discovery({ send } as unknown as Requester, options) };
}

const run = <A, E>(effect: Effect.Effect<A, E>) => Effect.runPromise(Effect.provide(effect, TestClock.layer()));

for (const [form, answers] of Object.entries({ aggregated, plain })) {
  test(`the ${form} form tells resources and versions`, () => {
    const { discovery } = served(answers);
    return run(Effect.gen(function* () {
      assert.deepEqual(yield* discovery.resource(deployment), {
        ...deployment,
        plural: "deployments",
        namespaced: true,
        hasStatus: true,
        verbs: ["get"],
      });
      const node = yield* discovery.resource({ group: "", version: "v1", kind: "Node" });
      assert.deepEqual([node.plural, node.namespaced, node.hasStatus], ["nodes", false, false]);
      assert.deepEqual(yield* discovery.versions, {
        gitVersion: "v1.36.3",
        major: "1",
        minor: "36",
        apiVersions: ["apps/v1", "apps/v1/Deployment", "apps/v1/Scale", "v1", "v1/Eviction", "v1/Node", "v1/Pod"],
      });
    }));
  });
}

test("many questions at once are two requests", () => {
  const { discovery, asked } = served(aggregated);
  return run(Effect.gen(function* () {
    yield* Effect.forEach(Array.from({ length: 20 }), () => discovery.resource(deployment), { concurrency: 20 });
    assert.deepEqual(asked.sort(), ["/api", "/apis"]);
  }));
});

test("an unknown kind is asked for by its group and version, at most each five seconds", () => {
  const { discovery, asked, answers } = served({ ...aggregated });
  return run(Effect.gen(function* () {
    const look = Effect.map(Effect.flip(discovery.resource(web)), ({ message }) => message);
    for (let n = 0; n < 3; n++) {
      assert.equal(yield* look, 'no matches for kind "Web" in version "example.com/v1"');
    }
    assert.deepEqual(asked.slice(2), ["/apis/example.com/v1"]);
    answers["/apis/example.com/v1"] = {
      groupVersion: "example.com/v1",
      resources: [{ name: "webs", kind: "Web", namespaced: true }],
    };
    yield* TestClock.adjust("5 seconds");
    assert.equal((yield* discovery.resource(web)).plural, "webs");
    yield* discovery.resource(web);
    assert.deepEqual(asked.slice(2), ["/apis/example.com/v1", "/apis/example.com/v1"]);
    assert.ok((yield* discovery.versions).apiVersions.includes("example.com/v1/Web"));
  }));
});

test("after invalidate everything is asked anew, unknown kinds too", () => {
  const { discovery, asked } = served(aggregated);
  return run(Effect.gen(function* () {
    yield* Effect.flip(discovery.resource(web));
    yield* discovery.invalidate;
    yield* Effect.flip(discovery.resource(web));
    assert.deepEqual(asked, ["/api", "/apis", "/apis/example.com/v1", "/api", "/apis", "/apis/example.com/v1"]);
  }));
});

test("versions older than five minutes are asked for by ETag; kinds that are known never are", () => {
  const { discovery, asked } = served(aggregated);
  return run(Effect.gen(function* () {
    const before = yield* discovery.versions;
    yield* TestClock.adjust("6 minutes");
    yield* discovery.resource(deployment);
    assert.deepEqual(asked, ["/api", "/apis", "/version"]);
    assert.deepEqual(yield* discovery.versions, before);
    assert.deepEqual(asked.slice(3), ["/api again", "/apis again"]);
  }));
});

test("a server behind an APIService that is away for a while takes nothing from the versions", () => {
  const metrics = kindOf("metrics.k8s.io", "v1beta1", "PodMetrics");
  const withMetrics = structuredClone(aggregated);
  withMetrics["/apis"].items[1].versions = [{
    version: "v1beta1",
    freshness: "Current",
    resources: [{ resource: "pods", scope: "Namespaced", responseKind: metrics, verbs: ["get"] }],
  }] as never;
  const { discovery, answers } = served({ ...withMetrics });
  return run(Effect.gen(function* () {
    const before = yield* discovery.versions;
    assert.ok(before.apiVersions.includes("metrics.k8s.io/v1beta1/PodMetrics"));
    Object.assign(answers, aggregated);
    yield* TestClock.adjust("6 minutes");
    assert.deepEqual(yield* discovery.versions, before);
  }));
});

test("a failure is nobody's knowledge: the next question asks again", () => {
  const { discovery, answers } = served({ ...aggregated, "/apis": new Error("refused") });
  return run(Effect.gen(function* () {
    assert.equal((yield* Effect.flip(discovery.resource(deployment)))._tag, "ConnectionError");
    Object.assign(answers, aggregated);
    assert.equal((yield* discovery.resource(deployment)).plural, "deployments");
  }));
});
