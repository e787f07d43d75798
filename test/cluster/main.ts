// Keeps a control plane running until Ctrl-C, to look around or to run tests against again and again:
//   deno task cluster
//   HELMWRIGHT_CLUSTER=<its folder> deno task test

import process from "node:process";
import { startControlPlane } from "./control-plane.ts";
import { BuildFailed } from "./build.ts";
import { MissingTools } from "./tools.ts";

try {
  const { directory, kubeconfig, server, stop } = await startControlPlane();
  console.log(`Kubernetes at ${server}, until Ctrl-C.`);
  console.log(`  export KUBECONFIG=${kubeconfig}`);
  console.log(`  export HELMWRIGHT_CLUSTER=${directory}`);
  const stopAndExit = () => stop().then(() => process.exit(0));
  process.on("SIGINT", stopAndExit);
  process.on("SIGTERM", stopAndExit);
  setInterval(() => {}, 60_000); // A signal handler alone keeps no process alive.
} catch (error) {
  if (!(error instanceof MissingTools || error instanceof BuildFailed)) throw error;
  console.error(error.message);
  process.exit(1);
}
