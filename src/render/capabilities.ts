/** `.Capabilities`: the cluster's version and APIs (helm.sh/helm/v4/pkg/chart/common/capabilities.go). */
import { quote } from "../template/format.ts";
import { fn } from "../template/signature.ts";
import { type GoFunction, type GoList, type GoMap, GoObject, type GoValue, TypedList } from "../template/value.ts";
import type { CapabilityFacts, CapabilityUse } from "./release-facts.ts";
import { RenderError } from "./render-error.ts";

/** What `.Capabilities.HelmVersion` says: that of helm.sh/helm/v4 4.3.1, as built from its Go module. */
export const helmVersion = { version: "v4.3", goVersion: "go1.26.8", kubeClientVersion: "v1.37" } as const;

/** What Helm assumes of a cluster that it does not talk to: the newest that it knows, with all APIs it knows. */
export const defaultCapabilities: CapabilityFacts = {
  kubeVersion: "v1.37.0",
  apiVersions: [
    "v1",
    ...versionsOf("admissionregistration.k8s.io", "v1", "v1alpha1", "v1beta1"),
    ...versionsOf("internal.apiserver.k8s.io", "v1alpha1"),
    ...versionsOf("apps", "v1", "v1beta1", "v1beta2"),
    ...versionsOf("authentication.k8s.io", "v1", "v1alpha1", "v1beta1"),
    ...versionsOf("authorization.k8s.io", "v1", "v1beta1"),
    ...versionsOf("autoscaling", "v1", "v2"),
    ...versionsOf("batch", "v1", "v1beta1"),
    ...versionsOf("certificates.k8s.io", "v1", "v1beta1", "v1alpha1"),
    ...versionsOf("coordination.k8s.io", "v1alpha2", "v1beta1", "v1"),
    ...versionsOf("discovery.k8s.io", "v1", "v1beta1"),
    ...versionsOf("events.k8s.io", "v1", "v1beta1"),
    ...versionsOf("extensions", "v1beta1"),
    ...versionsOf("flowcontrol.apiserver.k8s.io", "v1", "v1beta1", "v1beta2", "v1beta3"),
    ...versionsOf("lifecycle.k8s.io", "v1alpha1"),
    ...versionsOf("networking.k8s.io", "v1", "v1beta1"),
    ...versionsOf("node.k8s.io", "v1", "v1alpha1", "v1beta1"),
    ...versionsOf("policy", "v1", "v1beta1"),
    ...versionsOf("rbac.authorization.k8s.io", "v1", "v1beta1", "v1alpha1"),
    ...versionsOf("resource.k8s.io", "v1", "v1beta2", "v1beta1", "v1alpha3"),
    ...versionsOf("scheduling.k8s.io", "v1alpha3", "v1beta1", "v1"),
    ...versionsOf("storage.k8s.io", "v1beta1", "v1", "v1alpha1"),
    ...versionsOf("storagemigration.k8s.io", "v1", "v1beta1"),
    ...versionsOf("apiextensions.k8s.io", "v1beta1", "v1"),
  ],
};

function versionsOf(group: string, ...versions: string[]): string[] {
  return versions.map((version) => `${group}/${version}`);
}

/** A Kubernetes version taken apart as Helm's ParseKubeVersion does. */
export interface KubeVersion {
  /** Whole, with `v`: `v1.33.4-gke.1245000`. */
  readonly version: string;
  /** Without what follows the numbers, for comparison with constraints: `v1.33.4`. */
  readonly normalized: string;
  readonly major: string;
  readonly minor: string;
}

/** Reads a version such as `1.36.3` or `v1.33.4-gke.1245000`. Throws with Helm's words when it is none. */
export function parseKubeVersion(version: string): KubeVersion {
  const refuse = (problem: string) => new RenderError(`invalid kube version '${version}': ${problem}`, "values");
  const match = /^[\t\n\f\r ]*v?(\d+(?:\.\d+)*)[^\n]*$/.exec(version);
  if (match === null) throw refuse(`could not parse ${quote(version)} as version`);
  const parts = match[1].split(".");
  if (parts.length < 2) throw refuse(`illegal version string ${quote(version)}`);
  const [first] = parts;
  if (/^0./.test(first)) throw refuse(`illegal zero-prefixed version component ${quote(first)} in ${quote(version)}`);
  const numbers = parts.map((part) => {
    if (BigInt(part) < 2n ** 64n) return String(BigInt(part));
    const why = `strconv.ParseUint: parsing ${quote(part)}: value out of range`;
    throw refuse(`illegal non-numeric version component ${quote(part)} in ${quote(version)}: ${why}`);
  });
  const [major, minor] = numbers;
  return {
    version: version.startsWith("v") ? version : `v${version}`,
    normalized: `v${numbers.join(".")}`,
    major,
    minor,
  };
}

/** A Go struct or a pointer to one. */
class Struct extends GoObject {
  constructor(
    override readonly type: string,
    override readonly kind: "struct" | "ptr",
    private readonly fields: Readonly<Record<string, GoValue>>,
  ) {
    super();
  }

  override field(name: string): GoValue | undefined {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  override structFields(): readonly (readonly [string, GoValue])[] {
    return Object.entries(this.fields);
  }

  override json(): GoMap {
    return new Map(Object.entries(this.fields));
  }
}

/** Go's `common.KubeVersion`. Its methods are a pointer's: only where Go knows its address does it have them. */
class KubeVersionStruct extends GoObject {
  override readonly type = "common.KubeVersion";
  readonly #fields: ReadonlyMap<string, string>;

