/**
 * Completion for fish.
 *
 * @module
 */

import { type CompletedCommand, type CompletedFlag, flatten, type Values } from "./tree.ts";

/**
 * The script: a function that finds the command on the line, and one `complete`
 * per command, flag and argument.
 *
 * @param root Tree of commands.
 */
export function fishScript(root: CompletedCommand): string {
  const name = root.path.join(" ");
  const commands = flatten(root);
  const paths = commands.map((command) => quoted(command.path.join(" "))).join(" ");
  return `# fish completion for ${name}. Made by \`${name} completions fish\`.
function __${name}_at --description 'Whether the command on the line is this one'
    set -l path ${name}
    for word in (commandline -opc)[2..-1]
        if contains -- "$path $word" ${paths}
            set path "$path $word"
        end
    end
    test "$path" = "$argv"
end
complete -c ${name} -f
${commands.flatMap((command) => commandLines(command, name)).join("\n")}
`;
}

function commandLines(command: CompletedCommand, name: string): readonly string[] {
  const head = `complete -c ${name} -n ${quoted(`__${name}_at ${command.path.join(" ")}`)}`;
  const children = command.commands.map((child) =>
    `${head} -a ${quoted(child.path.at(-1) ?? "")} -d ${quoted(child.says)}`
  );
  const flags = command.flags.map((flag) =>
    `${head} ${flagForms(flag)}${flag.values === null ? "" : ` -r ${values(flag.values)}`} -d ${
      quoted(flag.says)
    }`
  );
  const argument = command.argument === null ? [] : [`${head} ${values(command.argument)}`];
  return [...children, ...flags, ...argument];
}

function flagForms({ forms }: CompletedFlag): string {
  return forms.map((form) => form.startsWith("--") ? `-l ${form.slice(2)}` : `-s ${form.slice(1)}`)
    .join(" ");
}

function values(given: Values): string {
  switch (given.kind) {
    case "words":
      return `-f -a ${quoted(given.words.join(" "))}`;
    case "file":
      return "-F";
    case "folder":
      return "-f -a '(__fish_complete_directories)'";
    case "any":
      return "-f";
    default:
      return given satisfies never;
  }
}

/** Text in single quotes: fish reads backslash and quote in them. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
