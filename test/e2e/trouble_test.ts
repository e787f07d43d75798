// An API server in trouble: what the operator does when requests fail, one kind of trouble after the other. By default
// every seventh request of an action meets one; with HELMWRIGHT_CHAOS=all each request meets each, which takes an hour.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../cluster/api.ts";
import { signServer } from "../cluster/certificates.ts";
import { answer, cut, cutAfter, delay, fallSilent, halfClose, watchError } from "../cluster/faults.ts";
import type { Fault, ProxiedRequest } from "../cluster/proxy.ts";
import { sharedControlPlane } from "../cluster/shared.ts";
import { Chaos } from "./chaos.ts";

const isComplete = process.env.HELMWRIGHT_CHAOS === "all";

const template = (name: string, events = "") =>
  `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-${name}
  annotations: {${events === "" ? "" : `helm.sh/hook: "${events}"`}}
data: {value: {{ .Values.value | quote }}}
`;
const chart = {
  "templates/a.yaml": template("a"),
  "templates/b.yaml": template("b"),
  "templates/pre.yaml": template("pre", "pre-install,pre-upgrade"),
  "templates/delete.yaml": template("delete", "pre-delete"),
};

/** What passes by itself, and what refuses one request for good. */
const troubles: ReadonlyArray<readonly [string, Fault]> = [
  ["409", answer(409)],
  ["a cut before", cut()],
  ["422", answer(422)],
  ["500", answer(500, { message: "etcdserver: leader changed" })],
  ["a cut after", cutAfter()],
  ["429", answer(429, { retryAfter: 1 })],
  ["503", answer(503)],
  ["403", answer(403)],
  ["a slow answer", delay(2_000)],
  ["500 of the request's own", answer(500)],
  ["503 with Retry-After", answer(503, { retryAfter: 1 })],
  ["410", answer(410)],
  ...(isComplete ? [["a half-closed answer", halfClose()] as const] : []),
];

let chaos: Chaos;
before(async () => {
  chaos = await Chaos.start(await sharedControlPlane(), { chart });
});
after(() => chaos.stop());

const value = async (name: string, object = "a") => (await chaos.data(`${name}-${object}`))?.value;

async function assertDeployed(name: string, wanted: string): Promise<void> {
  assert.deepEqual(await chaos.conditions(name), ["Deployed", "Initialized", "Ready"]);
  assert.equal((await chaos.assertWhole(name)).at(-1)!.status, "deployed");
  assert.deepEqual([await value(name), await value(name, "b")], [wanted, wanted]);
  // An install that failed has been uninstalled, and such a hook's object stays.
  const objects = await chaos.objects(name);
  assert.deepEqual(objects.filter((each) => each !== "delete"), ["a", "b", "pre"]);
}

type Round = (n: number, fault: Fault) => Promise<{ happened: boolean; requests: number }>;

/** Runs rounds with trouble at one request after the other. All failures are told at the end. */
async function everywhere(leastRequests: number, round: Round): Promise<void> {
  const failures: string[] = [];
  const counts: number[] = [];
  for (let shift = 0; shift < (isComplete ? troubles.length : 1); shift++) {
    for (let [n, turn] = [1, shift]; failures.length < 5; n += isComplete ? 1 : 7, turn++) {
      const [name, fault] = troubles[turn % troubles.length];
      try {
        const { happened, requests } = await round(n, fault);
        counts.push(requests);
        if (happened) continue;
        assert.ok(n > leastRequests, `only ${n - 1} requests`);
        // The last round is the calm one.
        assert.ok(Math.max(...counts) <= 5 * requests, `${counts} requests`);
        if (isComplete) console.log(`trouble at each of ${n - 1} requests, beginning with ${name}`);
        break;
      } catch (error) {
        const requests = chaos.proxy.requests.map(({ method, path, status }) => `${method} ${path} ${status ?? "-"}`);
        failures.push([`${name} at ${n}: ${(error as Error).message}`, ...requests, chaos.output].join("\n"));
      }
    }
  }
  assert.deepEqual(failures, [], failures.join("\n\n"));
}

describe("trouble with a request", () => {
  it("of an install or an uninstall is got over", async () => {
    let rounds = 0;
    await everywhere(10, async (n, fault) => {
      const name = `install-${++rounds}`;
      const { namespace, kind } = chaos;
      const installing = await chaos.troubleAt(
        n,
        fault,
        () => kind.create(namespace, name, { value: "1" }),
        () => assertDeployed(name, "1"),
      );
      const uninstalling = await chaos.troubleAt(n, fault, () => kind.delete(namespace, name), async () => {
        assert.equal(await kind.get(namespace, name), undefined);
        assert.deepEqual(await chaos.history(name), []);
        for (const object of ["a", "b"]) assert.equal(await value(name, object), undefined);
      });
      return {
        happened: installing.happened || uninstalling.happened,
        requests: installing.requests + uninstalling.requests,
      };
    });
  });

  it("of an upgrade is got over", async () => {
    const { namespace, kind } = chaos;
    await kind.create(namespace, "upgrade", { value: "0" });
    await kind.waitForCondition(namespace, "upgrade", "Ready");
    let rounds = 0;
    await everywhere(10, (n, fault) => {
      const value = String(++rounds);
      return chaos.troubleAt(
        n,
        fault,
        () => kind.change(namespace, "upgrade", { spec: { value } }),
        () => assertDeployed("upgrade", value),
      );
    });
  });

  it("of a repair is got over", async () => {
    const { namespace, kind, cluster: { api } } = chaos;
    let rounds = 0;
    await everywhere(2, async (n, fault) => {
      // Another release each time: what drifts again and again is mended ever more slowly.
      const name = `repair-${++rounds}`;
      await kind.create(namespace, name, { value: "0" });
      await kind.waitForCondition(namespace, name, "Ready");
      const reference = (object: string) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        namespace,
        name: `${name}-${object}`,
      });
      return await chaos.troubleAt(n, fault, async () => {
        await api.delete(reference("b"));
        await api.patch(reference("a"), { data: { value: "x" } });
      }, () => assertDeployed(name, "0"));
    });
  });
});

