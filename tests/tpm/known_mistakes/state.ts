/**
 * What a quote says of the TPM itself: boot, clock, place of the key.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat, toHex } from "../../../src/core/bytes.ts";
import { type AttestDescription, qualifiedNameOf } from "../../../src/lab/mod.ts";
import { bigEndian } from "../../../src/lab/tpm/wire.ts";
import { ask, assertAttacks, assertCode, assertGood, claimsOf, mint, straight } from "./attack.ts";
import { askGoogle, googleQuote, overReal } from "./real.ts";

/** Evidence of the same TPM that says something else of itself, and answers the same nonce. */
const saying = (attest: Partial<AttestDescription>) => mint({ bends: { attest } });

Deno.test("TPM-08 a quote of another boot is refused inside of one nonce's window", async () => {
  const enrolled = { section: { resetCount: 7, restartCount: 0 } };
  assertGood(await ask(straight, enrolled));
  for (const resetCount of [0, 6, 8, 0xffff_ffff]) {
    const minted = await saying({ resetCount });
    assertCode(await ask(minted, enrolled), "tpm.reset_mismatch", `reset ${resetCount}`);
    assertCode(await ask(minted, { section: { resetCount: 7 } }), "tpm.reset_mismatch");
    assertGood(await ask(minted, { section: { restartCount: 0 } }), "only resumes were pinned");
  }
  for (const restartCount of [1, 7, 0xffff_ffff]) {
    const minted = await saying({ restartCount });
    assertCode(await ask(minted, enrolled), "tpm.reset_mismatch", `restart ${restartCount}`);
    assertCode(await ask(minted, { section: { restartCount: 0 } }), "tpm.reset_mismatch");
  }
  const swapped = await saying({ resetCount: 0, restartCount: 7 });
  assertCode(await ask(swapped, enrolled), "tpm.reset_mismatch", "swapped");
});

Deno.test("TPM-08 counters of zero are pinned like any others", async () => {
  const fresh = await saying({ resetCount: 0, restartCount: 0 });
  assertGood(await ask(fresh, { section: { resetCount: 0, restartCount: 0 } }));
  assertCode(await ask(straight, { section: { resetCount: 0 } }), "tpm.reset_mismatch");
  const resumed = await saying({ restartCount: 1 });
  assertCode(await ask(resumed, { section: { restartCount: 0 } }), "tpm.reset_mismatch");
});

Deno.test("TPM-08 a clock that may have run backwards is refused, unless the policy lets it", async () => {
  const unsafe = await saying({ safe: 0 });
  assertCode(await ask(unsafe), "tpm.clock_not_safe");
  const result = await ask(unsafe, { section: { clock: "any" } });
  assertGood(result);
  const finding = result.findings.find(({ id }) => id === "tpm.clock");
  assert.deepEqual([finding?.kind, finding?.required], ["unchecked", false]);
  await assertAttacks([
    ["neither safe nor not", { attest: { safe: 2 } }, "tpm.attest_value"],
    ["all bits", { attest: { safe: 255 } }, "tpm.attest_value"],
  ]);
});

Deno.test("TPM-08 the signer is the enrolled key, and where it was enrolled", async () => {
  const { qualifiedSigner } = claimsOf(await ask(straight)).quote;
  const enrolled = { section: { qualifiedSigners: [qualifiedSigner] } };
  assertGood(await ask(straight, enrolled));
  // The same key under other hierarchies, and under another key.
  const parents: readonly Uint8Array[] = [
    bigEndian(0x4000_0001, 4),
    bigEndian(0x4000_0007, 4),
    bigEndian(0x4000_000c, 4),
    straight.akName,
  ];
  for (const parent of parents) {
    const moved = await saying({
      qualifiedSigner: await qualifiedNameOf(straight.akName, "sha256", parent),
    });
    assertCode(await ask(moved, enrolled), "tpm.qualified_signer_mismatch", toHex(parent));
  }
  const named = await saying({ qualifiedSigner: straight.akName });
  assertCode(await ask(named, enrolled), "tpm.qualified_signer_mismatch", "its Name");
  const [first] = parents;
  await assertAttacks([
    ["none", { attest: { qualifiedSigner: concat() } }, "tpm.attest_value"],
    ["a handle", { attest: { qualifiedSigner: first ?? concat() } }, "tpm.attest_value"],
  ]);
});

Deno.test("TPM-08 the Name is that of the public area, not of what a policy of another key says", async () => {
  assertGood(await ask(straight, { section: { akNames: [toHex(straight.akName)] } }));
  // The same key with other attributes has another Name.
  const changed = await mint({
    bends: { publicArea: (area) => ({ ...area, attributes: area.attributes ^ (1 << 10) }) },
  });
  const enrolled = { section: { akNames: [toHex(straight.akName)] } };
  assertCode(await ask(changed, enrolled), "tpm.ak_name_mismatch");
});

Deno.test("TPM-08 firmware is the one that the policy names", async () => {
  const enrolled = { section: { firmwareVersions: ["0001000000000001"] } };
  assertGood(await ask(straight, enrolled));
  for (const firmwareVersion of [0n, 0x0001_0000_0000_0000n, 0x0001_0000_0000_0002n]) {
    const minted = await saying({ firmwareVersion });
    assertCode(await ask(minted, enrolled), "tpm.firmware_mismatch", String(firmwareVersion));
  }
});

Deno.test("TPM-08 what is not pinned is said, and does not look checked", async () => {
  const { findings } = await ask(straight);
  const kinds = (id: string) =>
    findings.filter((one) => one.id === id).map(({ kind, actual }) => [kind, actual]);
  assert.deepEqual(kinds("tpm.boot"), [["unchecked", "reset 7, restart 0"]]);
  assert.deepEqual(kinds("tpm.clock"), [["match", "safe, 86400123 ms"]]);
  for (const id of ["tpm.qualified-signer", "tpm.firmware", "tpm.ak-name"]) {
    assert.deepEqual(kinds(id).map(([kind]) => kind), ["unchecked"], id);
  }
});

Deno.test({
  ...overReal("TPM-08 a real quote is of the tenth reset, and of its own signer"),
  fn: async () => {
    const google = googleQuote("sha256");
    const signer = "000bde01fe4b4ade2f8b7ae19b8a8897e0cb77ae417731d8ce38697ec4f6c095030a";
    const section = { resetCount: 10, restartCount: 0, qualifiedSigners: [signer] };
    assert.equal((await askGoogle(google, { section })).verdict, "trusted");
    const other = { section: { ...section, resetCount: 9 } };
    assertCode(await askGoogle(google, other), "tpm.reset_mismatch");
    const stranger = { section: { ...section, qualifiedSigners: [toHex(straight.akName)] } };
    assertCode(await askGoogle(google, stranger), "tpm.qualified_signer_mismatch");
  },
});
