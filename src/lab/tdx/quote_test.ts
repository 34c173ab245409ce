import assert from "node:assert/strict";
import { concat, toHex } from "../../core/bytes.ts";
import { generateLabKey } from "../lab_key.ts";
import {
  QUOTE_NUMBERS,
  type QuoteDescription,
  rawPublicKey,
  signQuote,
  writeQuote,
} from "./quote.ts";
import { type EnclaveReportFields, type TdReportFields, writeEnclaveReport } from "./quote_body.ts";
import { readQuote } from "./read_quote_test.ts";

const keys = { pck: await generateLabKey("P-256"), attestation: await generateLabKey("P-256") };

/** Tells every byte string apart by its fill, every number by its value. */
const ENCLAVE: EnclaveReportFields = {
  cpuSvn: new Uint8Array(16).fill(0x21),
  miscSelect: 0x01020304,
  isvExtProdId: new Uint8Array(16).fill(0x22),
  flags: 0x15n,
  xfrm: 0xe7n,
  mrEnclave: new Uint8Array(32).fill(0x23),
  mrSigner: new Uint8Array(32).fill(0x24),
  configId: new Uint8Array(64).fill(0x25),
  isvProdId: 0x0203,
  isvSvn: 0x0405,
  configSvn: 0x0607,
  isvFamilyId: new Uint8Array(16).fill(0x26),
  reportData: new Uint8Array(64).fill(0x27),
};

const TD: TdReportFields = {
  teeTcbSvn: new Uint8Array(16).fill(0x31),
  mrSeam: new Uint8Array(48).fill(0x32),
  mrSignerSeam: new Uint8Array(48).fill(0x33),
  seamAttributes: 0x0102030405060708n,
  tdAttributes: 0x10000000n,
  xfam: 0x602e7n,
  mrTd: new Uint8Array(48).fill(0x34),
  mrConfigId: new Uint8Array(48).fill(0x35),
  mrOwner: new Uint8Array(48).fill(0x36),
  mrOwnerConfig: new Uint8Array(48).fill(0x37),
  rtmrs: [
    new Uint8Array(48).fill(0x40),
    new Uint8Array(48).fill(0x41),
    new Uint8Array(48).fill(0x42),
    new Uint8Array(48).fill(0x43),
  ],
  reportData: new Uint8Array(64).fill(0x38),
  added: { teeTcbSvn2: new Uint8Array(16).fill(0x39), mrServiceTd: new Uint8Array(48).fill(0x3a) },
};

const V5: QuoteDescription = {
  header: {
    version: 5,
    attestationKeyType: 2,
    teeType: 0x81,
    qeSvn: 0x0102,
    pceSvn: 0x0304,
    qeVendor: new Uint8Array(16).fill(0x11),
    userData: new Uint8Array(20).fill(0x12),
  },
  descriptor: { type: QUOTE_NUMBERS.tdBody15 },
  body: TD,
  signature: keys.attestation,
  attestationKey: rawPublicKey(keys.attestation),
  outer: { type: 6 },
  qeReport: ENCLAVE,
  qeReportSignature: keys.pck,
  authenticationData: { bytes: Uint8Array.of(1, 2, 3) },
  certification: { type: 5, bytes: Uint8Array.of(9, 8, 7, 6, 5) },
  trailing: Uint8Array.of(0xff),
};

/** The bytes at an offset as hex. */
function at(bytes: Uint8Array, offset: number, length: number): string {
  return toHex(bytes.subarray(offset, offset + length));
}

Deno.test("writeQuote() puts each field of version 5 where Intel's specification has it", async () => {
  const quote = await writeQuote(V5);
  assert.equal(at(quote, 0, 12), "0500" + "0200" + "81000000" + "0201" + "0403");
  assert.equal(at(quote, 12, 36), "11".repeat(16) + "12".repeat(20));
  assert.equal(at(quote, 48, 6), "0300" + "88020000");
  const body = quote.subarray(54, 54 + 648);
  assert.equal(at(body, 0, 64), "31".repeat(16) + "32".repeat(48));
  assert.equal(at(body, 64, 56), "33".repeat(48) + "0807060504030201");
  assert.equal(at(body, 120, 16), "0000001000000000" + "e702060000000000");
  assert.equal(at(body, 136, 96), "34".repeat(48) + "35".repeat(48));
  assert.equal(at(body, 232, 96), "36".repeat(48) + "37".repeat(48));
  assert.equal(at(body, 328, 96), "40".repeat(48) + "41".repeat(48));
  assert.equal(at(body, 424, 96), "42".repeat(48) + "43".repeat(48));
  assert.equal(at(body, 520, 80), "38".repeat(64) + "39".repeat(16));
  assert.equal(at(body, 600, 48), "3a".repeat(48));
  // 134 bytes to the QE report, 448 of it, 2 + 3 of authentication data, 6 + 5 of certification data.
  assert.equal(at(quote, 702, 4), "56020000");
  assert.equal(at(quote, 706 + 64, 64), toHex(rawPublicKey(keys.attestation)));
  assert.equal(at(quote, 706 + 128, 6), "0600" + "d0010000");
  assert.equal(at(quote, 706 + 134 + 448, 5), "0300" + "010203");
  assert.equal(at(quote, 706 + 134 + 453, 12), "0500" + "05000000" + "0908070605" + "ff");
  assert.equal(quote.length, 706 + 134 + 465);
});

