/** How an action on a release fails. */
import { Data } from "effect";
import type { KubeError } from "../kube/kube-client.ts";
import type { StorageFailure } from "../storage/storage.ts";

/** There is no such release; `uninstallRelease` answers with it when nothing was installed. */
export class ReleaseNotFound extends Data.TaggedError("ReleaseNotFound")<{ readonly releaseName: string }> {
  override get message(): string {
    return `release: not found: ${this.releaseName}`;
  }
}

/** The chart cannot be rendered with these values: schema, template, or YAML; Helm's own words in `detail`. */
export class ChartError extends Data.TaggedError("ChartError")<{
  readonly chart: string;
  readonly detail: string;
}> {
  override get message(): string {
    return this.detail;
  }
}

/** A step of an action failed; `object` is the one that it failed on, where there is one. */
export class ActionError extends Data.TaggedError("ActionError")<{
  readonly action: "install" | "upgrade" | "rollback" | "reconcile" | "test" | "uninstall";
  readonly releaseName: string;
  readonly object?: string;
  readonly detail: string;
  readonly cause?: unknown;
}> {
  override get message(): string {
    return this.detail;
  }
}

export type ManagerFailure = ChartError | ActionError | KubeError | StorageFailure;
