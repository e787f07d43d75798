/** The choice of a driver, as Helm reads it from HELM_DRIVER. */
import { Data, Effect, type Layer } from "effect";
import type { KubeClient } from "../kube/kube-client.ts";
import { memoryStorage } from "./memory-storage.ts";
import { configMapStorage, secretStorage } from "./object-storage.ts";
import type { Storage } from "./storage.ts";

/** HELM_DRIVER names a driver that there is not. */
export class UnknownDriver extends Data.TaggedError("UnknownDriver")<{ readonly driver: string }> {
  override get message(): string {
    return `Cannot use "${this.driver}" as HELM_DRIVER: it must be secret, configmap or memory`;
  }
}

export type StorageLayer = Layer.Layer<Storage, never, KubeClient>;

/** Helm's names and their plurals, in any case; empty or absent is `secret`. `sql` is not supported. */
export function storageFor(driver: string | undefined): Effect.Effect<StorageLayer, UnknownDriver> {
  switch ((driver ?? "").toLowerCase()) {
    case "":
    case "secret":
    case "secrets":
      return Effect.succeed(secretStorage);
    case "configmap":
    case "configmaps":
      return Effect.succeed(configMapStorage);
    case "memory":
      return Effect.succeed(memoryStorage);
    default:
      return Effect.fail(new UnknownDriver({ driver: driver! }));
  }
}
