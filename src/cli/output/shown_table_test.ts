import assert from "node:assert/strict";
import type { Shown, ShownTable } from "../../core/shown.ts";
import { renderShown } from "./shown.ts";
import { renderTable } from "./shown_table.ts";
import { styleOf } from "./style.ts";

const table: ShownTable = {
  columns: ["#", "type", "what it is"],
  rows: [["7", "EV_SEPARATOR", "the firmware hands over"], ["12", "EV_IPL", "word ".repeat(12)]],
};
const page = (width: number) => ({ width, style: styleOf(false) });

Deno.test("renderTable() sets cells under each other, numbers by their ends", () => {
  assert.deepEqual(renderTable(table, page(60)), [
    "  #   type          what it is",
    "   7  EV_SEPARATOR  the firmware hands over",
    "  12  EV_IPL        word word word word word word word word",
    "                    word word word word",
  ]);
});

Deno.test("renderTable() sets the last cell below where there is no room beside", () => {
  assert.deepEqual(renderTable(table, page(48)), [
    "  #   type",
    "        what it is",
    "   7  EV_SEPARATOR",
    "        the firmware hands over",
    "  12  EV_IPL",
    "        word word word word word word word word",
    "        word word word word",
  ]);
});

Deno.test("renderTable() cuts the widest column where the first ones have no room", () => {
  assert.deepEqual(renderTable(table, page(15)), [
    "  #   type",
    "        what it",
    "        is",
    "   7  EV_SEPAR…",
    "        the",
    "        firmwar",
    "        e hands",
    "        over",
    "  12  EV_IPL",
    ...Array.from({ length: 12 }, () => "        word"),
  ]);
});

Deno.test("renderTable() keeps to the width, whatever it is", () => {
  for (const width of [40, 60, 110]) {
    for (const line of renderTable(table, page(width))) assert.ok(line.length <= width, line);
  }
});

Deno.test("renderShown() lets no cell of a table write to the terminal", () => {
  const rows = [["1", "\x1b[2Jx", "a\nb\u202e"]];
  const shown: Shown = {
    kind: "x",
    title: "X (not verified)",
    usedBy: null,
    sections: [{ title: "T", rows: [], table: { columns: ["#", "type", "what"], rows } }],
  };
  const text = renderShown(shown, { width: 80, colour: false });
  assert.match(text, /^ {2}1 {2}\\u001b\[2Jx {2}a\\u000ab\\u202e$/m);
});
