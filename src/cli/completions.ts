/** `--completions`: Effect's scripts, and for bash what makes folders go on. */
import { Console, Effect, Option } from "effect";
import { Completions, GlobalFlag } from "effect/cli";

/** Effect's script ends a folder's name with a space, as if nothing could lie in it. */
const foldersGoOn = (name: string) => `
_${name}--folders()
{
  _${name} "$@"
  if ((COMP_CWORD > 1)) && [[ \${#COMPREPLY[@]} -eq 1 && -d "\${COMPREPLY[0]/#\\~/$HOME}" ]]; then
    COMPREPLY[0]="\${COMPREPLY[0]%/}/"
    compopt -o nospace
  fi
}
complete -F _${name}--folders ${name}`;

export const completionsFlag = GlobalFlag.Action({
  flag: GlobalFlag.Completions.flag,
  run: Effect.fnUntraced(function* (shell, { command }) {
    if (Option.isNone(shell)) return;
    const script = Completions.generate(command.name, shell.value, Completions.fromCommand(command));
    yield* Console.log(shell.value === "bash" ? script + foldersGoOn(command.name) : script);
  }),
});
