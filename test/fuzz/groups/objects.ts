/** Helm's own objects, `.Files`, `.Capabilities`, `.Chart` and the others, handed to functions and to templates. */
import fc from "fast-check";
import { anything, expressionValues, literalOf, text } from "../expressions.ts";
import type { Group, Question } from "../question.ts";
import { maybe, one, some, t, weighted, words } from "../text.ts";
import { byType, decidedCalls, shown } from "./calls.ts";

const maps = words(
  ". $ .Values .Values.sub .Values.global .Values.m .Chart .Chart.Annotations .Release .Template .Subcharts " +
    ".Subcharts.sub .Subcharts.sub.Values .Subcharts.sub.Chart .Values.AsMap (dict␣`a`␣.Capabilities␣`b`␣.Files) " +
    "(dict␣`k`␣.Capabilities.KubeVersion)",
);
const lists = words(
  ".Chart.Keywords .Chart.Maintainers .Chart.Sources .Chart.Dependencies .Capabilities.APIVersions .Values.l " +
    '(.Files.Lines␣"f.txt") (list␣.Capabilities.KubeVersion) (list␣.Files␣.Chart)',
);
const texts = words(
  '.Chart.Name .Chart.AppVersion .Release.Name .Template.Name .Template.BasePath .Capabilities.KubeVersion.Version "a" ' +
    '.Capabilities.KubeVersion.String (.Files.Get␣"f.txt") (.Files.Glob␣"**").AsConfig "Name" "KubeVersion" "f.txt" "sub"',
);
const others = words(
  ".Files .Capabilities .Capabilities.KubeVersion .Capabilities.HelmVersion .Chart.Deprecated .Chart.IsRoot " +
    '(.Files.Glob␣"conf/*") (.Files.GetBytes␣"f.txt") .Files.nope .Release.Revision .Subcharts.nope .Files.Get ' +
    '(semver␣"1.2.3") (toDate␣"2006-01-02"␣"2020-01-02") (deepCopy␣.Capabilities) (lookup␣"v1"␣"Pod"␣"ns"␣"x") ' +
    ".Capabilities.KubeVersion.Minor",
);
const object = one(maps, lists, others, others, texts);

const calls = decidedCalls({
  ...byType,
  "string": one(texts, text),
  // Not those that all templates share: what a call changes would show in the next.
  "map[string]interface {}": one(maps, byType["map[string]interface {}"]),
  "[]interface {}": lists,
  "interface {}": weighted([5, object], [1, anything]),
});

/** An expression of any dot. */
const expression: fc.Arbitrary<string> = weighted(
  [4, one(object, ".", "$", "$x", "$y")],
  [3, calls.map((call) => `(${call})`)],
  [
    1,
    words(
      ".a .b.c $x.a $x.Version $y.String .Name .KubeVersion .Files .Get .Values.no.x .Values.m.a.b .Version .Major " +
        "$.Values.m $.Chart.Name (index␣.␣0) (index␣.␣`a`) (first␣.) (get␣.␣`a`)",
    ),
  ],
);

const printed = one(
  t`{{ ${expression} }}`,
  t`{{ ${
    words("toJson typeOf kindOf toYaml len quote print keys␣$.Values.m␣|␣sortAlpha␣|␣append toString")
  } ${expression} }}`,
  t`{{ printf "${words("%v %T %s %+v %#v %d %q")}" ${expression} }}`,
);

const failing = words(
  '{{␣fail␣"no:␣way"␣}} {{␣required␣"need␣it"␣.Values.nope␣}} {{␣.Values.nope.x␣}} {{␣required␣"ok"␣.Values.s␣}} ' +
    '{{␣fail␣(printf␣"%s%%"␣.Values.s)␣}} {{␣index␣.Values.l␣9␣}} {{␣mustFromJson␣"{"␣}} {{␣template␣"nope"␣}} {{␣include␣"nope"␣.␣}} ' +
    '{{␣lookup␣"v1"␣"Pod"␣"ns"␣"x"␣}} {{␣(lookup␣"v1"␣"Pod"␣""␣"").items␣}} {{␣.Files.Get␣}} {{␣.Capabilities.APIVersions.Has␣"v1"␣}}',
);

const dot = one(".", "$", object, "(dict `a` . `b` $)", "(list . 1)", "$x", expression);

