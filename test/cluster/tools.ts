// The programs that the tests run, where each is found, and the folder of the user's cache that keeps the built ones.
//
// Every program is a Go module pinned under `tools/` (the oracle: under `test/oracle`). A built program is kept under a
// name that has the checksum of all that decides its bytes, so that a changed pin never meets an old program.

import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { buildModule } from "./build.ts";
import { type Progress, terminalProgress } from "./progress.ts";

/** One Go module and the programs that one `go build` in it makes. */
export interface ToolModule {
  /** Short name, shown while it is built. */
  readonly name: string;
  /** Folder of its `go.mod`. */
  readonly directory: string;
  /** Program name to the Go package that is its `main`. */
  readonly programs: Readonly<Record<string, string>>;
  /** Further arguments of the Go linker. */
  readonly ldflags: string;
}

const toolsDirectory = join(import.meta.dirname!, "tools");
const oracleDirectory = join(import.meta.dirname!, "..", "oracle");

// The version that the control plane reports is the pinned module's.
const KUBERNETES_VERSION = pinnedVersion("control-plane", "k8s.io/kubernetes");

const versionVariables = (() => {
  const [major, minor] = KUBERNETES_VERSION.slice(1).split(".");
  const variable = (name: string, value: string) => `-X k8s.io/component-base/version.${name}=${value}`;
  return [
    variable("gitVersion", KUBERNETES_VERSION),
    variable("gitMajor", major),
    variable("gitMinor", minor),
  ].join(" ");
})();

const modules = {
  etcd: tool("etcd", { etcd: "go.etcd.io/etcd/server/v3" }),
  kwok: tool("kwok", { kwok: "sigs.k8s.io/kwok/cmd/kwok" }),
  controlPlane: tool("control-plane", {
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
    "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
  }, versionVariables),
  helm: tool("helm", { helm: "helm.sh/helm/v4/cmd/helm" }),
  helm3: tool("helm3", { helm3: "helm.sh/helm/v3/cmd/helm" }),
  oracle: { name: "oracle", directory: oracleDirectory, programs: { oracle: "." }, ldflags: "" },
} satisfies Record<string, ToolModule>;

const moduleOf = {
  "etcd": modules.etcd,
  "kube-apiserver": modules.controlPlane,
  "kube-controller-manager": modules.controlPlane,
  "kube-scheduler": modules.controlPlane,
  "kwok": modules.kwok,
  "helm": modules.helm,
  "helm3": modules.helm3,
  "oracle": modules.oracle,
} satisfies Record<string, ToolModule>;

/** A program of the tests: parts of the control plane, Helm 4's and Helm 3's command lines, and the oracle. */
export type Tool = keyof typeof moduleOf;

/** What a running control plane consists of. */
export const CONTROL_PLANE: ReadonlyArray<Tool> = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
];

/** Programs are neither there nor can they be built; the message says what is missing and the ways to go on. */
export class MissingTools extends Error {
  override readonly name = "MissingTools";
  constructor(readonly missing: ReadonlyArray<Tool>) {
    super([
      `Cannot start a local control plane: missing ${missing.join(", ")}, and there is no Go toolchain to build them.`,
      "Any one of these is a way to go on:",
      "  - Install Go 1.24 or newer (https://go.dev/dl/) and run this again. The first build takes about six minutes on",
      "    two cores and is kept in the cache.",
      "  - Set KUBEBUILDER_ASSETS to a folder with these programs. The demo contents itself with etcd and",
      "    kube-apiserver, as setup-envtest fetches them, and then shows no pods.",
      `  - Copy a filled cache from another machine to ${cacheDirectory()} (or to where HELMWRIGHT_CACHE says).`,
    ].join("\n"));
  }
}

/** Options of {@link ensureTools}. */
export interface EnsureToolsOptions {
  /** Where the course of a build is shown; the terminal's standard error by default. */
  readonly progress?: Progress;
}

/**
 * The paths of programs, built first where needed.
 *
 * A program is taken from `KUBEBUILDER_ASSETS` if it is there, then from the cache, and is built with Go otherwise.
 * Safe when several processes ask at once: one builds, the others wait. Fails with {@link MissingTools} without Go, and
 * with the compiler's words when a build fails.
 */
export async function ensureTools<T extends Tool>(
  wanted: ReadonlyArray<T>,
  options: EnsureToolsOptions = {},
): Promise<Record<T, string>> {
  const missing = wanted.filter((name) => findTool(name) === undefined);
  if (missing.length > 0) {
    if (findOnPath("go") === undefined) throw new MissingTools(missing);
    const toBuild = Object.values(modules).filter((module) => missing.some((name) => moduleOf[name] === module));
    const progress = options.progress ?? terminalProgress();
    for (const [index, module] of toBuild.entries()) {
      await buildModule(module, moduleDirectory(module), progress, { index: index + 1, count: toBuild.length });
    }
  }
  return Object.fromEntries(wanted.map((name) => [name, findTool(name)!])) as Record<T, string>;
}

/** Where a program is, or undefined when it has to be built first. */
export function findTool(name: Tool): string | undefined {
  const assets = process.env.KUBEBUILDER_ASSETS;
  const candidates = [
    ...(assets ? [join(assets, name)] : []),
    join(moduleDirectory(moduleOf[name]), name),
  ];
  return candidates.find(isExecutable);
}

/** The cache's folder: `HELMWRIGHT_CACHE`, else `helmwright` in `XDG_CACHE_HOME`, else `~/.cache/helmwright`. */
export function cacheDirectory(): string {
  return process.env.HELMWRIGHT_CACHE ||
    join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "helmwright");
}

/** A program of this name on `PATH`, or undefined. */
export function findOnPath(name: string): string | undefined {
  return (process.env.PATH ?? "").split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** Where a module's programs are kept: a folder whose name is the checksum of its sources, flags and platform. */
function moduleDirectory(module: ToolModule): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(module.directory).filter((name) => /^go\.(mod|sum)$|\.go$/.test(name)).sort()) {
    hash.update(`${file}\0`).update(readFileSync(join(module.directory, file))).update("\0");
  }
  hash.update(JSON.stringify([module.programs, module.ldflags, process.platform, process.arch]));
  return join(cacheDirectory(), `${module.name}-${hash.digest("hex").slice(0, 16)}`);
}

function tool(name: string, programs: Record<string, string>, ldflags = ""): ToolModule {
  return { name, directory: join(toolsDirectory, name), programs, ldflags };
}

function pinnedVersion(module: string, path: string): string {
  const text = readFileSync(join(toolsDirectory, module, "go.mod"), "utf8");
  const found = new RegExp(`^require ${path.replaceAll(".", "\\.")} (v\\S+)`, "m").exec(text);
  if (found === null) throw new Error(`Cannot read the version of ${path}: tools/${module}/go.mod does not require it`);
  return found[1];
}

function isExecutable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
