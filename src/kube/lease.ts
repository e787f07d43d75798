/** Leader election with a Lease, as client-go does it: of several candidates one holds the lease and works. */
import { Clock, Data, Duration, Effect, Option, Random } from "effect";
import { KubeClient, type KubeError } from "./kube-client.ts";
import type { KubeObject } from "./object.ts";

export interface LeaseOptions {
  readonly namespace: string;
  readonly name: string;
  /** `hostname_uuid`, another for each process. */
  readonly identity: string;
  /** How long others wait after the last renewal before they take the lease. Default 15 s. */
  readonly leaseDuration?: Duration.Input;
  /** The holder gives up when it could not renew for this time; less than `leaseDuration`. Default 10 s. */
  readonly renewDeadline?: Duration.Input;
  /** Pause between two tries to acquire or to renew. Default 2 s. */
  readonly retryPeriod?: Duration.Input;
}

/** The lease could not be renewed in time, or another candidate has it. */
export class LeaseLost extends Data.TaggedError("LeaseLost")<{ readonly lease: string; readonly detail: string }> {
  override get message(): string {
    return `leader election lost: ${this.lease}: ${this.detail}`;
  }
}

export interface HeldLease {
  /** False from the moment that another candidate may believe itself the holder, even if nobody has noticed yet. */
  readonly isHeld: Effect.Effect<boolean>;
}

/**
 * Waits until this candidate holds the lease, then runs `body` and keeps renewing. When the lease is lost the body is
 * interrupted and this fails with LeaseLost. When the body ends, or this is interrupted, the lease is released at once,
 * so that the next candidate need not wait.
 */
