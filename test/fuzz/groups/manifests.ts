/** What templates write, cut into manifests, hooks and notes, and the files that they read. */
import fc from "fast-check";
import type { Group } from "../question.ts";
import { awkward, damaged, many, maybe, one, some, t, weighted, words } from "../text.ts";

const kind = weighted([
  30,
  words(
    "Service Deployment Pod Job Namespace Secret ConfigMap ServiceAccount CustomResourceDefinition Ingress StatefulSet " +
      "ClusterRole Role HorizontalPodAutoscaler PriorityClass Zebra Alpha List service",
  ),
], [1, words("'' null 1 []")]);
const event = words(
  "pre-install post-install pre-delete pre-upgrade post-rollback test test-success crd-install nope ␣ PRE-INSTALL",
);
const annotation = one(
  t`helm.sh/hook: ${weighted([6, many(event, 3, ",")], [1, words("null 1 '' \"test\"")])}`,
  t`helm.sh/hook: ${event}`,
  t`"helm.sh/hook-weight": "${words("1 -1 0 +2 x 1.5 9007199254740991 9223372036854775808 0x1 1_0 007")}"`,
  t`helm.sh/hook-weight: ${words("1 -1 '2'")}`,
  t`helm.sh/hook-delete-policy: ${many(words("before-hook-creation hook-succeeded hook-failed nope ␣A"), 2, ",")}`,
  t`helm.sh/hook-output-log-policy: ${many(words("hook-succeeded hook-failed x"), 2, ",")}`,
  t`helm.sh/resource-policy: keep`,
  t`a: ${weighted([20, words("b 1 null true")], [1, words("{} [b]")])}`,
);

const metadata = t`metadata:
  name: ${weighted([30, words("a b c 1 '' null x-y")], [1, "[]"])}
${maybe(t`  annotations:\n${many(t`    ${annotation}`, 4, "\n")}\n`)}`;

const manifest = t`apiVersion: ${weighted([30, words("v1 apps/v1 v2 null 1")], [1, "{}"])}
kind: ${kind}
${maybe(metadata)}${maybe(t`data: {a: ${words("1 x null")}}\n`)}`;

const separator = weighted(
  [8, "---\n"],
  [1, words("---␣ ---a ---- \n---\n\n ␣--- ...\n ---\t\n ---#␣c\n ---\r\n ---|\n").map((text) => `${text}\n`)],
);
const comment = words("#␣c\n \n ␣\n # {{-␣``␣-}} \r\n");

const file = weighted(
  [8, many(weighted([5, manifest], [1, comment]), 4, "").chain((text) => t`${maybe(separator)}${text}`)],
  [4, many(one(manifest, t`${manifest}${comment}`), 4, "---\n")],
  [
    3,
    many(manifest, 3).chain((text) => separator.map((mark) => text.replaceAll("\napiVersion", `\n${mark}apiVersion`))),
  ],
  [2, damaged(t`${manifest}${separator}${manifest}`, " \n\t:-#[]{}\"'&*!|>%@`\u0000")],
  [1, awkward],
);

const path = words(
  "a.yaml b.yaml _p.tpl NOTES.txt sub/NOTES.txt c.txt a/b.yaml _x/y.yaml B.yaml .hidden a-NOTES.txt z.json a.yml é.yaml",
);
const fileName = words(
  "f.txt conf/a.yaml conf/b.bin conf/.x g/h/i.txt README.md crds/a.yaml crds/b/c.yml crds/n.txt é",
);

const pattern = one(
  words("* ** conf/* *.txt {f,g}* conf/?.* [a-z]* [!a]* **/i.txt [ {a \\* g/**"),
  awkward.map((text) => text.replaceAll("\0", "x")),
);
const reading = one(
  t`{{ range $k, $v := .Files.Glob ${pattern.map((text) => JSON.stringify(text))} }}{{ $k }}={{ toJson $v }} {{ end }}`,
  t`{{ .Files.Get "${fileName}" | quote }}`,
  t`{{ .Files.Lines "${fileName}" | toJson }}`,
  t`{{ (.Files.Glob "${words("** conf/* *.txt")}").${words("AsConfig AsSecrets")} | quote }}`,
  t`{{ .Files.GetBytes "${fileName}" | printf "%v" }}`,
  t`{{ range .Files.Lines "${fileName}" }}[{{ . }}]{{ end }}`,
);

/** Rendered text of all sorts. */
export const manifests: Group = {
  name: "manifests",
  questions: fc.record({
    templates: fc.dictionary(path.map((name) => `templates/${name}`), file, { maxKeys: 4 }),
    more: fc.dictionary(fileName, one(awkward, "a\nb\r\n", "apiVersion: v1\nkind: X\n", "\u0001"), { maxKeys: 4 }),
    reads: some(reading, 3, " "),
    subchart: maybe(file),
  }).map(({ templates, more, reads, subchart }) => ({
    op: "render",
    text: JSON.stringify({
      "Chart.yaml": "apiVersion: v2\nname: top\nversion: 1.0.0\n",
      ...templates,
      ...more,
      ...(reads === "" ? {} : { "templates/r.yaml": `r: '${reads}'` }),
      ...(subchart === "" ? {} : {
        "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
        "charts/sub/templates/a.yaml": subchart,
        "charts/sub/templates/NOTES.txt": "of the subchart",
        "charts/sub/crds/a.yaml": "a: 1\n",
      }),
    }),
  })),
};
