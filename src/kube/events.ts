/** Events about objects, as client-go's recorder writes them (core/v1): told again they count up, told too often they stop. */
import { Clock, Effect, Queue, type Scope } from "effect";
import { KubeClient, type KubeError } from "./kube-client.ts";
import type { KubeObject } from "./object.ts";

export type EventType = "Normal" | "Warning";

export interface EventRecorder {
  /**
   * Tells what happened to an object. Returns at once and never fails: an event that cannot be written is dropped.
   * Messages longer than 1,024 characters are cut.
   */
  readonly record: (about: KubeObject, type: EventType, reason: string, message: string) => Effect.Effect<void>;
}

export interface EventRecorderOptions {
  /** Who tells, such as `web-controller`. */
  readonly component: string;
}

/** Events that wait to be written; more are dropped, the oldest first. */
const waiting = 1000;
/** How long the end of the scope waits for what is not written yet. */
const drain = "2 seconds";

/** A recorder that writes one event after the other, until its scope closes. */
export function makeEventRecorder(
  options: EventRecorderOptions,
): Effect.Effect<EventRecorder, never, KubeClient | Scope.Scope> {
  return Effect.gen(function* () {
    const client = yield* KubeClient;
    const queue = yield* Queue.sliding<Occurrence>(waiting);
    const writer = new EventWriter(client, options.component);
    const writeNext = Effect.flatMap(Queue.take(queue), (occurrence) => writer.write(occurrence));
    yield* Effect.addFinalizer(() =>
      Effect.ignore(Effect.timeout(Effect.flatMap(Queue.clear(queue), Effect.forEach((o) => writer.write(o))), drain))
    );
    yield* Effect.forkScoped(Effect.forever(writeNext));
    return {
      record: (about, type, reason, message) =>
        Effect.flatMap(
          Clock.currentTimeMillis,
          (at) =>
            Effect.asVoid(Queue.offer(queue, { about: referenceTo(about), type, reason, message: cut(message), at })),
        ),
    };
  });
}

/** A reference as `involvedObject` holds it. */
interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

interface Occurrence {
  readonly about: Reference;
  readonly type: EventType;
  readonly reason: string;
  readonly message: string;
  readonly at: number;
}

/** An event that was written, to be counted up. */
interface Written {
  readonly name: string;
  readonly namespace: string;
  count: number;
}

/** client-go's limits: so many events about an object at once, then one each five minutes. */
const burst = 25;
const refillMilliseconds = 300_000;
/** Events and objects that are remembered. */
const remembered = 4096;

class EventWriter {
  readonly #written = new Map<string, Written>();
  readonly #budgets = new Map<string, { left: number; at: number }>();
  #sequence = 0;

  constructor(private readonly client: KubeClient["Service"], private readonly component: string) {}

  write(occurrence: Occurrence): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { about, type, reason, message } = occurrence;
      const object = [about.kind, about.namespace, about.name, about.uid].join("/");
      if (!this.#allowed(object, occurrence.at)) return Effect.void;
      const key = [object, type, reason, message].join("/");
      const last = this.#written.get(key);
      return (last ? this.#countUp(last, occurrence) : this.#create(key, occurrence)).pipe(
        Effect.catch((error) => {
          this.#written.delete(key);
          return Effect.logDebug(`Cannot write the event ${reason} of ${about.kind} ${about.name}: ${error.message}`);
        }),
      );
    });
  }

  #countUp(last: Written, { at }: Occurrence): Effect.Effect<void, KubeError> {
    last.count++;
    const change = { count: last.count, lastTimestamp: timestamp(at) };
    return Effect.asVoid(
      this.client.patch({ apiVersion: "v1", kind: "Event", ...last }, change, "application/merge-patch+json"),
    );
  }

  #create(key: string, { about, type, reason, message, at }: Occurrence): Effect.Effect<void, KubeError> {
    const namespace = about.namespace ?? "default";
    const name = `${about.name}.${(at * 1000 + this.#sequence++ % 1000).toString(16)}`;
    remember(this.#written, key, { name, namespace, count: 1 });
    return Effect.asVoid(this.client.create({
      apiVersion: "v1",
      kind: "Event",
      metadata: { name, namespace },
      involvedObject: about,
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: timestamp(at),
      lastTimestamp: timestamp(at),
      source: { component: this.component },
      reportingComponent: this.component,
      reportingInstance: "",
    }));
  }

  /** A bucket of `burst` for each object, which fills again slowly. */
  #allowed(object: string, now: number): boolean {
    const last = this.#budgets.get(object) ?? { left: burst, at: now };
    const left = Math.min(burst, last.left + (now - last.at) / refillMilliseconds);
    if (left < 1) return false;
    remember(this.#budgets, object, { left: left - 1, at: now });
    return true;
  }
}

/** Sets a key and forgets the one that was not set for the longest time when there are too many. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > remembered) map.delete(map.keys().next().value!);
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): Reference {
  const { namespace, name = "", uid, resourceVersion } = metadata;
  return { apiVersion, kind, namespace, name, uid, resourceVersion };
}

function timestamp(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

/** What the API server takes. */
const longestMessage = 1024;

function cut(message: string): string {
  return message.length <= longestMessage ? message : `${message.slice(0, longestMessage - 1)}…`;
}
