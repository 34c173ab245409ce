/**
 * Writes PKCS#7 signatures (RFC 5652) as AWS's metadata service gives them:
 * SignedData over a document, streamed, so that lengths are not said before.
 *
 * @module
 */

import { concat, toBase64 } from "../../core/bytes.ts";
import {
  type Der,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  tagged,
  time,
} from "../../core/x509_writer/der.ts";
import { type LabKey, signBytes } from "../lab_key.ts";
import { type Name, writeName } from "../name.ts";

const OID = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
  sha256: "2.16.840.1.101.3.4.2.1",
  rsa: "1.2.840.113549.1.1.1",
} as const;

/** All that a signature says, and the key that signs. */
export interface CmsDescription {
  /** What is signed. */
  readonly content: Uint8Array;
  /** Hash of the content as the signer says it; null takes the true one. */
  readonly digest: Uint8Array | null;
  /** Issuer of the signer's certificate. */
  readonly issuer: Name;
  /** Serial number of the signer's certificate. */
  readonly serial: bigint;
  /** When it says that it was signed. */
  readonly signedAt: Date;
  /** The key that signs. */
  readonly signWith: LabKey;
  /** Change to the signature. */
  readonly signature: (bytes: Uint8Array) => Uint8Array;
}

/**
 * Writes and signs SignedData in the form that Bouncy Castle streams, which is BER and no DER.
 *
 * @param description What it says.
 */
export async function writeCms(description: CmsDescription): Promise<Uint8Array> {
  const { content } = description;
  const middle = content.length >> 1;
  const pieces = [content.subarray(0, middle), content.subarray(middle)].map(octetString);
  const data = indefinite(
    0x30,
    integer(1),
    setOf(algorithm(OID.sha256)),
    indefinite(0x30, oid(OID.data), indefinite(0xa0, indefinite(0x24, ...pieces))),
    setOf(await writeSigner(description)),
  );
  return indefinite(0x30, oid(OID.signedData), indefinite(0xa0, data));
}

/**
 * A signature as the metadata service gives it: base64 in lines, without borders.
 *
 * @param signature What {@linkcode writeCms} wrote.
 */
export function bareBase64(signature: Uint8Array): string {
  return (toBase64(signature).match(/.{1,76}/g) ?? []).join("\n");
}

async function writeSigner(description: CmsDescription): Promise<Der> {
  const { content, digest, issuer, serial, signedAt, signWith, signature } = description;
  const hash = digest ?? new Uint8Array(await crypto.subtle.digest("SHA-256", concat(content)));
  // In the order of DER, which the signature is over.
  const attributes = [
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.signingTime, time(signedAt)),
    attribute(OID.messageDigest, octetString(hash)),
  ];
  const method = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
  const made = await signBytes(signWith, method, tagged(0x31, ...attributes));
  return sequence(
    integer(1),
    sequence(writeName(issuer), integer(serial)),
    algorithm(OID.sha256),
    explicit(0, ...attributes),
    algorithm(OID.rsa),
    octetString(signature(made)),
  );
}

function algorithm(id: string): Der {
  return sequence(oid(id), nullValue());
}

function attribute(id: string, value: Uint8Array): Der {
  return sequence(oid(id), setOf(value));
}

/** A value whose length is not said before (X.690 §8.1.3.6). */
function indefinite(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0));
}
