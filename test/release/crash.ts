// A client that fails at a chosen request: its process dies, or the API server answers with an error or not at all.

import { Effect } from "effect";
import { ApiError, ConnectionError, type KubeClient, type KubeError } from "../../src/kube/kube-client.ts";

const requests = ["get", "list", "create", "replace", "patch", "apply", "delete"] as const;

/** Where it happens: just before the request is sent, or just after it was answered. */
export type Moment = "before" | "after";

/** What happens: the process dies and no request gets through any more, or this one request fails. */
export type Accident = "death" | KubeError;

/** Answers that pass by themselves. */
export const troubles: ReadonlyArray<KubeError> = [
  new ConnectionError({ request: "ask", detail: "connection reset by peer" }),
  new ApiError({ code: 503, reason: "ServiceUnavailable", request: "ask", detail: "the server is unavailable" }),
  new ApiError({ code: 429, reason: "TooManyRequests", request: "ask", detail: "too many requests", retryAfter: 1 }),
  new ApiError({ code: 500, reason: "InternalError", request: "ask", detail: "etcdserver: leader changed" }),
];

/** Gives {@link Crash.wrap} to a fixture, and then arms it. */
export class Crash {
  #at = Infinity;
  #moment: Moment = "before";
  #accident: Accident = "death";
  #count = 0;
  #happened = false;
  #dead = false;
  /** The writes that the API server has seen, such as `apply ConfigMap/web-a`. */
  readonly writes: string[] = [];

  /** Fail at the `at`th request from now. */
  arm(at: number, moment: Moment, accident: Accident = "death"): void {
    this.#at = at;
    this.#moment = moment;
    this.#accident = accident;
    this.#count = 0;
    this.#happened = false;
  }

  /** A new process without accidents. Tells whether there was one. */
  restart(): boolean {
    this.#dead = false;
    this.#at = Infinity;
    return this.#happened;
  }

  wrap = (kube: KubeClient["Service"]): KubeClient["Service"] => {
    const wrapped: Record<string, unknown> = { ...kube };
    for (const name of requests) {
      const send = kube[name] as (...args: unknown[]) => Effect.Effect<unknown, KubeError>;
      wrapped[name] = (...args: unknown[]) =>
        Effect.suspend(() => {
          const isHere = ++this.#count === this.#at;
          if (this.#dead) return Effect.die("dead");
          if (isHere && this.#moment === "before") return this.#happen();
          if (name !== "get" && name !== "list") this.writes.push(`${name} ${describe(args[0])}`);
          return Effect.flatMap(send(...args), (answer) => {
            if (this.#dead) return Effect.die("dead");
            return isHere ? this.#happen() : Effect.succeed(answer);
          });
        });
    }
    return wrapped as unknown as KubeClient["Service"];
  };

  #happen(): Effect.Effect<never, KubeError> {
    this.#happened = true;
    if (this.#accident !== "death") return Effect.fail(this.#accident);
    this.#dead = true;
    return Effect.die("dead");
  }
}

function describe(argument: unknown): string {
  const { kind, name, metadata } = argument as { kind: string; name?: string; metadata?: { name?: string } };
  return `${kind}/${name ?? metadata?.name ?? ""}`;
}
