/**
 * Compares what a step printed with what the page says.
 *
 * Keys, digests and times are others in each run, so each counts as any other
 * of its kind. A line of the page that is `…` stands for whatever is there.
 *
 * @module
 */

/** A line that stands for any lines. */
const ANY = "…";

/** What differs between runs, and what it is called in a comparison. */
const MASKS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z/g, "<time>"],
  [/\b\d{4}-\d\d-\d\d(?:T[\d:]*)?…/g, "<time>"],
  [/\b20\d\d-\d\d-\d\d\b/g, "<day>"],
  [/\b[0-9a-f]{4,}…[0-9a-f]*/g, "<hex>"],
  [/\b[0-9a-f]{8,}\b/g, "<hex>"],
  [/\b[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/g, "<token>"],
  [/^ *\^\^ byte \d+ /gm, "^^ byte <n> "],
  [/\bcasemate \d+\.\d+\.\d+/g, "casemate <version>"],
  // A signature in DER is up to three bytes shorter than another.
  [/\b\d+ bytes\b/g, "<n> bytes"],
];

/**
 * A text without what differs between runs.
 *
 * @param text The text.
 */
export function masked(text: string): string {
  const lines = text.trimEnd().split("\n").map((line) => line.trimEnd());
  return MASKS.reduce((rest, [pattern, name]) => rest.replaceAll(pattern, name), lines.join("\n"));
}

/**
 * Whether a text is what the page says.
 *
 * @param actual What was printed.
 * @param expected What the page has, with at most one line that is `…`.
 * @throws {SyntaxError} where there are several.
 */
export function agrees(actual: string, expected: string): boolean {
  const lines = masked(actual).split("\n");
  const { head, tail, whole } = partsOf(masked(expected).split("\n"));
  if (whole) return lines.join("\n") === head.join("\n");
  return lines.length >= head.length + tail.length &&
    lines.slice(0, head.length).join("\n") === head.join("\n") &&
    lines.slice(lines.length - tail.length).join("\n") === tail.join("\n");
}

/**
 * What the page should say instead: the same number of lines before and after `…`.
 *
 * @param actual What was printed.
 * @param expected What the page has.
 */
export function renewed(actual: string, expected: string): string {
  if (agrees(actual, expected)) return expected;
  const lines = actual.trimEnd().split("\n").map((line) => line.trimEnd());
  const { head, tail, whole } = partsOf(expected.split("\n"));
  if (whole) return lines.join("\n");
  return [...lines.slice(0, head.length), ANY, ...lines.slice(lines.length - tail.length)]
    .join("\n");
}

interface Parts {
  readonly head: readonly string[];
  readonly tail: readonly string[];
  readonly whole: boolean;
}

function partsOf(lines: readonly string[]): Parts {
  const at = lines.indexOf(ANY);
  if (at < 0) return { head: lines, tail: [], whole: true };
  const tail = lines.slice(at + 1);
  if (tail.includes(ANY)) throw new SyntaxError(`More than one line is ${ANY}`);
  return { head: lines.slice(0, at), tail, whole: false };
}
