import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Effect } from "effect";
import { type ClusterConfigOptions, loadClusterConfig } from "../../src/kube/kubeconfig.ts";

const folder = mkdtempSync(join(tmpdir(), "helmwright-kubeconfig-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const load = (options: ClusterConfigOptions) =>
  Effect.runPromise(loadClusterConfig({ env: { HOME: join(folder, "nobody") }, ...options }));
const failure = (options: ClusterConfigOptions) =>
  Effect.runPromise(
    Effect.map(
      Effect.flip(loadClusterConfig({ env: { HOME: join(folder, "nobody") }, ...options })),
      ({ message }) => message.replaceAll(folder, "."),
    ),
  );

const first = file(
  "one/config",
  `
apiVersion: v1
kind: Config
current-context: dev
contexts:
- {name: dev, context: {cluster: dev, user: dev, namespace: web}}
- {name: prod, context: {cluster: prod, user: prod}}
- {name: nowhere, context: {cluster: missing}}
- {name: bare, context: {cluster: bad, user: dev}}
clusters:
- name: dev
  cluster: {server: "https://dev:6443/", certificate-authority: ca.crt, tls-server-name: api, proxy-url: "http://p:1"}
- name: bad
  cluster: {server: "dev:6443"}
users:
- name: dev
  user: {client-certificate: tls/dev.crt, client-key-data: ${btoa("KEY")}, token: t0ken}
`,
);
const second = file(
  "two/config",
  `
current-context: prod
clusters:
- {name: dev, cluster: {server: "https://other"}}
- {name: prod, cluster: {server: "https://prod", insecure-skip-tls-verify: true}}
users:
- name: prod
  user:
    as: admin
    as-groups: [ops]
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: ./login
      args: [--for, 5]
      env: [{name: A, value: b}]
      installHint: get it
      provideClusterInfo: true
- {name: crowd, user: {as: a, as-groups: [b, c]}}
contexts:
- {name: crowd, context: {cluster: prod, user: crowd}}
`,
);

test("a context's cluster, user and namespace; files are relative to the kubeconfig", async () => {
  const config = JSON.parse(JSON.stringify(await load({ kubeconfig: first })));
  assert.deepEqual(config, {
    context: "dev",
    namespace: "web",
    server: "https://dev:6443",
    ca: { file: join(folder, "one/ca.crt") },
    insecureSkipVerify: false,
    serverName: "api",
    proxyUrl: "http://p:1",
    user: { token: "t0ken", certificate: { file: join(folder, "one/tls/dev.crt") }, key: { data: "KEY" } },
  });
});

test("the files of KUBECONFIG merge, the first to say a thing wins, missing ones do not matter", async () => {
  const env = { KUBECONFIG: ["", join(folder, "none"), first, second].join(":") };
  assert.equal((await load({ env })).server, "https://dev:6443");
  const prod = await load({ env, context: "prod" });
  assert.deepEqual([prod.server, prod.namespace, prod.insecureSkipVerify], ["https://prod", "default", true]);
  assert.deepEqual(prod.user.exec, {
    apiVersion: "client.authentication.k8s.io/v1",
    command: join(folder, "two/login"),
    args: ["--for", "5"],
    env: { A: "b" },
    installHint: "get it",
    provideClusterInfo: true,
  });
  assert.deepEqual({ ...prod.user.impersonate }, { user: "admin", uid: undefined, group: "ops" });
});

test("a kubeconfig as JSON, and the one in the home folder", async () => {
  const contexts = [{ name: "j", context: { cluster: "j" } }];
  const clusters = [{ name: "j", cluster: { server: "http://j:8080" } }];
  file("home/.kube/config", JSON.stringify({ "current-context": "j", contexts, clusters }));
  assert.equal((await load({ env: { HOME: join(folder, "home") } })).server, "http://j:8080");
});

test("a pod's service account, before the home folder's kubeconfig and after KUBECONFIG", async () => {
  const serviceAccountFolder = join(folder, "account");
  file("account/token", "t");
  file("account/namespace", "system\n");
  const env = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443", HOME: join(folder, "home") };
  assert.deepEqual(await load({ env, serviceAccountFolder }), {
    context: "in-cluster",
    namespace: "system",
    server: "https://[fd00::1]:443",
    ca: { file: join(serviceAccountFolder, "ca.crt") },
    user: { tokenFile: join(serviceAccountFolder, "token") },
  });
  assert.equal((await load({ env: { ...env, KUBECONFIG: first }, serviceAccountFolder })).context, "dev");
  assert.equal((await load({ env, serviceAccountFolder, context: "j" })).context, "j");
  assert.equal((await load({ env, serviceAccountFolder: join(folder, "none") })).context, "j");
});

const failures: [why: string, options: () => ClusterConfigOptions, message: RegExp][] = [
  [
    "no configuration at all",
    () => ({}),
    /^Cannot find a cluster as there is no .*config, and this is no pod .*: set KUBECONFIG/,
  ],
  [
    "a named file that is missing",
    () => ({ kubeconfig: join(folder, "none") }),
    /^Cannot read the kubeconfig .\/none: ./,
  ],
  [
    "an unknown context",
    () => ({ kubeconfig: first, context: "x" }),
    /^Cannot use the context "x" as .\/one\/config does not have it: there is dev, prod, nowhere, bare$/,
  ],
  [
    "a cluster that is missing",
    () => ({ kubeconfig: first, context: "nowhere" }),
    /^Cannot use the cluster "missing" as .* there is dev, bad$/,
  ],
  [
    "a server that is no URL",
    () => ({ kubeconfig: first, context: "bare" }),
    /its server must be an http or https URL: it is "dev:6443"$/,
  ],
  [
    "no current context",
    () => ({ kubeconfig: file("empty", "") }),
    /has no current-context: name one with --kube-context$/,
  ],
  ["no YAML", () => ({ kubeconfig: file("broken", "a: [") }), /^Cannot read .\/broken: ./],
  ["no map", () => ({ kubeconfig: file("list", "- a") }), /a kubeconfig must be a map$/],
  ["a list that is none", () => ({ kubeconfig: file("map", "clusters: {a: b}") }), /clusters must be a list$/],
  ["several groups to impersonate", () => ({ kubeconfig: second, context: "crowd" }), /only one of as-groups/],
];

for (const [why, options, message] of failures) {
  test(`${why} is said clearly`, async () => assert.match(await failure(options()), message));
}

chmodSync(folder, 0o700);
