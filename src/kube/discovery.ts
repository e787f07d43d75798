/**
 * Which kinds the server serves, and where: asked for once, kept, and asked for again only when a kind is unknown or
 * the answer has grown old and somebody wants it.
 */
import { Clock, Duration, Effect, Semaphore } from "effect";
import {
  type AggregatedDiscovery,
  fromAggregated,
  fromPlain,
  type GroupVersion,
  groupVersionPath,
  type PlainDiscovery,
  versionSet,
} from "./discovery-format.ts";
import { type KubeError, NoMatchError, type Resource, type ServerVersions } from "./kube-client.ts";
import { formatApiVersion, type Gvk } from "./object.ts";
import { parseJson, type Requester } from "./requester.ts";

/** The forms of answer that are read, the best first. */
const accept = [
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
  "application/json",
].join(",");

export interface DiscoveryOptions {
  /** How long an answer is believed by `versions`; then it is asked for again, by ETag. Default 5 minutes. */
  readonly maxAge?: Duration.Input;
  /** A group and version in which a kind was not found is asked again after this time at the earliest. Default 5 s. */
  readonly unknownKindPause?: Duration.Input;
}

/** The answer of `/api` or of `/apis`. */
interface Root {
  readonly etag: string | null;
  readonly found: ReadonlyArray<GroupVersion>;
}

interface Known {
  readonly groups: Map<string, GroupVersion>;
  readonly core: Root;
  readonly others: Root;
  readonly askedAt: number;
}

export class Discovery {
  readonly #maxAge: number;
  readonly #pause: number;
  /** One question at a time; whoever waits finds the answer. */
  readonly #asking = Semaphore.makeUnsafe(1);
  /** When a group and version was last asked for a kind that it did not have. */
  readonly #unknown = new Map<string, number>();
  #known: Known | undefined;
  #server: Omit<ServerVersions, "apiVersions"> | undefined;

  constructor(private readonly requester: Requester, options: DiscoveryOptions = {}) {
    this.#maxAge = Duration.toMillis(options.maxAge ?? "5 minutes");
    this.#pause = Duration.toMillis(options.unknownKindPause ?? "5 seconds");
  }

  /** Where a kind is served. A kind that is unknown is asked for anew before this fails with NoMatchError. */
  resource(gvk: Gvk): Effect.Effect<Resource, KubeError> {
    const found = find(this.#known?.groups, gvk);
    if (found) return Effect.succeed(found);
    return Effect.flatMap(this.#ask(Infinity), ({ groups }) => {
      const found = find(groups, gvk);
      return found ? Effect.succeed(found) : this.#askForKind(gvk);
    });
  }