  constructor(private readonly kube: KubeVersion, private readonly addressed: boolean) {
    super();
    this.#fields = new Map([["Version", kube.version], ["Major", kube.major], ["Minor", kube.minor]]);
  }

  override field(name: string): GoValue | undefined {
    return this.#fields.get(name);
  }

  override method(name: string): GoFunction | undefined {
    if (!this.addressed) return undefined;
    if (name === "GitVersion") return fn("func() string", () => this.kube.version);
    return name === "String" ? fn("func() string", () => this.addressedText()!) : undefined;
  }

  override structFields(): readonly (readonly [string, GoValue])[] {
    const { version, normalized, major, minor } = this.kube;
    return [["Version", version], ["normalizedVersion", normalized], ["Major", major], ["Minor", minor]];
  }

  override addressedText(): string | undefined {
    return this.addressed ? this.kube.normalized || this.kube.version : undefined;
  }

  override passed(): GoValue {
    return this.addressed ? new KubeVersionStruct(this.kube, false) : this;
  }

  override deepCopy(addressed = false): KubeVersionStruct {
    return new KubeVersionStruct({ ...this.kube, normalized: "" }, addressed);
  }

  override json(): GoMap {
    return new Map(this.#fields);
  }
}

interface Versions {
  readonly list: TypedList;
  readonly known: ReadonlySet<string>;
}

const versionLists = new WeakMap<readonly string[], Versions>();

/** A cluster's versions, which are many and the same for all renderings. */
function versionsOnce(versions: readonly string[]): Versions {
  let found = versionLists.get(versions);
  if (found === undefined) {
    versionLists.set(versions, found = { list: TypedList.ofType("string", versions), known: new Set(versions) });
  }
  return found;
}

/** Go's `common.VersionSet`, a []string with `Has`. */
class VersionSet extends GoObject {
  override readonly type = "common.VersionSet";
  override readonly kind = "slice";
  readonly #versions: TypedList;
  readonly #has: GoFunction;
  readonly #log: CapabilityLog;

  constructor(versions: readonly string[], log: CapabilityLog) {
    super();
    this.#log = log;
    const { list, known } = versionsOnce(versions);
    this.#versions = list;
    this.#has = fn("func(string) bool", (version: string) => {
      log.asked.add(version);
      return known.has(version);
    });
  }

  get #list(): TypedList {
    this.#log.listed = true;
    return this.#versions;
  }

  override method(name: string): GoFunction | undefined {
    return name === "Has" ? this.#has : undefined;
  }

  override collection(): TypedList {
    return this.#list;
  }

  override withElements(versions: GoList): VersionSet {
    return new VersionSet(versions as string[], this.#log);
  }

  override json(): TypedList {
    return this.#list;
  }
}

/** Notes what a rendering asks of `.Capabilities`. */
export class CapabilityLog {
  kubeVersion = false;
  readonly asked = new Set<string>();
  listed = false;

  use(): CapabilityUse {
    return { kubeVersion: this.kubeVersion, apiVersions: this.listed ? "all" : [...this.asked] };
  }
}

/** `.Capabilities` itself. Whoever looks at it as a whole has asked for everything. */
class Capabilities extends Struct {
  constructor(
    private readonly log: CapabilityLog,
    private readonly kubeVersion: KubeVersionStruct,
    private readonly others: Readonly<Record<string, GoValue>>,
  ) {
    super("*common.Capabilities", "ptr", { KubeVersion: kubeVersion, ...others });
  }

  override field(name: string): GoValue | undefined {
    if (name === "KubeVersion") this.log.kubeVersion = true;
    return super.field(name);
  }

  override structFields(): readonly (readonly [string, GoValue])[] {
    this.log.kubeVersion = true;
    return super.structFields();
  }

  override json(): GoMap {
    this.log.kubeVersion = true;
    return super.json();
  }

  override method(name: string): GoFunction | undefined {
    return name === "Copy" ? fn("func() *common.Capabilities", () => this) : undefined;
  }

  override deepCopy(): Capabilities {
    return new Capabilities(this.log, this.kubeVersion.deepCopy(true), this.others);
  }
}

/** `.Capabilities` for templates; `log` hears what they ask of it. */
export function capabilitiesObject(facts: CapabilityFacts, log = new CapabilityLog()): GoObject {
  const kube = parseKubeVersion(facts.kubeVersion);
  const { version, goVersion, kubeClientVersion } = helmVersion;
  const kubeVersion = new KubeVersionStruct(kube, true);
  const apiVersions = new VersionSet(facts.apiVersions, log);
  const buildInfo = new BuildInfo(
    "version.BuildInfo",
    "struct",
    { Version: version, GitCommit: "", GitTreeState: "", GoVersion: goVersion, KubeClientVersion: kubeClientVersion },
  );
  return new Capabilities(log, kubeVersion, { APIVersions: apiVersions, HelmVersion: buildInfo });
}

/** Build information, whose JSON has names of its own. */
class BuildInfo extends Struct {
  override json(): GoMap {
    const { version, goVersion, kubeClientVersion } = helmVersion;
    return new Map([["version", version], ["go_version", goVersion], ["kube_client_version", kubeClientVersion]]);
  }
}
