import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ReleaseNotFound } from "../../src/release/failure.ts";
import { configMapTemplate } from "./charts.ts";
import { type Accident, Crash, type Moment, troubles } from "./crash.ts";
import { type Fixture, startForEachTest } from "./fixture.ts";

const start = startForEachTest();

const hook = (name: string, events: string) =>
  configMapTemplate(name, "x: text", `{helm.sh/hook: "${events}", helm.sh/hook-delete-policy: before-hook-creation}`);
const chart = {
  "templates/a.yaml": configMapTemplate("a", "value: {{ .Values.value | quote }}"),
  "templates/random.yaml": configMapTemplate("random", "value: {{ uuidv4 }}"),
  "templates/b.yaml": "{{ if .Values.more }}" + configMapTemplate("b", "x: text") + "{{ end }}",
  "templates/pre.yaml": hook("pre", "pre-install,pre-upgrade"),
  "templates/post.yaml": hook("post", "post-install,post-upgrade"),
  "templates/delete.yaml": hook("delete", "pre-delete"),
  "templates/bad.yaml":
    "{{ if .Values.bad }}\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 99999}]}\n{{ end }}",
};

const objectNames = async (release: Fixture) =>
  (await release.api.list("v1", "ConfigMap", release.namespace))
    .map(({ metadata }) => metadata.name).filter((name) => name.startsWith("web-")).sort();

/** Reconciles until nothing is left to do. */
async function converge(release: Fixture): Promise<void> {
  for (let n = 0; n < 4; n++) {
    if (await release.reconcile() === "repaired 0") return;
  }
  assert.fail("it does not come to rest");
}

async function assertHealthy(release: Fixture): Promise<void> {
  const history = await release.history();
  assert.deepEqual(history.map(({ version }) => version), history.map((_, index) => index + 1), "no gap");
  assert.deepEqual(
    history.filter(({ info }) => info.status !== "superseded" && info.status !== "failed").map(({ info }) =>
      info.status
    ),
    ["deployed"],
  );
  assert.equal(history.at(-1)?.info.status, "deployed");
}

/**
 * Runs `act` again and again, with a crash at the first request, at the second, and so on until it gets through, and
 * `check` after each.
 */
async function crashEverywhere(
  prepare: (release: Fixture) => Promise<void>,
  act: (release: Fixture) => Promise<unknown>,
  check: (release: Fixture, writes: string[]) => Promise<void>,
  accidentAt: (at: number) => Accident = () => "death",
): Promise<void> {
  for (const moment of ["before", "after"] satisfies Moment[]) {
    for (let at = 1;; at++) {
      const crash = new Crash();
      const release = await start(chart, { value: "one", more: true }, { wrap: crash.wrap });
      await prepare(release);
      crash.writes.length = 0;
      crash.arm(at, moment, accidentAt(at));
      const outcome = await act(release).then(() => null, (error) => error);
      const happened = crash.restart();
      const where = `${moment} request ${at}`;
      if (!happened) {
        assert.equal(outcome, null, String(outcome));
        assert.ok(at > 5, `only ${at} requests`);
        break;
      }
      await check(release, crash.writes).catch((error) => {
        throw new Error(`${where}: ${error.message}\n${crash.writes.join("\n")}`, { cause: error });
      });
      await release.close();
    }
  }
}

/** Another kind of trouble at each request. */
const trouble = (at: number) => troubles[at % troubles.length];

const count = (writes: string[], write: string) => writes.filter((other) => other === write).length;
const nothing = () => Promise.resolve();