Deno.test("writeEnclaveReport() puts each field where Intel's specification has it", () => {
  const report = writeEnclaveReport(ENCLAVE);
  assert.equal(report.length, 384);
  assert.equal(at(report, 0, 32), "21".repeat(16) + "04030201" + "00".repeat(12));
  assert.equal(at(report, 32, 32), "22".repeat(16) + "1500000000000000" + "e700000000000000");
  assert.equal(at(report, 64, 64), "23".repeat(32) + "00".repeat(32));
  assert.equal(at(report, 128, 64), "24".repeat(32) + "00".repeat(32));
  assert.equal(at(report, 192, 64), "25".repeat(64));
  assert.equal(at(report, 256, 48), "0302" + "0504" + "0706" + "00".repeat(42));
  assert.equal(at(report, 304, 80), "26".repeat(16) + "27".repeat(64));
});

Deno.test("writeQuote() writes versions 3 and 4 without what version 5 adds", async () => {
  const four = await writeQuote({
    ...V5,
    header: { ...V5.header, version: 4 },
    descriptor: null,
    body: { ...TD, added: null },
  });
  assert.equal(at(four, 48, 16), "31".repeat(16));
  assert.equal(at(four, 48 + 584 + 4 + 128, 2), "0600");
  const three = await writeQuote({
    ...V5,
    header: { ...V5.header, version: 3, teeType: 0 },
    descriptor: null,
    body: ENCLAVE,
    outer: null,
  });
  assert.equal(at(three, 48, 16), "21".repeat(16));
  assert.equal(at(three, 48 + 384 + 4 + 128, 16), "21".repeat(16));
  assert.equal(at(three, 48 + 384, 4), "50020000");
});

Deno.test("writeQuote() writes sizes, types and signatures that are not so, on demand", async () => {
  const quote = await writeQuote({
    ...V5,
    descriptor: { type: 9, size: 7 },
    body: Uint8Array.of(1, 2),
    signature: new Uint8Array(64).fill(0xaa),
    outer: { type: 8, size: 0x01020304 },
    qeReport: Uint8Array.of(3),
    qeReportSignature: new Uint8Array(64).fill(0xbb),
    authenticationData: { bytes: Uint8Array.of(4), size: 0xffff },
    certification: { type: 3, size: 2 ** 32 - 1, bytes: Uint8Array.of(5) },
    signatureDataSize: 0,
    trailing: Uint8Array.of(6),
  });
  const after = [
    "0900" + "07000000" + "0102" + "00000000",
    "aa".repeat(64) + toHex(V5.attestationKey),
    "0800" + "04030201" + "03" + "bb".repeat(64),
    "ffff" + "04" + "0300" + "ffffffff" + "05" + "06",
  ];
  assert.equal(toHex(quote.subarray(48)), after.join(""));
});

Deno.test("writeQuote() refuses fields that do not fit", async () => {
  const bends: readonly Partial<QuoteDescription>[] = [
    { header: { ...V5.header, version: 2 ** 16 } },
    { header: { ...V5.header, qeVendor: new Uint8Array(15) } },
    { body: { ...TD, mrTd: new Uint8Array(47) } },
    { body: { ...TD, xfam: 2n ** 64n } },
    { attestationKey: new Uint8Array(65) },
    { signature: new Uint8Array(63) },
    { qeReport: { ...ENCLAVE, isvSvn: -1 } },
    { authenticationData: { bytes: new Uint8Array(2 ** 16) } },
  ];
  for (const change of bends) {
    await assert.rejects(writeQuote({ ...V5, ...change }), RangeError);
  }
});

/** Whether WebCrypto accepts both signatures of a quote. */
async function judge(quote: Uint8Array<ArrayBuffer>): Promise<readonly [boolean, boolean]> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const method = { name: "ECDSA", hash: "SHA-256" };
  const { description, signedPart, qeReport, signature, qeReportSignature } = readQuote(quote);
  const point = concat(Uint8Array.of(4), description.attestationKey);
  const attestation = await crypto.subtle.importKey("raw", point, algorithm, false, ["verify"]);
  const pck = await crypto.subtle.importKey("spki", keys.pck.spki, algorithm, false, ["verify"]);
  return [
    await crypto.subtle.verify(method, attestation, signature, signedPart),
    await crypto.subtle.verify(method, pck, qeReportSignature, qeReport),
  ];
}

Deno.test("writeQuote() signs so that WebCrypto verifies, and signQuote() does so again after a bend", async () => {
  const layouts: readonly Partial<QuoteDescription>[] = [
    {},
    { body: { ...TD, added: null } },
    { header: { ...V5.header, version: 4 }, descriptor: null, body: { ...TD, added: null } },
    { header: { ...V5.header, version: 4, teeType: 0 }, descriptor: null, body: ENCLAVE },
    {
      header: { ...V5.header, version: 3, teeType: 0 },
      descriptor: null,
      body: ENCLAVE,
      outer: null,
    },
  ];
  for (const layout of layouts) {
    const quote = await writeQuote({ ...V5, ...layout });
    assert.deepEqual(await judge(quote), [true, true]);
    const bent = quote.slice();
    bent[60] = 0xee;
    // The QE report ends before its signature of 64 bytes, and what follows that.
    const report = bent.length - 1 - 11 - 5 - 64 - 1;
    bent[report] = 0xee;
    assert.deepEqual(await judge(bent), [false, false]);
    assert.deepEqual(await judge(await signQuote(bent, keys)), [true, true]);
    const { attestation } = keys;
    assert.deepEqual(await judge(await signQuote(bent, { attestation })), [true, false]);
  }
});

Deno.test("signQuote() refuses a quote that ends before its signatures", async () => {
  const quote = await writeQuote(V5);
  for (const length of [0, 47, 60, 706, 706 + 134 + 400]) {
    await assert.rejects(signQuote(quote.slice(0, length), keys), RangeError, `${length}`);
  }
});
