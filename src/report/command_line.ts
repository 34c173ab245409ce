/**
 * Command lines as a user types them.
 *
 * @module
 */

/** Words that stay on one line: the command, or a flag with its value. */
export type CommandPart = readonly string[];

/** Columns of ` \\` at the end of a line that goes on. */
const MORE = 2;

/**
 * A command line for a POSIX shell, broken with `\` where it is too long.
 *
 * @param parts Its parts.
 * @param width Most characters of a line; a longer word stays whole, so that it can be copied.
 */
export function commandLine(parts: readonly CommandPart[], width: number): string {
  const lines: string[] = [];
  for (const part of parts) {
    const words = part.map(quoted);
    const whole = words.join(" ");
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + whole.length + MORE <= width) {
      lines[lines.length - 1] = `${last} ${whole}`;
    } else lines.push(...startOf(words, lines.length === 0 ? "" : "  ", width));
  }
  return lines.join(" \\\n");
}

/** A part on a line of its own, or where only its words have room there, each of these. */
function startOf(words: readonly string[], indent: string, width: number): readonly string[] {
  const whole = indent + words.join(" ");
  const lines = words.map((word, i) => (i === 0 ? indent : `${indent}  `) + word);
  const fits = (line: string): boolean => line.length + MORE <= width;
  return fits(whole) || !lines.every(fits) ? [whole] : lines;
}

/** A word as a POSIX shell reads it back. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_\-./:=,@%+]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
