/**
 * Signs. They differ by their form, so that they are told apart without colour.
 *
 * @module
 */

import type { FindingKind, Root } from "../evidence/finding.ts";
import { Markup } from "./markup.ts";

/**
 * What a sign stands for. `holds` is of what the processor's maker, or the
 * paravisor under it, vouches for; `weak` of what holds by a provider's or by
 * nobody's word; `lab` of what holds in a lab; `tick` of one check.
 */
export type Sign =
  | "holds"
  | "weak"
  | "lab"
  | "tick"
  | "differs"
  | "not-examined"
  | "not-asked"
  | "absent";

const svg = (name: string, inner: string): Markup =>
  Markup.constant(
    `<svg class="g g-${name}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${inner}</svg>`,
  );

const SIGNS: Readonly<Record<Sign, Markup>> = {
  // A full disc with a tick.
  "holds": svg(
    "holds",
    '<circle cx="10" cy="10" r="9" fill="currentColor"/><path class="k" d="M5.6 10.4l3 3 5.8-6.6" fill="none" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>',
  ),
  // A tick in a ring: it holds, but little stands behind it.
  "weak": svg(
    "weak",
    '<circle cx="10" cy="10" r="8.2" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M5.8 10.4l2.9 2.9 5.5-6.2" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
  ),
  // A tick alone.
  "tick": svg(
    "tick",
    '<path d="M4 10.8l4 4 8-9.6" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>',
  ),
  // A tick in a ring of dashes: it holds, of nothing that exists.
  "lab": svg(
    "lab",
    '<circle cx="10" cy="10" r="8.2" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.6 2.55"/><path d="M5.8 10.4l2.9 2.9 5.5-6.2" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
  ),
  // A full octagon with a cross.
  "differs": svg(
    "differs",
    '<path d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z" fill="currentColor"/><path class="k" d="M6.6 6.6l6.8 6.8M13.4 6.6l-6.8 6.8" fill="none" stroke-width="2.2" stroke-linecap="round"/>',
  ),
  // A ring with a bar upright: something is missing.
  "not-examined": svg(
    "not-examined",
    '<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2"/><path d="M10 5.4v5.4M10 14v.6" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/>',
  ),
  // An empty ring.
  "not-asked": svg(
    "not-asked",
    '<circle cx="10" cy="10" r="8.2" fill="none" stroke="currentColor" stroke-width="1.6"/>',
  ),
  // A ring of dashes.
  "absent": svg(
    "absent",
    '<circle cx="10" cy="10" r="8.2" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.6 2.55"/>',
  ),
};

/**
 * A sign; what it stands for must stand in words beside it.
 *
 * @param sign Which.
 */
export function glyph(sign: Sign): Markup {
  return SIGNS[sign];
}

/** What holds by whose word. */
const BY_ROOT: Readonly<Record<Root, Sign>> = {
  amd: "holds",
  intel: "holds",
  paravisor: "holds",
  provider: "weak",
  none: "weak",
  lab: "lab",
};

/**
 * The sign of something that rests on a root: what holds is as strong as that.
 *
 * @param sign Its sign by itself.
 * @param root Whose word it is; null where nothing was established.
 */
export function strength(sign: Sign, root: Root | null): Sign {
  return sign === "holds" && root !== null ? BY_ROOT[root] : sign;
}

/**
 * The sign of a finding.
 *
 * @param kind What came of it.
 * @param required Whether the verdict depends on it.
 */
export function signOf(kind: FindingKind, required: boolean): Sign {
  switch (kind) {
    case "match":
      return "tick";
    case "mismatch":
      return "differs";
    case "unchecked":
      return required ? "not-examined" : "not-asked";
    case "not-applicable":
      return "absent";
    default:
      return kind satisfies never;
  }
}
