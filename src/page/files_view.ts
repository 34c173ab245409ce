/**
 * Draws what was given, and asks where that leaves a choice.
 *
 * @module
 */

import { glyph } from "../report/glyph.ts";
import { type Markup, markup } from "../report/markup.ts";
import { fromBase64 } from "../core/bytes.ts";
import type { Candidate, GivenRoot, Heap } from "../recognise/mod.ts";
import { digestOf } from "./request.ts";
import { chosenOf, keyOf, type State } from "./state.ts";

/**
 * Draws the files; null where there are none. They are folded away behind a
 * verdict, unless one of them needs to be looked at.
 *
 * @param state What was given.
 * @param isOpen Whether the files stand open, whatever they are.
 */
export function drawFiles(state: State, isOpen: boolean): Markup | null {
  const { heap } = state;
  if (heap === null || heap.files.length === 0) return null;
  const unknown = heap.files.filter(({ known }) => !known).length;
  const count = heap.files.length === 1 ? "1 file" : `${heap.files.length} files`;
  const odd = unknown === 0 ? "" : unknown === 1 ? ", 1 of no use" : `, ${unknown} of no use`;
  const { accepted, open } = rootsOf(state, heap);
  const body =
    markup`<summary><h2>What you gave</h2> <span class="by">${count}${odd}</span></summary>
<ul class="given">${heap.files.map(drawFile)}</ul>${drawRoots(accepted, state)}`;
  const files = isOpen || unknown > 0
    ? markup`<details class="box" id="given" open>${body}</details>`
    : markup`<details class="box" id="given">${body}</details>`;
  return markup`${files}${drawChoice(state)}${drawRoots(open, state)}`;
}

function drawFile({ name, bytes, says, known, note }: Heap["files"][number], i: number): Markup {
  const size = bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KiB`;
  return markup`<li class="${known ? "known" : "unknown"}">${glyph(known ? "tick" : "not-examined")}
<div><strong>${says}</strong><span class="by">${name}, ${size}${
    note === null ? "" : `, ${note}`
  }</span></div>
<button type="button" class="away" data-file="${i}" aria-label="Take ${name} away">×</button></li>`;
}

/** Where the files could be evidence of several kinds, or there are several. */
function drawChoice(state: State): Markup | null {
  const candidates = state.heap?.candidates ?? [];
  if (candidates.length < 2 || (state.heap?.audits.length ?? 0) > 0) return null;
  const chosen = chosenOf(state);
  const nameOf = ({ technology, from }: Candidate): string => {
    const title = technology.facts?.title ?? technology.title;
    return from === null ? title : `${from}: ${title}`;
  };
  const says = candidates[0]?.from === null
    ? `The files fit ${candidates.length} kinds of machine.`
    : `There are ${candidates.length} pieces of evidence.`;
  return markup`<p class="choice"><label for="variant">Judged as</label> <select id="variant">${
    candidates.map((one) =>
      one === chosen
        ? markup`<option value="${keyOf(one)}" selected>${nameOf(one)}</option>`
        : markup`<option value="${keyOf(one)}">${nameOf(one)}</option>`
    )
  }</select> <span class="by">${says}</span></p>`;
}

/** A root, and what is said of it. */
interface AskedRoot extends Omit<GivenRoot, "der"> {
  readonly says: string;
}

const OF_LAB =
  "Evidence under a lab’s root is a rehearsal: it shows that the checks work, and proves nothing about any machine.";
const OF_OTHERS =
  "Nothing that is built in stands above this root. Believe it only if you have it from its owner.";

/** Roots that somebody must say to believe: those that are, and those that are not yet. */
function rootsOf(
  state: State,
  heap: Heap,
): { readonly accepted: readonly AskedRoot[]; readonly open: readonly AskedRoot[] } {
  const labs = [...heap.labRoots, ...bundleRoots(heap)].map((root) => ({ ...root, says: OF_LAB }));
  const others = believedIn(chosenOf(state)).map((root) => ({ ...root, says: OF_OTHERS }));
  const all = [...new Map([...others, ...labs].map((root) => [root.sha256, root])).values()];
  const isAccepted = ({ sha256 }: AskedRoot): boolean => state.believed.has(sha256);
  return { accepted: all.filter(isAccepted), open: all.filter((root) => !isAccepted(root)) };
}

function drawRoots(roots: readonly AskedRoot[], { believed }: State): Markup | null {
  if (roots.length === 0) return null;
  return markup`<fieldset class="roots"><legend>${
    roots.length === 1 ? "A root came with it" : "Roots came with it"
  }</legend>${roots.map((root) => drawRoot(root, believed))}</fieldset>`;
}

function drawRoot({ subject, sha256, says }: AskedRoot, believed: ReadonlySet<string>): Markup {
  const box = believed.has(sha256)
    ? markup`<input type="checkbox" data-root="${sha256}" checked>`
    : markup`<input type="checkbox" data-root="${sha256}">`;
  return markup`<label class="root">${box}<span><strong>Accept ${subject}</strong><span class="by">${says} SHA-256 <code>${sha256}</code></span></span></label>`;
}

function bundleRoots({ audits: [audit] }: Heap): readonly Omit<GivenRoot, "der">[] {
  const roots = audit?.bundle.request.labRoots ?? [];
  return roots.map((root) => ({
    subject: "the root of a lab in the audit bundle",
    sha256: digestOf(fromBase64(root)),
  }));
}

function believedIn(candidate: Candidate | null): readonly Omit<GivenRoot, "der">[] {
  if (candidate === null) return [];
  const { technology, placed } = candidate;
  const roles = technology.files.filter(({ believed }) => believed === true).map(({ role }) =>
    role
  );
  return placed.filter(({ role }) => roles.includes(role)).map(({ piece }) => ({
    subject: piece.from,
    sha256: digestOf(piece.bytes),
  }));
}
