/**
 * Expected and actual values under each other, with the first difference marked.
 *
 * @module
 */

import { cut, isHex, labelled } from "./layout.ts";
import type { Style } from "./style.ts";

/** What stands between accepted values in a finding. */
const BETWEEN = " or ";

/** How a comparison is set. */
export interface DifferenceOptions {
  /** Most characters of a line. */
  readonly width: number;
  /** What stands before each line. */
  readonly indent: string;
  /** The looks. */
  readonly style: Style;
}

/**
 * Sets an expected and an actual value. Two values in hex of equal length are
 * set in pieces under each other; several accepted ones each on a line.
 *
 * @param expected What was expected; null where nothing was.
 * @param actual What the evidence says; null where it says nothing.
 * @param options Width, indentation and looks.
 */
export function difference(
  expected: string | null,
  actual: string | null,
  options: DifferenceOptions,
): readonly string[] {
  const { width, indent, style } = options;
  if (
    expected !== null && actual !== null && isHex(expected) && isHex(actual) &&
    expected.length === actual.length
  ) {
    return hexDifference(expected, actual, options);
  }
  const accepted = expected === null
    ? []
    : expected.split(BETWEEN).every(isHex)
    ? expected.split(BETWEEN)
    : [expected];
  const rows = [
    ...accepted.map((value, i) => [i === 0 ? "expected" : "or", value] as const),
    ...(actual === null ? [] : [["actual", actual] as const]),
  ];
  // A single label would pull its column in; expected and actual always stand in the same one.
  const padded = rows.map(([label, value]) => [label.padEnd("expected".length), value] as const);
  return labelled(padded, {
    width,
    indent,
    label: style.dim,
  });
}

function hexDifference(
  expected: string,
  actual: string,
  options: DifferenceOptions,
): readonly string[] {
  const { indent, style } = options;
  const column = indent.length + "expected  ".length;
  const wanted = cut(expected, options.width - column);
  const found = cut(actual, wanted[0]?.length ?? actual.length);
  const at = firstDifference(expected, actual);
  let passed = 0;
  return wanted.flatMap((piece, i) => {
    const other = found[i] ?? "";
    const here = at >= passed && at < passed + piece.length ? at - passed : undefined;
    passed += piece.length;
    const lines = [
      `${indent}${style.dim("expected")}  ${piece}`,
      `${indent}${style.dim("actual")}    ${other}`,
    ];
    return here === undefined
      ? lines
      : [...lines, marker(here, at, { ...options, indent: " ".repeat(column) })];
  });
}

/** Position of the first byte that differs, in hex digits; -1 where none does. */
function firstDifference(a: string, b: string): number {
  const digit = [...a].findIndex((character, i) => character.toLowerCase() !== b[i]?.toLowerCase());
  return digit < 0 ? -1 : digit - digit % 2;
}

/** A mark under the byte, with its number beside it where there is room. */
function marker(at: number, digit: number, options: DifferenceOptions): string {
  const { indent, width, style } = options;
  const room = width - indent.length;
  const number = `byte ${digit / 2}`;
  const after = [`^^ ${number} is the first that differs`, `^^ ${number}`].map((text) =>
    " ".repeat(at) + text
  );
  const before = [`${number} is the first that differs ^^`, `${number} ^^`]
    .filter((text) => text.length - 2 <= at)
    .map((text) => " ".repeat(at + 2 - text.length) + text);
  const [long, short] = after;
  const fitting = [long, before[0], short, before[1]].find((text) =>
    text !== undefined && text.length <= room
  );
  return indent + style.bad(fitting ?? `${" ".repeat(at)}^^`);
}
