/**
 * Completion for bash 3.2 and later.
 *
 * @module
 */

import { type CompletedCommand, flatten, type Values } from "./tree.ts";

/**
 * The script. It finds the command by walking the words before the cursor, then
 * offers the values of the flag before the cursor, or flags, commands and arguments.
 *
 * @param root Tree of commands.
 */
export function bashScript(root: CompletedCommand): string {
  const commands = flatten(root);
  const name = root.path.join(" ");
  return `# bash completion for ${name}. Made by \`${name} completions bash\`.
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path=${name} i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
${
    commands.filter((command) => command !== root).map((command) =>
      `      "${command.path.join(" ")}") path="${command.path.join(" ")}" ;;`
    ).join("\n")
  }
    esac
  done
  COMPREPLY=()
  case "$path $previous" in
${commands.flatMap(flagCases).join("\n")}
  esac
  case "$path" in
${commands.map(commandCase).join("\n")}
  esac
}
complete -F _${name} ${name}
`;
}

function flagCases(command: CompletedCommand): readonly string[] {
  return command.flags.flatMap(({ forms, values }) => {
    if (values === null) return [];
    const patterns = forms.map((form) => `"${command.path.join(" ")} ${form}"`).join("|");
    return [`    ${patterns}) ${reply(values)}; return ;;`];
  });
}

function commandCase(command: CompletedCommand): string {
  const flags = command.flags.flatMap(({ forms }) => forms).filter((form) => form.startsWith("--"));
  const children = command.commands.map(({ path }) => path.at(-1) ?? "");
  const words = reply({ kind: "words", words: children });
  // A command may have commands below it and take an argument of its own.
  const other = command.argument === null
    ? words
    : children.length === 0
    ? reply(command.argument)
    : `${reply(command.argument)}; COMPREPLY+=($(compgen -W "${
      children.join(" ")
    }" -- "$current"))`;
  return `    "${command.path.join(" ")}")
      if [[ $current == -* ]]; then ${reply({ kind: "words", words: flags })}
      else ${other}; fi ;;`;
}

function reply(values: Values): string {
  switch (values.kind) {
    case "words":
      return `COMPREPLY=($(compgen -W "${values.words.join(" ")}" -- "$current"))`;
    case "file":
      return `compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current"))`;
    case "folder":
      return `compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$current"))`;
    case "any":
      return ":";
    default:
      return values satisfies never;
  }
}
