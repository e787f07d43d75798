/** A list and watch that never ends: what client-go calls a reflector. */
import { Clock, Effect, Queue, Random, Stream } from "effect";
import { KubeClient, type KubeError, type WatchEvent } from "./kube-client.ts";
import { formatApiVersion, type Gvk, type KubeObject } from "./object.ts";
import { type ObjectChange, WatchView } from "./watch-view.ts";

export type { ObjectChange, ObjectKey } from "./watch-view.ts";

/** What {@link reflect} tells. */
export type Change<A> =
  | ObjectChange<A>
  /** All objects that exist have been given. Comes once, after the first list. */
  | { readonly type: "Synced" }
  /** Listing or watching fails, and is tried again until it works; comes once for each reason. */
  | { readonly type: "Unavailable"; readonly error: KubeError };

export interface Selection {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Only `metadata` is sent and given to `project`. Default false. */
  readonly metadataOnly?: boolean;
}

/**
 * The objects of a kind and what becomes of them, for ever.
 *
 * `project` says what is kept of each object, and nothing else is: a hash, a generation. An object of which the same
 * is kept as before (`===`) gives no change.
 *
 * Guarantees: each object that exists is given before `Synced`; afterwards each change is given at least by its last
 * state, deletions during an outage included; the view never goes back in time, as lists are read from the latest
 * state and watches resume where the last one ended. A kind that the server does not serve (yet) is waited for. The
 * stream ends by interruption only.
 */
export function reflect<A>(
  gvk: Gvk,
  selection: Selection,
  project: (object: KubeObject) => A,
): Stream.Stream<Change<A>, never, KubeClient> {
  return Stream.callback<Change<A>, never, KubeClient>((queue) =>
    Effect.flatMap(KubeClient, (client) => {
      const emit = (changes: ReadonlyArray<Change<A>>) => Effect.asVoid(Queue.offerAll(queue, changes));
      return new Reflection(client, gvk, selection, new WatchView(project), emit).run;
    }), { bufferSize: 64 });
}

/** A watch that lasted this long or gave something was a good one, milliseconds. */
const goodWatch = 10_000;

class Reflection<A> {
  /** Where the next watch begins; undefined: list first. */
  #resourceVersion: string | undefined;
  #synced = false;
  /** Turns that failed since the last good watch. */
  #failures = 0;
  #reported: string | undefined;

  constructor(
    private readonly client: KubeClient["Service"],
    private readonly gvk: Gvk,
    private readonly selection: Selection,
    private readonly view: WatchView<A>,
    private readonly emit: (changes: ReadonlyArray<Change<A>>) => Effect.Effect<void>,
  ) {}

  get run(): Effect.Effect<never> {
    const turn = Effect.gen({ self: this }, function* () {
      if (this.#resourceVersion === undefined) yield* this.#list;
      yield* this.#watch;
    });
    return Effect.forever(Effect.catch(turn, (error) => this.#failed(error)));
  }

  get #list(): Effect.Effect<void, KubeError> {
    return Effect.gen({ self: this }, function* () {
      this.view.beginList();
      let resourceVersion = "";
      yield* Stream.runForEach(this.client.listPages(this.gvk, this.selection), (page) => {
        resourceVersion = page.metadata.resourceVersion;
        return this.emit(this.view.page(page.items));
      });
      yield* this.emit(this.view.endList());
      this.#resourceVersion = resourceVersion;
      yield* this.#worksAgain;
      if (!this.#synced) yield* this.emit([{ type: "Synced" }]);
      this.#synced = true;
    });
  }

  /** One watch, until it ends. One that ends at once with nothing counts as a failure, or it would spin. */
  get #watch(): Effect.Effect<void, KubeError> {
    return Effect.gen({ self: this }, function* () {
      const began = yield* Clock.currentTimeMillis;
      let events = 0;
      const options = { ...this.selection, resourceVersion: this.#resourceVersion! };
      yield* Stream.runForEach(this.client.watch(this.gvk, options), (event) => {
        if (events++ === 0) this.#failures = 0;
        return Effect.andThen(this.emit(this.view.event(event)), this.#seen(event));
      });
      const lasted = (yield* Clock.currentTimeMillis) - began;
      if (events > 0 || lasted >= goodWatch) {
        this.#failures = 0;
        return yield* this.#worksAgain;
      }
      yield* Effect.sleep(yield* backoff(++this.#failures));
    });
  }

  #seen(event: WatchEvent): Effect.Effect<void> {
    return Effect.sync(() => {
      const seen = event.type === "BOOKMARK" ? event.resourceVersion : event.object.metadata.resourceVersion;
      if (seen) this.#resourceVersion = seen;
    });
  }

  /** Says once why it fails, and waits: longer each time, and as long as the server asks. */
  #failed(error: KubeError): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      this.#failures++;
      const expired = error._tag === "ApiError" && error.code === 410;
      if (expired) this.#resourceVersion = undefined;
      // That the past is forgotten is ordinary: the first time it is not worth a word or a wait.
      if (expired && this.#failures === 1) return;
      if (error.message !== this.#reported) {
        this.#reported = error.message;
        yield* Effect.logWarning(`Cannot watch ${nameOf(this.gvk)}, trying again until it works: ${error.message}`);
        yield* this.emit([{ type: "Unavailable", error }]);
      }
      const millis = yield* backoff(this.#failures);
      const asked = error._tag === "ApiError" ? (error.retryAfter ?? 0) * 1000 : 0;
      if (asked > 0) yield* Effect.sleep(Math.max(millis, asked));
      else if (yield* this.client.waitToRetry(millis)) this.#failures = 0;
    });
  }

  get #worksAgain(): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.#reported === undefined) return Effect.void;
      this.#reported = undefined;
      return Effect.logInfo(`Watching ${nameOf(this.gvk)} again`);
    });
  }
}

/** Milliseconds: 0.8 s doubled with each failure up to 30 s, as client-go's reflector, give or take a fifth. */
function backoff(failures: number): Effect.Effect<number> {
  const base = Math.min(30_000, 800 * 2 ** (failures - 1));
  return Effect.map(Random.nextBetween(0.8, 1.2), (factor) => base * factor);
}

function nameOf(gvk: Gvk): string {
  return `${formatApiVersion(gvk)}/${gvk.kind}`;
}
