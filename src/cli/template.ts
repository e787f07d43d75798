/** `helmwright template`: what `helm template` prints, from the same engine as the operator's. */
import { Console, Data, Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";

/** Templates that cannot be rendered; the message is Helm's. */
export class TemplateFailed extends Data.TaggedError("TemplateFailed")<{ readonly detail: string }> {
  override get message(): string {
    return this.detail;
  }
}

const repeated = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.atLeast(0));

const flag = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false));

const optional = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.optional);

export const templateCommand = Command.make(
  "template",
  {
    arguments: Argument.String("[NAME] CHART").pipe(Argument.variadic()),
    namespace: Flag.String("namespace").pipe(
      Flag.withAlias("n"),
      Flag.withDescription("The release's namespace"),
      Flag.withDefault("default"),
    ),
    values: repeated("values", "Values from a YAML file; may be given several times").pipe(Flag.withAlias("f")),
    set: repeated("set", "Values on the command line: a.b=1,c[0]=x"),
    setString: repeated("set-string", "As --set, with all values strings"),
    setFile: repeated("set-file", "As --set, with values from the files named"),
    setJson: repeated("set-json", 'Values in JSON: a={"b":1}, or one object'),
    setLiteral: repeated("set-literal", "One name and its value, which is taken as it stands"),
    includeCrds: flag("include-crds", "Print the CRDs of crds/ too"),
    kubeVersion: optional("kube-version", "The Kubernetes version for .Capabilities.KubeVersion"),
    apiVersions: repeated("api-versions", "More APIs for .Capabilities.APIVersions").pipe(Flag.withAlias("a")),
    showOnly: repeated("show-only", "Print only what these templates render").pipe(Flag.withAlias("s")),
    skipTests: flag("skip-tests", "Leave out test hooks"),
    noHooks: flag("no-hooks", "Leave out all hooks"),
    isUpgrade: flag("is-upgrade", "Set .Release.IsUpgrade instead of .Release.IsInstall"),
    nameTemplate: optional("name-template", "A template for the release's name"),
    generateName: flag("generate-name", "Take a name of its own").pipe(Flag.withAlias("g")),
    releaseName: flag("release-name", "With --output-dir: write into a folder of the release's name"),
    outputDir: optional("output-dir", "Write files into this folder instead of standard output"),
    skipSchemaValidation: flag("skip-schema-validation", "Do not validate values by the chart's JSON schema"),
  },
  (config) =>
    Effect.gen(function* () {
      // The engine is loaded here, so that other commands start without it.
      const { renderTemplate } = yield* Effect.promise(() => import("./render-template.ts"));
      const warnings: string[] = [];
      const output = yield* Effect.tryPromise({
        try: () =>
          renderTemplate({
            ...config,
            apiVersions: config.apiVersions.flatMap((versions) => versions.split(",")),
            kubeVersion: Option.getOrUndefined(config.kubeVersion),
            nameTemplate: Option.getOrUndefined(config.nameTemplate),
            outputDir: Option.getOrUndefined(config.outputDir),
          }, (message) => warnings.push(message)),
        catch: (error) => new TemplateFailed({ detail: (error as Error).message }),
      }).pipe(
        Effect.ensuring(Effect.suspend(() => Effect.forEach(warnings, (text) => Console.error(`WARNING: ${text}`)))),
      );
      yield* Effect.callback<void>((resume) => {
        process.stdout.write(output, () => resume(Effect.void));
      });
    }),
).pipe(
  Command.withDescription("Render a chart's templates as helm template does, without a cluster: lookups find nothing"),
  Command.withShortDescription("Render a chart"),
);
