import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";

const main = resolve(import.meta.dirname!, "../../main.ts");

describe("helmwright template", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "helmwright-template-"));
    mkdirSync(join(folder, "chart/templates"), { recursive: true });
    const file = (path: string, text: string) => writeFileSync(join(folder, path), text);
    file("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 0.1.0\n");
    file("chart/templates/a.yaml", "namespace: {{ .Release.Namespace }}\nvalue: {{ .Values.value }}\n");
    const context = (name: string, namespace: string) => ({ name, context: { cluster: "k", user: "u", namespace } });
    file(
      "kubeconfig",
      JSON.stringify({
        "current-context": "c",
        clusters: [{ name: "k", cluster: { server: "https://127.0.0.1:1" } }],
        users: [{ name: "u", user: { token: "t" } }],
        contexts: [context("c", "mine"), context("d", "other")],
      }),
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  function template(args: string, environment: Record<string, string> = {}, encoding: BufferEncoding = "utf8") {
    const env = { HOME: folder, PATH: process.env.PATH!, DENO_NO_UPDATE_CHECK: "1", ...environment };
    const command = ["run", "--no-check", "--allow-all", main, "template", ...args.split(" ")];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, env, encoding });
    return { status, stdout, stderr };
  }

  const namespaces: Array<[string, Record<string, string>, string]> = [
    ["x chart", {}, "default"],
    ["x chart", { KUBECONFIG: "kubeconfig" }, "mine"],
    ["x chart --kubeconfig kubeconfig --kube-context d", {}, "other"],
    ["x chart", { KUBECONFIG: "kubeconfig", HELM_KUBECONTEXT: "d" }, "other"],
    ["x chart", { KUBECONFIG: "kubeconfig", HELM_NAMESPACE: "told" }, "told"],
    ["x chart -nflag", { KUBECONFIG: "kubeconfig", HELM_NAMESPACE: "told" }, "flag"],
    ["x chart", { KUBECONFIG: "none" }, "default"],
  ];
  for (const [args, environment, expected] of namespaces) {
    it(`takes the namespace as helm does: ${args} ${JSON.stringify(environment)}`, () => {
      assert.match(template(args, environment).stdout, new RegExp(`^namespace: ${expected}$`, "m"));
    });
  }

  it("reads no values without end", () => {
    writeFileSync(join(folder, "values.yaml"), "");
    truncateSync(join(folder, "values.yaml"), 1024 ** 3);
    const large = "is larger than the maximum size 104857600\n";
    for (
      const [args, stderr] of [
        ["x chart -f values.yaml", `Error: values.yaml ${large}`],
        ["x chart --set-file a=values.yaml", `Error: failed parsing --set-file data: values.yaml ${large}`],
        ["x chart -f /dev/zero", `Error: /dev/zero ${large}`],
        ["x chart -f chart", "Error: read chart: is a directory\n"],
        ["x chart -f none", "Error: open none: no such file or directory\n"],
      ]
    ) assert.deepEqual(template(args), { status: 1, stdout: "", stderr });
  });

  it("warns once where a schema elsewhere is read", () => {
    mkdirSync(join(folder, "refers/templates"), { recursive: true });
    const file = (path: string, text: string) => writeFileSync(join(folder, path), text);
    file("refers/Chart.yaml", "apiVersion: v2\nname: refers\nversion: 0.1.0\n");
    file("refers/values.yaml", "a: 1\n");
    file("refers/values.schema.json", `{"$ref":"file://${folder}/schema.json"}`);
    file("schema.json", '{"properties":{"b":{"type":"string"}}}');
    const warning = 'level=INFO msg="warning: skipped value for refers.a: Not a table."\n';
    assert.deepEqual(template("x refers --set a.c=1"), { status: 0, stdout: "\n", stderr: warning });
    const { status, stderr } = template("x refers --set a.c=1,b=2");
    assert.equal(status, 1);
    assert.equal(stderr.split(warning).length, 2);
    assert.match(stderr, /^- at '\/b': got number, want string$/m);
  });

  it("shows a template's bytes as they are in an error", () => {
    const path = join(folder, "chart/templates/b.yaml");
    writeFileSync(path, Buffer.from('{{ include "a\xff" . }}', "latin1"));
    const { stderr } = template("x chart", {}, "latin1");
    assert.match(stderr, / at <include "a\xff" \.>:$/m);
    rmSync(path);
  });

  it("shows with --debug what is no YAML", () => {
    const error =
      /^Error: YAML parse error on chart\/templates\/b\.yaml: .*mapping values are not allowed in this context/;
    writeFileSync(join(folder, "chart/templates/b.yaml"), "a: b: é\n");
    const without = template("x chart");
    assert.deepEqual([without.status, without.stdout], [1, ""]);
    assert.match(without.stderr, error);
    const shown = template("x chart --debug");
    assert.equal(shown.status, 1);
    assert.match(shown.stdout, /^---\n# Source: chart\/templates\/b\.yaml\na: b: é$/m);
    assert.match(shown.stderr, error);
  });
});
