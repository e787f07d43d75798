/** `helmwright template` and `helm template`, called alike. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { chartYaml, type Files, withFolder } from "../chart/files.ts";
import { ensureTools } from "../cluster/tools.ts";

const main = join(import.meta.dirname!, "..", "..", "main.ts");

const files: Files = {
  "Chart.yaml": chartYaml("web"),
  "values.yaml": "a: 1\nlist: [x]\nmap: {k: v}\n",
  "more.yaml": "a: 2\nmap: {k: null}\n",
  "last.yaml": "a: 3\n",
  "text.txt": "from a file\n",
  "latin1.yaml": Uint8Array.from([0x61, 0x3a, 0x20, 0xe9, 0x0a]),
  "utf16.yaml": Uint8Array.from([0xff, 0xfe, 0x61, 0, 0x3a, 0, 0x20, 0, 0x31, 0]),
  "templates/facts.yaml": `kind: ConfigMap
values: {{ omit .Values "global" | toJson }}
release: {{ .Release | toJson }}
kube: {{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.APIVersions.Has "x/v1" }} {{ .Capabilities.APIVersions.Has "y/v1" }}
`,
  "templates/secret.yaml": "kind: Secret\n---\nkind: Secret\nsecond: true\n",
  "templates/hook.yaml": "kind: Job\nmetadata: {name: j, annotations: {helm.sh/hook: pre-install}}\n",
  "templates/test.yaml": "kind: Pod\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\n",
  "crds/crd.yaml": "kind: CustomResourceDefinition\n",
};

/** A chart of which there is much to log. */
const loud: Files = {
  "Chart.yaml": chartYaml("web") + "deprecated: true\ndependencies:\n" +
    "- {name: sub, version: 1.x, condition: sub.on, tags: [t], import-values: [none, {child: c.d, parent: p}]}\n",
  "requirements.lock": "{}\n",
  "values.yaml": "map: {k: v}\na: 1\nglobal: {x: {y: 1}}\nsub: {global: {x: z}, t: {u: 1}}\n",
  "templates/hook.yaml": "kind: Job\nmetadata: {name: j, annotations: {helm.sh/hook: after-lunch}}\n",
  "charts/sub/Chart.yaml": chartYaml("sub"),
  "charts/sub/values.yaml": "t: 5\n",
};

/** Arguments after `template`; CHART stands for the chart's folder. */
const calls: readonly (readonly string[])[] = [
  ["CHART"],
  ["rel", "CHART", "-n", "ns", "--include-crds"],
  ["rel", "CHART", "--namespace=ns", "--skip-tests", "--is-upgrade"],
  ["rel", "CHART", "--no-hooks", "--kube-version", "1.30", "--api-versions", "x/v1,z/v1", "-a", "y/v1"],
  ["CHART", "--generate-name", "--name-template", "gen-{{ lower `X` }}"],
  ["CHART", "--name-template", "{{ upper `x` }}"],
  ["CHART", "--name-template", "{{ nope }}"],
  ["", "CHART"],
  ["rel", "CHART", "-f", "CHART/more.yaml", "--values", "CHART/last.yaml"],
  ["rel", "CHART", "-f", "CHART/last.yaml,CHART/more.yaml"],
  ["rel", "CHART", "--set", "a=5,list[1]=y", "--set-string", "a=6", "--set", "b={1,2}", "--set-literal", "c=x,y=z"],
  ["rel", "CHART", "--set-json", 'a={"b":[1]}', "--set-json", '{"c":2}', "--set-file", "d=CHART/text.txt"],
  ["rel", "CHART", "-s", "templates/secret.yaml", "--show-only", "templates/f*.yaml"],
  ["rel", "CHART", "-s", "templates/none.yaml"],
  ["rel", "CHART/nowhere"],
  ["rel", "CHART", "more"],
  ["rel", "CHART", "--generate-name"],
  ["rel", "CHART", "--set", "a"],
  ["rel", "CHART", "--set", "list[x]=1"],
  ["rel", "CHART", "--set-json", "a={"],
  ["rel", "CHART", "-f", "CHART/none.yaml"],
  ["rel", "CHART", "-f", "CHART/text.txt"],
  ["rel", "CHART", "--kube-version", "new"],
  ["rel", "CHART", "--kube-version", "1"],
  ["rel", "CHART", "--kube-version", "01.2"],
  ["rel", "CHART", "--kube-version", "", "--name-template=", "--output-dir", ""],
  ["rel", "CHART", "-f", ""],
  ["rel", "CHART", "-f", '"CHART/last.yaml","CHART/more.yaml"'],
  ["rel", "CHART", "-f", "CHART"],
  ["rel", "CHART", "-f", "%zz"],
  ["rel", "CHART", "-f", "CHART/latin1.yaml"],
  ["rel", "CHART", "-f", "CHART/utf16.yaml"],
  ["rel", "CHART", "--set-file", "a=CHART"],
];

