/** `helmwright template`: what `helm template` prints, from the same engine as the operator's. */
import { Console, Data, Effect } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { toBytes } from "../sprig/bytes.ts";
import { helmFlagsHelp } from "./helm-flags.ts";
import { logLine } from "./log-line.ts";
import { last, off, pathArgument, pathFlag, repeated, slices, text } from "./flags.ts";

/** Templates that cannot be rendered; the message is Helm's. `rendered` is what `--debug` shows of an invalid rendering. */
export class TemplateFailed extends Data.TaggedError("TemplateFailed")<{
  readonly detail: string;
  readonly rendered?: string;
}> {
  override get message(): string {
    return this.detail;
  }
}

export const templateCommand = Command.make(
  "template",
  {
    arguments: pathArgument("[NAME] CHART").pipe(Argument.variadic()),
    namespace: last(
      Flag.String("namespace").pipe(Flag.withAlias("n")),
      "The release's namespace. Default: HELM_NAMESPACE, else the context's",
    ),
    values: slices(
      pathFlag("values").pipe(Flag.withAlias("f")),
      "Values from a YAML file; may be given several times",
    ),
    set: repeated(Flag.String("set"), "Values on the command line: a.b=1,c[0]=x"),
    setString: repeated(Flag.String("set-string"), "As --set, with all values strings"),
    setFile: repeated(Flag.String("set-file"), "As --set, with values from the files named"),
    setJson: repeated(Flag.String("set-json"), 'Values in JSON: a={"b":1}, or one object'),
    setLiteral: repeated(Flag.String("set-literal"), "One name and its value, which is taken as it stands"),
    includeCrds: off("include-crds", "Print the CRDs of crds/ too"),
    kubeVersion: text("kube-version", "The Kubernetes version for .Capabilities.KubeVersion"),
    apiVersions: slices(
      Flag.String("api-versions").pipe(Flag.withAlias("a")),
      "More APIs for .Capabilities.APIVersions",
    ),
    showOnly: repeated(Flag.String("show-only").pipe(Flag.withAlias("s")), "Print only what these templates render"),
    skipTests: off("skip-tests", "Leave out test hooks"),
    noHooks: off("no-hooks", "Leave out all hooks"),
    isUpgrade: off("is-upgrade", "Set .Release.IsUpgrade instead of .Release.IsInstall"),
    nameTemplate: text("name-template", "A template for the release's name"),
    generateName: off("generate-name", "Take a name of its own").pipe(Flag.withAlias("g")),
    releaseName: off("release-name", "With --output-dir: write into a folder of the release's name"),
    outputDir: last(pathFlag("output-dir"), "Write files into this folder instead of standard output"),
    skipSchemaValidation: off("skip-schema-validation", "Do not validate values by the chart's JSON schema"),
    debug: off("debug", "Show what the templates rendered even if it is no YAML"),
    kubeconfig: last(pathFlag("kubeconfig"), "A kubeconfig file; its context's namespace is the default one"),
    kubeContext: text("kube-context", "A context of the kubeconfig. Default: its current one"),
  },
  (config) =>
    Effect.gen(function* () {
      // The engine is loaded here, so that other commands start without it.
      const { renderTemplate } = yield* Effect.promise(() => import("./render-template.ts"));
      const logged: string[] = [];
      const namespace = config.namespace ?? (yield* ownNamespace(config));
      const output = yield* renderTemplate({
        ...config,
        namespace,
        kubeVersion: config.kubeVersion || undefined,
        nameTemplate: config.nameTemplate || undefined,
        outputDir: config.outputDir || undefined,
      }, (...line) => logged.push(logLine(...line))).pipe(
        Effect.mapError((error: Error & { rendered?: string }) =>
          new TemplateFailed({ detail: error.message, rendered: error.rendered })
        ),
        Effect.tapError(({ rendered }) =>
          config.debug && rendered !== undefined ? write(toBytes(rendered)) : Effect.void
        ),
        Effect.ensuring(Effect.suspend(() => Effect.forEach(logged, (line) => Console.error(line)))),
      );
      yield* write(output);
    }),
).pipe(
  Command.withDescription(
    `Render a chart's templates as helm template does, without a cluster: lookups find nothing\n\n  ${helmFlagsHelp}`,
  ),
  Command.withShortDescription("Render a chart"),
);

const write = (output: Uint8Array) =>
  Effect.callback<void>((resume) => {
    process.stdout.write(output, () => resume(Effect.void));
  });

/** As helm finds it: HELM_NAMESPACE, else that of the kubeconfig's context, else `default`. */
const ownNamespace = (flags: { readonly kubeconfig: string | null; readonly kubeContext: string | null }) =>
  Effect.gen(function* () {
    const { HELM_NAMESPACE: named, HELM_KUBECONTEXT } = process.env;
    if (named) return named;
    const { loadClusterConfig } = yield* Effect.promise(() => import("../kube/kubeconfig.ts"));
    const context = flags.kubeContext ?? HELM_KUBECONTEXT;
    const found = loadClusterConfig({ kubeconfig: flags.kubeconfig ?? undefined, context });
    return (yield* Effect.orElseSucceed(found, () => null))?.namespace ?? "default";
  });
