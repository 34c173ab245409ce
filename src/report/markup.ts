/**
 * Markup that nobody's text can change: whatever stands in `${…}` is text,
 * unless it was made here itself.
 *
 * @module
 */

import { printable } from "../core/printable.ts";

/** Markup. Only `markup` makes it, and the constants of this folder through `trusted`. */
export class Markup {
  readonly #text: string;

  /**
   * @param text Markup that is safe as it stands.
   */
  private constructor(text: string) {
    this.#text = text;
  }

  /** The markup as text. */
  toString(): string {
    return this.#text;
  }

  /**
   * Markup of this program's own sources.
   *
   * @param text A constant.
   */
  static constant(text: string): Markup {
    return new Markup(text);
  }
}

/** What can stand in markup: text and numbers are written as text, lists one after another, null is nothing. */
export type Part = string | number | Markup | null | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Text as it stands in markup and in quoted attributes. Controls and marks that
 * turn the direction of writing are made visible, as in a terminal.
 *
 * @param text Any text.
 */
export function escaped(text: string): string {
  return printable(text.toWellFormed(), "\n").replace(
    /[&<>"']/g,
    (character) => ENTITIES[character] ?? "",
  );
}

/**
 * Markup with text in it.
 *
 * @param strings Markup, each attribute with quotes around its value.
 * @param parts What stands between.
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const [first = "", ...rest] = strings;
  const text = rest.reduce((done, string, i) => done + written(parts[i] ?? null) + string, first);
  return Markup.constant(text);
}

function written(part: Part): string {
  if (part === null) return "";
  if (part instanceof Markup) return part.toString();
  if (typeof part === "string") return escaped(part);
  if (typeof part === "number") return String(part);
  if (Array.isArray(part)) return part.map(written).join("");
  throw new TypeError("Cannot write a part of a page that is neither text nor markup");
}
