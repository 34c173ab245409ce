/**
 * A table of a description, set to the width of a terminal.
 *
 * @module
 */

import type { ShownTable } from "../../core/shown.ts";
import { wrap } from "./layout.ts";
import type { Style } from "./style.ts";

/** Columns before each row. */
const INDENT = 2;

/** Columns between cells. */
const GAP = 2;

/** Narrowest last cell beside the others, if it is not shorter anyway; where there is less room, it stands below them. */
const NARROWEST_LAST = 36;

/** Columns before a last cell that stands below. */
const BELOW_INDENT = INDENT + 6;

/** Where a table is set. */
export interface TablePage {
  /** Most characters of a line. */
  readonly width: number;
  /** The looks. */
  readonly style: Style;
}

/**
 * Sets a table. All cells but the last stand beside each other; numbers to the right.
 *
 * @param table Names of columns, and rows. Text that came from elsewhere must be printable.
 * @param page Width and looks.
 */
export function renderTable({ columns, rows }: ShownTable, page: TablePage): readonly string[] {
  const wanted = columns.slice(0, -1).map((name, at) =>
    Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0))
  );
  const widths = fitted(wanted, page.width - INDENT);
  const start = INDENT + widths.reduce((sum, width) => sum + width + GAP, 0);
  const longest = Math.max(...[columns, ...rows].map((row) => (row[widths.length] ?? "").length));
  const beside = page.width - start >= Math.min(NARROWEST_LAST, longest);
  const set = (row: readonly string[]): readonly string[] =>
    setRow(row, widths, beside ? start : null, page);
  return [...set(columns).map(page.style.dim), ...rows.flatMap(set)];
}

/** Where all cells but the last have no room beside each other, the widest column gives way. */
function fitted(wanted: readonly number[], room: number): readonly number[] {
  const excess = wanted.reduce((sum, width) => sum + width + GAP, -GAP) - room;
  const widest = wanted.indexOf(Math.max(...wanted));
  return excess <= 0
    ? wanted
    : wanted.map((width, at) => at === widest ? Math.max(1, width - excess) : width);
}

/** The last cell stands beside the others, from a column on, or below them. */
function setRow(
  row: readonly string[],
  widths: readonly number[],
  start: number | null,
  { width }: TablePage,
): readonly string[] {
  const cells = widths.map((column, at) => aligned(row[at] ?? "", column));
  const head = " ".repeat(INDENT) + cells.join(" ".repeat(GAP));
  const last = row[widths.length] ?? "";
  const lines = wrap(last, width - (start ?? BELOW_INDENT));
  if (start !== null) {
    const [first = "", ...more] = lines;
    const rest = more.map((line) => (" ".repeat(start) + line).trimEnd());
    return [(head + " ".repeat(GAP) + first).trimEnd(), ...rest];
  }
  const below = last === "" ? [] : lines.map((line) => (" ".repeat(BELOW_INDENT) + line).trimEnd());
  return [head.trimEnd(), ...below];
}

/** Numbers compare when their ends stand under each other. */
function aligned(cell: string, width: number): string {
  const whole = cell.length <= width ? cell : `${cell.slice(0, width - 1)}…`;
  return /^\d+$/.test(whole) ? whole.padStart(width) : whole.padEnd(width);
}
