/**
 * Comments of the YAML files that are written to begin with.
 *
 * @module
 */

/** Most characters of a line. */
const WIDTH = 96;

/**
 * A comment over as many lines as it needs.
 *
 * @param text The words.
 * @param indent What stands before the `#` of each line.
 */
export function comment(text: string, indent = ""): readonly string[] {
  const start = `${indent}# `;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH) lines.push(start + word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
