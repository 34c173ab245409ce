/**
 * Containers of go-tpm-tools: what is in them, and what they are not.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat } from "../../src/core/bytes.ts";
import { InputError } from "../../src/core/errors.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { unpackAttestation } from "../../src/evidence/gce/attestation.ts";
import { gcpSevEs } from "../../src/evidence/gcp_sev_es/mod.ts";
import { protoBytes, protoNumber } from "../../src/lab/mod.ts";
import { fileOf } from "../contracts/change.ts";
import { vector } from "./vectors.ts";

const container = await vector("gcp-sev-es", "container");
const attestationPb = fileOf(container, "attestationPb");

function refusal(read: () => unknown): string {
  try {
    read();
    return "read";
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
}

const NOTHING = new Uint8Array();
const BYTE = Uint8Array.of(1);

/** A quote of a bank by the number of its hash, with one register. */
function quoteOf(hash: number, ...registers: readonly Uint8Array[]): Uint8Array {
  const values = registers.length > 0 ? registers : [registerOf(0)];
  return protoBytes(
    2,
    protoBytes(1, BYTE),
    protoBytes(2, BYTE),
    protoBytes(3, protoNumber(1, hash), ...values),
  );
}

function registerOf(number: number, value: Uint8Array = BYTE): Uint8Array {
  return protoBytes(2, protoNumber(1, number), protoBytes(2, value));
}

Deno.test("unpackAttestation() gives each piece its role", () => {
  const pieces = unpackAttestation({ attestationPb, akCertCrls: [BYTE] });
  assert.deepEqual(Object.keys(pieces).sort(), [
    "akCert",
    "akCertCrls",
    "akCertIssuers",
    "akPub",
    "eventLog",
    "pcrs",
    "tpmQuoteMsg",
    "tpmQuoteSig",
  ]);
  const pcrs = JSON.parse(new TextDecoder().decode(fileOf({ files: pieces }, "pcrs")));
  assert.deepEqual(Object.keys(pcrs), ["sha256", "sha384"]);
  assert.equal(Object.keys(pcrs["sha256"]).length, 16);
});

Deno.test("unpackAttestation() leaves files without a container alone", () => {
  const files: FilesByRole = { akPub: BYTE };
  assert.deepEqual(unpackAttestation(files), files);
});

Deno.test("a piece that stands in the container may not be given on its own, too", () => {
  for (const role of ["tpmQuoteMsg", "akPub", "pcrs", "eventLog", "akCert", "akCertIssuers"]) {
    const files = { attestationPb, [role]: BYTE };
    assert.equal(refusal(() => gcpSevEs.readFiles(files)), "input.conflict", role);
  }
});

Deno.test("what is no container, or holds what fits no other reading, is refused", () => {
  const bent: readonly (readonly [what: string, bytes: Uint8Array, code: string])[] = [
    ["nothing", NOTHING, "input.empty"],
    ["more than a megabyte", new Uint8Array(1024 * 1024 + 1), "input.too_large"],
    ["no quote", protoBytes(1, BYTE), "input.wrong_kind"],
    [
      "a key twice",
      concat(quoteOf(11), protoBytes(1, BYTE), protoBytes(1, BYTE)),
      "input.wrong_kind",
    ],
    ["an unknown hash", quoteOf(18), "input.wrong_kind"],
    ["a bank twice", concat(quoteOf(11), quoteOf(11)), "input.wrong_kind"],
    ["a register twice", quoteOf(11, registerOf(4), registerOf(4)), "input.wrong_kind"],
    ["PCR 24", quoteOf(11, registerOf(24)), "input.wrong_kind"],
    ["a register without value", quoteOf(11, registerOf(4, NOTHING)), "input.wrong_kind"],
    ["a quote without signature", protoBytes(2, protoBytes(1, BYTE)), "input.wrong_kind"],
    ["five quotes", concat(...Array(5).fill(quoteOf(11))), "input.wrong_kind"],
    ["a key as number", concat(quoteOf(11), protoNumber(1, 1)), "input.wrong_kind"],
  ];
  for (const [what, bytes, code] of bent) {
    assert.equal(refusal(() => unpackAttestation({ attestationPb: bytes })), code, what);
  }
  assert.equal(refusal(() => unpackAttestation({ attestationPb: [BYTE] })), "input.value");
});

Deno.test("a container without its key says that it is missing", () => {
  const quotes = quoteOf(11);
  assert.equal(refusal(() => gcpSevEs.readFiles({ attestationPb: quotes })), "input.missing");
  const keyed = { attestationPb: quotes, akPub: Uint8Array.of(0, 1) };
  assert.equal(
    refusal(() => gcpSevEs.readFiles({ ...keyed, akCertCrls: [BYTE] })),
    "input.missing",
  );
});
