/**
 * Colour. It only repeats what signs and words say.
 *
 * @module
 */

import type { FindingKind } from "../../evidence/finding.ts";

/** Changes the look of text. */
export type Paint = (text: string) => string;

/** The looks that are used. */
export interface Style {
  /** What holds. */
  readonly good: Paint;
  /** What does not hold. */
  readonly bad: Paint;
  /** What is not enough, or was not examined. */
  readonly warn: Paint;
  /** What matters less. */
  readonly dim: Paint;
  /** Headings. */
  readonly bold: Paint;
}

/** Codes of ECMA-48, "select graphic rendition": set and reset. */
const sgr = (on: number, off: number): Paint => (text) =>
  text === "" ? "" : `\x1b[${on}m${text}\x1b[${off}m`;

const plain: Paint = (text) => text;

/**
 * The looks for a terminal.
 *
 * @param colour Whether it shows colour.
 */
export function styleOf(colour: boolean): Style {
  if (!colour) return { good: plain, bad: plain, warn: plain, dim: plain, bold: plain };
  return {
    good: sgr(32, 39),
    bad: sgr(31, 39),
    warn: sgr(33, 39),
    dim: sgr(2, 22),
    bold: sgr(1, 22),
  };
}

/** Signs of the kinds of findings. */
const SIGNS: Readonly<Record<FindingKind, string>> = {
  "match": "✔",
  "mismatch": "✘",
  "unchecked": "○",
  "not-applicable": "–",
};

/**
 * The sign of a finding, in its colour.
 *
 * @param kind What came of a check.
 * @param style The looks.
 */
export function sign(kind: FindingKind, style: Style): string {
  const paints: Readonly<Record<FindingKind, Paint>> = {
    "match": style.good,
    "mismatch": style.bad,
    "unchecked": style.warn,
    "not-applicable": style.dim,
  };
  return paints[kind](SIGNS[kind]);
}