/** Every request of these has trouble for a while; then it must be over, with few requests meanwhile. */
async function lasting(name: string, fault: Fault, isMet: (request: ProxiedRequest) => boolean): Promise<number> {
  const { namespace, kind, proxy } = chaos;
  // A watch that failed is asked ever more slowly, until it tells of something.
  await kind.create(namespace, `before-${name}`, { value: "1" });
  await kind.waitForCondition(namespace, `before-${name}`, "Ready", undefined, { timeoutMs: 60_000 });
  await chaos.quiet();
  proxy.reset();
  const heal = proxy.inject({ when: isMet, times: Infinity, fault });
  proxy.cutAll();
  await kind.create(namespace, name, { value: "1" });
  await sleep(3_000);
  const met = proxy.requests.filter(isMet).length;
  heal();
  await waitFor(`${name} to be deployed`, async () => (await assertDeployed(name, "1"), true), { timeoutMs: 60_000 });
  return met;
}

describe("trouble of the API server's own", () => {
  const passing = ["a cut before", "500", ...(isComplete ? ["a cut after", "429", "503"] : [])];
  for (const [name, fault] of troubles.filter(([name]) => passing.includes(name))) {
    it(`uses up no try, and nothing is undone: ${name}`, async () => {
      const { namespace, kind, proxy } = chaos;
      const release = `own-${name.replaceAll(" ", "-")}`;
      const isMet = ({ method, path }: ProxiedRequest) => method === "PATCH" && path.endsWith(`/${release}-b`);
      for (const value of ["1", "2"]) {
        await chaos.quiet();
        proxy.reset();
        // A request that was turned away with Retry-After is sent four times more.
        const heal = proxy.inject({ when: isMet, times: name === "429" ? 6 : 2, fault });
        if (value === "1") {
          const annotations = { "helmwright.dev/remediation": "uninstall", "helmwright.dev/remediation-retries": "0" };
          await kind.create(namespace, release, { value }, { annotations });
        } else await kind.change(namespace, release, { spec: { value } });
        const released = async () => (await assertDeployed(release, value), true);
        await waitFor("the release", released, { timeoutMs: 60_000 });
        heal();
        const { length } = await chaos.assertWhole(release);
        assert.equal(length, Number(value));
        assert.equal(chaos.applied(`${release}-pre`), 1);
      }
    });
  }
});

describe("trouble that lasts", () => {
  const ofRequests = troubles.filter(([name]) => !/slow|half-closed/.test(name));
  for (const [name, fault] of isComplete ? ofRequests : ofRequests.slice(1, 3)) {
    it(`does not make the operator ask without a pause: ${name}`, async () => {
      const release = `lasting-${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
      // The operator may ask a cut request again by itself, a few times each.
      const met = await lasting(release, fault, ({ isWatch, path }) => !isWatch && path.endsWith(`/${release}`));
      assert.ok(met >= 1 && met <= 40, `${met} requests in 3 s`);
    });
  }

  const ofWatches: ReadonlyArray<readonly [string, Fault]> = [
    ["410", watchError(410)],
    ["500", watchError(500)],
    ["429", answer(429, { retryAfter: 1 })],
    ["503", answer(503)],
    ["a cut", cut()],
  ];
  for (const [name, fault] of isComplete ? ofWatches : ofWatches.slice(0, 1)) {
    it(`with watches does not make the operator ask without a pause: ${name}`, async () => {
      const release = `watching-${name.replaceAll(" ", "-")}`;
      const isMet = ({ isWatch, path }: ProxiedRequest) => isWatch && path.endsWith("/probes");
      const met = await lasting(release, fault, isMet);
      assert.ok(met >= 2 && met <= 10, `${met} watches in 3 s`);
      const lists = chaos.proxy.requests.filter(({ isWatch, path, query }) =>
        !isWatch && path.endsWith("/probes") && query.has("limit")
      ).length;
      assert.ok(lists <= 10, `${lists} lists`);
    });
  }

  it("with the API server's certificate is over when there is a new one", async () => {
    const { namespace, kind, proxy, cluster: { authority } } = chaos;
    const sign = (validMs?: number) => signServer(authority, "fault-proxy", ["localhost"], ["127.0.0.1"], validMs);
    // A new process: an old one could resume its TLS sessions, in which no certificate is shown.
    await chaos.kill();
    await proxy.present(await sign(-60_000));
    await kind.create(namespace, "certificate", { value: "1" });
    await chaos.boot({ startOnly: true });
    await waitFor("the refusal of the certificate", () => /certificate.*expired|CERT_HAS_EXPIRED/i.test(chaos.output));
    await proxy.present(await sign());
    await waitFor("the release", async () => (await assertDeployed("certificate", "1"), true), { timeoutMs: 60_000 });
  });

  if (isComplete) {
    it("with a watch that falls silent is noticed", async () => {
      const { namespace, kind, proxy } = chaos;
      await chaos.quiet();
      proxy.inject({ when: ({ isWatch, path }) => isWatch && path.endsWith("/probes"), fault: fallSilent() });
      proxy.cutAll();
      await sleep(2_000);
      await kind.create(namespace, "silence", { value: "1" });
      await waitFor("the release", async () => (await assertDeployed("silence", "1"), true), { timeoutMs: 240_000 });
    });
  }
});
