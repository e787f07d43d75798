import { fn } from "../template/signature.ts";
import type { GoFunction } from "../template/value.ts";

/** Sprig's `getHostByName`, which Helm answers with nothing unless it is told to ask the network. */
export const networkFunctions: Record<string, GoFunction> = {
  getHostByName: fn("func(string) string", (_name: string) => ""),
};