/** What `helm template` takes though it changes nothing, and what it says of it. */
const idle: readonly (readonly string[])[] = [
  ["--wait", "--timeout", "5m", "--wait-for-jobs", "--atomic", "--create-namespace", "--rollback-on-failure=false"],
  [
    "--wait=legacy",
    "-l",
    "a=b,c=d",
    "--labels=e=f",
    "--description",
    "why",
    "--version",
    "1.x",
    "--devel",
    "--replace",
  ],
  ["--force", "--hide-notes", "--render-subchart-notes", "--take-ownership", "--skip-crds", "--server-side=false"],
  ["--dry-run", "--force-replace", "--disable-openapi-validation", "--dependency-update", "--verify=false"],
  ["--dry-run=client", "--qps", "1.5", "--burst-limit=7", "--color", "never", "--kube-token", "t", "--kube-as-group=g"],
  ["--wait=true", "--dry-run=true", "--username", "u", "--password", "p", "--plain-http", "--force-conflicts"],
  ["--wait=false", "--repository-config", "r", "--registry-config=r", "--content-cache", "c", "--enable-dns=false"],
  ["--wait=soon"],
  ["--timeout=soon"],
  ["--timeout", "5"],
  ["--labels", "a"],
  ["-l", "owner=me"],
  ["--dry-run=none"],
  ["--dry-run=false"],
  ["--dry-run=maybe"],
  ["--force-replace", "--force-conflicts"],
  ["--atomic=maybe"],
  ["--qps", "fast"],
  ["--burst-limit", "1.5"],
  ["--description"],
];

describe("helmwright template", () => {
  for (const call of [...calls, ...idle.map((flags) => ["rel", "CHART", ...flags])]) {
    it(`${call.join(" ")} does what helm does`, () =>
      withFolder(files, async (chart) => {
        const args = call.map((arg) => arg.replaceAll("CHART", chart));
        const [ours, helms] = await Promise.all([helmwright(args), helm(args)]);
        assert.deepEqual(ours, helms);
      }));
  }

  it("writes files as helm does", () =>
    withFolder(files, async (chart) => {
      const args = (
        into: string,
      ) => ["rel", chart, "--include-crds", "--release-name", "--output-dir", join(chart, into)];
      const [ours, helms] = await Promise.all([helmwright(args("ours")), helm(args("helms"))]);
      assert.deepEqual(ours.out.replaceAll("/ours/", "/helms/").split("\n").sort(), helms.out.split("\n").sort());
      assert.deepEqual(contents(join(chart, "ours")), contents(join(chart, "helms")));
    }));

  it("logs what helm logs", () =>
    withFolder(loud, async (chart) => {
      symlinkSync(join(chart, "values.yaml"), join(chart, "link"));
      for (const [values, lines] of [["map=1,tags.t=x,sub.on=7,a.b=1", 16], ["sub=1", 4]] as const) {
        const args = ["rel", chart, "--set", values];
        const [ours, helms] = await Promise.all([helmwright(args), helm(args)]);
        assert.deepEqual(ours.log.sort(), helms.log.sort());
        assert.equal(ours.log.length, lines, ours.log.join("\n"));
      }
    }));

  it("writes no file outside of the folder that was asked for", () =>
    withFolder(files, async (chart) => {
      writeFileSync(join(chart, "templates/a.yaml"), "kind: A\n");
      await helmwright(["rel", chart, "--output-dir", join(chart, "out")]);
      assert.deepEqual(readdirSync(join(chart, "out")), ["web"]);
    }));
});

interface Ended {
  readonly out: string;
  /** The lines before. */
  readonly log: string[];
  /** The line that begins with `Error:`, and what follows. */
  readonly error: string;
  readonly failed: boolean;
}

async function helm(args: readonly string[]): Promise<Ended> {
  return await run((await ensureTools(["helm"])).helm, ["template", ...args]);
}

function helmwright(args: readonly string[]): Promise<Ended> {
  return run(process.execPath, ["run", "--allow-all", "--no-check", main, "template", ...args]);
}

function run(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) =>
    execFile(program, args, (problem, out, errors) => {
      const failed = problem !== null;
      const at = failed ? Math.max(0, errors.indexOf("Error: ")) : errors.length;
      resolve({ out, error: errors.slice(at).trim(), failed, log: errors.slice(0, at).split("\n").filter(Boolean) });
    })
  );
}

function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    names.filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}
