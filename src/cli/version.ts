/** `helmwright version`. */
import { Console, Effect } from "effect";
import { Command, Flag } from "effect/cli";
import { choice } from "./flags.ts";

/** Helmwright's own version: package.json's. */
export const version = "0.1.0";

/** The commit that an executable was compiled from, with `-dirty` when files were changed; empty when it is not known. */
export const commit: string = process.env.HELMWRIGHT_COMMIT ?? "";

/** The Helm release whose rendering and records Helmwright reproduces. */
export const helmVersion = "v4.3.1";

export interface VersionInfo {
  readonly version: string;
  readonly commit: string;
  readonly helm: string;
  readonly runtime: string;
  readonly platform: string;
}

export function versionInfo(): VersionInfo {
  const { deno, bun, node } = process.versions as Record<string, string | undefined>;
  const runtime = deno !== undefined ? `deno ${deno}` : bun !== undefined ? `bun ${bun}` : `node ${node}`;
  return { version, commit, helm: helmVersion, runtime, platform: `${process.platform}/${process.arch}` };
}

export const versionCommand = Command.make("version", {
  output: choice("output", ["text", "json"], "The form. Default: text").pipe(
    Flag.withAlias("o"),
    Flag.map((given) => given ?? "text"),
  ),
}, ({ output }) => Effect.suspend(() => Console.log(formatVersion(versionInfo(), output)))).pipe(
  Command.withDescription("Print the version"),
);

function formatVersion(info: VersionInfo, output: "text" | "json"): string {
  if (output === "json") return JSON.stringify(info);
  return `helmwright ${info.version} (Helm ${info.helm}, ${info.runtime}, ${info.platform})`;
}
