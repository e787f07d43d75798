/** `.Files`: what a template can read of its chart's other files (helm.sh/helm/v4/pkg/engine/files.go). */
import { Buffer } from "node:buffer";
import type { ChartFile } from "../chart/chart.ts";
import { basePath } from "../chart/go-path.ts";
import { fromBytes } from "../sprig/bytes.ts";
import { fn } from "../template/signature.ts";
import { type GoFunction, type GoMap, GoObject, strings, TypedMap } from "../template/value.ts";
import { writeYaml } from "../yaml/write.ts";
import { compileGlob } from "./glob.ts";

/** Go's `engine.files`, a map of bytes with methods. */
export class ChartFiles extends GoObject {
  override readonly type = "engine.files";
  override readonly kind = "map";
  readonly #files: readonly ChartFile[];
  #collection: TypedMap | undefined;

  constructor(files: readonly ChartFile[]) {
    super();
    this.#files = files;
  }

  override collection(): GoMap {
    return this.#collection ??= new TypedMap(
      "map[string][]uint8",
      this.#files.map(({ name, data }) => [name, data] as const),
    );
  }

  override json(): GoMap {
    return this.collection();
  }

  override method(name: string): GoFunction | undefined {
    switch (name) {
      case "Get":
        return fn("func(string) string", (path: string) => fromBytes(this.#bytes(path)));
      case "GetBytes":
        return fn("func(string) []uint8", (path: string) => this.#bytes(path));
      case "Glob":
        return fn("func(string) engine.files", (pattern: string) => this.#glob(pattern));
      case "AsConfig":
        return fn("func() string", () => this.#asYaml(fromBytes));
      case "AsSecrets":
        return fn("func() string", () => this.#asYaml(base64));
      case "Lines":
        return fn("func(string) []string", (path: string) => strings(lines(fromBytes(this.#bytes(path)))));
      default:
        return undefined;
    }
  }

  #bytes(path: string): Uint8Array {
    return this.collection().get(path) as Uint8Array | undefined ?? new Uint8Array();
  }

  /** As in Helm, a pattern that is none matches everything. */
  #glob(pattern: string): ChartFiles {
    const matches = compileGlob(pattern) ?? (() => true);
    return new ChartFiles(this.#files.filter(({ name }) => matches(name)));
  }

  /** A map from the files' names, without their folders, to what they hold; nothing where YAML cannot hold that. */
  #asYaml(encode: (data: Uint8Array) => string): string {
    const map: GoMap = new Map();
    for (const { name, data } of this.#files) map.set(basePath(name), encode(data));
    try {
      return writeYaml(map).replace(/\n$/, "");
    } catch {
      return "";
    }
  }
}

const base64 = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");

function lines(content: string): string[] {
  return content === "" ? [] : content.replace(/\n$/, "").split("\n");
}
