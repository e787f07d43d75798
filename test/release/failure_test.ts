import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { configMapTemplate, hookTemplate } from "./charts.ts";
import { type Fixture, startForEachTest } from "./fixture.ts";

const start = startForEachTest();

/** A chart that cannot be applied when `bad` is set: the API server takes no number as data. */
const fragile = {
  "templates/a.yaml": configMapTemplate("a", "value: {{ .Values.value | quote }}"),
  "templates/b.yaml": "{{ if .Values.bad }}" + configMapTemplate("b", "x: text") + "{{ end }}",
  "templates/c.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n" +
    "spec:\n  ports: [{port: {{ if .Values.bad }}99999{{ else }}80{{ end }}}]\n",
};

/** What the reconciler does with an upgrade that fails. */
async function failAndRollBack(release: Fixture): Promise<string> {
  const manager = await release.manager();
  assert.equal(manager.isUpdateRequired(), true);
  const error = await release.run(manager.updateRelease()).then(() => null, (reason: Error) => reason);
  assert.notEqual(error, null);
  await release.run(manager.rollBack({ force: true }));
  return error!.message;
}

describe("a failed upgrade", () => {
  it("names the object and the reason, and is rolled back as Helm does", async () => {
    const release = await start(fragile, { value: "one" });
    await release.reconcile();
    release.setSpec({ value: "two", bad: true });
    assert.match(
      await failAndRollBack(release),
      /^upgrade failed: .*Service "web" is invalid: \[spec\.ports\[0\]\.port/,
    );
    const [first, second, third] = await release.states();
    assert.equal(first, "1 superseded: Install complete");
    assert.match(
      second,
      /^2 failed: Upgrade "web" failed: server-side apply failed for object .*\/web v1, Kind=Service/,
    );
    assert.equal(third, "3 deployed: Rollback to 1");
    assert.equal((await release.configMap("web-a"))!.data.value, "one");
    assert.equal(await release.configMap("web-b"), undefined);
    release.setSpec({ value: "one" });
    assert.equal(await release.reconcile(), "repaired 0");
  });

  it("does not fill the history when it is tried again and again", async () => {
    const release = await start(fragile, { value: "one" });
    await release.reconcile();
    release.setSpec({ value: "two", bad: true });
    for (let n = 0; n < 5; n++) await failAndRollBack(release);
    assert.deepEqual((await release.states()).map((line) => line.split(":")[0]), [
      "1 superseded",
      "2 failed",
      "3 deployed",
      "4 failed",
    ]);
    assert.equal((await release.history())[3].helmwright?.attempts, 5);
    assert.equal((await release.configMap("web-a"))!.data.value, "one");
    release.setSpec({ value: "one" });
    assert.equal(await release.reconcile(), "repaired 0");
    release.setSpec({ value: "three" });
    assert.equal(await release.reconcile(), "updated");
    assert.deepEqual((await release.states()).slice(2), [
      "3 superseded: Rollback to 1",
      (await release.states())[3],
      "5 deployed: Upgrade complete",
    ]);
  });

  it("that is not rolled back leaves nothing behind when the next one succeeds", async () => {
    const release = await start(fragile, { value: "one" });
    await release.reconcile();
    release.setSpec({ value: "two", bad: true });
    await assert.rejects(release.reconcile());
    assert.notEqual(await release.configMap("web-b"), undefined);
    release.setSpec({ value: "one" });
    assert.equal(await release.reconcile(), "updated");
    assert.equal(await release.configMap("web-b"), undefined);
    assert.equal((await release.configMap("web-a"))!.data.value, "one");
  });

  it("can be told from other tries, before it is rolled back and after", async () => {
    const release = await start(fragile, { value: "one" });
    const failedTry = async () => release.run((await release.fresh()).failedTry);
    assert.equal(await failedTry(), null);
    await release.reconcile();
    assert.equal(await failedTry(), null);
    release.setSpec({ value: "two", bad: true });
    const began: string[] = [];
    for (let n = 0; n < 3; n++) {
      await assert.rejects(release.reconcile());
      const tried = await failedTry();
      began.push(tried!.began);
      assert.equal(tried!.isOfGeneration, true);
      await release.run((await release.manager()).rollBack());
    }
    assert.equal(new Set(began).size, 3);
    // The first rollback made a revision, the others none.
    assert.deepEqual((await failedTry())?.began, began[2]);
    release.cr.metadata.generation!++;
    assert.equal((await failedTry())?.isOfGeneration, false);
    release.setSpec({ value: "three" });
    assert.equal(await failedTry(), null);
  });

  it("before anything was recorded needs no rollback", async () => {
    const release = await start({ ...fragile, "templates/d.yaml": '{{ if .Values.bad }}{{ fail "no" }}{{ end }}' });
    await release.reconcile();
    release.setSpec({ bad: true });
    const manager = await release.fresh();
    await assert.rejects(release.run(manager.sync), /no/);
    assert.equal(await release.run(manager.rollBack()), null);
    assert.deepEqual(await release.states(), ["1 deployed: Install complete"]);
  });

  it("runs the hooks of the rollback", async () => {
    const release = await start({ ...fragile, "templates/h.yaml": hookTemplate("undo", "pre-rollback") });
    await release.reconcile();
    release.setSpec({ bad: true });
    await failAndRollBack(release);
    const [job] = await release.api.list("batch/v1", "Job", release.namespace);
    assert.equal(job.metadata.name, "web-undo");
    assert.equal((await release.history())[2].hooks?.[0].last_run.phase, "Succeeded");
  });
});

describe("a failed install", () => {
  it("is uninstalled, and tried again from the first revision", async () => {
    const release = await start(fragile, { bad: true });
    for (let n = 0; n < 2; n++) {
      await assert.rejects(release.reconcile(), /^ActionError: failed to install release: server-side apply failed/);
      assert.deepEqual(await release.states(), []);
      assert.equal(await release.configMap("web-b"), undefined);
    }
    release.setSpec({});
    assert.equal(await release.reconcile(), "installed");
    assert.deepEqual(await release.states(), ["1 deployed: Install complete"]);
  });

  it("that is kept is followed by another one, which takes over what it left", async () => {
    const release = await start(fragile, { bad: true }, { keepFailedInstall: true });
    await assert.rejects(release.reconcile());
    assert.notEqual(await release.configMap("web-b"), undefined);
    release.setSpec({ value: "good" });
    assert.equal(await release.reconcile(), "installed");
    assert.deepEqual((await release.states()).map((line) => line.split(":")[0]), ["1 failed", "2 deployed"]);
    assert.equal(await release.configMap("web-b"), undefined);
  });
});

describe("an object that cannot be changed", () => {
  const chart = {
    "templates/s.yaml": "apiVersion: v1\nkind: Secret\nimmutable: true\nmetadata:\n  name: {{ .Release.Name }}\n" +
      "stringData:\n  value: {{ .Values.value }}\n",
  };
  const secret = (release: Fixture) =>
    release.api.get({ apiVersion: "v1", kind: "Secret", namespace: release.namespace, name: "web" });

  it("fails an upgrade", async () => {
    const release = await start(chart, { value: "one" });
    await release.reconcile();
    release.setSpec({ value: "two" });
    await assert.rejects(release.reconcile(), /field is immutable when `immutable` is set/);
  });

  it("is made anew by force", async () => {
    const release = await start(chart, { value: "one" });
    await release.reconcile();
    const before = await secret(release);
    release.setSpec({ value: "two" });
    const manager = await release.manager();
    await release.run(manager.updateRelease({ force: true }));
    const after = await secret(release);
    assert.notEqual(after?.metadata.uid, before?.metadata.uid);
    assert.equal(atob(after?.data.value), "two");
  });
});

describe("a Secret that is refused", () => {
  const refused: [string, string][] = [
    ["of the wrong type", "stringData: {password: {{ .Values.password }}}"],
    ["with a bad key", 'stringData: {"not a key": {{ .Values.password | quote }}}'],
    ["without base64", "data: {password: {{ .Values.password | quote }}}"],
  ];
  for (const [what, data] of refused) {
    it(`${what} is named, and its value is not`, async () => {
      const template = `apiVersion: v1\nkind: Secret\nmetadata: {name: web}\n${data}\n`;
      const release = await start({ "templates/s.yaml": template }, { password: 8675309 }, {
        keepFailedInstall: true,
      });
      const error = await release.reconcile().then(() => null, (reason) => reason);
      assert.match(error.message, /Secret/);
      const [{ info }] = await release.history();
      assert.equal(info.status, "failed");
      for (const text of [error.message, String(error.stack), String(error.cause?.message), info.description]) {
        assert.ok(!text!.includes("8675309"), text);
      }
    });
  }
});
