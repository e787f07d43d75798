// One control plane for a whole test run.
//
// `deno test` runs each test file in an isolate of its own, but all in one process. The first file that asks starts the
// control plane in a folder named after the process's id, the others find it there, and the reaper ends it together
// with the process. `HELMWRIGHT_CLUSTER` names the folder of a running control plane to use instead (see main.ts).

import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, type ControlPlane, startControlPlane } from "./control-plane.ts";
import { isRunning } from "./processes.ts";
import { CONTROL_PLANE, ensureTools } from "./tools.ts";

/** A control plane that others use too: nobody stops it, or its API server. Start one of your own for that. */
export type SharedControlPlane = Omit<ControlPlane, "stop" | "stopApiServer" | "startApiServer">;

/** A folder whose maker has not started its reaper for so long belongs to nobody. */
const ABANDONED_MS = 10_000;

/**
 * The control plane of this test run, started by whoever asks first. It lives as long as the process. Tests keep apart
 * by namespaces (`api.createNamespace`), and give cluster-scoped objects names of their own.
 */
export async function sharedControlPlane(): Promise<SharedControlPlane> {
  const given = process.env.HELMWRIGHT_CLUSTER;
  if (given) return connect(given);
  await ensureTools(CONTROL_PLANE);
  const directory = join(tmpdir(), `helmwright-cluster-of-${process.pid}`);
  const ready = join(directory, "ready");
  for (;;) {
    if (makeDirectory(directory)) {
      const controlPlane = await startControlPlane({ directory });
      writeFileSync(ready, "");
      return controlPlane;
    }
    if (existsSync(ready) && isRunning(directory, "reaper")) return connect(directory);
    const madeAt = statSync(directory, { throwIfNoEntry: false })?.ctimeMs ?? Date.now();
    if (!isRunning(directory, "reaper") && Date.now() - madeAt > ABANDONED_MS) {
      rmSync(directory, { recursive: true, force: true });
    } else {
      await sleep(100);
    }
  }
}

/** Makes the folder; false when it is there already. */
function makeDirectory(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
