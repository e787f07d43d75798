/** Trees of charts: which subcharts take part, and which values each of them sees. */
import fc from "fast-check";
import type { Group } from "../question.ts";
import { damaged, many, maybe, one, some, t, weighted, words } from "../text.ts";
import { type Data, flow, NumberText } from "../values.ts";

const names = ["a", "b", "c", "d"];

const scalars = fc.constantFrom<Data>(null, null, true, false, "s", "", new NumberText("1"), [], [null], new Map());

/** Values of a chart. What decides about subcharts is what it should be, for the most part. */
function valuesOf(depth: number): fc.Arbitrary<ReadonlyMap<string, Data>> {
  const inner: fc.Arbitrary<Data> = depth === 0 ? scalars : valuesOf(depth - 1);
  const item = fc.oneof(scalars, inner, inner, fc.array(inner, { maxLength: 2 }));
  const entry = (weight: number, keys: readonly string[], values: fc.Arbitrary<Data>) => ({
    weight,
    arbitrary: fc.tuple(fc.constantFrom(...keys), values),
  });
  const entries = fc.oneof(
    entry(12, [...names, ...names, "global", "tags", "exports"], depth === 0 ? fc.constant(new Map()) : inner),
    entry(4, ["enabled", "x", "y"], fc.boolean()),
    entry(6, ["x", "y", "z", "exports"], item),
    entry(1, [...names, "global"], fc.constant(null)),
    entry(1, [...names, "global", "tags", "enabled"], item),
  );
  return fc.array(entries, { maxLength: 5 }).map((pairs) => new Map(pairs));
}

const values = valuesOf(3);

const path = weighted(
  [8, many(words("a b c x y global enabled tags exports"), 3, ".")],
  [2, words("a.enabled b.enabled enabled x")],
  [1, words("␣ . a. .a exports.x a..b ,")],
);

const imported = weighted(
  [3, words("x y z a x.y")],
  [5, t`{child: ${path}, parent: ${one(path, ".")}}`],
  [1, words("{child:␣x} {parent:␣x} {} 1 null {child:␣1,␣parent:␣null} [] .")],
);

const version = weighted([30, words("1.0.0 1.2.3 0.1.0")], [1, words("1.2.3-rc.1 v1.0.0 1.0 1.0.0+b x")]);
const constraint = weighted(
  [12, words("1.0.0 * ^1.0.0 >=0.1.0-0 ~1.2 1.x")],
  [1, words("␣ >2 >=1␣<2 1.0.0␣-␣2.0.0 ^1||^2 =1.2.3-rc.1")],
);

const quoted = (part: fc.Arbitrary<string>) => part.map((text) => JSON.stringify(text));

const dependencyOf = (name: string) =>
  t`{name: ${name}, version: ${quoted(constraint)}${
    weighted([30, ""], [10, t`, alias: ${words("e f x")}`], [1, ", alias: a"])
  }${maybe(t`, condition: ${quoted(many(path, 2, ","))}`)}${maybe(t`, tags: [${some(words("x y a"), 2, ", ")}]`)}${
    maybe(t`, import-values: [${some(imported, 2, ", ")}]`)
  }${weighted([60, ""], [3, words(",␣enabled:␣false ,␣enabled:␣true ,␣repository:␣x")], [1, ", alias: a.b"])}}`;

// The same subchart may be there more than once, under an alias.
const dependencies = fc.oneof(
  { weight: 40, arbitrary: fc.shuffledSubarray(names, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }) },
).chain((chosen) => fc.tuple(...chosen.map(dependencyOf))).map((list) => `dependencies: [${list.join(", ")}]`);

const metadata = (name: string) =>
  t`apiVersion: ${weighted([9, "v2"], [1, words("v1 v3 '' 2")])}
name: ${weighted([40, name], [1, words("A ../x . 1 null")])}
version: ${version}
${weighted([15, ""], [1, t`kubeVersion: ${quoted(constraint)}\n`])}${
    weighted([15, ""], [
      1,
      words(
        "type:␣library type:␣x appVersion:␣1.50 deprecated:␣true keywords:␣[a,1] maintainers:␣[{name:␣x}] annotations:␣{a:␣1} home:␣[] sources:␣x",
      ).map((line) => `${line}\n`),
    ])
  }${weighted([2, dependencies], [1, ""])}`;

const template = weighted(
  [8, "{{ toJson .Values }}"],
  [1, "{{ toJson .Chart }}"],
  [1, "{{ include `t` . }} {{ .Template.Name }} {{ toJson (keys .Subcharts | sortAlpha) }}"],
  [
    1,
    "{{ $_ := set .Values `x` .Chart.Name }}{{ with .Values.global }}{{ $_ := set . `y` $.Chart.Name }}{{ end }}{{ toJson .Values }}",
  ],
);

type Files = Record<string, string>;

/** A chart's files, those of its subcharts included. */
function chart(name: string, depth: number): fc.Arbitrary<Files> {
  const subcharts = depth === 0
    ? fc.constant([])
    : fc.subarray(names, { maxLength: 3 }).chain((chosen) =>
      fc.tuple(...chosen.map((sub) => chart(sub, depth - 1).map((files) => [sub, files] as const)))
    );
  return fc.tuple(
    metadata(name),
    fc.option(values, { freq: 4 }),
    template,
    weighted([6, ""], [1, `{{ define "t" }}${name}{{ end }}`]),
    subcharts,
  ).map(([chartYaml, own, text, partial, inner]) => ({
    "Chart.yaml": chartYaml,
    ...(own === null ? {} : { "values.yaml": flow(own) }),
    "templates/t.yaml": `v: ${text}`,
    ...(partial === "" ? {} : { "templates/_p.tpl": partial }),
    ...Object.fromEntries(
      inner.flatMap(([sub, files]) =>
        Object.entries(files).map(([file, content]) => [`charts/${sub}/${file}`, content] as const)
      ),
    ),
  }));
}

const damagedFile = fc.tuple(chart("top", 1), fc.nat()).chain(([files, which]) => {
  const file = Object.keys(files)[which % Object.keys(files).length];
  return damaged(fc.constant(files[file]), " \n:-,[]{}\"'x1.").map((text) => ({ ...files, [file]: text }));
});

/** Charts, with their values and those of the user. */
export const charts: Group = {
  name: "charts",
  questions: fc.tuple(
    fc.oneof(
      { weight: 12, arbitrary: chart("top", 2) },
      { weight: 4, arbitrary: chart("top", 1) },
      { weight: 1, arbitrary: damagedFile },
      {
        weight: 1,
        arbitrary: fc.tuple(chart("top", 0), words("1.30.0 v1.31.2-gke.1 1.2 1.27+ x 1 1.2.3.4 01.2.3"))
          .map(([files, kubeVersion]) => ({ ...files, kubeVersion })),
      },
    ),
    values,
  ).map(([files, given]) => ({ op: "render", text: JSON.stringify(files), values: flow(given) })),
};
