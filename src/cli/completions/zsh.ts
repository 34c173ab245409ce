/**
 * Completion for zsh.
 *
 * @module
 */

import { type CompletedCommand, type CompletedFlag, flatten, type Values } from "./tree.ts";

/**
 * The script: one function per command, over zsh's own `_arguments`.
 *
 * @param root Tree of commands.
 */
export function zshScript(root: CompletedCommand): string {
  const name = root.path.join(" ");
  return `#compdef ${name}
# zsh completion for ${name}. Made by \`${name} completions zsh\`.
${flatten(root).map(commandFunction).join("\n")}
# Works from a folder of $fpath and when sourced.
if [ "$funcstack[1]" = "_${name}" ]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function functionName(command: CompletedCommand): string {
  return `_${command.path.join("_")}`;
}

function commandFunction(command: CompletedCommand): string {
  const specs = command.flags.map(flagSpec);
  if (command.commands.length === 0) {
    const argument = command.argument === null
      ? []
      : [quoted(`1:argument:${action(command.argument)}`)];
    return `${functionName(command)}() {\n  _arguments -s \\\n${
      [...specs, ...argument].map((spec) => `    ${spec}`).join(" \\\n")
    }\n}`;
  }
  const children = command.commands.map((child) =>
    `    ${quoted(`${child.path.at(-1) ?? ""}:${child.says}`)}`
  ).join("\n");
  const calls = command.commands.map((child) =>
    `      ${child.path.at(-1) ?? ""}) ${functionName(child)} ;;`
  ).join("\n");
  return `${functionName(command)}() {
  local line state
  local -a commands=(
${children}
  )
  _arguments -C \\
${specs.map((spec) => `    ${spec} \\`).join("\n")}
    '1: :->command' '*:: :->rest'
  case $state in
    command) _describe -t commands command commands${ownArgument(command)} ;;
    rest) case $line[1] in
${calls}
    esac ;;
  esac
}`;
}

function flagSpec(flag: CompletedFlag): string {
  const says = flag.says.replace(/[[\]:]/g, (character) => `\\${character}`);
  const value = flag.values === null ? "" : `:value:${action(flag.values)}`;
  const once = flag.multiple ? "*" : flag.forms.length > 1 ? `(${flag.forms.join(" ")})` : "";
  return flag.forms.map((form) => quoted(`${once}${form}[${says}]${value}`)).join(" ");
}

function action(values: Values): string {
  switch (values.kind) {
    case "words":
      return `(${values.words.join(" ")})`;
    case "file":
      return "_files";
    case "folder":
      return "_files -/";
    case "any":
      return " ";
    default:
      return values satisfies never;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command may have commands below it and take an argument of its own. */
function ownArgument({ argument }: CompletedCommand): string {
  return argument === null ? "" : `; ${action(argument)}`;
}
