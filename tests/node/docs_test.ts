/**
 * The page of the agent names what there is.
 *
 * @module
 */

import assert from "node:assert/strict";
import { allCodes } from "../../src/cli/code_table.ts";

const PAGE = await Deno.readTextFile(new URL("../../docs/node.md", import.meta.url));

/** Words of the page that look like codes and are none. */
const NO_CODES: readonly string[] = ["init.secret", "phase.unmeasured"];

Deno.test("docs/node.md names codes that there are", () => {
  const codes = allCodes();
  const named = [...PAGE.matchAll(/`([a-z]+\.[a-z_]+)`/g)].map(([, word = ""]) => word)
    .filter((word) => !NO_CODES.includes(word));
  assert.ok(named.length > 10);
  for (const word of named) assert.ok(codes.has(word), word);
});
