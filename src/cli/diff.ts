/** `helmwright diff`: what a custom resource would do to the cluster. */
import { Effect } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { choice, last, pathArgument, pathFlag, text } from "./flags.ts";

export const diffCommand = Command.make(
  "diff",
  {
    file: pathArgument("FILE").pipe(
      Argument.withDescription("Custom resources, as YAML or JSON; - is standard input"),
    ),
    watchesFile: last(
      pathFlag("watches-file"),
      "The watches file. Default: HELM_CHART_WATCHES, else API_VERSION, KIND and HELM_CHART, else ./watches.yaml",
    ),
    namespace: last(
      Flag.String("namespace").pipe(Flag.withAlias("n")),
      "Where resources lie that do not say. Default: the context's",
    ),
    output: choice("output", ["text", "json"], "The form. Default: text").pipe(
      Flag.withAlias("o"),
      Flag.map((given) => given ?? "text"),
    ),
    kubeconfig: last(pathFlag("kubeconfig"), "A kubeconfig file. Default: KUBECONFIG, else the pod's service account"),
    context: text("context", "A context of the kubeconfig. Default: its current one"),
  },
  // The operator's modules are loaded when they are needed, so that the other commands start fast.
  (options) =>
    Effect.gen(function* () {
      const { diffResources } = yield* Effect.promise(() => import("./diff-resources.ts"));
      const isChanged = yield* diffResources(options);
      if (isChanged) process.exitCode = 2;
    }),
).pipe(
  Command.withDescription(
    "Show what creating or changing custom resources would do to the objects of their releases: the API server is asked " +
      "in dry runs, nothing is written. Secrets are masked. Ends with exit code 0 when nothing would change, 2 when " +
      "something would, 1 when that cannot be told.",
  ),
  Command.withShortDescription("Show what a custom resource would change"),
  Command.withExamples([
    { command: "helmwright diff blog.yaml", description: "By the watches.yaml of this folder" },
    { command: "helmwright diff blog.yaml --output json", description: "For programs" },
  ]),
);
