import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Effect } from "effect";
import type { ExecConfig, UserConfig } from "../../src/kube/cluster-config.ts";
import { KubeClient } from "../../src/kube/kube-client.ts";
import { json, localServer, status } from "./local-server.ts";

const folder = mkdtempSync(join(tmpdir(), "helmwright-credentials-"));
after(() => rmSync(folder, { recursive: true }));

const get = Effect.flatMap(
  KubeClient,
  (client) => client.get({ apiVersion: "v1", kind: "ConfigMap", namespace: "web", name: "front" }),
);

/** What the server is told of who asks, when it accepts only what `accepts` says. */
async function authorizations(user: UserConfig, accepts: (header: string | undefined) => boolean, asks: typeof get) {
  const server = await localServer(({ headers }, response) =>
    accepts(headers.authorization)
      ? json(response, 200, { metadata: {} })
      : json(response, 401, status(401, "Unauthorized", "Unauthorized"))
  );
  try {
    const outcome = await server.run(Effect.result(asks), {}, user);
    return { outcome: outcome._tag, headers: server.received.map(({ headers }) => headers), server };
  } finally {
    await server.stop();
  }
}

test("tokens and passwords become the Authorization header, impersonation its own", async () => {
  const seen = async (user: UserConfig) => (await authorizations(user, () => true, get)).headers[0];
  assert.equal((await seen({ token: "t" })).authorization, "Bearer t");
  assert.equal((await seen({ username: "u", password: "p" })).authorization, `Basic ${btoa("u:p")}`);
  assert.equal((await seen({})).authorization, undefined);
  const headers = await seen({ impersonate: { user: "jane", uid: "7", group: "ops" } });
  assert.deepEqual(
    [headers["impersonate-user"], headers["impersonate-uid"], headers["impersonate-group"]],
    ["jane", "7", "ops"],
  );
  assert.equal(headers["user-agent"], "helmwright");
});

test("a token that changed on disk is read again when the old one is refused", async () => {
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, "old\n");
  let valid = "Bearer old";
  const rotate = Effect.sync(() => {
    writeFileSync(tokenFile, "new\n");
    valid = "Bearer new";
  });
  const { outcome, headers } = await authorizations(
    { tokenFile },
    (header) => header === valid,
    Effect.andThen(Effect.andThen(get, rotate), get),
  );
  assert.equal(outcome, "Success");
  assert.deepEqual(headers.map(({ authorization }) => authorization), ["Bearer old", "Bearer old", "Bearer new"]);
});

test("a token that stays refused is an error, after one more try", async () => {
  const { outcome, headers } = await authorizations({ token: "t" }, () => false, get);
  assert.deepEqual([outcome, headers.length], ["Failure", 1]);
  writeFileSync(join(folder, "token"), "t");
  const again = await authorizations({ tokenFile: join(folder, "token") }, () => false, get);
  assert.deepEqual([again.outcome, again.headers.length], ["Failure", 2]);
});

/** An exec plugin of a shell script. */
function plugin(script: string, more: Partial<ExecConfig> = {}): UserConfig {
  const command = join(folder, `plugin-${crypto.randomUUID()}`);
  writeFileSync(command, `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
  const apiVersion = "client.authentication.k8s.io/v1";
  return { exec: { apiVersion, command, args: [], env: {}, provideClusterInfo: false, ...more } };
}

const printing = (status: string) => `echo '{"kind":"ExecCredential","status":${status}}'`;

test("an exec plugin's token is used until it expires", async () => {
  const count = join(folder, "count");
  const lasting = plugin(
    `echo x >> ${count}; ${printing('{"token":"t","expirationTimestamp":"2999-01-01T00:00:00Z"}')}`,
  );
  const { headers } = await authorizations(lasting, () => true, Effect.andThen(get, get));
  assert.deepEqual(headers.map(({ authorization }) => authorization), ["Bearer t", "Bearer t"]);
  assert.equal(readFileSync(count, "utf8"), "x\n");

  rmSync(count);
  const expired = plugin(
    `echo x >> ${count}; ${printing('{"token":"t","expirationTimestamp":"2001-01-01T00:00:00Z"}')}`,
  );
  await authorizations(expired, () => true, get);
  assert.ok(readFileSync(count, "utf8").length > 2);
});

test("an exec plugin runs again when its token is refused", async () => {
  const count = join(folder, "refused");
  writeFileSync(count, "");
  const user = plugin(`echo x >> ${count}; n=$(wc -l < ${count}); echo '{"status":{"token":"'$n'"}}'`);
  const { outcome, headers } = await authorizations(user, (header) => header === "Bearer 2", get);
  assert.deepEqual([outcome, headers.map(({ authorization }) => authorization)], ["Success", ["Bearer 1", "Bearer 2"]]);
});

test("an exec plugin finds its arguments, environment and KUBERNETES_EXEC_INFO", async () => {
  const out = join(folder, "told");
  const user = plugin(`echo "$1 $COLOR $KUBERNETES_EXEC_INFO" > ${out}; ${printing('{"token":"t"}')}`, {
    args: ["--go"],
    env: { COLOR: "red" },
    provideClusterInfo: true,
  });
  const { server } = await authorizations(user, () => true, get);
  const [, argument, color, info] = /^(\S+) (\S+) (.*)$/m.exec(readFileSync(out, "utf8"))!;
  assert.deepEqual([argument, color, JSON.parse(info)], ["--go", "red", {
    kind: "ExecCredential",
    apiVersion: "client.authentication.k8s.io/v1",
    spec: { interactive: false, cluster: { server: server.url, config: null } },
  }]);
});

const broken: [why: string, user: () => UserConfig, message: RegExp][] = [
  ["fails", () => plugin("echo 'not logged in' >&2; exit 3"), /getting credentials: exec: ".*": not logged in/],
  ["prints no JSON", () => plugin("echo secret-token"), /did not print an ExecCredential as JSON$/],
  ["prints no credential", () => plugin(printing("{}")), /printed no status.token and no status.clientCertificateData/],
  [
    "is missing",
    () => ({
      exec: {
        apiVersion: "client.authentication.k8s.io/v1",
        command: "/nowhere/login",
        args: [],
        env: {},
        installHint: "Get it from its page.",
        provideClusterInfo: false,
      },
    }),
    /exec: "\/nowhere\/login": there is no such program\n\nGet it from its page\.$/,
  ],
];

for (const [why, user, message] of broken) {
  test(`an exec plugin that ${why} is said clearly`, async () => {
    const server = await localServer((_, response) => json(response, 200, {}));
    const write = Effect.flatMap(KubeClient, (client) => client.versions);
    const error = await server.run(Effect.flip(write), {}, user());
    await server.stop();
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /secret-token/);
  });
}

test("an old auth-provider still works", async () => {
  const claims = btoa(JSON.stringify({ exp: 32503680000 })).replaceAll("=", "");
  const token = `${btoa('{"alg":"none"}').replaceAll("=", "")}.${claims}.x`;
  const user = { authProvider: { name: "oidc", config: { "id-token": token, "client-id": "c" } } };
  const { outcome, headers } = await authorizations(user, () => true, get);
  assert.deepEqual([outcome, headers[0]?.authorization], ["Success", `Bearer ${token}`]);
});
