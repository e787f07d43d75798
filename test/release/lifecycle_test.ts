import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { ReleaseOptions } from "../../src/release/options.ts";
import { type Fixture, startFixture } from "./fixture.ts";

const open: Fixture[] = [];
afterEach(async () => {
  for (const fixture of open.splice(0)) await fixture.close();
});

async function start(files: Record<string, string>, spec: Record<string, unknown>, options?: ReleaseOptions) {
  const fixture = await startFixture(
    { "Chart.yaml": "apiVersion: v2\nname: front\nversion: 1.0.0\n", ...files },
    spec,
    options,
  );
  open.push(fixture);
  return fixture;
}

const configMap = (name: string, data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-${name}\ndata:\n  ${data}\n`;
const plainChart = { "templates/a.yaml": configMap("a", "value: {{ .Values.value | quote }}") };
const refOf = (release: Fixture, name = "web-a") => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  namespace: release.namespace,
  name,
});

describe("a release", () => {
  it("is installed, left alone, upgraded, repaired and uninstalled", async () => {
    const release = await start(plainChart, { value: "one" });
    assert.equal(await release.reconcile(), "installed");
    const installed = (await release.configMap("web-a"))!;
    assert.equal(installed.data.value, "one");
    assert.deepEqual(await release.states(), ["1 deployed: Install complete"]);
    assert.equal(await release.reconcile(), "repaired 0");
    assert.equal((await release.configMap("web-a"))!.metadata.resourceVersion, installed.metadata.resourceVersion);

    release.setSpec({ value: "two" });
    assert.equal(await release.reconcile(), "updated");
    assert.equal((await release.configMap("web-a"))!.data.value, "two");
    assert.deepEqual(await release.states(), ["1 superseded: Install complete", "2 deployed: Upgrade complete"]);

    await release.api.patch(refOf(release), { data: { value: "drift", more: "stays" } });
    assert.equal(await release.reconcile(), "repaired 1");
    assert.deepEqual((await release.configMap("web-a"))!.data, { value: "two", more: "stays" });

    const manager = await release.fresh();
    const gone = await release.run(manager.uninstallRelease);
    assert.equal(gone.info.status, "uninstalled");
    assert.equal(await release.configMap("web-a"), undefined);
    assert.deepEqual(await release.states(), []);
  });
});
