import assert from "node:assert/strict";
import { concat } from "../../core/bytes.ts";
import type { FilesByRole } from "../evidence.ts";
import { readFiles, type TpmFiles } from "./files.ts";

const asFile = (text: string): Uint8Array => new TextEncoder().encode(text);

const QUOTE = Uint8Array.of(0xff, 0x54, 0x43, 0x47, 0x80, 0x18);
const NEEDED: FilesByRole = {
  tpmQuoteMsg: QUOTE,
  tpmQuoteSig: Uint8Array.of(0, 0x18),
  akPub: Uint8Array.of(0, 0x23),
  pcrs: asFile('{"sha256":{}}'),
};
const PAPER = asFile("-----BEGIN CERTIFICATE-----");

function read(files: FilesByRole = {}): TpmFiles {
  return readFiles({ ...NEEDED, ...files });
}

Deno.test("readFiles() takes a quote with nothing beside it", () => {
  assert.deepEqual(read(), NEEDED);
});

Deno.test("readFiles() takes a quote inside TPM2B_ATTEST", () => {
  const sized = concat(Uint8Array.of(0, QUOTE.length), QUOTE);
  assert.deepEqual(read({ tpmQuoteMsg: sized }).tpmQuoteMsg, QUOTE);
  for (const other of [concat(sized, Uint8Array.of(0)), sized.subarray(0, -1)]) {
    assert.deepEqual(read({ tpmQuoteMsg: other }).tpmQuoteMsg, other);
  }
});

Deno.test("readFiles() takes a key as PEM, and no other text", () => {
  const pem = asFile("\n-----BEGIN PUBLIC KEY-----\n");
  assert.deepEqual(read({ akPub: pem }).akPub, pem);
  for (const role of ["tpmQuoteMsg", "tpmQuoteSig", "akPub"]) {
    assert.throws(() => read({ [role]: asFile("ff544347") }), { code: "input.encoding" }, role);
  }
});

Deno.test("readFiles() takes a certificate with all that belongs to it", () => {
  const files = read({ akCert: PAPER, akCertIssuers: [PAPER], akCertRoots: PAPER, akCertCrls: [] });
  const { akCert, akCertIssuers, akCertRoots, akCertCrls } = files;
  assert.deepEqual([akCert, akCertIssuers, akCertRoots, akCertCrls], [PAPER, [PAPER], [PAPER], []]);
});

Deno.test("readFiles() refuses what belongs to a certificate that is not there", () => {
  for (const role of ["akCertIssuers", "akCertRoots", "akCertCrls"]) {
    assert.throws(
      () => read({ [role]: [PAPER] }),
      { name: "InputError", code: "input.missing", message: /without ak-cert/ },
      role,
    );
  }
});

Deno.test("readFiles() refuses a question without what it is about", () => {
  for (const role of Object.keys(NEEDED)) {
    assert.throws(() => read({ [role]: undefined }), { code: "input.missing" }, role);
  }
});

Deno.test("readFiles() refuses more issuers, roots and lists than there are", () => {
  for (
    const [role, most] of [["akCertIssuers", 6], ["akCertRoots", 8], ["akCertCrls", 8]] as const
  ) {
    const files = (count: number): FilesByRole => ({
      akCert: PAPER,
      [role]: Array.from({ length: count }, () => PAPER),
    });
    assert.equal(read(files(most))[role]?.length, most);
    assert.throws(() => read(files(most + 1)), { code: "input.value" }, role);
  }
});

Deno.test("readFiles() refuses registers that cannot be read before anything is verified", () => {
  assert.throws(() => read({ pcrs: new Uint8Array(96).fill(0x80) }), {
    name: "InputError",
    code: "input.encoding",
    message: /serialized/,
  });
});
