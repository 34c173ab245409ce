/**
 * What holds of showing a file, whatever it is.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Engine } from "../../src/core/crypto.ts";
import type { Shown, ShownTable } from "../../src/core/shown.ts";
import type { Execution } from "./kind.ts";
import { assertTyped, bothEngines, timed } from "./properties.ts";

/** Asserts that a description has all that a screen needs of it. */
export function assertDescription(shown: Shown): void {
  assert.match(shown.kind, /^[a-z0-9-]+$/);
  assert.match(shown.title, /\(not verified\)$/, "it says that nothing is verified");
  for (const { title, rows, table } of shown.sections) {
    assert.equal(typeof title, "string");
    for (const { name, value } of rows) {
      assert.equal(typeof name, "string");
      assert.equal(typeof value, "string", name);
    }
    if (table !== undefined) assertTable(table);
  }
}

/** Asserts that each row of a table has a text for each column. */
function assertTable({ columns, rows }: ShownTable): void {
  assert.ok(columns.length > 0, "a table has columns");
  for (const row of [columns, ...rows]) {
    assert.equal(row.length, columns.length, row.join());
    for (const fact of row) assert.equal(typeof fact, "string");
  }
}

/**
 * Shows a file with both engines, and asserts that they agree, and that it ends
 * in a description, in nothing, or in a typed error.
 *
 * @param show Shows it.
 * @param file The file.
 */
export async function assertShownBy(
  show: (engine: Engine, file: Uint8Array) => Promise<Shown | null>,
  file: Uint8Array,
): Promise<Execution> {
  return await timed(async () => {
    try {
      const shown = await show(bothEngines, file);
      if (shown === null) return "not known";
      assertDescription(shown);
      return shown.kind;
    } catch (error) {
      assertTyped(error);
      return error.code;
    }
  }, { file });
}
