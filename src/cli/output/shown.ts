/**
 * What a file is and holds, set for a person.
 *
 * @module
 */

import type { Terminal } from "../../core/ports.ts";
import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";
import { usableWidth, wrap } from "./layout.ts";
import { printableData } from "./printable.ts";
import { renderTable } from "./shown_table.ts";
import { type Style, styleOf } from "./style.ts";

/** Columns before each name. */
const INDENT = 2;

/** Columns between name, value and meaning. */
const GAP = 2;

/** Longest value that has its meaning beside it; longer ones have theirs below. */
const SHORT_VALUE = 24;

/** Narrowest column that a meaning is set in beside its value. */
const NARROWEST_MEANING = 16;

/** Sets a meaning below apart from its value, where there is no colour to do so. */
const BELOW = "· ";

/**
 * Sets a description.
 *
 * @param shown What the file is and holds.
 * @param terminal Width and colour.
 * @returns Text with its line ends.
 */
export function renderShown(shown: Shown, terminal: Pick<Terminal, "width" | "colour">): string {
  const style = styleOf(terminal.colour);
  const width = usableWidth(terminal.width);
  const { title, usedBy, sections } = printableData(shown);
  const lines = [
    ...wrap(title, width).map(style.bold),
    ...(usedBy === null ? [] : wrap(`Goes into: ${usedBy} FILE`, width).map(style.dim)),
    ...sections.flatMap((section) => renderSection(section, { width, style })),
  ];
  return lines.join("\n") + "\n";
}

/** Terminal of a description. */
export interface Page {
  /** Columns. */
  readonly width: number;
  /** Colours. */
  readonly style: Style;
}

/** Measures of one section's table. */
interface Table extends Page {
  /** Width of the names. */
  readonly names: number;
  /** Width of the short values that have their meaning beside them. */
  readonly values: number;
}

/**
 * Sets one section: a blank line, its title, its rows.
 *
 * @param section The section.
 * @param page Width and style.
 */
export function renderSection(
  { title, rows, table: more }: ShownSection,
  page: Page,
): readonly string[] {
  const names = Math.max(0, ...rows.map((row) => row.name.length));
  const longest = Math.min(SHORT_VALUE, page.width - INDENT - names - 2 * GAP - NARROWEST_MEANING);
  const short = rows.filter((row) => row.meaning !== undefined && row.value.length <= longest);
  const table: Table = {
    ...page,
    names,
    values: Math.max(0, ...short.map((row) => row.value.length)),
  };
  return [
    "",
    ...wrap(title, page.width).map(page.style.bold),
    ...rows.flatMap((row) => renderRow(row, table)),
    ...(more === undefined ? [] : renderTable(more, page)),
  ];
}

function renderRow(row: ShownRow, table: Table): readonly string[] {
  const indent = INDENT + table.names + GAP;
  const [first = "", ...more] = rowLines(
    row,
    Math.max(NARROWEST_MEANING, table.width - indent),
    table,
  );
  const head = `${" ".repeat(INDENT)}${row.name.padEnd(table.names)}${" ".repeat(GAP)}${first}`
    .trimEnd();
  return [head, ...more.map((line) => " ".repeat(indent) + line)];
}

/** Value and meaning: beside each other where the value is short, else the meaning below. */
function rowLines(
  { value, meaning }: ShownRow,
  room: number,
  { style, values }: Table,
): readonly string[] {
  if (meaning === undefined) return wrap(value, room);
  if (value.length > values) {
    return [...wrap(value, room), ...wrap(`${BELOW}${meaning}`, room).map(style.dim)];
  }
  const lines = wrap(meaning, room - values - GAP);
  return lines.map((line, i) => (i === 0 ? value : "").padEnd(values + GAP) + style.dim(line));
}
