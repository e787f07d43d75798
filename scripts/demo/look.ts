// Looks at what the operator has made of a Website.

import type { Api, KubeObject, Reference } from "../../test/cluster/api.ts";
import { waitFor } from "../../test/cluster/api.ts";

/** A release's revision, as its record's labels tell. */
export interface Revision {
  readonly number: number;
  readonly status: string;
}

/** One website in one namespace. */
export class Website {
  readonly reference: Reference;

  constructor(private readonly api: Api, private readonly namespace: string, readonly name: string) {
    this.reference = { apiVersion: "demo.example.com/v1alpha1", kind: "Website", namespace, name };
  }

  /** The revisions that Helm's storage holds, oldest first. */
  async revisions(): Promise<Array<Revision>> {
    const records = await this.api.list("v1", "Secret", this.namespace, `owner=helm,name=${this.name}`);
    return records
      .map(({ metadata: { labels } }) => ({ number: Number(labels?.version), status: labels?.status ?? "" }))
      .sort((a, b) => a.number - b.number);
  }

  /** The release's objects, except for what Kubernetes made of them. */
  async objects(): Promise<Array<KubeObject>> {
    const selector = `app.kubernetes.io/instance=${this.name}`;
    const kinds = [["v1", "ConfigMap"], ["v1", "Service"], ["apps/v1", "Deployment"]];
    const lists = await Promise.all(
      kinds.map(([apiVersion, kind]) => this.api.list(apiVersion, kind, this.namespace, selector)),
    );
    return lists.flat();
  }

  /** Waits until this revision is deployed and the custom resource's conditions say so; returns the conditions. */
  async deployed(revision: number): Promise<ReadonlyArray<string>> {
    await waitFor(`revision ${revision} of ${this.name} to be deployed`, async () => {
      return (await this.revisions()).some(({ number, status }) => number === revision && status === "deployed");
    }, { timeoutMs: 60_000 });
    const reason = revision === 1 ? "InstallSuccessful" : "UpgradeSuccessful";
    return await waitFor(`the condition Deployed of ${this.name} with reason ${reason}`, async () => {
      const { status } = (await this.api.get(this.reference))!;
      const conditions: Array<Record<string, string>> = status?.conditions ?? [];
      const deployed = conditions.find(({ type }) => type === "Deployed");
      return deployed?.status === "True" && deployed.reason === reason &&
        conditions.map(({ type, status, reason }) => `${type}=${status}${reason ? ` (${reason})` : ""}`);
    }, { timeoutMs: 60_000 });
  }

  /** Waits until so many pods are Ready, and no others are left; calls back when the number changes. */
  async podsReady(wanted: number, onChange: (ready: number) => void): Promise<void> {
    let seen = 0;
    await waitFor(`${wanted} ready pods of ${this.name}`, async () => {
      const pods = await this.api.list("v1", "Pod", this.namespace, `app.kubernetes.io/instance=${this.name}`);
      const ready = pods.filter(({ status }) =>
        status?.conditions?.some((found: Record<string, string>) =>
          found.type === "Ready" && found.status === "True"
        )
      ).length;
      if (ready !== seen) onChange(seen = ready);
      return ready === wanted && pods.length === wanted;
    }, { timeoutMs: 120_000 });
  }

  /** Waits until the condition Ready is true for the resource as it is now; returns what it says. */
  async ready(): Promise<string> {
    return await waitFor(`${this.name} to be Ready`, async () => {
      const { status, metadata } = (await this.api.get(this.reference))!;
      const ready = status?.conditions?.find(({ type }: { type: string }) => type === "Ready");
      return status?.observedGeneration === metadata.generation && ready?.status === "True" && ready.message;
    }, { timeoutMs: 60_000 });
  }

  /** Waits until nothing is left of it: custom resource, revisions, objects. */
  async gone(): Promise<void> {
    await waitFor(`everything of ${this.name} to be gone`, async () => {
      const [resource, revisions, objects] = await Promise.all([
        this.api.get(this.reference),
        this.revisions(),
        this.objects(),
      ]);
      return resource === undefined && revisions.length === 0 && objects.length === 0;
    }, { timeoutMs: 60_000 });
  }
}
