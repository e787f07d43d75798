// A small client of the Kubernetes API for tests: get, list, create, apply, patch, delete, wait. It is not the project's
// own `src/kube`, so that a test never judges that code by itself.

import { setTimeout as sleep } from "node:timers/promises";
import type { Sender } from "./sender.ts";

/** Any Kubernetes object. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: Array<string>;
    ownerReferences?: Array<Record<string, any>>;
    deletionTimestamp?: string;
    [field: string]: any;
  };
  [field: string]: any;
}

/** Which object; `namespace` is left out for cluster-scoped ones. */
export interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** An answer of the API server that is not 2xx; `message` is the server's own. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(readonly status: number, readonly reason: string, message: string) {
    super(message);
  }
}

interface Resource {
  readonly name: string;
  readonly namespaced: boolean;
}

const FIELD_MANAGER = "helmwright-test";

/** The client of one user. */
export class Api {
  readonly #resources = new Map<string, Map<string, Resource>>();

  constructor(private readonly sender: Sender) {}

  /** One request; the parsed JSON of the answer, or its text when it is not JSON. Fails with {@link ApiError}. */
  async request<T = any>(method: string, path: string, body?: unknown, contentType = "application/json"): Promise<T> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const { status, text, isJson } = await this.sender.send(method, path, payload, contentType);
    const json = isJson ? JSON.parse(text) : undefined;
    if (status >= 200 && status < 300) return json ?? text as T;
    throw new ApiError(status, json?.reason ?? "", json?.message ?? text);
  }

  /** The object, or undefined when there is none. */
  async get(reference: Reference): Promise<KubeObject | undefined> {
    try {
      return await this.request<KubeObject>("GET", await this.path(reference));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** All objects of a kind in a namespace (or everywhere), matching a label selector when one is given. */
  async list(apiVersion: string, kind: string, namespace?: string, labelSelector = ""): Promise<Array<KubeObject>> {
    const path = await this.collection({ apiVersion, kind, namespace });
    const { items } = await this.request<{ items: Array<KubeObject> }>(
      "GET",
      labelSelector === "" ? path : `${path}?labelSelector=${encodeURIComponent(labelSelector)}`,
    );
    return items.map((item) => ({ ...item, apiVersion, kind }));
  }

  /** Creates an object. */
  async create(object: KubeObject): Promise<KubeObject> {
    const { apiVersion, kind, metadata } = object;
    return await this.request(
      "POST",
      await this.collection({ apiVersion, kind, namespace: metadata.namespace }),
      object,
    );
  }

  /** Creates or changes an object by a server-side apply that wins conflicts. */
  async apply(object: KubeObject): Promise<KubeObject> {
    const { apiVersion, kind, metadata } = object;
    const path = await this.path({ apiVersion, kind, namespace: metadata.namespace, name: metadata.name });
    return await this.request(
      "PATCH",
      `${path}?fieldManager=${FIELD_MANAGER}&force=true`,
      object,
      "application/apply-patch+yaml",
    );
  }

  /** Changes an object by a JSON merge patch; `subresource` is such as `status`. */
  async patch(reference: Reference, patch: unknown, subresource?: string): Promise<KubeObject> {
    const path = await this.path(reference);
    const suffix = subresource === undefined ? "" : `/${subresource}`;
    return await this.request("PATCH", path + suffix, patch, "application/merge-patch+json");
  }

  /** Deletes an object; one that is not there is fine. Does not wait for finalizers. */
  async delete(reference: Reference): Promise<void> {
    try {
      await this.request("DELETE", await this.path(reference));
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  /** Creates a namespace with a name that no other test has, and waits until pods can be created in it. */
  async createNamespace(prefix = "test"): Promise<string> {
    const name = `${prefix}-${crypto.randomUUID().slice(0, 8)}`;
    await this.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    await waitFor(
      `the default service account of namespace ${name}`,
      () => this.get({ apiVersion: "v1", kind: "ServiceAccount", namespace: name, name: "default" }),
    );
    return name;
  }

  /** Applies a CustomResourceDefinition and waits until its kind is served. */
  async createCustomResourceDefinition(definition: KubeObject): Promise<void> {
    const { apiVersion, kind, metadata } = await this.apply(definition);
    await waitFor(`the definition ${metadata.name} to be established`, async () => {
      const current = await this.get({ apiVersion, kind, name: metadata.name });
      const conditions: Array<Record<string, string>> = current?.status?.conditions ?? [];
      return conditions.some(({ type, status }) => type === "Established" && status === "True") || undefined;
    });
    this.#resources.clear();
  }

  /** The path of an object. */
  async path(reference: Reference): Promise<string> {
    return `${await this.collection(reference)}/${encodeURIComponent(reference.name)}`;
  }

  /** The path of a kind's objects, in a namespace when the kind is namespaced and a namespace is given. */
  async collection(reference: Omit<Reference, "name">): Promise<string> {
    const { apiVersion, kind, namespace } = reference;
    const prefix = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resource = await this.#resource(prefix, kind);
    return resource.namespaced && namespace !== undefined
      ? `${prefix}/namespaces/${namespace}/${resource.name}`
      : `${prefix}/${resource.name}`;
  }

  /** Closes the client's connections. */
  close(): void {
    this.sender.close();
  }

  async #resource(prefix: string, kind: string): Promise<Resource> {
    let kinds = this.#resources.get(prefix);
    if (kinds === undefined || !kinds.has(kind)) {
      const { resources } = await this.request<{ resources: Array<Resource & { kind: string }> }>("GET", prefix);
      kinds = new Map(resources.filter(({ name }) => !name.includes("/")).map((entry) => [entry.kind, entry]));
      this.#resources.set(prefix, kinds);
    }
    const resource = kinds.get(kind);
    if (resource === undefined) throw new ApiError(404, "NotFound", `the server does not serve ${kind} in ${prefix}`);
    return resource;
  }
}

/** Options of {@link waitFor}. */
export interface WaitOptions {
  /** When to give up, in milliseconds; 30,000 by default. */
  readonly timeoutMs?: number;
  /** Between two looks, in milliseconds; 100 by default. */
  readonly intervalMs?: number;
}

/**
 * Looks again and again until `look` answers something other than undefined or false, and returns it. An error of
 * `look` counts as "not yet". On time-out the error says what was waited for and what went wrong last.
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  options: WaitOptions = {},
): Promise<T> {
  const { timeoutMs = 30_000, intervalMs = 100 } = options;
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  do {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found as T;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await sleep(intervalMs);
  } while (Date.now() < deadline);
  const because = lastError === undefined ? "" : `: ${lastError instanceof Error ? lastError.message : lastError}`;
  throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}${because}`);
}
