/**
 * PKCS#7 signatures, SignedData of CMS (RFC 5652 §5), in the one form that AWS
 * makes: one signer, SHA-256, RSA, named by issuer and serial number. Whatever
 * certificates and lists are in it are passed by: the caller knows the signer.
 *
 * @module
 */

import { isNull, takeAlgorithm } from "../../../core/portable/algorithm.ts";
import { constructed, DerReader, type Element, readOnly, TAG } from "../../../core/portable/der.ts";
import { Malformed } from "../../../core/malformed.ts";
import { shortOidOf } from "../../../core/portable/oid.ts";
import { integerOf, smallNumberOf } from "../../../core/portable/values.ts";
import { readAttributes, type SignedAttributes } from "./attributes.ts";
import { ID_DATA } from "./identifiers.ts";

/** id-signedData (§5.1). */
const ID_SIGNED_DATA = "1.2.840.113549.1.7.2";
/** id-sha256 (RFC 5754 §2.2). */
const SHA256 = "2.16.840.1.101.3.4.2.1";
/** rsaEncryption and sha256WithRSAEncryption, which RFC 5754 §3.2 lets mean the same here. */
const RSA_SIGNATURES: readonly string[] = ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11"];
/** Version of SignedData and of a signer that is named by issuer and serial number (§5.1, §5.3). */
const VERSION = 1;

/** A signature with what it says of itself. */
export interface SignedData {
  /** What is signed, where it is in there. */
  readonly content: Uint8Array | undefined;
  /** Issuer of the signer's certificate, DER. */
  readonly issuer: Uint8Array;
  /** Serial number of the signer's certificate, as it stands. */
  readonly serial: Uint8Array;
  /** What was signed in place of the content; undefined where it was the content itself. */
  readonly attributes: SignedAttributes | undefined;
  /** The signature, PKCS#1 v1.5. */
  readonly signature: Uint8Array;
}

/**
 * Reads a signature.
 *
 * @param der ContentInfo, DER.
 * @throws {Malformed} where it is anything else.
 */
export function readSignedData(der: Uint8Array): SignedData {
  const info = new DerReader(readOnly(der, TAG.sequence, "the signature"));
  takeIdentifier(info, ID_SIGNED_DATA, "the content");
  const wrapped = info.take(constructed(0), "the signed data");
  info.finish("the signature");
  const fields = new DerReader(readOnly(wrapped, TAG.sequence, "the signed data"));
  takeVersion(fields);
  const digests = new DerReader(fields.take(TAG.set, "the digest algorithms"));
  takeSha256(digests);
  digests.finish("the digest algorithms");
  const content = readContent(fields.take(TAG.sequence, "what is signed"));
  fields.optional(constructed(0));
  fields.optional(constructed(1));
  const signers = new DerReader(fields.take(TAG.set, "the signers"));
  fields.finish("the signed data");
  const signer = signers.take(TAG.sequence, "the signer");
  signers.finish("the list of signers");
  return { content, ...readSigner(new DerReader(signer)) };
}

function takeVersion(fields: DerReader): void {
  const version = smallNumberOf(fields.take(TAG.integer, "the version"), 255);
  if (version !== VERSION) throw new Malformed(`the version is ${version}, not ${VERSION}`);
}

function takeIdentifier(fields: DerReader, expected: string, what: string): void {
  const actual = shortOidOf(fields.take(TAG.oid, `the type of ${what}`));
  if (actual !== expected) throw new Malformed(`${what} is of another type`);
}

/** RFC 5754 §2: NULL and absent parameters mean the same. */
function takePlainAlgorithm(fields: DerReader, known: readonly string[]): void {
  const { oid, parameters } = takeAlgorithm(fields);
  const isPlain = parameters === undefined || isNull(parameters);
  if (!known.includes(oid) || !isPlain) {
    throw new Malformed(`algorithm ${oid} is none that is known`);
  }
}

function takeSha256(fields: DerReader): void {
  takePlainAlgorithm(fields, [SHA256]);
}

/** EncapsulatedContentInfo (§5.2). */
function readContent(sequence: Uint8Array): Uint8Array | undefined {
  const fields = new DerReader(sequence);
  takeIdentifier(fields, ID_DATA, "what is signed");
  const wrapped = fields.optional(constructed(0));
  fields.finish("what is signed");
  if (wrapped === undefined) return undefined;
  return readOnly(wrapped, TAG.octetString, "what is signed");
}

/** SignerInfo (§5.3). */
function readSigner(fields: DerReader): Omit<SignedData, "content"> {
  takeVersion(fields);
  const name = new DerReader(fields.take(TAG.sequence, "the signer's name"));
  const issuer = takeWhole(name, TAG.sequence, "the issuer").der;
  const serial = integerOf(name.take(TAG.integer, "the serial number"));
  name.finish("the signer's name");
  takeSha256(fields);
  const isNext = fields.peek() === constructed(0);
  const attributes = isNext ? readAttributes(fields.element()) : undefined;
  takePlainAlgorithm(fields, RSA_SIGNATURES);
  const signature = fields.take(TAG.octetString, "the signature's value");
  fields.optional(constructed(1));
  fields.finish("the signer");
  return { issuer, serial, attributes, signature };
}

function takeWhole(fields: DerReader, tag: number, what: string): Element {
  if (fields.peek() !== tag) throw new Malformed(`${what} is missing or of another type`);
  return fields.element();
}
