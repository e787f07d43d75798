import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { type KubeObject, waitFor } from "../cluster/api.ts";
import { sharedControlPlane } from "../cluster/shared.ts";
import { readYaml } from "../../src/yaml/read.ts";
import { writeJson } from "../../src/yaml/json.ts";
import {
  copyProject,
  ensureImage,
  imageCommand,
  imagePrograms,
  missingForImages,
  signalInside,
  type UnpackedImage,
  unpackImage,
} from "./image.ts";
import { startOperator } from "./operator.ts";

const project = resolve(import.meta.dirname!, "..", "..", "examples", "website");
const missing = missingForImages();

describe("the container image", { skip: missing === undefined ? false : `this machine has no ${missing}` }, () => {
  let image: UnpackedImage;
  before(() => {
    image = unpackImage(ensureImage());
    copyProject(image, project);
  });
  after(() => image?.remove());

  it("has Helmwright under two names, and no other program", () => {
    assert.deepEqual(imagePrograms(image), ["/usr/local/bin/helm-operator", "/usr/local/bin/helmwright"]);
  });

  it("has the licences of what it is made of", () => {
    const files = readdirSync(image.rootfs, { recursive: true, encoding: "utf8" });
    const wanted = [/^licenses\/LICENSE$/, /^licenses\/effect@[\d.]+\/LICENSE$/, /^licenses\/bun@[\d.]+\//];
    const packages = ["libc6", "gcc-\\d+-base", "ca-certificates", "tzdata", "netbase"];
    wanted.push(...packages.map((name) => new RegExp(`^usr/share/doc/${name}/copyright$`)));
    for (const pattern of wanted) assert.ok(files.some((path) => pattern.test(path)), String(pattern));
  });

  it("has the entrypoint, working folder and home of operator-sdk's Helm operator image, and is not root's", () => {
    assert.deepEqual(image.config.Entrypoint, [
      "/usr/local/bin/helm-operator",
      "run",
      "--watches-file=./watches.yaml",
    ]);
    assert.equal(image.config.WorkingDir, "/opt/helm");
    assert.ok(image.config.Env.includes("HOME=/opt/helm"));
    assert.equal(image.config.User, "65532:65532");
  });

  it("tells its version with a root that cannot be written", () => {
    const whole = { ...image, config: { ...image.config, Entrypoint: ["/usr/local/bin/helmwright"] } };
    const [program, ...args] = imageCommand(whole, ["version"]);
    assert.match(execFileSync(program, args, { encoding: "utf8" }), /helmwright \d+\.\d+\.\d+/);
  });

  it("deploys a project's release", async () => {
    const { api, kubeconfig } = await sharedControlPlane();
    const namespace = await api.createNamespace();
    await api.createCustomResourceDefinition(readObject("crd", "bases", "demo.example.com_websites.yaml"));
    const operator = await startOperator({
      command: (args) =>
        imageCommand(image, args, {
          env: { KUBECONFIG: "/tmp/kubeconfig", WATCH_NAMESPACE: namespace },
          mounts: { "/tmp/kubeconfig": kubeconfig },
        }),
    });
    try {
      const blog = readObject("samples", "blog.yaml");
      await api.create({ ...blog, metadata: { ...blog.metadata, namespace } });
      const { apiVersion, kind, metadata: { name } } = blog;
      await waitFor("the condition Deployed", async () => {
        const { status } = (await api.get({ apiVersion, kind, namespace, name }))!;
        const conditions: Array<Record<string, string>> = status?.conditions ?? [];
        return conditions.some(({ type, status }) => type === "Deployed" && status === "True");
      });
      const deployment = { apiVersion: "apps/v1", kind: "Deployment", namespace, name };
      await waitFor("two ready pods", async () => (await api.get(deployment))?.status?.readyReplicas === 2);
      await api.delete({ apiVersion, kind, namespace, name });
      await waitFor("the release to be gone", async () => await api.get(deployment) === undefined);
    } finally {
      signalInside(operator.pid, "SIGTERM");
      assert.equal(await operator.exited, 0, operator.output());
    }
  });
});

/** An object of the example's config folder. */
function readObject(...path: ReadonlyArray<string>): KubeObject {
  return JSON.parse(writeJson(readYaml(readFileSync(join(project, "config", ...path), "utf8"))));
}