  /** The server's version, and what it serves as Helm's GetVersionSet lists it. */
  get versions(): Effect.Effect<ServerVersions, KubeError> {
    return Effect.gen({ self: this }, function* () {
      const { groups } = yield* this.#ask(this.#maxAge);
      this.#server ??= yield* askServerVersion(this.requester);
      return { ...this.#server, apiVersions: versionSet(groups.values()) };
    });
  }

  /** Forgets everything. */
  readonly invalidate: Effect.Effect<void> = Effect.sync(() => {
    this.#known = this.#server = undefined;
    this.#unknown.clear();
  });

  /** Forgets one kind's group and version, which the server seems not to serve any longer. */
  forget(gvk: Gvk): void {
    this.#known?.groups.delete(formatApiVersion(gvk));
  }

  /** What is known, if it is not older than `maximumAge` milliseconds; else what the server says now. */
  #ask(maximumAge: number): Effect.Effect<Known, KubeError> {
    return this.#asking.withPermit(Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis;
      const last = this.#known;
      if (last && now - last.askedAt <= maximumAge) return last;
      const [core, others] = yield* Effect.all(
        [askRoot(this.requester, "/api", last?.core), askRoot(this.requester, "/apis", last?.others)],
        { concurrency: 2 },
      );
      const groups = new Map<string, GroupVersion>();
      for (const group of [...core.found, ...others.found]) {
        // A server behind an APIService that is away for a moment changes nothing of what charts see.
        const kept = group.stale ? last?.groups.get(group.apiVersion) : group;
        if (kept) groups.set(group.apiVersion, kept);
      }
      return this.#known = { groups, core, others, askedAt: now };
    }));
  }

  /** Asks for one group and version, unless it was asked a moment ago: the kind's CRD may have appeared. */
  #askForKind(gvk: Gvk): Effect.Effect<Resource, KubeError> {
    const apiVersion = formatApiVersion(gvk);
    return this.#asking.withPermit(Effect.gen({ self: this }, function* () {
      const known = find(this.#known?.groups, gvk);
      if (known) return known;
      const now = yield* Clock.currentTimeMillis;
      if (now - (this.#unknown.get(apiVersion) ?? -Infinity) < this.#pause) return yield* new NoMatchError({ gvk });
      this.#unknown.set(apiVersion, now);
      const group = yield* askGroupVersion(this.requester, apiVersion);
      if (group) this.#known?.groups.set(apiVersion, group);
      const found = find(this.#known?.groups, gvk);
      if (found) this.#unknown.delete(apiVersion);
      return found ?? (yield* new NoMatchError({ gvk }));
    }));
  }
}

function find(groups: ReadonlyMap<string, GroupVersion> | undefined, gvk: Gvk): Resource | undefined {
  return groups?.get(formatApiVersion(gvk))?.resources.find(({ kind }) => kind === gvk.kind);
}

function askRoot(requester: Requester, path: "/api" | "/apis", last?: Root): Effect.Effect<Root, KubeError> {
  return Effect.gen(function* () {
    const headers = last?.etag ? { "if-none-match": last.etag } : undefined;
    const answer = yield* requester.send({ method: "GET", path, describe: `discover ${path}`, accept, headers });
    if (answer.status === 304 && last) return last;
    const list = yield* parseJson(answer, `discover ${path}`);
    if (list.kind === "APIGroupDiscoveryList") {
      return { etag: answer.headers.get("etag"), found: fromAggregated(list as AggregatedDiscovery) };
    }
    const found = yield* Effect.forEach(groupVersionsOf(list), (name) => askGroupVersion(requester, name), {
      concurrency: 8,
    });
    return { etag: null, found: found.filter((group) => group !== null) };
  });
}

/** The groups and versions of an APIVersions (`/api`) or an APIGroupList (`/apis`). */
function groupVersionsOf(list: {
  readonly versions?: ReadonlyArray<string>;
  readonly groups?: ReadonlyArray<{ readonly versions: ReadonlyArray<{ readonly groupVersion: string }> }>;
}): string[] {
  return [...list.versions ?? [], ...(list.groups ?? []).flatMap((group) => group.versions.map((v) => v.groupVersion))];
}

/** Null when the server does not serve it, or what is behind its APIService does not answer. */
function askGroupVersion(requester: Requester, apiVersion: string): Effect.Effect<GroupVersion | null, KubeError> {
  const describe = `discover ${apiVersion}`;
  return requester.send({ method: "GET", path: groupVersionPath(apiVersion), describe }).pipe(
    Effect.flatMap((answer) => parseJson(answer, describe)),
    Effect.map((list) => fromPlain(list as PlainDiscovery)),
    Effect.catchIf(
      (error) => error._tag === "ApiError" && (error.code === 404 || error.code === 503),
      () => Effect.succeed(null),
    ),
  );
}

function askServerVersion(requester: Requester): Effect.Effect<Omit<ServerVersions, "apiVersions">, KubeError> {
  const describe = "read the server's version";
  return requester.send({ method: "GET", path: "/version", describe }).pipe(
    Effect.flatMap((answer) => parseJson(answer, describe)),
    Effect.map(({ gitVersion, major, minor }) => ({ gitVersion, major, minor })),
  );
}
