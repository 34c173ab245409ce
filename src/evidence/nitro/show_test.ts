import assert from "node:assert/strict";
import { createPortableEngine } from "../../core/portable/engine.ts";
import { createNitroAuthority, mintNitro } from "../../lab/nitro/mod.ts";
import { corpusOf, overReal } from "../../../tests/corpus.ts";
import { operations } from "./portable/mod.ts";
import { show } from "./show.ts";

const engine = createPortableEngine(operations);
const now = new Date("2026-11-21T12:00:00Z");
const authority = await createNitroAuthority({ now });

for (const kind of ["enclave", "tpm"] as const) {
  Deno.test(`show() tells documents of kind ${kind} as what they are`, async () => {
    const { document } = await mintNitro(authority, { now, kind, userData: Uint8Array.of(0xab) });
    const shown = await show(engine, document);
    assert.equal(shown?.kind, `nitro-${kind}-document`);
    assert.match(shown?.title ?? "", kind === "tpm" ? /NitroTPM/ : /Nitro Enclave/);
    assert.match(shown?.usedBy ?? "", kind === "tpm" ? /aws-nitro-tpm/ : /nitro-enclave/);
    const rows = shown?.sections.flatMap((section) => section.rows) ?? [];
    const valueOf = (name: string): string | undefined =>
      rows.find((row) => row.name === name)?.value;
    assert.equal(valueOf("timestamp"), "2026-11-21T12:00:00.000Z");
    assert.equal(valueOf("user_data"), "ab");
    assert.equal(valueOf("nonce"), "absent");
    assert.match(rows.find(({ name }) => name === "PCR 10")?.meaning ?? "", /nothing was measured/);
  });
}

Deno.test("show() takes nothing else for a document, and refuses a damaged one", async () => {
  const { document } = await mintNitro(authority, { now });
  assert.equal(await show(engine, document.subarray(1)), null);
  assert.equal(await show(engine, Uint8Array.of(0x84, 0x44)), null);
  await assert.rejects(show(engine, document.subarray(0, -1)), { code: "nitro.cbor" });
});

Deno.test({
  ...overReal("show() tells a real document of an enclave"),
  fn: async () => {
    for (const [name, { input }] of corpusOf(({ input }) => input.tech === "aws-nitro")) {
      const shown = await show(engine, input.files["document"] ?? new Uint8Array());
      assert.equal(shown?.kind, "nitro-enclave-document", name);
    }
  },
});
