/**
 * Bends of a TDX vector that need no signature.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import type { Vector } from "../vectors.ts";
import { edited, fileOf, vectorOf } from "./change.ts";
import type { Bend } from "./contract.ts";
import { chainOf, withChain } from "./tdx_chain.ts";
import { chainPlace, placeOf } from "./tdx_quote.ts";

const NOTHING = new Uint8Array();

/** A quote with one byte of a field changed. */
function bentField(
  vector: Vector,
  field: string,
  offset: number,
  change: (byte: number) => number,
): Uint8Array {
  return edited(fileOf(vector, "quote"), placeOf(vector, field) + offset, change);
}

/**
 * Rules of the quote's form.
 *
 * @param base The vector.
 * @param vectors All of them.
 */
export function bendsOfQuote(base: Vector, vectors: ReadonlyMap<string, Vector>): readonly Bend[] {
  const bent = (what: string, code: string, field: string, byte: number): Bend => ({
    what,
    code,
    change: { files: { quote: bentField(base, field, 0, () => byte) } },
  });
  return [
    bent("version 6", "tdx.quote_version", "version", 6),
    bent("the TEE type of SGX", "tdx.tee_type", "TEE type", 0),
    bent("a key on P-384", "tdx.attestation_key_type", "attestation key type", 3),
    bent("another vendor", "tdx.qe_vendor", "QE vendor", 0),
    bent(
      "certification data of another type",
      "tdx.certification_data",
      "type of the certification data",
      5,
    ),
    bent("a reserved byte set", "tdx.reserved_not_zero", "reserved after MISCSELECT", 1),
    bent("MRTD changed", "tdx.signature_mismatch", "MRTD", 0),
    {
      what: "an R of zero",
      code: "tdx.signature_encoding",
      change: { files: { quote: zeroed(fileOf(base, "quote"), placeOf(base, "R"), 32) } },
    },
    ofVersion5(vectorOf(vectors, "v5-tdx15")),
  ];
}

function zeroed(bytes: Uint8Array, at: number, length: number): Uint8Array {
  return concat(bytes.subarray(0, at), new Uint8Array(length), bytes.subarray(at + length));
}

/** Only version 5 says of which type its body is. */
function ofVersion5(vector: Vector): Bend {
  const quote = bentField(vector, "body type", 0, () => 1);
  const { files, labRoots } = vector;
  return {
    what: `the files of ${vector.name} and an enclave's body`,
    code: "tdx.body_type",
    change: { files: { ...files, quote }, labRoots },
  };
}

/**
 * Roots and certificates out of their places.
 *
 * @param base The vector.
 * @param vectors All of them.
 */
export function bendsOfCertificates(
  base: Vector,
  vectors: ReadonlyMap<string, Vector>,
): readonly Bend[] {
  const quote = fileOf(base, "quote");
  const at = chainPlace(base);
  const [pck = NOTHING, ca = NOTHING, root = NOTHING] = chainOf(quote, at);
  const chain = (what: string, code: string, ...parts: Uint8Array[]): Bend => ({
    what,
    code,
    change: { files: { quote: withChain(quote, at, parts) } },
  });
  const { labRoots } = vectorOf(vectors, "v4-processor");
  return [
    chain("CA before PCK certificate", "tdx.chain_order", ca, pck, root),
    chain("the chain upside down", "tdx.chain_order", root, ca, pck),
    chain("PCK certificate damaged", "tdx.chain_signature", flipped(pck), ca, root),
    chain("CA damaged", "tdx.chain_signature", pck, flipped(ca), root),
    chain("root damaged", "tdx.root_mismatch", pck, ca, flipped(root)),
    { what: "no lab root", code: "tdx.lab_on_vendor_path", change: { labRoots: [] } },
    { what: "another lab's root", code: "tdx.root_unknown", change: { labRoots } },
  ];
}

/** The last byte is of a signature. */
function flipped(file: Uint8Array): Uint8Array {
  return edited(file, -1, (byte) => byte ^ 1);
}

/** DER of a chain, taken apart: each certificate has a length of two bytes. */
function split(chain: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const end = 4 + (chain[2] ?? 0) * 256 + (chain[3] ?? 0);
  return [chain.subarray(0, end), chain.subarray(end)];
}

/**
 * Collateral that is damaged, or stands in the wrong place.
 *
 * @param base The vector.
 * @param vectors All of them.
 */
export function bendsOfCollateral(
  base: Vector,
  vectors: ReadonlyMap<string, Vector>,
): readonly Bend[] {
  const own = (role: string): Uint8Array => fileOf(base, role);
  const other = vectorOf(vectors, "v4-processor");
  const [signing, root] = split(own("tcbChain"));
  const bend = (role: string, what: string, code: string, file: Uint8Array): Bend => ({
    what,
    code,
    change: { files: { [role]: file } },
  });
  const chain = (what: string, code: string, ...parts: Uint8Array[]): Bend =>
    bend("tcbChain", what, code, concat(...parts));
  return [
    chain("another lab's TCB chain", "tdx.tcb_chain_root", fileOf(other, "tcbChain")),
    chain("the CA's chain as TCB chain", "tdx.tcb_chain_shape", own("pckCrlChain")),
    chain("TCB signing damaged", "tdx.tcb_chain_signature", flipped(signing), root),
    chain("the root of the TCB chain damaged", "tdx.tcb_chain_root", signing, flipped(root)),
    chain("a TCB chain without root", "x509.count", signing),
    bend("pckCrl", "the root's list as the CA's", "tdx.crl_issuer", own("rootCrl")),
    bend("rootCrl", "the CA's list as the root's", "tdx.crl_issuer", own("pckCrl")),
    bend("pckCrl", "the CA's list damaged", "tdx.crl_signature", flipped(own("pckCrl"))),
    bend("rootCrl", "the root's list damaged", "tdx.crl_signature", flipped(own("rootCrl"))),
    bend("pckCrlChain", "another lab's CRL chain", "tdx.crl_issuer", fileOf(other, "pckCrlChain")),
    bend("pckCrlChain", "the TCB chain as CRL chain", "tdx.crl_issuer", own("tcbChain")),
    bend("tcbInfo", "another lab's TCB info", "tdx.tcb_info_signature", fileOf(other, "tcbInfo")),
    bend(
      "qeIdentity",
      "another lab's QE identity",
      "tdx.qe_identity_signature",
      fileOf(other, "qeIdentity"),
    ),
    bend("tcbInfo", "the QE identity as TCB info", "tdx.tcb_info_format", own("qeIdentity")),
  ];
}
