/** `helmwright diff`: what a custom resource would do to the cluster. */
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";

const optional = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.optional, Flag.map(Option.getOrNull));

/** The command's argument and flags. */
export interface DiffOptions {
  readonly file: string;
  readonly watchesFile: string | null;
  readonly namespace: string | null;
  readonly output: "text" | "json";
  readonly kubeconfig: string | null;
  readonly context: string | null;
}

export const diffCommand = Command.make(
  "diff",
  {
    file: Argument.String("FILE").pipe(
      Argument.withDescription("Custom resources, as YAML or JSON; - is standard input"),
    ),
    watchesFile: optional(
      "watches-file",
      "The watches file. Default: HELM_CHART_WATCHES, else API_VERSION, KIND and HELM_CHART, else ./watches.yaml",
    ),
    namespace: optional("namespace", "Where resources lie that do not say. Default: the context's").pipe(
      Flag.withAlias("n"),
    ),
    output: Flag.Literals("output", ["text", "json"]).pipe(
      Flag.withAlias("o"),
      Flag.withDescription("The form"),
      Flag.withDefault("text" as const),
    ),
    kubeconfig: optional("kubeconfig", "A kubeconfig file. Default: KUBECONFIG, else the pod's service account"),
    context: optional("context", "A context of the kubeconfig. Default: its current one"),
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
