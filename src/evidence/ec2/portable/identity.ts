/**
 * Instance identity documents with their signatures, verified.
 *
 * @module
 */

import { equal, toHex } from "../../../core/bytes.ts";
import {
  type Certificate,
  MAX_CERTIFICATE_BYTES,
  readCertificate,
  summaryOf,
} from "../../../core/portable/certificate.ts";
import { digestOf } from "../../../core/portable/digest.ts";
import { exactlyOne, type Place } from "../../../core/portable/encoding.ts";
import { argumentsOf } from "../../../core/portable/frame.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { momentOf, momentText, positionIn } from "../../../core/portable/moment.ts";
import { checkSize } from "../../../core/portable/refuse.ts";
import { isRsaEncryption } from "../../../core/portable/rsa.ts";
import { VerifyingKey } from "../../../core/portable/verifying_key.ts";
import type { Ec2Identity } from "../report.ts";
import { readDocument } from "./document.ts";
import { refuseEc2 } from "./refuse.ts";
import { derOfFile } from "./signature_file.ts";
import { readSignedData, type SignedData } from "./signed_data.ts";

/** Largest file with a signature, bytes. AWS's have about 1.3 KiB. */
const MAX_SIGNATURE_BYTES = 16 * 1024;
/** How refusals name the certificate. */
const REGION = "region";

const PLACE: Place = { name: "certificate", kind: "certificate", limit: MAX_CERTIFICATE_BYTES };

/**
 * Verifies a document: the operation `ec2_identity`.
 *
 * @param parts The document; its signature, PKCS#7; certificate of the region; now.
 * @throws {RejectedError} `ec2.*`, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function ec2Identity(parts: readonly Uint8Array[]): Promise<Ec2Identity> {
  const none = new Uint8Array();
  const [bytes = none, file = none, region = none, time = none] = argumentsOf(parts, 4);
  const now = momentOf(time);
  const document = readDocument(bytes);
  const signature = readSignature(file, bytes);
  const certificate = readCertificate(exactlyOne(region, PLACE), REGION);
  const key = readKey(certificate);
  checkSigner(signature, certificate);
  checkDigest(signature, bytes);
  await checkSignature(signature, bytes, key);
  checkValidity(certificate, now);
  return { ...document, certificate: summaryOf(certificate) };
}

function readSignature(file: Uint8Array, document: Uint8Array): SignedData {
  checkSize(file, "identity-signature", MAX_SIGNATURE_BYTES);
  return readOr(() => {
    const data = readSignedData(derOfFile(file));
    if (data.content === undefined || equal(data.content, document)) return data;
    throw new Malformed("it is around another document");
  }, (reason) => refuseEc2("ec2.signature_malformed", { reason }));
}

function readKey({ key }: Certificate): VerifyingKey {
  return readOr(() => {
    if (!isRsaEncryption(key.algorithm)) throw new Malformed("the key is not an RSA key");
    return VerifyingKey.read(key);
  }, (reason) => refuseEc2("ec2.certificate_shape", { certificate: REGION, reason }));
}

function checkSigner({ issuer, serial }: SignedData, certificate: Certificate): void {
  if (equal(issuer, certificate.issuer.der) && equal(serial, certificate.serial)) return;
  const reason = "issuer and serial number are not those of the certificate";
  throw refuseEc2("ec2.signer_mismatch", { reason });
}

function checkDigest({ attributes }: SignedData, document: Uint8Array): void {
  if (attributes === undefined) return;
  const expected = toHex(digestOf("sha256", document));
  const actual = toHex(attributes.messageDigest);
  if (actual !== expected) throw refuseEc2("ec2.digest_mismatch", { expected, actual });
}

async function checkSignature(
  { attributes, signature }: SignedData,
  document: Uint8Array,
  key: VerifyingKey,
): Promise<void> {
  const signed = { message: attributes?.signed ?? document, signature };
  if (await key.verifies({ scheme: "rsassa", hash: "sha256" }, signed)) return;
  const reason = "it is not by the key of the certificate";
  throw refuseEc2("ec2.signature_mismatch", { reason });
}

function checkValidity({ window }: Certificate, now: number): void {
  const position = positionIn(window, now);
  if (position === "within") return;
  const what = { certificate: REGION, now: momentText(now) };
  if (position === "before") {
    const fields = { ...what, notBefore: momentText(window.from) };
    throw refuseEc2("ec2.certificate_not_yet_valid", fields);
  }
  throw refuseEc2("ec2.certificate_expired", { ...what, notAfter: momentText(window.until) });
}
