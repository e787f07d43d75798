/** Structs, pointers, and maps with methods: Helm's `.Files`, `.Capabilities`, `.Values`. */
import { match, strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { sprint, sprintf } from "../../src/template/format.ts";
import { fn } from "../../src/template/signature.ts";
import { TemplateSet } from "../../src/template/template.ts";
import {
  type GoFunction,
  type GoMap,
  GoObject,
  type GoValue,
  int,
  strings,
  TypedMap,
} from "../../src/template/value.ts";
import { functions } from "./fixture.ts";

class Version extends GoObject {
  override readonly type = "*common.KubeVersion";
  override readonly kind = "ptr";
  override field(name: string): GoValue | undefined {
    return name === "Major" ? "1" : undefined;
  }
  override method(name: string): GoFunction | undefined {
    return name === "GitVersion" ? fn("func() string", () => "v1.2.3") : undefined;
  }
  override toString(): string {
    return "v1.2.3";
  }
}

class Files extends GoObject {
  override readonly type = "engine.files";
  override readonly kind = "map";
  readonly files = new Map<string, GoValue>([["a.txt", new TextEncoder().encode("text")]]);
  override method(name: string): GoFunction | undefined {
    if (name === "Get") return fn("func(string) string", (path: string) => this.files.has(path) ? "text" : "");
    if (name === "Lines") return fn("func(string) []string", () => strings(["l1", "l2"]));
    return undefined;
  }
  override collection(): GoMap {
    return this.files;
  }
}

class Point extends GoObject {
  override readonly type: string = "main.Point";
  override structFields(): [string, GoValue][] {
    return [["X", int(1)], ["Y", "two"]];
  }
  override field(name: string): GoValue | undefined {
    return new Map(this.structFields()).get(name);
  }
}

class Pointer extends Point {
  override readonly type = "*main.Point";
  override readonly kind = "ptr";
}

class Values extends TypedMap {
  override method(name: string): GoFunction | undefined {
    return name === "AsMap" ? fn("func() map[string]any", () => new Map(this)) : undefined;
  }
}

const data: GoMap = new Map<string, GoValue>([
  ["Version", new Version()],
  ["Files", new Files()],
  ["Point", new Point()],
  ["Pointer", new Pointer()],
  ["Values", new Values("common.Values", [["a", "x"], ["AsMap", "hidden"]])],
  ["labels", new TypedMap("map[string]string", [["app", "web"]])],
]);

function run(text: string): string {
  const set = new TemplateSet({ functions, missingKey: "zero" });
  set.parse("t", text);
  try {
    return set.execute("t", data);
  } catch (error) {
    return (error as Error).message.replace(/^template: t:/, "");
  }
}

describe("fields and methods", () => {
  for (
    const [template, want] of [
      [`{{ .Version.Major }} {{ .Version.GitVersion }} {{ .Version }}`, "1 v1.2.3 v1.2.3"],
      [`{{ .Files.Get "a.txt" }}|{{ "a.txt" | .Files.Get }}|{{ (.Files).Get "b" }}`, "text|text|"],
      [`{{ $f := .Files }}{{ $f.Get "a.txt" }}`, "text"],
      [`{{ range .Files.Lines "a.txt" }}{{ . }},{{ end }}`, "l1,l2,"],
      [
        `{{ range $path, $data := .Files }}{{ $path }}={{ printf "%s" $data }}{{ end }} {{ len .Files }}`,
        "a.txt=text 1",
      ],
      [`{{ printf "%s" (index .Files "a.txt") }}`, "text"],
      [
        `{{ with index .Files "a.txt" }}{{ printf "%v %04d %c %#x %t" . . . . . }}{{ end }}`,
        "[116 101 120 116] [0116 0101 0120 0116] [t e x t] 0x74657874 " +
        "[%!t(uint8=116) %!t(uint8=101) %!t(uint8=120) %!t(uint8=116)]",
      ],
      [`{{ printf "%#v" (index .Files "a.txt") }}`, "[]byte{0x74, 0x65, 0x78, 0x74}"],
      [`{{ .Point.X }} {{ .Point.Y }}`, "1 two"],
      [`{{ .Pointer }} {{ print .Pointer }} {{ printf "%v" .Pointer }}`, "{1 two} &{1 two} &{1 two}"],
      [`{{ html .Pointer }} {{ js .Pointer 1 "a" .Pointer }}`, "{1 two} {1 two} 1a{1 two}"],
      [`{{ .Values.a }} {{ .Values.AsMap.AsMap }} {{ hasKey .Values "a" }}`, "x hidden true"],
      [`{{ .labels.app }} [{{ .labels.nope }}] [{{ index .labels "nope" }}]`, "web [] []"],
      [`{{ with .Files }}yes{{ end }}{{ if .Point }}yes{{ end }}`, "yesyes"],
    ]
  ) it(template, () => strictEqual(run(template), want));
});

describe("what they do not have", () => {
  for (
    const [template, want] of [
      [`{{ .Version.Nope }}`, `1:11: executing "t" at <.Version.Nope>: can't evaluate field Nope in type interface {}`],
      [
        `{{ .Version.Major 1 }}`,
        `1:11: executing "t" at <.Version.Major>: Major has arguments but cannot be invoked as function`,
      ],
      [`{{ .Files.Get }}`, `1:9: executing "t" at <.Files.Get>: wrong number of args for Get: want 1 got 0`],
      [`{{ .Files.Get 5 }}`, `1:14: executing "t" at <5>: expected string; found 5`],
      [
        `{{ .Files.Get .Point }}`,
        `1:14: executing "t" at <.Point>: wrong type for value; expected string; got main.Point`,
      ],
      [`{{ .labels.app.x }}`, `1:10: executing "t" at <.labels.app.x>: can't evaluate field x in type string`],
      [
        `{{ hasKey .labels "a" }}`,
        `1:10: executing "t" at <.labels>: wrong type for value; expected map[string]interface {}; got map[string]string`,
      ],
      [`{{ range .Point }}{{ end }}`, `1:9: executing "t" at <.Point>: range can't iterate over {1 two}`],
      [`{{ range .Pointer }}{{ end }}`, `1:9: executing "t" at <.Pointer>: range can't iterate over {1 two}`],
      [`{{ len .Point }}`, `1:3: executing "t" at <len .Point>: error calling len: len of type main.Point`],
    ]
  ) it(template, () => strictEqual(run(template), want));
});

describe("printing", () => {
  it("uses the type's own text", () => {
    strictEqual(sprint(new Version()), "v1.2.3");
    strictEqual(
      sprintf("%s|%q|%10v|%d", [new Version(), new Version(), new Version(), new Version()]),
      `v1.2.3|"v1.2.3"|    v1.2.3|&{}`,
    );
  });

  it("shows structs by their fields", () => {
    strictEqual(
      sprintf("%v %+v %#v", [new Point(), new Point(), new Point()]),
      `{1 two} {X:1 Y:two} main.Point{X:1, Y:"two"}`,
    );
  });

  it("shows where maps with methods are", () => {
    match(sprintf("%p", [new Files()]), /^0x[0-9a-f]+$/);
  });

  it("shows maps with methods as maps", () => {
    strictEqual(sprintf("%s %v", [new Files(), data.get("labels")!]), "map[a.txt:text] map[app:web]");
  });
});
