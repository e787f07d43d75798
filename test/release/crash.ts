// A client that dies with its process: at a chosen request, before or after the API server has seen it.

import { Effect } from "effect";
import type { KubeClient } from "../../src/kube/kube-client.ts";

const requests = ["get", "list", "create", "replace", "patch", "apply", "delete"] as const;

/** Where a crash happens: just before the request is sent, or just after it was answered. */
export type Moment = "before" | "after";

/** Gives {@link Crash.wrap} to a fixture, and then arms it. */
export class Crash {
  #at = Infinity;
  #moment: Moment = "before";
  #count = 0;
  #dead = false;
  /** The writes that the API server has seen, such as `apply ConfigMap/web-a`. */
  readonly writes: string[] = [];

  /** Crash at the `at`th request from now. */
  arm(at: number, moment: Moment): void {
    this.#at = at;
    this.#moment = moment;
    this.#count = 0;
  }

  /** A new process. Tells whether the old one crashed. */
  restart(): boolean {
    const crashed = this.#dead;
    this.#dead = false;
    this.#at = Infinity;
    return crashed;
  }

  wrap = (kube: KubeClient["Service"]): KubeClient["Service"] => {
    const wrapped: Record<string, unknown> = { ...kube };
    for (const name of requests) {
      const send = kube[name] as (...args: unknown[]) => Effect.Effect<unknown, unknown>;
      wrapped[name] = (...args: unknown[]) =>
        Effect.suspend(() => {
          const isLast = ++this.#count === this.#at;
          if (isLast && this.#moment === "before") this.#dead = true;
          if (this.#dead) return Effect.die("crash");
          if (name !== "get" && name !== "list") this.writes.push(`${name} ${describe(args[0])}`);
          return Effect.flatMap(send(...args), (answer) => {
            if (isLast) this.#dead = true;
            return this.#dead ? Effect.die("crash") : Effect.succeed(answer);
          });
        });
    }
    return wrapped as unknown as KubeClient["Service"];
  };
}

function describe(argument: unknown): string {
  const { kind, name, metadata } = argument as { kind: string; name?: string; metadata?: { name?: string } };
  return `${kind}/${name ?? metadata?.name ?? ""}`;
}
