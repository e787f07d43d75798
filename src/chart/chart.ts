/** A chart in memory, as Helm's loader makes it (helm.sh/helm/v4/pkg/chart/v2). Plain data; never changed after loading. */
import type { GoMap } from "../template/value.ts";

/** A file of a chart; the name is relative to the chart's root, with slashes. */
export interface ChartFile {
  readonly name: string;
  readonly data: Uint8Array;
  /** The same as a Go string, where that is how the file is kept. */
  readonly text?: string;
  /** Milliseconds since the epoch; Helm keeps it in release records. */
  readonly modified?: number;
}

export interface Maintainer {
  readonly name?: string;
  readonly email?: string;
  readonly url?: string;
}

export interface Dependency {
  readonly name: string;
  readonly version?: string;
  readonly repository: string;
  readonly condition?: string;
  readonly tags?: ReadonlyArray<string>;
  readonly enabled?: boolean;
  readonly importValues?: ReadonlyArray<string | { readonly child: string; readonly parent: string }>;
  readonly alias?: string;
}

/** Chart.yaml. */
export interface Metadata {
  readonly name: string;
  readonly home?: string;
  readonly sources?: ReadonlyArray<string>;
  readonly version: string;
  readonly description?: string;
  readonly keywords?: ReadonlyArray<string>;
  readonly maintainers?: ReadonlyArray<Maintainer>;
  readonly icon?: string;
  readonly apiVersion: string;
  readonly condition?: string;
  readonly tags?: string;
  readonly appVersion?: string;
  readonly deprecated?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly kubeVersion?: string;
  readonly dependencies?: ReadonlyArray<Dependency>;
  readonly type?: string;
}

export interface Lock {
  readonly generated: string;
  readonly digest: string;
  readonly dependencies: ReadonlyArray<Dependency>;
}

/** The values of a chart that has no values.yaml; never changed. */
export const noValues: GoMap = new Map();

export interface Chart {
  readonly metadata: Metadata;
  readonly lock: Lock | null;
  /** Files under templates/. */
  readonly templates: ReadonlyArray<ChartFile>;
  /** values.yaml, decoded: numbers are float64; {@link noValues} where there is none. */
  readonly values: GoMap;
  /** values.schema.json, or null. */
  readonly schema: Uint8Array | null;
  /** Every other file, crds/ included. */
  readonly files: ReadonlyArray<ChartFile>;
  /** The charts under charts/. */
  readonly dependencies: ReadonlyArray<Chart>;
  /** SHA-256 in hex over all files' names and contents, subcharts included: equal digests render equally. */
  readonly digest: string;
  /** When Chart.yaml and values.schema.json were modified, in milliseconds since the epoch. */
  readonly modified?: number;
  readonly schemaModified?: number;
}
