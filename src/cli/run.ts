/** `helmwright run`. */
import { Effect } from "effect";
import { Command } from "effect/cli";
import { raiseRequestLimit } from "../kube/request-limit.ts";
import { operatorFlags } from "./operator-flags.ts";

export const runCommand = Command.make(
  "run",
  operatorFlags,
  (flags) =>
    Effect.gen(function* () {
      raiseRequestLimit();
      // The operator's modules are loaded when it runs, so that the other commands start fast.
      const { runOperator } = yield* Effect.promise(() => import("./operator.ts"));
      return yield* runOperator(flags);
    }),
).pipe(
  Command.withDescription(
    "Run the operator: keep a Helm release for every custom resource of the watched kinds, with the resource's spec " +
      "as the chart's values. The environment is read too: WATCH_NAMESPACE (names, comma-separated; none: all), " +
      "HELM_CHART_WATCHES, API_VERSION, KIND, HELM_CHART, KUBECONFIG, OPERATOR_NAME, NO_COLOR.",
  ),
  Command.withShortDescription("Run the operator"),
  Command.withExamples([
    { command: "helmwright run --watches-file watches.yaml", description: "Watch what the file lists" },
    { command: "WATCH_NAMESPACE=a,b helmwright run", description: "In two namespaces only" },
  ]),
);
