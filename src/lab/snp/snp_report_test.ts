import assert from "node:assert/strict";
import { concat, fromHex, toHex } from "../../core/bytes.ts";
import { generateLabKey } from "../lab_key.ts";
import { noOpenssl, openssl } from "../openssl_test.ts";
import { pem } from "../pem.ts";
import { integer, sequence } from "../../core/x509_writer/der.ts";
import {
  REPORT_BYTES,
  type ReportFields,
  SIGNATURE_OFFSET,
  signSnpReport,
  writeSnpReport,
  writeTcb,
} from "./snp_report.ts";

const key = await generateLabKey("P-384");

/** Tells every byte string apart by its fill, every number by its value. */
const FIELDS: ReportFields = {
  version: 5,
  guestSvn: 0x01020304,
  policy: 0x30000n,
  familyId: new Uint8Array(16).fill(0x11),
  imageId: new Uint8Array(16).fill(0x12),
  vmpl: 2,
  signatureAlgorithm: 1,
  currentTcb: { fmc: null, bootloader: 1, tee: 2, snp: 3, microcode: 4 },
  platformInfo: 0x25n,
  flags: 4,
  reportData: new Uint8Array(64).fill(0x13),
  measurement: new Uint8Array(48).fill(0x14),
  hostData: new Uint8Array(32).fill(0x15),
  idKeyDigest: new Uint8Array(48).fill(0x16),
  authorKeyDigest: new Uint8Array(48).fill(0x17),
  reportId: new Uint8Array(32).fill(0x18),
  reportIdMa: new Uint8Array(32).fill(0xff),
  reportedTcb: { fmc: null, bootloader: 5, tee: 6, snp: 7, microcode: 8 },
  cpuid: { family: 25, model: 17, stepping: 1 },
  chipId: new Uint8Array(64).fill(0x19),
  committedTcb: { fmc: null, bootloader: 9, tee: 10, snp: 11, microcode: 12 },
  currentVersion: { major: 1, minor: 55, build: 40 },
  committedVersion: { major: 1, minor: 54, build: 39 },
  launchTcb: { fmc: null, bootloader: 13, tee: 14, snp: 15, microcode: 16 },
  launchMitigationVector: 0x0bn,
  currentMitigationVector: 0x0fn,
};

Deno.test("writeSnpReport() puts each field where 56860 Table 23 has it", () => {
  const report = writeSnpReport(FIELDS);
  const at = (offset: number, length: number): string =>
    toHex(report.subarray(offset, offset + length));
  assert.equal(report.length, REPORT_BYTES);
  assert.equal(at(0x000, 16), "05000000" + "04030201" + "0000030000000000");
  assert.equal(at(0x010, 32), "11".repeat(16) + "12".repeat(16));
  assert.equal(at(0x030, 16), "02000000" + "01000000" + "0102000000000304");
  assert.equal(at(0x040, 16), "2500000000000000" + "04000000" + "00000000");
  assert.equal(at(0x050, 112), "13".repeat(64) + "14".repeat(48));
  assert.equal(at(0x0c0, 128), "15".repeat(32) + "16".repeat(48) + "17".repeat(48));
  assert.equal(at(0x140, 64), "18".repeat(32) + "ff".repeat(32));
  assert.equal(at(0x180, 32), "0506000000000708" + "191101" + "00".repeat(21));
  assert.equal(at(0x1a0, 64), "19".repeat(64));
  assert.equal(at(0x1e0, 16), "090a000000000b0c" + "28370100" + "27360100");
  assert.equal(at(0x1f0, 24), "0d0e000000000f10" + "0b00000000000000" + "0f00000000000000");
  assert.equal(at(0x208, 0x2a0 - 0x208), "00".repeat(0x2a0 - 0x208));
  assert.equal(at(0x2a0, 512), "00".repeat(512));
});

Deno.test("writeSnpReport() refuses what does not fit its field", () => {
  assert.throws(() => writeSnpReport({ ...FIELDS, reportData: new Uint8Array(63) }), RangeError);
  assert.throws(() => writeSnpReport({ ...FIELDS, version: 2 ** 32 }), RangeError);
  assert.throws(() => writeSnpReport({ ...FIELDS, policy: -1n }), RangeError);
  assert.throws(() => writeTcb({ ...FIELDS.currentTcb, microcode: 256 }), RangeError);
});

Deno.test("writeTcb() follows the layout of Turin where there is an FMC", () => {
  const tcb = { fmc: 1, bootloader: 2, tee: 3, snp: 4, microcode: 5 };
  assert.equal(toHex(writeTcb(tcb)), "0102030400000005");
  assert.equal(toHex(writeTcb({ ...tcb, fmc: null })), "0203000000000405");
});

/** R and S as big-endian bytes, and the rest of the signature's place. */
function signatureOf(
  report: Uint8Array,
): { readonly r: Uint8Array; readonly s: Uint8Array; readonly rest: Uint8Array } {
  const part = (from: number, to: number): Uint8Array =>
    report.slice(SIGNATURE_OFFSET + from, SIGNATURE_OFFSET + to);
  return {
    r: part(0, 48).reverse(),
    s: part(72, 120).reverse(),
    rest: concat(part(48, 72), part(120, 512)),
  };
}

Deno.test("signSnpReport() makes a signature that WebCrypto verifies, zeros around it", async () => {
  const report = await signSnpReport(writeSnpReport(FIELDS), key);
  const { r, s, rest } = signatureOf(report);
  const algorithm = { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" };
  const open = await crypto.subtle.importKey("spki", key.spki, algorithm, false, ["verify"]);
  const message = report.slice(0, SIGNATURE_OFFSET);
  assert.ok(await crypto.subtle.verify(algorithm, open, concat(r, s), message));
  assert.equal(rest.findIndex((byte) => byte !== 0), -1);
});

Deno.test({
  name: "signSnpReport() makes a signature that openssl verifies, until a signed bit flips",
  ignore: noOpenssl,
  fn: async () => {
    const report = await signSnpReport(writeSnpReport(FIELDS), key);
    const { r, s } = signatureOf(report);
    const number = (bytes: Uint8Array): Uint8Array => integer(BigInt(`0x${toHex(bytes)}`));
    const files = { key: pem("PUBLIC KEY", key.spki), sig: sequence(number(r), number(s)) };
    const verify = ["dgst", "-sha384", "-verify", "key", "-signature", "sig", "message"];
    const message = report.slice(0, SIGNATURE_OFFSET);
    assert.match((await openssl(verify, { ...files, message })).text, /Verified OK/);
    message[0x50] = 0x12;
    assert.match((await openssl(verify, { ...files, message })).text, /Verification failure/);
  },
});

Deno.test("signSnpReport() signs bent bytes as they are and leaves its argument alone", async () => {
  const report = writeSnpReport(FIELDS);
  report[0] = 9;
  const before = toHex(report);
  const longer = await signSnpReport(concat(report, fromHex("aabb")), key);
  assert.equal(toHex(report), before);
  assert.equal(longer.length, REPORT_BYTES + 2);
  assert.equal(longer[0], 9);
  assert.equal(toHex(longer.subarray(-2)), "aabb");
  await assert.rejects(signSnpReport(report.subarray(0, 700), key), RangeError);
});
