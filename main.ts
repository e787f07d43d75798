/** Helmwright's entry: the command line, with the platform's services. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime";
import * as NodeServices from "@effect/platform-node/NodeServices";
import { Cause, Effect, Exit, Runtime } from "effect";
import { runCommandLine } from "./src/cli/root.ts";

/** SIGTERM and SIGINT end in an interruption, which is a success: the operator stopped as it was asked to. */
const teardown: Runtime.Teardown = (exit, done) =>
  Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause) ? done(0) : Runtime.defaultTeardown(exit, done);

runCommandLine(process.argv.slice(2)).pipe(
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain({ disableErrorReporting: true, teardown }),
);
