/**
 * The chip that a VCEK was issued for.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat, toHex } from "../../../src/core/bytes.ts";
import {
  amdExtension,
  type CertificateDescription,
  der,
  replaceExtension,
} from "../../../src/lab/mod.ts";
import { assertRefused, assertVerdict } from "../../result.ts";
import { ask, assertBends, assertGood, claimsOf, filesOf, judge, mint } from "../ask.ts";

/** A hardware id of a length that begins with given bytes. */
function hwidOf(length: number, ...start: readonly number[]): Uint8Array<ArrayBuffer> {
  const hwid = new Uint8Array(length).fill(0x5a);
  hwid.set(start);
  return hwid;
}

/** A VCEK whose hwID extension has other contents. */
function withHwid(value: Uint8Array): (leaf: CertificateDescription) => CertificateDescription {
  return (leaf) => ({
    ...leaf,
    extensions: replaceExtension(leaf.extensions, amdExtension("hwid", value)),
  });
}

Deno.test("SNP-03 a hardware id that looks like DER is compared as the raw bytes it is", async () => {
  const alike = [
    hwidOf(64, 0x04, 0x3e),
    hwidOf(64, 0x04, 0x40),
    hwidOf(64, 0x02, 0x3e),
    hwidOf(64, 0x30, 0x82),
  ];
  for (const hwid of alike) {
    const good = await judge({ hwid });
    assertGood(good);
    assert.equal(claimsOf(good).leaf.hwid, toHex(hwid));
    const other = { report: { chipId: concat(hwid.subarray(2), new Uint8Array(2)) } };
    assertRefused(await judge({ hwid, bends: other }), "snp.chip_id_mismatch");
  }
  assertGood(await judge({ line: "Turin", hwid: hwidOf(8, 0x04, 0x06) }));
  assertGood(await judge({ line: "Turin", hwid: hwidOf(8, 0x02, 0x06) }));
});

Deno.test("SNP-03 a hardware id inside an OCTET STRING is not AMD's encoding", async () => {
  const hwid = hwidOf(64);
  await assertBends([
    ["wrapped", { hwid, bends: { leaf: withHwid(der.octetString(hwid)) } }, "snp.leaf_extension"],
    ["empty", { hwid, bends: { leaf: withHwid(new Uint8Array()) } }, "snp.leaf_extension"],
  ]);
});

Deno.test("SNP-03 a VCEK in the place of the ASK is not taken for one, whatever its name contains", async () => {
  const minted = await mint();
  const chainAskArk = concat(minted.der.leaf, minted.der.ark);
  assertRefused(await ask(minted, { files: { chainAskArk } }), "snp.ask_signature");
  const { leaf } = (await mint({ hwid: hwidOf(64, 3) })).der;
  assertRefused(await ask(minted, { files: { leaf } }), "snp.signature_mismatch");
});

Deno.test("SNP-03 the chip id is compared whichever byte of it differs", async () => {
  const hwid = hwidOf(64);
  for (const at of [0, 1, 31, 62, 63]) {
    const chipId = concat(hwid);
    chipId[at] = 0xff;
    assertRefused(await judge({ hwid, bends: { report: { chipId } } }), "snp.chip_id_mismatch");
  }
});

Deno.test("SNP-04 the hardware id has 64 bytes up to Genoa and 8 on Turin, and no other length", async () => {
  for (const [line, right] of [["Milan", 64], ["Genoa", 64], ["Turin", 8]] as const) {
    for (const length of [7, 8, 9, 32, 63, 64, 65]) {
      const chipId = concat(hwidOf(length), new Uint8Array(64)).subarray(0, 64);
      const bends = { leaf: withHwid(hwidOf(length)), report: { chipId } };
      const result = await judge({ line, bends });
      if (length === right) assert.equal(claimsOf(result).chipBinding, "matches");
      else assertRefused(result, "snp.leaf_extension");
    }
  }
});

Deno.test("SNP-04 on Turin zeros follow the 8 bytes of the chip id, nothing else", async () => {
  const hwid = hwidOf(8);
  for (const at of [8, 9, 40, 63]) {
    const chipId = concat(hwid, new Uint8Array(56));
    chipId[at] = 1;
    assertRefused(
      await judge({ line: "Turin", hwid, bends: { report: { chipId } } }),
      "snp.chip_id_mismatch",
    );
  }
});

Deno.test("SNP-04 a masked chip id is said aloud, not skipped", async () => {
  const masked = await mint({ bends: { report: { chipId: new Uint8Array(64) } } });
  const result = await ask(masked);
  const finding = assertVerdict(result, "platform-only", "snp.chip_id_masked");
  assert.equal(finding.kind, "unchecked");
  assert.equal(claimsOf(result).chipBinding, "masked");
  const allowed = await ask(masked, { section: { maskedChipId: "allow" } });
  assert.equal(allowed.verdict, "lab-trusted");
  const chip = allowed.findings.find(({ id }) => id === "snp.chip-id");
  assert.deepEqual({ kind: chip?.kind, required: chip?.required }, {
    kind: "unchecked",
    required: false,
  });
});

Deno.test("SNP-04 a chip list cannot hold where the chip id is masked", async () => {
  const hwid = hwidOf(64);
  const masked = await mint({ hwid, bends: { report: { chipId: new Uint8Array(64) } } });
  const maskedChipId = "allow";
  const lists = [
    { allowChips: [toHex(hwid)] },
    { allowChips: ["00".repeat(64)] },
    { denyChips: ["ff".repeat(64)] },
  ];
  for (const list of lists) {
    assertRefused(
      await ask(masked, { section: { maskedChipId, ...list } }),
      "snp.chip_unnamed",
    );
  }
});

Deno.test("SNP-04 a hardware id of zeros counts as masked, not as a match", async () => {
  const zeros = await judge({ hwid: new Uint8Array(64) });
  assertVerdict(zeros, "platform-only", "snp.chip_id_masked");
});

Deno.test("SNP-04 chip lists are enforced by the chip that the report names", async () => {
  const hwid = hwidOf(64);
  const minted = await mint({ hwid });
  const [mine, other] = [toHex(hwid), "ff".repeat(64)];
  assertGood(await ask(minted, { section: { allowChips: [other, mine], denyChips: [other] } }));
  assertRefused(await ask(minted, { section: { allowChips: [other] } }), "snp.chip_not_allowed");
  assertRefused(await ask(minted, { section: { denyChips: [mine] } }), "snp.chip_denied");
  assertRefused(
    await ask(minted, { section: { allowChips: [mine], denyChips: [mine] } }),
    "snp.chip_denied",
  );
});

Deno.test("SNP-04 the files of another machine do not fit", async () => {
  const { leafKey } = await mint();
  const [one, other] = [await mint({ leafKey }), await mint({ leafKey })];
  assertGood(await ask(one));
  const { leaf } = filesOf(other);
  assertRefused(await ask(one, { files: { leaf } }), "snp.chip_id_mismatch");
});