/** Statements; `calling` is what calls other templates, none for those that are called last. */
function statements(calling: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.letrec<Record<"body" | "loop" | "block" | "looped", string>>((tie) => {
    const simple = weighted(
      [6, printed],
      [4, calling],
      [2, t`{{ $${words("x y")} = ${expression} }}`],
      [1, t`{{ $${words("x y")} := ${expression} }}`],
      [1, failing],
      [2, words("a ␣ \n -")],
    );
    const blocks = (body: fc.Arbitrary<string>) => [
      t`{{ if ${expression} }}${body}${maybe(t`{{ else if ${expression} }}${body}`)}{{ else }}${body}{{ end }}`,
      t`{{ with ${maybe("$y := ")}${expression} }}${body}${maybe(t`{{ else with ${expression} }}${body}`)}{{ end }}`,
      t`{{ range ${words("␣ $y␣:= $x,␣$y␣:= $y␣= $x,␣$y␣=")} ${one(maps, lists, expression, "3")} }}${tie("loop")}${
        maybe(t`{{ else }}${body}`)
      }{{ end }}`,
    ];
    const end = words("{{␣break␣}} {{␣continue␣}} {{␣if␣eq␣(len␣(print␣$x))␣4␣}}{{␣break␣}}{{␣end␣}}");
    return {
      body: some(tie("block"), 3),
      loop: some(tie("looped"), 3),
      block: fc.oneof({ maxDepth: 2 }, simple, simple, ...blocks(tie("body"))),
      looped: fc.oneof({ maxDepth: 2 }, simple, simple, end, ...blocks(tie("loop"))),
    };
  }).body;
}

const declared = "{{ $x := 1 }}{{ $y := `y` }}";
const bodyWith = (calling: fc.Arbitrary<string>) => statements(calling).map((text) => declared + text);

const callOf = (names: string) =>
  one(t`{{ include ${words(names)} ${dot} }}`, t`{{ template ${words(names)} ${dot} }}`);
const define = (name: string, body: fc.Arbitrary<string>) => t`{{ define "${name}" }}${body}{{ end }}`;

const lastBody = bodyWith(words("a"));
const lastTpl = t`{{ tpl ${t`${maybe(define("three", lastBody))}${lastBody}`.map(literalOf)} ${dot} }}`;
const threeBody = bodyWith(lastTpl);
const twoBody = bodyWith(one(callOf('"three"'), lastTpl));
const tpl = t`{{ tpl ${
  t`${maybe(define("two", twoBody))}${bodyWith(one(callOf('"two" "three"'), lastTpl))}`.map(literalOf)
} ${dot} }}`;
const oneBody = bodyWith(one(callOf('"two" "three"'), tpl));
const body = bodyWith(one(callOf('"one" "two" "sub"'), tpl));

const chartYaml = `apiVersion: v2
name: top
version: 1.0.0
appVersion: "1.50"
description: d
kubeVersion: ">=1.20"
keywords: [k, "1"]
sources: [http://a]
maintainers: [{name: m, email: e}, {name: "n"}]
annotations: {a: "1", b: "true", "odd key": ""}
dependencies: [{name: sub, version: 1.0.0, repository: "", condition: sub.on, tags: [t], import-values: [x, {child: a, parent: b}]}]
`;

/** A chart whose notes are the text, which no YAML has to be; there are partials of all names. */
const question = (notes: string, partials = ""): fc.Arbitrary<Question> =>
  expressionValues.map((values) => ({
    op: "render",
    values: values.replace("{", "{sub: {x: 1, global: {g: 2}}, global: {h: 3}, "),
    text: JSON.stringify({
      "Chart.yaml": chartYaml,
      "f.txt": "line\n\u00e9\n",
      "conf/a.yaml": "a: 1\n",
      "conf/b.bin": "\u0000",
      kubeVersion: "v1.33.4-gke.1",
      "templates/NOTES.txt": notes,
      ...(partials === "" ? {} : { "templates/_p.tpl": partials }),
      "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
      "charts/sub/values.yaml": "y: [1, {z: 2}]\n",
      "charts/sub/templates/a.yaml": "a: {{ toJson .Values }}\nb: {{ .Chart.Name }} {{ .Template.Name }}\n",
      "charts/sub/templates/_s.tpl": "{{ define `sub` }}{{ typeOf . }} {{ $.Values.x }} {{ .Chart.Name }}{{ end }}",
    }),
  }));

/** Functions of these objects, and templates that are called with them. */
export const objects: Group = {
  name: "objects",
  questions: fc.oneof(
    { weight: 2, arbitrary: shown(calls).chain((notes) => question(notes)) },
    {
      weight: 3,
      arbitrary: fc.tuple(body, t`${define("one", oneBody)}${define("two", twoBody)}${define("three", threeBody)}`)
        .chain(([notes, partials]) => question(notes, partials)),
    },
  ),
};
