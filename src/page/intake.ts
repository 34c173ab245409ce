/**
 * Takes files that are dropped, chosen or pasted.
 *
 * @module
 */

import type { NamedFile } from "../recognise/mod.ts";
import { byId, field } from "./dom.ts";

/** Largest heap that is read at once, bytes: evidence has some hundred KiB. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Listens for files.
 *
 * @param take Is given what came.
 */
export function listen(take: (files: readonly NamedFile[]) => void): void {
  const drop = byId("drop", HTMLElement);
  const takeAll = async (list: Iterable<File>): Promise<void> => take(await readAll([...list]));
  for (const name of ["dragenter", "dragover"]) {
    addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    addEventListener(name, () => drop.classList.remove("over"));
  }
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    takeAll(event.dataTransfer?.files ?? []);
  });
  byId("choose", HTMLButtonElement).addEventListener("click", () => field("chosen").click());
  field("chosen").addEventListener("change", async ({ currentTarget }) => {
    await takeAll(field("chosen").files ?? []);
    if (currentTarget instanceof HTMLInputElement) currentTarget.value = "";
  });
  listenForText(take, takeAll);
}

function listenForText(
  take: (files: readonly NamedFile[]) => void,
  takeAll: (list: Iterable<File>) => Promise<void>,
): void {
  const text = byId("pasted", HTMLTextAreaElement);
  const toggle = byId("paste", HTMLButtonElement);
  toggle.addEventListener("click", () => {
    const pasting = byId("pasting", HTMLElement);
    pasting.hidden = !pasting.hidden;
    toggle.setAttribute("aria-expanded", String(!pasting.hidden));
    if (!pasting.hidden) text.focus();
  });
  byId("take", HTMLButtonElement).addEventListener("click", () => {
    if (text.value.trim() === "") return;
    take([pasted(text.value)]);
    text.value = "";
  });
  document.addEventListener("paste", (event) => {
    const { target, clipboardData } = event;
    // In a field it is typed there.
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
    const files = clipboardData?.files ?? [];
    const words = clipboardData?.getData("text") ?? "";
    if (files.length > 0) takeAll(files);
    else if (words.trim() !== "") take([pasted(words)]);
  });
}

function pasted(text: string): NamedFile {
  return { name: "", bytes: new TextEncoder().encode(text) };
}

async function readAll(files: readonly File[]): Promise<readonly NamedFile[]> {
  const sizes = files.reduce((sum, { size }) => sum + size, 0);
  if (sizes > MAX_BYTES) {
    const says = new TextEncoder().encode("too large");
    return [{
      name: `${files.length} files with more than 64 MiB, which were not read`,
      bytes: says,
    }];
  }
  return await Promise.all(
    files.map(async (file) => ({
      name: file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  );
}
