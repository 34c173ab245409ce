/**
 * Setting text in lines: wrapping, labels, long hex.
 *
 * @module
 */

/** Widest lines that are still read with ease. */
const MAX_WIDTH = 110;

/** Narrowest lines that are set; a narrower terminal breaks them itself. */
const MIN_WIDTH = 40;

/**
 * Width to set for a terminal.
 *
 * @param columns Width of the terminal.
 */
export function usableWidth(columns: number): number {
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns));
}

/**
 * Breaks text into lines between words; a longer word (hex, a path) is cut.
 *
 * @param text Text without line ends.
 * @param width Most characters of a line.
 */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = cut(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return [...lines, line];
}

/**
 * Cuts text into pieces of equal length, an even one, so that no byte of hex is split.
 * An address stays whole, since it is there to be copied.
 *
 * @param text Any text.
 * @param width Most characters of a piece.
 */
export function cut(text: string, width: number): readonly string[] {
  if (text.length <= width || text.startsWith("https://")) return [text];
  const size = Math.max(2, hexLine(text, width));
  return Array.from(
    { length: Math.ceil(text.length / size) },
    (_, i) => text.slice(i * size, (i + 1) * size),
  );
}

/** Hex is cut at 16 or 4 bytes where that fits, so that lines of different values compare. */
function hexLine(text: string, width: number): number {
  const step = [32, 8, 2].find((digits) => digits <= width) ?? 2;
  return isHex(text) ? Math.floor(width / step) * step : width;
}

/**
 * Whether text is bytes in hex, at least eight of them.
 *
 * @param text Any text.
 */
export function isHex(text: string): boolean {
  return /^(?:[0-9a-fA-F]{2}){8,}$/.test(text);
}

/**
 * Shortens text in its middle.
 *
 * @param text Any text.
 * @param width Most characters, at least 3.
 */
export function elide(text: string, width: number): string {
  if (text.length <= width) return text;
  const tail = Math.floor((width - 1) / 3);
  return `${text.slice(0, width - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** Digits of hex that are shown of a value that is only mentioned. */
const BRIEF_HEAD = 16;
const BRIEF_TAIL = 8;

/**
 * A value that is only mentioned: hex shortened to its ends, zeros to their
 * number, other text cut at its end.
 *
 * @param text Any text.
 * @param width Most characters, at least 3.
 */
export function brief(text: string, width: number): string {
  if (/^(?:00){8,}$/.test(text)) return elide(`${text.length / 2} zero bytes`, width);
  if (isHex(text) && text.length > BRIEF_HEAD + BRIEF_TAIL) {
    return elide(`${text.slice(0, BRIEF_HEAD)}…${text.slice(-BRIEF_TAIL)}`, width);
  }
  return text.length <= width ? text : `${text.slice(0, width - 1).trimEnd()}…`;
}

/** How labelled rows are set. */
export interface LabelOptions {
  /** Most characters of a line. */
  readonly width: number;
  /** What stands before each line. */
  readonly indent: string;
  /** Columns between label and text; default 2. */
  readonly gap?: number;
  /** Changes a label after it was padded, as by colour. */
  readonly label?: (padded: string) => string;
}

/**
 * Sets rows as two columns, label and text; the text is wrapped in its column.
 *
 * @param rows Labels and texts.
 * @param options Width, indentation and look.
 */
export function labelled(
  rows: readonly (readonly [string, string])[],
  options: LabelOptions,
): readonly string[] {
  const { indent, gap = 2, label = (padded: string) => padded } = options;
  const column = Math.max(0, ...rows.map(([name]) => name.length));
  const room = Math.max(16, options.width - indent.length - column - gap);
  return rows.flatMap(([name, text]) =>
    wrap(text, room).map((line, i) => {
      const head = (i === 0 ? name : "").padEnd(column);
      return `${indent}${i === 0 ? label(head) : head}${" ".repeat(gap)}${line}`.trimEnd();
    })
  );
}

/**
 * Sets paragraphs behind a bullet.
 *
 * @param bullet What stands before the first line of each, with its space.
 * @param texts The paragraphs.
 * @param options Width and indentation.
 */
export function bulleted(
  bullet: string,
  texts: readonly string[],
  options: LabelOptions,
): readonly string[] {
  const room = Math.max(16, options.width - options.indent.length - bullet.length);
  return texts.flatMap((text) =>
    wrap(text, room).map((line, i) =>
      options.indent + (i === 0 ? bullet : " ".repeat(bullet.length)) + line
    )
  );
}
