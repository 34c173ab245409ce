/**
 * Text that came from elsewhere, made safe for a terminal and a page.
 *
 * Subjects of certificates, file names and values are chosen by others. An
 * escape sequence in them could repaint the verdict of a terminal, and a character that turns
 * the direction of writing could make a name read as another.
 *
 * @module
 */

/**
 * Controls (C0, DEL, C1), line separators, everything that is not drawn (marks that turn or isolate direction, byte
 * order mark, zero-width characters, tags, fillers), and what is no character at all, which makes a page malformed.
 */
const UNSAFE =
  // deno-lint-ignore no-control-regex -- controls are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** Each of its UTF-16 units, as JSON writes it. */
function escape(character: string): string {
  return character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/**
 * Text with every unsafe character written as `\uXXXX`.
 *
 * @param text Any text.
 * @param keep Characters that stay, as line ends.
 */
export function printable(text: string, keep = ""): string {
  return text.replace(
    UNSAFE,
    (character) => keep.includes(character) ? character : escape(character),
  );
}

/**
 * The same for all text inside of plain data.
 *
 * @param data Plain data.
 */
export function printableData<T>(data: T): T {
  // Strings become strings, and everything else keeps its shape.
  return walk(data) as T;
}

function walk(data: unknown): unknown {
  if (typeof data === "string") return printable(data);
  if (Array.isArray(data)) return data.map(walk);
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, walk(value)]));
}

/**
 * JSON, indented, with the same meaning as `JSON.stringify` and no unsafe character.
 *
 * @param data Plain data.
 */
export function printableJson(data: unknown): string {
  return printable(JSON.stringify(data, null, 2), "\n");
}
