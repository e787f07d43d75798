import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { configMapTemplate } from "./charts.ts";
import { type Fixture, startForEachTest } from "./fixture.ts";

const start = startForEachTest();

async function settles(release: Fixture, revisions: number) {
  for (let n = 0; n < 10; n++) assert.equal(await release.reconcile(), "repaired 0");
  assert.equal((await release.states()).length, revisions);
}

describe("a chart with random values", () => {
  const random = {
    "templates/r.yaml": configMapTemplate(
      "random",
      'password: {{ randAlphaNum 20 }}\n  id: {{ uuidv4 }}\n  now: {{ now | quote }}\n  revision: "{{ .Release.Revision }}"',
    ),
  };

  it("keeps them until its inputs change", async () => {
    const release = await start(random, { value: "one" });
    await release.reconcile();
    const before = (await release.configMap("web-random"))!.data;
    await settles(release, 1);
    assert.deepEqual((await release.configMap("web-random"))!.data, before);
    release.setSpec({ value: "two" });
    assert.equal(await release.reconcile(), "updated");
    assert.notDeepEqual((await release.configMap("web-random"))!.data, before);
    await settles(release, 2);
  });

  it("may keep its own password by lookup", async () => {
    const release = await start({
      ...random,
      "templates/s.yaml": `{{- $old := lookup "v1" "Secret" .Release.Namespace "web-secret" }}
apiVersion: v1
kind: Secret
metadata: {name: web-secret}
data:
  password: {{ if $old }}{{ $old.data.password }}{{ else }}{{ randAlphaNum 12 | b64enc }}{{ end }}
`,
    });
    const secret = () =>
      release.api.get({ apiVersion: "v1", kind: "Secret", namespace: release.namespace, name: "web-secret" });
    await release.reconcile();
    const password = (await secret())!.data.password;
    await settles(release, 1);
    release.setSpec({ value: "two" });
    assert.equal(await release.reconcile(), "updated");
    assert.equal((await secret())!.data.password, password);
    await settles(release, 2);
  });
});

describe("a chart that looks up another's object", () => {
  it("follows it", async () => {
    const release = await start({
      "templates/l.yaml": configMapTemplate(
        "copy",
        'seen: {{ (lookup "v1" "ConfigMap" .Release.Namespace "foreign").data | toJson | quote }}\n' +
          '  count: {{ len (lookup "v1" "ConfigMap" .Release.Namespace "").items | quote }}',
      ),
    });
    const reference = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "foreign", namespace: release.namespace },
    };
    await release.reconcile();
    assert.equal((await release.configMap("web-copy"))!.data.seen, "null");
    await settles(release, 1);
    await release.api.create({ ...reference, data: { a: "1" } });
    assert.equal(await release.reconcile(), "updated");
    assert.equal((await release.configMap("web-copy"))!.data.seen, '{"a":"1"}');
    await settles(release, 2);
    await release.api.apply({ ...reference, data: { a: "2" } });
    assert.equal(await release.reconcile(), "updated");
    await settles(release, 3);
  });

  it("says when its kind is not served", async () => {
    const release = await start({ "templates/l.yaml": '{{ lookup "example.com/v9" "Nothing" "" "" }}' });
    await assert.rejects(release.reconcile(), /no matches for kind "Nothing" in version "example.com\/v9"/);
  });
});

describe("replicas", () => {
  const chart = {
    "templates/d.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "example.com/x:{{ .Values.tag }}"}]}
`,
    "templates/h.yaml": `{{ if .Values.autoscaling }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 9
{{ end }}`,
  };
  const reference = (release: Fixture) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    namespace: release.namespace,
    name: "web",
  });
  const replicas = async (release: Fixture) => (await release.api.get(reference(release)))!.spec.replicas;
  const scale = (release: Fixture) => release.api.patch(reference(release), { spec: { replicas: 5 } }, "scale");

  it("that an autoscaler set stay, until it is gone", async () => {
    const release = await start(chart, { replicas: 1, tag: 1, autoscaling: true });
    await release.reconcile();
    await scale(release);
    assert.equal(await release.reconcile(), "repaired 0");
    release.setSpec({ replicas: 1, tag: 2, autoscaling: true });
    assert.equal(await release.reconcile(), "updated");
    assert.equal(await replicas(release), 5);
    release.setSpec({ replicas: 1, tag: 2, autoscaling: false });
    await release.reconcile();
    await release.reconcile();
    assert.equal(await replicas(release), 1);
  });

  it("that a person set are put back", async () => {
    const release = await start(chart, { replicas: 1, tag: 1 });
    await release.reconcile();
    await scale(release);
    assert.equal(await release.reconcile(), "repaired 1");
    assert.equal(await replicas(release), 1);
  });
});

describe("waiting", () => {
  const pod = (outcome: string) => ({
    "templates/d.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}, annotations: {helmwright.test/outcome: "${outcome}"}}
    spec: {containers: [{name: main, image: example.com/x}]}
`,
  });

  it("holds an install until its objects are ready", async () => {
    const release = await start(pod(""), {}, { wait: "watcher" });
    assert.equal(await release.reconcile(), "installed");
    const deployment = await release.api.get({
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: release.namespace,
      name: "web",
    });
    assert.equal(deployment?.status.availableReplicas, 1);
  });

  it("fails an install whose objects are not ready in time, and says which and why", async () => {
    const release = await start(pod("never-ready"), {}, { wait: "watcher", timeout: 2_000 });
    await assert.rejects(release.reconcile(), /resource Deployment\/.*\/web not ready\. status: InProgress, message: /);
  });
});
