// A KubeClient that holds one custom resource in memory, and a manager that does what a test says.

import { Effect } from "effect";
import { ApiError, KubeClient, type KubeError } from "../../src/kube/kube-client.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import { ActionError, type ManagerFailure, ReleaseNotFound } from "../../src/release/failure.ts";
import type { Manager, ReleaseRecord } from "../../src/release/manager.ts";

export const cr = (more: Partial<KubeObject["metadata"]> = {}, status?: object): KubeObject => ({
  apiVersion: "apps.example.com/v1",
  kind: "Web",
  metadata: { name: "front", namespace: "shop", uid: "u", resourceVersion: "1", ...more },
  spec: { size: 1 },
  ...(status === undefined ? {} : { status }),
});

export const refused = new ApiError({ code: 403, reason: "Forbidden", request: "patch", detail: "not allowed" });
const conflict = new ApiError({ code: 409, reason: "Conflict", request: "patch", detail: "changed meanwhile" });
const notFound = new ApiError({ code: 404, reason: "NotFound", request: "patch", detail: "gone" });

/** The cluster: what is read and written of the one custom resource, in order. */
export class FakeCluster {
  readonly calls: string[] = [];
  /** Answers of the next patches; none: they succeed. */
  readonly failures: KubeError[] = [];
  hasStatus = true;

  constructor(public resource: KubeObject | null) {}

  readonly client = {
    resource: () =>
      Effect.sync(() => ({
        group: "apps.example.com",
        version: "v1",
        kind: "Web",
        plural: "webs",
        namespaced: true,
        hasStatus: this.hasStatus,
        verbs: [],
      })),
    get: () => Effect.sync(() => this.resource),
    patch: (_: unknown, body: any, __: unknown, options: { subresource?: string } = {}) =>
      Effect.suspend(() => {
        const failure = this.failures.shift();
        if (failure !== undefined) return Effect.fail(failure);
        if (this.resource === null) return Effect.fail(notFound);
        const { metadata } = this.resource;
        const given = body.metadata?.resourceVersion;
        if (given !== undefined && given !== metadata.resourceVersion) return Effect.fail(conflict);
        this.calls.push(options.subresource ?? (body.status === undefined ? "finalizers" : "whole"));
        const resourceVersion = String(Number(metadata.resourceVersion) + 1);
        this.resource = { ...this.resource, ...body, metadata: { ...metadata, ...body.metadata, resourceVersion } };
        return Effect.succeed(this.resource!);
      }),
  } as unknown as KubeClient["Service"];

  get finalizers(): string[] {
    return this.resource?.metadata.finalizers ?? [];
  }

  /** `Deployed=True InstallSuccessful: notes` for each condition. */
  get conditions(): string[] {
    const all: Array<Record<string, string>> = this.resource?.status?.conditions ?? [];
    return all.map(({ type, status, reason = "", message = "" }) =>
      `${type}=${status}${reason && ` ${reason}`}${message && `: ${message}`}`
    );
  }
}

export const record = (version: number): ReleaseRecord => ({
  name: "front",
  namespace: "shop",
  version,
  manifest: "---\n# Source: web/templates/a.yaml\nkind: Service\n",
  info: { status: "deployed", notes: `notes ${version}` },
});

export const failure = (detail: string): ActionError =>
  new ActionError({ action: "install", releaseName: "front", detail });

/** A manager whose steps succeed unless they are replaced; it notes what is called. */
export function fakeManager(
  calls: string[],
  installed: boolean,
  required: boolean,
  more: Partial<Manager> = {},
): Manager {
  const step = <A>(name: string, result: A) => Effect.sync(() => (calls.push(name), result));
  return {
    releaseName: "front",
    namespace: "shop",
    references: [],
    plan: step("plan", {
      release: "front",
      namespace: "shop",
      action: installed && !required ? "none" : "install",
      revision: installed ? 1 : null,
      objects: [],
      hooks: [],
    }),
    sync: step("sync", undefined),
    isInstalled: () => installed,
    isUpdateRequired: () => required,
    deployedRelease: () => installed ? record(1) : null,
    installRelease: () => step("install", record(1)),
    updateRelease: ({ force } = {}) =>
      step(`upgrade${force ? " by force" : ""}`, { previous: record(1), updated: record(2) }),
    reconcileRelease: step("reconcile", { release: record(1), repairs: [], drifted: [] }),
    rollBack: ({ force } = {}) => step(`rollback${force ? " by force" : ""}`, record(1)),
    uninstallRelease: step("uninstall", record(1)),
    cleanupRelease: () => step("cleanup", true),
    inputs: Effect.succeed("inputs"),
    failedTry: Effect.succeed(null),
    runsTests: false,
    isTestDue: () => false,
    testRelease: Effect.sync(() => ({ release: record(1), passed: true, message: "" })),
    ...more,
  };
}

export const fails = (error: ManagerFailure) => Effect.fail(error);
export const notInstalled = Effect.fail(new ReleaseNotFound({ releaseName: "front" }));