describe("a crash at every request", () => {
  it("of an install loses nothing, doubles nothing and runs no hook twice", () =>
    crashEverywhere(nothing, (release) => release.reconcile(), async (release, writes) => {
      await converge(release);
      await assertHealthy(release);
      assert.equal((await release.history()).length, 1);
      assert.deepEqual(await objectNames(release), ["web-a", "web-b", "web-post", "web-pre", "web-random"]);
      for (const name of ["pre", "post"]) assert.equal(count(writes, `apply ConfigMap/web-${name}`), 1, name);
    }));

  it("of an upgrade goes on with it", () =>
    crashEverywhere(
      async (release) => {
        await release.reconcile();
        release.setSpec({ value: "two" });
      },
      (release) => release.reconcile(),
      async (release, writes) => {
        await converge(release);
        await assertHealthy(release);
        assert.equal((await release.history()).length, 2);
        assert.equal((await release.configMap("web-a"))!.data.value, "two");
        assert.deepEqual(await objectNames(release), ["web-a", "web-post", "web-pre", "web-random"]);
        for (const name of ["pre", "post"]) assert.equal(count(writes, `apply ConfigMap/web-${name}`), 1, name);
      },
    ));

  it("of a failing upgrade and its rollback ends where it was", () =>
    crashEverywhere(
      async (release) => {
        await release.reconcile();
        release.setSpec({ value: "two", more: true, bad: true });
      },
      async (release) => {
        const manager = await release.manager();
        await release.run(manager.updateRelease()).catch((error) => {
          if (error?._tag !== "ActionError") throw error;
        });
        await release.run(manager.rollBack({ force: true }));
      },
      async (release) => {
        release.setSpec({ value: "one", more: true });
        await converge(release);
        await assertHealthy(release);
        assert.equal((await release.configMap("web-a"))!.data.value, "one");
        assert.deepEqual(await objectNames(release), ["web-a", "web-b", "web-post", "web-pre", "web-random"]);
      },
    ));

  it("of an uninstall leaves no object and no record", () =>
    crashEverywhere(
      async (release) => void (await release.reconcile()),
      async (release) => release.run((await release.fresh()).uninstallRelease),
      async (release, writes) => {
        const manager = await release.fresh();
        await release.run(manager.uninstallRelease).catch((error) =>
          assert.ok(error instanceof ReleaseNotFound, error)
        );
        assert.deepEqual(await release.states(), []);
        assert.deepEqual(await objectNames(release), ["web-delete", "web-post", "web-pre"]);
        assert.equal(count(writes, "apply ConfigMap/web-delete"), 1);
      },
    ));

  it("of an install whose custom resource changes meanwhile ends with the change", () =>
    crashEverywhere(nothing, (release) => release.reconcile(), async (release) => {
      release.setSpec({ value: "changed" });
      await converge(release);
      await assertHealthy(release);
      assert.equal((await release.configMap("web-a"))!.data.value, "changed");
      assert.deepEqual(await objectNames(release), ["web-a", "web-post", "web-pre", "web-random"]);
    }));
});

describe("trouble with the API server at every request", () => {
  it("of an install is got over without uninstalling, and no hook runs twice", () =>
    crashEverywhere(nothing, (release) => release.reconcile(), async (release, writes) => {
      await converge(release);
      await assertHealthy(release);
      assert.equal((await release.history()).length, 1);
      assert.deepEqual(await objectNames(release), ["web-a", "web-b", "web-post", "web-pre", "web-random"]);
      assert.equal(count(writes, "apply ConfigMap/web-delete"), 0);
      for (const name of ["pre", "post"]) assert.equal(count(writes, `apply ConfigMap/web-${name}`), 1, name);
    }, trouble));

  it("of an upgrade is got over in the same revision", () =>
    crashEverywhere(
      async (release) => {
        await release.reconcile();
        release.setSpec({ value: "two" });
      },
      async (release) => {
        const manager = await release.manager();
        await release.run(manager.updateRelease()).catch(async (error) => {
          await release.run(manager.rollBack({ force: true }));
          throw error;
        });
      },
      async (release, writes) => {
        await converge(release);
        await assertHealthy(release);
        assert.equal((await release.history()).length, 2);
        assert.deepEqual(await objectNames(release), ["web-a", "web-post", "web-pre", "web-random"]);
        for (const name of ["pre", "post"]) assert.equal(count(writes, `apply ConfigMap/web-${name}`), 1, name);
      },
      trouble,
    ));

  it("of an uninstall is got over", () =>
    crashEverywhere(
      async (release) => void (await release.reconcile()),
      async (release) => release.run((await release.fresh()).uninstallRelease),
      async (release) => {
        const manager = await release.fresh();
        await release.run(manager.uninstallRelease).catch((error) =>
          assert.ok(error instanceof ReleaseNotFound, error)
        );
        assert.deepEqual(await release.states(), []);
        assert.deepEqual(await objectNames(release), ["web-delete", "web-post", "web-pre"]);
      },
      trouble,
    ));
});
