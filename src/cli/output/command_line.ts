/**
 * Command lines as a user types them.
 *
 * @module
 */

/** Words that stay on one line: the command, or a flag with its value. */
export type CommandPart = readonly string[];

/**
 * A command line for a POSIX shell, broken with `\` where it is too long.
 *
 * @param parts Its parts.
 * @param width Most characters of a line; a longer part stays whole, so that it can be copied.
 */
export function commandLine(parts: readonly CommandPart[], width: number): string {
  const words = parts.map((part) => part.map(quoted).join(" "));
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    // Two characters are kept for the ` \` at the end.
    if (last !== undefined && last.length + 1 + word.length + 2 <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(lines.length === 0 ? word : `  ${word}`);
  }
  return lines.join(" \\\n");
}

/** A word as a POSIX shell reads it back. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_\-./:=,@%+]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
