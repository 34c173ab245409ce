/**
 * Says by its content what piece of evidence a file is.
 *
 * @module
 */

import { CasemateError } from "../core/errors.ts";
import { Malformed } from "../core/malformed.ts";
import { Message } from "../core/protobuf.ts";
import { toHex } from "../core/bytes.ts";
import { identityMembers } from "../evidence/ec2/looks.ts";
import { piecesOf } from "../evidence/gce/attestation.ts";
import { looksLikeCcelTable } from "../evidence/gce/ccel_table.ts";
import { looksLikeHclReport, looksLikeRuntimeData } from "../evidence/hcl/looks.ts";
import { looksLikeLog } from "../evidence/logs/recognise.ts";
import { looksLikeDocument as looksLikeNitro } from "../evidence/nitro/looks.ts";
import { looksLikeReport } from "../evidence/snp/looks.ts";
import { looksLikeDocument, looksLikeQuote } from "../evidence/tdx/looks.ts";
import { asAttest, looksLikePublicArea, looksLikeSignature } from "../evidence/tpm/looks.ts";
import { readPcrs } from "../evidence/tpm/pcrs.ts";
import type { KindId } from "./kinds.ts";
import { textOf } from "./written.ts";

/** A kind, and whether a file is of it. */
type Rule = readonly [KindId, (bytes: Uint8Array) => boolean];

/** In the order in which they are tried: what is known by more bytes comes first. */
const RULES: readonly Rule[] = [
  ["hcl-report", looksLikeHclReport],
  ["ccel-table", looksLikeCcelTable],
  ["nitro-document", looksLikeNitro],
  ["tdx-quote", looksLikeQuote],
  ["tpm-quote", (bytes) => asAttest(bytes) !== null],
  ["snp-report", looksLikeReport],
  ["hcl-runtime-data", looksLikeRuntimeData],
  ["qe-identity", (bytes) => looksLikeDocument(bytes) && has(bytes, '"enclaveIdentity"')],
  ["tcb-info", looksLikeDocument],
  ["ec2-identity", (bytes) => identityMembers(bytes) !== null],
  ["ec2-signature", isSignedData],
  ["public-key", (bytes) => /^\s*-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(textOf(bytes) ?? "")],
  ["gce-attestation", isAttestation],
  ["gce-endorsement", isEndorsement],
  ["tpm-signature", looksLikeSignature],
  ["tpm-public", looksLikePublicArea],
  ["tpm-pcrs", isPcrs],
  ["event-log", looksLikeLog],
];

/**
 * What piece a file is; null where it is none that is known by itself.
 *
 * @param bytes The file.
 */
export function pieceKind(bytes: Uint8Array): KindId | null {
  return RULES.find(([, matches]) => matches(bytes))?.[0] ?? null;
}

function has(bytes: Uint8Array, text: string): boolean {
  return textOf(bytes)?.includes(text) === true;
}

/** PKCS #7 signedData (RFC 2315 §9.1): its identifier stands within the first bytes. */
function isSignedData(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30 && toHex(bytes.subarray(0, 24)).includes("06092a864886f70d010702");
}

function isAttestation(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x0a) return false;
  return readable(() => Object.keys(piecesOf(bytes)).length > 0);
}

/** What was signed, and the signature: fields 1 and 2, both bytes. */
function isEndorsement(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x0a) return false;
  return readable(() => {
    const message = new Message(bytes, { 1: "bytes", 2: "bytes" });
    return message.bytes(1) !== undefined && message.bytes(2) !== undefined;
  });
}

function isPcrs(bytes: Uint8Array): boolean {
  return readable(() => readPcrs(bytes).length > 0);
}

/** What a reader refuses is of another kind. */
function readable(read: () => boolean): boolean {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed || error instanceof CasemateError) return false;
    throw error;
  }
}
