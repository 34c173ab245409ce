/**
 * Event logs over which the engines once differed.
 *
 * @module
 */

import assert from "node:assert/strict";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { askBoth, portableEngine } from "./strict.ts";

const engines = [inlineEngine, await portableEngine()] as const;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

Deno.test("a zero with a digit behind it is no number of CEL-JSON, nor two records", async () => {
  for (const text of ["\u001e01\u001e", "\u001e-00", "[01]", '\u001e{"recnum":01}']) {
    await assert.rejects(
      askBoth(engines, "event_log", [utf8("PCR"), utf8(text)]),
      // The log cannot be split, so it is no record's mistake.
      (error) =>
        error instanceof CasemateError && error.code === "logs.syntax" &&
        error.fields["event"] === undefined,
      text,
    );
  }
});