export function withLease<A, E, R>(
  options: LeaseOptions,
  body: (lease: HeldLease) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E | LeaseLost, R | KubeClient> {
  return Effect.gen(function* () {
    const candidate = new Candidate(yield* KubeClient, options);
    yield* candidate.acquire;
    return yield* Effect.raceFirst(body({ isHeld: candidate.isHeld }), candidate.renewUntilLost).pipe(
      Effect.ensuring(candidate.release),
    );
  });
}

/** The client whose writes never begin once the lease may be another's: they wait to be interrupted. */
export function fenced(client: KubeClient["Service"], lease: HeldLease): KubeClient["Service"] {
  const whileHeld = <A, E>(write: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.flatMap(lease.isHeld, (held) => held ? write : Effect.never);
  return {
    ...client,
    create: (object, options) => whileHeld(client.create(object, options)),
    replace: (object, options) => whileHeld(client.replace(object, options)),
    patch: (ref, body, type, options) => whileHeld(client.patch(ref, body, type, options)),
    apply: (object, options) => whileHeld(client.apply(object, options)),
    delete: (ref, options) => whileHeld(client.delete(ref, options)),
  };
}

const kind = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" };

class Candidate {
  readonly #leaseDuration: number;
  readonly #renewDeadline: number;
  readonly #retryPeriod: number;
  readonly #name: string;
  /** The lease as it was last seen or written, and when its last change was seen (milliseconds). */
  #lease: KubeObject | null = null;
  #changedAt = 0;
  #renewedAt = 0;
  #reported = "";

  constructor(private readonly client: KubeClient["Service"], private readonly options: LeaseOptions) {
    this.#leaseDuration = Duration.toMillis(options.leaseDuration ?? "15 seconds");
    this.#renewDeadline = Duration.toMillis(options.renewDeadline ?? "10 seconds");
    this.#retryPeriod = Duration.toMillis(options.retryPeriod ?? "2 seconds");
    this.#name = `${options.namespace}/${options.name}`;
  }

  get acquire(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      yield* Effect.logInfo(`Attempting to acquire leader lease ${this.#name}`);
      while (!(yield* this.#try(this.#renewDeadline))) {
        // Candidates that started together must not try together for ever.
        yield* Effect.sleep(Duration.millis(this.#retryPeriod * (yield* Random.nextBetween(1, 2.2))));
      }
      yield* Effect.logInfo(`Successfully acquired lease ${this.#name}`);
    });
  }

  get renewUntilLost(): Effect.Effect<never, LeaseLost> {
    return Effect.gen({ self: this }, function* () {
      for (;;) {
        yield* Effect.sleep(Duration.millis(this.#retryPeriod));
        const left = this.#renewedAt + this.#renewDeadline - (yield* Clock.currentTimeMillis);
        if (left > 0 && (yield* this.#try(left))) continue;
        const holder = this.#lease?.spec?.holderIdentity;
        if (holder && holder !== this.options.identity) return yield* this.#lost(`it is held by ${holder}`);
        const since = (yield* Clock.currentTimeMillis) - this.#renewedAt;
        if (since >= this.#renewDeadline) return yield* this.#lost(`not renewed for ${Math.round(since / 1000)} s`);
      }
    });
  }

  get isHeld(): Effect.Effect<boolean> {
    return Effect.map(Clock.currentTimeMillis, (now) => now < this.#renewedAt + this.#renewDeadline);
  }

  /** Gives the lease up, if it is ours. */
  get release(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      this.#renewedAt = 0;
      // Seen anew: a renewal that was interrupted may have arrived all the same.
      yield* this.#look;
      if (this.#lease?.spec?.holderIdentity !== this.options.identity) return;
      const now = yield* microTime;
      const { leaseTransitions } = this.#lease.spec;
      const spec = { holderIdentity: "", leaseDurationSeconds: 1, renewTime: now, acquireTime: now, leaseTransitions };
      yield* this.client.replace({ ...this.#lease, spec });
    }).pipe(
      Effect.timeout(Duration.millis(this.#retryPeriod)),
      Effect.catch((error) => Effect.logWarning(`Cannot release the lease ${this.#name}: ${error.message}`)),
    );
  }

  #lost(detail: string): LeaseLost {
    return new LeaseLost({ lease: this.#name, detail });
  }

  /** Whether the lease is ours now. A failure means no, and is told once. */
  #try(limit: number): Effect.Effect<boolean> {
    return Effect.catch(
      Effect.map(Effect.timeoutOption(this.#acquireOrRenew, Duration.millis(limit)), Option.getOrElse(() => false)),
      (error) => {
        if (error._tag === "ApiError" && error.code === 409) this.#lease = null;
        if (error.message === this.#reported) return Effect.succeed(false);
        this.#reported = error.message;
        return Effect.as(Effect.logWarning(`Cannot use the lease ${this.#name}: ${error.message}`), false);
      },
    );
  }

  get #acquireOrRenew(): Effect.Effect<boolean, KubeError> {
    return Effect.gen({ self: this }, function* () {
      // Who holds the lease knows what is in it: one request instead of two, for as long as nobody interferes.
      if (this.#lease?.spec?.holderIdentity !== this.options.identity) yield* this.#look;
      const now = yield* Clock.currentTimeMillis;
      const last = this.#lease;
      const lastSpec = last?.spec ?? {};
      const ours = lastSpec.holderIdentity === this.options.identity;
      const free = ours || !lastSpec.holderIdentity;
      if (!free && now < this.#changedAt + (lastSpec.leaseDurationSeconds ?? 0) * 1000) return false;
      const time = yield* microTime;
      const spec = {
        holderIdentity: this.options.identity,
        leaseDurationSeconds: Math.round(this.#leaseDuration / 1000),
        acquireTime: ours ? lastSpec.acquireTime : time,
        renewTime: time,
        leaseTransitions: (lastSpec.leaseTransitions ?? 0) + (ours || last === null ? 0 : 1),
      };
      const { namespace, name } = this.options;
      const written = last === null
        ? this.client.create({ ...kind, metadata: { namespace, name }, spec })
        : this.client.replace({ ...last, spec });
      this.#saw(yield* written, now);
      // Counted from before the request: others count from when they see its effect.
      this.#renewedAt = now;
      this.#reported = "";
      return true;
    });
  }

  get #look(): Effect.Effect<void, KubeError> {
    return Effect.gen({ self: this }, function* () {
      const { namespace, name } = this.options;
      const found = yield* this.client.get({ ...kind, namespace, name });
      this.#saw(found, yield* Clock.currentTimeMillis);
    });
  }

  #saw(lease: KubeObject | null, now: number): void {
    if (lease?.metadata.resourceVersion !== this.#lease?.metadata.resourceVersion) this.#changedAt = now;
    this.#lease = lease;
  }
}

/** Kubernetes' MicroTime. */
const microTime: Effect.Effect<string> = Effect.map(
  Clock.currentTimeMillis,
  (now) => new Date(now).toISOString().replace("Z", "000Z"),
);
