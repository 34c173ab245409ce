/**
 * A button at each command line, which copies it.
 *
 * @module
 */

import { byId } from "./dom.ts";

/**
 * Puts a button behind each block of code.
 *
 * @param within Where.
 */
export function addCopying(within: Element): void {
  for (const block of within.querySelectorAll("pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    block.after(button);
  }
}

/**
 * Copies what stands before a button; where the browser does not let it, marks
 * it, so that a key does.
 *
 * @param button The button.
 */
export async function copyBefore(button: Element): Promise<void> {
  const block = button.previousElementSibling;
  if (block === null) return;
  button.textContent = await isCopied(block) ? "Copied" : "Marked: copy it with Ctrl+C or ⌘C";
  byId("status", HTMLElement).textContent = button.textContent;
}

async function isCopied(block: Element): Promise<boolean> {
  try {
    // Pages without TLS have no clipboard.
    await navigator.clipboard.writeText(block.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(block);
    return false;
  }
}
