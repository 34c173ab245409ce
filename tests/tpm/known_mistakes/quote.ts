/**
 * What is no quote, though the TPM's key signed it.
 *
 * @module
 */

import { concat } from "../../../src/core/bytes.ts";
import { bigEndian, words } from "../../../src/lab/tpm/wire.ts";
import { overwritten } from "../../bends/bytes.ts";
import { ask, assertCode, assertGood, signed, straight } from "./attack.ts";

/** TPM_ST of all attestations but that of a quote (Part 2 §6.9). */
const OTHER_TYPES = [0x8014, 0x8015, 0x8016, 0x8017, 0x8019, 0x801a, 0x801c, 0x801d] as const;

const FROM_TYPE = 4;
const FROM_BODY = 6;

/** The quote's bytes changed, and signed by the right key. */
async function assertSigned(
  change: (quote: Uint8Array) => Uint8Array,
  code: string,
  what: string,
): Promise<void> {
  const tpmQuoteMsg = change(straight.quote);
  const tpmQuoteSig = await signed(straight, tpmQuoteMsg);
  assertCode(await ask(straight, { files: { tpmQuoteMsg, tpmQuoteSig } }), code, what);
}

Deno.test("TPM-01 what no TPM made is refused, though its key signed it: each bit of the magic counts", async () => {
  assertGood(await ask(straight));
  for (let bit = 0; bit < 32; bit++) {
    const magic = bigEndian((0xff54_4347 ^ (1 << bit)) >>> 0, 4);
    const change = (quote: Uint8Array): Uint8Array => overwritten(quote, 0, magic);
    await assertSigned(change, "tpm.attest_magic", `bit ${bit}`);
  }
});

Deno.test("TPM-01 the magic stands at the beginning, not somewhere, nor in another order", async () => {
  const wrong: readonly (readonly [string, (quote: Uint8Array) => Uint8Array])[] = [
    ["absent", (quote) => quote.subarray(4)],
    ["zero", (quote) => overwritten(quote, 0, bigEndian(0, 4))],
    ["backwards", (quote) => overwritten(quote, 0, [0x47, 0x43, 0x54, 0xff])],
    ["behind a byte", (quote) => concat(Uint8Array.of(0), quote)],
    ["behind a length that is not its own", (quote) => concat(words(quote.length + 1), quote)],
    ["of the data that a caller had signed", () => concat(new Uint8Array(64).fill(0xab))],
  ];
  for (const [what, change] of wrong) await assertSigned(change, "tpm.attest_magic", what);
});

Deno.test("TPM-02 attestations of other types are no quotes, though their bodies read as one", async () => {
  for (const type of [...OTHER_TYPES, 0x1880, 0, 0xffff]) {
    const change = (quote: Uint8Array): Uint8Array => overwritten(quote, FROM_TYPE, words(type));
    await assertSigned(change, "tpm.attest_type", type.toString(16));
  }
});

Deno.test("TPM-02 a body of another type is none of a quote, whatever type it is given", async () => {
  // TPM2_NV_Certify signs contents that whoever wrote the index chose: here the body of a quote.
  const certified = (quote: Uint8Array, type: number): Uint8Array => {
    const contents = quote.subarray(quote.length - 44);
    const head = quote.subarray(0, quote.length - 44);
    const name = concat(words(34), quote.subarray(FROM_BODY + 2, FROM_BODY + 36));
    return concat(
      overwritten(head, FROM_TYPE, words(type)),
      name,
      words(0, contents.length),
      contents,
    );
  };
  await assertSigned((quote) => certified(quote, 0x8014), "tpm.attest_type", "as it is");
  await assertSigned((quote) => certified(quote, 0x8018), "tpm.selection_malformed", "as a quote");
});
