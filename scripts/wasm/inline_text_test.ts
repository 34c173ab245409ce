import assert from "node:assert/strict";
import { readInline, renderInline } from "./inline_text.ts";

/** The empty module. */
const MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

Deno.test("readInline() gives back what renderInline() wrote, the same each time", async () => {
  const text = await renderInline(MODULE);
  assert.deepEqual(Uint8Array.from(readInline(text) ?? []), MODULE);
  assert.equal(await renderInline(MODULE), text);
});

Deno.test("readInline() reads no other form", async () => {
  const text = await renderInline(MODULE);
  for (
    const bent of [` ${text}`, `${text} `, text.replace(/";\n$/, '?";\n'), "", text.slice(0, -3)]
  ) {
    assert.equal(readInline(bent), undefined, JSON.stringify(bent));
  }
});
