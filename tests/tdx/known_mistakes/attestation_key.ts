/**
 * The attestation key, for which the quoting enclave vouches in its report.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat } from "../../../src/core/bytes.ts";
import { generateLabKey, type MintedTdx, signQuote } from "../../../src/lab/mod.ts";
import { ask, assertBends, assertFiles, assertGood, mint, type Minting, sgxCode } from "../ask.ts";
import { flipped, overwritten } from "../../bends/bytes.ts";
import { placesOf } from "../bytes_of.ts";

const UNBOUND = "tdx.attestation_key_binding";

const zeros = (length: number): Uint8Array => new Uint8Array(length);

async function digest(name: string, ...parts: readonly Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(name, concat(...parts)));
}

/** Key and authentication data of a quote. */
function boundOf({ quote }: MintedTdx): { readonly key: Uint8Array; readonly data: Uint8Array } {
  const { attestationKey, authenticationSize, certification } = placesOf(quote);
  return {
    key: quote.slice(attestationKey, attestationKey + 64),
    data: quote.slice(authenticationSize + 2, certification),
  };
}

/** The same key again, with other report data of the quoting enclave, signed by the PCK. */
const vouching = ({ keys }: MintedTdx, reportData: Uint8Array): Minting => ({
  keys,
  bends: { qeReport: { reportData } },
});

Deno.test("TDX-17 the quoting enclave vouches by SHA-256 of key and authentication data, and by nothing like it", async () => {
  const minted = await mint();
  const { key, data } = boundOf(minted);
  const right = await digest("SHA-256", key, data);
  assertGood(await ask(await mint(vouching(minted, concat(right, zeros(32))))));
  const wrong: readonly (readonly [string, Uint8Array])[] = [
    ["nothing", zeros(64)],
    ["the key alone", concat(await digest("SHA-256", key), zeros(32))],
    ["the data alone", concat(await digest("SHA-256", data), zeros(32))],
    ["the other order", concat(await digest("SHA-256", data, key), zeros(32))],
    [
      "a point as SEC 1 has it",
      concat(await digest("SHA-256", Uint8Array.of(4), key, data), zeros(32)),
    ],
    ["the digest's own digest", concat(await digest("SHA-256", right), zeros(32))],
    ["SHA-384, cut", concat((await digest("SHA-384", key, data)).subarray(0, 32), zeros(32))],
    ["SHA-384", concat(await digest("SHA-384", key, data), zeros(16))],
    ["SHA-512", await digest("SHA-512", key, data)],
    ["the key itself", key],
    ["the digest in the second half", concat(zeros(32), right)],
    ["the digest twice", concat(right, right)],
    ["the digest backwards", concat(right.toReversed(), zeros(32))],
  ];
  await assertBends(
    wrong.map(([what, reportData]) => [what, vouching(minted, reportData), UNBOUND]),
  );
});

Deno.test("TDX-17 all 64 bytes of the quoting enclave's report data count: the second half is zero", async () => {
  const minted = await mint();
  const { key, data } = boundOf(minted);
  const right = concat(await digest("SHA-256", key, data), zeros(32));
  await assertBends(
    Array.from(right, (_, at) => [`byte ${at}`, vouching(minted, flipped(right, at)), UNBOUND]),
  );
});

Deno.test("TDX-17 authentication data are bound, to the last byte and to their length", async () => {
  const minted = await mint();
  const { data } = boundOf(minted);
  const others: readonly (readonly [string, Uint8Array])[] = [
    ["none", zeros(0)],
    ["one byte less", data.subarray(1)],
    ["one zero more", concat(data, zeros(1))],
    ["twice", concat(data, data)],
    ...Array.from(data, (_, at) => [`byte ${at}`, flipped(data, at)] as const),
  ];
  const replaced = (bytes: Uint8Array): Minting => ({
    bends: { quote: (whole) => ({ ...whole, authenticationData: { bytes } }) },
  });
  await assertBends(others.map(([what, bytes]) => [what, replaced(bytes), UNBOUND]));
});

Deno.test("TDX-17 a key of the host's own does not ride on the report of a genuine quoting enclave", async () => {
  const genuine = await mint({ version: 5 });
  const attestation = await generateLabKey("P-256");
  const forged = await mint({ version: 5, keys: { ...genuine.keys, attestation } });
  const { qeReport, authenticationSize } = placesOf(genuine.quote);
  const report = genuine.quote.slice(qeReport, authenticationSize);
  // Report and signature of the one, key and signature of the other.
  const quote = overwritten(forged.quote, qeReport, report);
  await assertFiles(genuine, { quote }, UNBOUND);
  assertGood(await ask(forged), "the lab's PCK vouches for whatever the lab asks");
});

Deno.test("TDX-17 a quote that another key signed is refused, though the right key stands in it", async () => {
  const minted = await mint();
  const other = await generateLabKey("P-256");
  for (const attestation of [other, minted.keys.pck]) {
    const quote = await signQuote(minted.quote, { ...minted.keys, attestation });
    await assertFiles(minted, { quote }, "tdx.signature_mismatch");
  }
});

Deno.test("TDX-17 the key of an enclave's quote is bound as that of a trust domain's", async () => {
  for (const [version, body] of [[3, "sgx"], [4, "sgx"], [5, "sgx"]] as const) {
    const minted = await mint({ version, body });
    assert.equal(await sgxCode(minted), "none");
    const { key, data } = boundOf(minted);
    for (const reportData of [zeros(64), await digest("SHA-512", key, data)]) {
      const bent = await mint({ version, body, ...vouching(minted, reportData) });
      assert.equal(await sgxCode(bent), UNBOUND);
    }
  }
});
