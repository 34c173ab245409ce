/**
 * Evidence that carries a random signature in one place, all else being right:
 * how the engines that ship are asked, whose operations take evidence alone.
 *
 * @module
 */

import { concat } from "../../../src/core/bytes.ts";
import { DerReader, readOnly, TAG } from "../../../src/core/portable/der.ts";
import type { Engine } from "../../../src/core/crypto.ts";
import { verify as verifySnp } from "../../../src/evidence/snp/verify.ts";
import { verify as verifyTdx } from "../../../src/evidence/tdx/verify.ts";
import {
  type CertificateDescription,
  der,
  type LabKey,
  mintSnp,
  mintTdx,
  SIGNATURE_OFFSET,
  writeCertificate,
} from "../../../src/lab/mod.ts";
import { intelAuthority } from "../../intel_authority.ts";
import { labAuthority, NOW } from "../../lab_authority.ts";
import { placesOf } from "../../tdx/bytes_of.ts";
import { chainOf, withChain } from "../../tdx/chain.ts";
import type { Scheme } from "../primitives.ts";
import type { Seeded } from "./seeded.ts";

/** A place in evidence that holds a signature. */
export interface Carrier {
  /** Form of the signature there. */
  readonly scheme: Scheme;
  /** The key that it is judged by. */
  readonly key: LabKey;
  /** What refusals of the place may be called. */
  readonly codes: readonly string[];
  /** Whether the place takes signatures of this size. */
  readonly takes: (signature: Uint8Array) => boolean;
  /** A message that can stand there. */
  readonly message: (random: Seeded) => Uint8Array<ArrayBuffer>;
  /** Asks an engine about evidence with this message and signature; throws what it throws. */
  readonly ask: (engine: Engine, message: Uint8Array, signature: Uint8Array) => Promise<unknown>;
}

/** The signature of a report: R and S little-endian in 72 bytes each. */
export async function reportCarrier(): Promise<Carrier> {
  const { report, leafKey, der } = await mintSnp(await labAuthority(), { now: NOW });
  const chainAskArk = concat(der.intermediate, der.ark);
  return {
    scheme: "p384-raw",
    key: leafKey,
    codes: ["snp.signature_mismatch", "snp.signature_encoding"],
    takes: ({ length }) => length === 96,
    message: (random) => withReportData(report.subarray(0, SIGNATURE_OFFSET), 0x50, random),
    ask: (engine, message, signature) => {
      const field = new Uint8Array(512);
      field.set(signature.slice(0, 48).reverse());
      field.set(signature.slice(48).reverse(), 72);
      const files = { report: concat(message, field), leaf: der.leaf, chainAskArk };
      return verifySnp(engine, files, { now: NOW, labRoots: [der.ark] });
    },
  };
}

/** The signature of a quote: R and S big-endian. */
export async function quoteCarrier(): Promise<Carrier> {
  const { quote, keys, der } = await mintTdx(await intelAuthority(), { now: NOW });
  const { signedEnd, signature: at, attestationKey } = placesOf(quote);
  const reportData = signedEnd - 64;
  return {
    scheme: "p256-raw",
    key: keys.attestation,
    codes: ["tdx.signature_mismatch", "tdx.signature_encoding"],
    takes: ({ length }) => length === 64,
    message: (random) => withReportData(quote.subarray(0, signedEnd), reportData, random),
    ask: (engine, message, signature) => {
      const rest = [quote.subarray(signedEnd, at), signature, quote.subarray(attestationKey)];
      const files = { quote: concat(message, ...rest) };
      return verifyTdx(engine, files, { now: NOW, labRoots: [der.root] });
    },
  };
}

/** The signature of a PCK certificate: ECDSA-Sig-Value. */
export async function pckCarrier(): Promise<Carrier> {
  const authority = await intelAuthority();
  let said: CertificateDescription | undefined;
  const pck = (whole: CertificateDescription) => said = whole;
  const minted = await mintTdx(authority, { now: NOW, bends: { pck } });
  const { ca, root } = minted.der;
  const { platform } = authority;
  return {
    scheme: "p256-der",
    key: platform.key,
    codes: ["tdx.chain_signature"],
    takes: () => true,
    message: await certificateMessages(said),
    ask: (engine, message, signature) => {
      const chain = chainOf(sealed(said, message, signature), ca, root);
      const context = { now: NOW, labRoots: [root] };
      return verifyTdx(engine, { quote: withChain(minted, chain) }, context);
    },
  };
}

/** The signature of a VCEK certificate: RSASSA-PSS. */
export async function vcekCarrier(): Promise<Carrier> {
  const authority = await labAuthority();
  let said: CertificateDescription | undefined;
  const leaf = (whole: CertificateDescription) => said = whole;
  const { report, der } = await mintSnp(authority, { now: NOW, bends: { leaf } });
  const chainAskArk = concat(der.intermediate, der.ark);
  return {
    scheme: "pss",
    key: authority.VCEK.key,
    codes: ["snp.leaf_signature"],
    takes: () => true,
    message: await certificateMessages(said),
    ask: (engine, message, signature) => {
      const files = { report, leaf: sealed(said, message, signature), chainAskArk };
      return verifySnp(engine, files, { now: NOW, labRoots: [der.ark] });
    },
  };
}

/** Random bytes in the place of 64 others. */
function withReportData(
  signed: Uint8Array,
  at: number,
  random: Seeded,
): Uint8Array<ArrayBuffer> {
  const message = concat(signed);
  message.set(random.bytes(64), at);
  return message;
}

/** Signed parts of a certificate that differ in the name of its key alone. */
async function certificateMessages(
  said: CertificateDescription | undefined,
): Promise<(random: Seeded) => Uint8Array<ArrayBuffer>> {
  if (said === undefined) throw new Error("no certificate was described");
  // A serial number that is found again: its octets are replaced below.
  const mark = new Uint8Array(16).fill(0x5a);
  const serial = mark.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
  const written = await writeCertificate({ ...said, serial, signature: new Uint8Array(1) });
  const signed = new DerReader(readOnly(written, TAG.sequence, "the certificate")).element().der;
  const at = signed.findIndex((_, i) => mark.every((byte, j) => signed[i + j] === byte));
  if (at < 0) throw new Error("the serial number is not where it was written");
  return (random) => {
    const message = concat(signed);
    message.set(random.bytes(mark.length), at);
    // Positive, and not shorter.
    message[at] = 0x40 | (message[at] ?? 0) & 0x3f;
    return message;
  };
}

/** A certificate of its signed part. */
function sealed(
  said: CertificateDescription | undefined,
  signed: Uint8Array,
  signature: Uint8Array,
): Uint8Array {
  const { algorithm: { identifier } } = said ?? { algorithm: { identifier: new Uint8Array() } };
  return der.sequence(signed, identifier, der.bitString(signature));
}
