/**
 * The document, as the page writes to it: markup of the report's own kind, and
 * nothing else, becomes HTML.
 *
 * @module
 */

import "./globals.ts";
import type { Markup } from "../report/markup.ts";

const asItIs = { createHTML: (html: string): string => html };

/** Takes markup alone, in which all text is escaped. */
const policy = globalThis.trustedTypes?.createPolicy("casemate", asItIs) ?? asItIs;

/**
 * Puts markup in the place of what an element holds.
 *
 * @param element The element.
 * @param content Its new content; null empties it.
 */
export function put(element: Element, content: Markup | null): void {
  if (content === null) element.replaceChildren();
  else element.innerHTML = policy.createHTML(content.toString());
}

/**
 * An element of the page by its id.
 *
 * @param id The id.
 * @param kind What it must be.
 * @throws {TypeError} where it is not there.
 */
export function byId<T extends Element>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new TypeError(`The page has no ${kind.name} called ${id}`);
}

/** An input of the page by its id. */
export function field(id: string): HTMLInputElement {
  return byId(id, HTMLInputElement);
}

/** By what an element is known again when it is drawn anew. */
const NAMES = ["id", "data-file", "data-root"] as const;

/**
 * Keeps who uses the keyboard where they are, or near, while something is drawn anew.
 *
 * @param draw Draws it.
 */
export function keepFocus(draw: () => void): void {
  const before = document.activeElement;
  const name = NAMES.find((one) => before?.hasAttribute(one));
  const again = `[${name}="${before?.getAttribute(name ?? "")}"]`;
  draw();
  if (before === null || before.isConnected) return;
  // What is folded away cannot be reached.
  for (const place of [again, ".away", "#given>summary", "#choose"]) {
    const found = name === undefined ? null : document.querySelector<HTMLElement>(place);
    if (found?.checkVisibility() === true) return found.focus();
  }
}

/**
 * Gives a file to who looks at the page.
 *
 * @param name Name to suggest.
 * @param bytes Its content.
 * @param type Media type.
 */
export function download(name: string, bytes: Uint8Array<ArrayBuffer>, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  link.download = name;
  link.click();
  // Browsers take their time to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
