/**
 * Takes files that are dropped, chosen or pasted.
 *
 * @module
 */

import type { NamedFile } from "../recognise/mod.ts";
import { byId, field } from "./dom.ts";

/** Largest heap that is read at once, bytes: evidence has some hundred KiB. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Who is given what came. */
export interface Taker {
  /** Is told that something comes, before it is read. */
  readonly expect: () => void;
  /** Is given it. */
  readonly take: (files: readonly NamedFile[]) => void;
}

/**
 * Listens for files.
 *
 * @param taker Is given what came.
 */
export function listen({ expect, take }: Taker): void {
  const drop = byId("drop", HTMLElement);
  const takeAll = async (list: Iterable<File>): Promise<void> => {
    const files = [...list];
    if (files.length === 0) return;
    expect();
    take(await readAll(files));
  };
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
    takeTransfer(event.dataTransfer);
  });
  const takeTransfer = (given: DataTransfer | null): void => {
    const files = given?.files ?? [];
    const words = given?.getData("text") ?? "";
    if (files.length > 0) takeAll(files);
    else if (words.trim() !== "") take([pasted(words)]);
  };
  byId("choose", HTMLButtonElement).addEventListener("click", () => field("chosen").click());
  field("chosen").addEventListener("change", async ({ currentTarget }) => {
    await takeAll(field("chosen").files ?? []);
    if (currentTarget instanceof HTMLInputElement) currentTarget.value = "";
  });
  listenForText(take, takeTransfer);
}

function listenForText(
  take: Taker["take"],
  takeTransfer: (given: DataTransfer | null) => void,
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
    takeTransfer(clipboardData);
  });
}

function pasted(text: string): NamedFile {
  return { name: "", bytes: new TextEncoder().encode(text) };
}

async function readAll(files: readonly File[]): Promise<readonly NamedFile[]> {
  const sizes = files.reduce((sum, { size }) => sum + size, 0);
  if (sizes > MAX_BYTES) {
    return [unread(`${files.length} files with more than 64 MiB`, "too large")];
  }
  return await Promise.all(files.map(readOne));
}

/** A folder, or a file that is gone, has no bytes to be had. */
async function readOne(file: File): Promise<NamedFile> {
  try {
    return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return unread(file.name, "a folder?");
  }
}

/** What could not be read stands among the files, so that it is seen to be of no use. */
function unread(name: string, why: string): NamedFile {
  return { name: `${name}, not read`, bytes: new TextEncoder().encode(why) };
}
