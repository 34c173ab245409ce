/**
 * What a file is and holds, set for a person.
 *
 * @module
 */

import type { Terminal } from "../../core/ports.ts";
import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";
import { usableWidth, wrap } from "./layout.ts";
import { printableData } from "./printable.ts";
import { type Style, styleOf } from "./style.ts";

/** Columns between name, value and meaning. */
const GAP = 2;

/** Widest column of values beside which meanings stand; longer values have theirs below. */
const SHORT_VALUE = 24;

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
  const column = Math.max(
    0,
    ...sections.flatMap((section) => section.rows.map((row) => row.name.length)),
  );
  const lines = [
    ...wrap(title, width).map(style.bold),
    ...(usedBy === null ? [] : wrap(`Goes into: ${usedBy} FILE`, width).map(style.dim)),
    ...sections.flatMap((section) => renderSection(section, { column, width, style })),
  ];
  return lines.join("\n") + "\n";
}

/** Measures of the table. */
interface Table {
  readonly column: number;
  readonly width: number;
  readonly style: Style;
}

function renderSection(section: ShownSection, table: Table): readonly string[] {
  return [
    "",
    ...wrap(section.title, table.width).map(table.style.bold),
    ...section.rows.flatMap((row) => renderRow(row, table)),
  ];
}

function renderRow(row: ShownRow, table: Table): readonly string[] {
  const { column, style } = table;
  const indent = 2 + column + GAP;
  const room = Math.max(16, table.width - indent);
  const lines = [...rowLines(row, room, style)];
  const first = `  ${row.name.padEnd(column)}${" ".repeat(GAP)}${lines[0] ?? ""}`.trimEnd();
  return [first, ...lines.slice(1).map((line) => " ".repeat(indent) + line)];
}

/** Value and meaning: beside each other where both are short, else the meaning below. */
function rowLines(row: ShownRow, room: number, style: Style): readonly string[] {
  const values = wrap(row.value, room);
  if (row.meaning === undefined) return values;
  const beside = Math.max(row.value.length, Math.min(SHORT_VALUE, room / 3)) + GAP;
  if (values.length === 1 && row.value.length <= SHORT_VALUE && beside + 16 <= room) {
    const padded = row.value.padEnd(Math.floor(beside) - GAP) + " ".repeat(GAP);
    return wrap(row.meaning, room - padded.length).map((line, i) =>
      (i === 0 ? padded : " ".repeat(padded.length)) + style.dim(line)
    );
  }
  return [...values, ...wrap(row.meaning, room).map(style.dim)];
}
