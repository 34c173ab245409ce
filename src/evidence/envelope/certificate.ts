/**
 * Evidence that an X.509 certificate carries in an extension.
 *
 * @module
 */

import { concat, equal } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { readExtension } from "../../core/x509.ts";
import { isJsonRecord, readCmw, writeCmwCbor, writeCmwJson } from "./cmw.ts";
import { refuse } from "./refusal.ts";

/** id-pe-cmw (RFC 9999): CHOICE of UTF8String with JSON and OCTET STRING with CBOR. */
export const CMW_EXTENSION = "1.3.6.1.5.5.7.1.35";

/** tcg-dice-conceptual-message-wrapper (TCG DICE Attestation Architecture): OCTET STRING with CBOR or JSON. */
const DICE_EXTENSION = "2.23.133.5.4.9";

/** Where the first RA-TLS put the bare quote; it is read, and never written. */
const QUOTE_EXTENSION = "1.2.840.113741.1337.6";

/** Tags of DER. */
const [OCTET_STRING, UTF8_STRING] = [0x04, 0x0c];

/** What a certificate carries: an envelope, or a bare quote, which no statement comes with. */
export type CarriedEvidence =
  | { readonly kind: "envelope"; readonly bytes: Uint8Array }
  | { readonly kind: "quote"; readonly bytes: Uint8Array };

/** An extension, for who issues certificates. */
export interface CmwExtension {
  /** Its identifier, dotted. */
  readonly oid: string;
  /** Never critical: who does not know it may take the certificate for what else it says. */
  readonly critical: false;
  /** Its value, DER. */
  readonly value: Uint8Array;
}

/**
 * Finds the evidence that a certificate carries. Neither the certificate nor
 * the evidence is verified; what the evidence says of the certificate's key is
 * in its statement.
 *
 * @param engine Verification engine.
 * @param certificate One certificate, PEM or DER.
 * @returns The envelope, unread; a quote where there is only that; null where there is none.
 * @throws {InputError} `envelope.cmw`, also where two extensions disagree; `envelope.media_type`;
 * `input.*` of the certificate
 * @throws {RejectedError} `x509.malformed`, `x509.count`
 */
export async function evidenceOf(
  engine: Engine,
  certificate: Uint8Array,
): Promise<CarriedEvidence | null> {
  const [ours, dice] = [
    await carried(engine, certificate, CMW_EXTENSION),
    await carried(engine, certificate, DICE_EXTENSION),
  ];
  if (ours !== null && dice !== null && !equal(ours, dice)) {
    throw refuse("envelope.cmw", { reason: "two extensions hold different evidence" });
  }
  const bytes = ours ?? dice;
  if (bytes !== null) return { kind: "envelope", bytes };
  const quote = await readExtension(engine, certificate, QUOTE_EXTENSION);
  return quote === null ? null : { kind: "quote", bytes: quote.value };
}

/**
 * The extension id-pe-cmw for a certificate that carries evidence.
 *
 * @param envelope Bytes of the envelope.
 * @param form Of the CMW record in it.
 *
 * @example
 * ```ts
 * import { cmwExtension, writeEnvelope } from "@casemate/casemate";
 *
 * const envelope = writeEnvelope("sev-snp", new Uint8Array(1), { report: new Uint8Array(1184) });
 * console.log(cmwExtension(envelope, "cbor").oid); // 1.3.6.1.5.5.7.1.35
 * ```
 */
export function cmwExtension(envelope: Uint8Array, form: "json" | "cbor"): CmwExtension {
  const [tag, record] = form === "json"
    ? [UTF8_STRING, writeCmwJson(envelope)]
    : [OCTET_STRING, writeCmwCbor(envelope)];
  const value = concat(Uint8Array.of(tag, ...derLength(record.length)), record);
  return { oid: CMW_EXTENSION, critical: false, value };
}

async function carried(
  engine: Engine,
  certificate: Uint8Array,
  id: string,
): Promise<Uint8Array | null> {
  const extension = await readExtension(engine, certificate, id);
  return extension === null ? null : readCmw(recordIn(extension.value, id));
}

/** The record in an extension's value, strict DER. */
function recordIn(value: Uint8Array, id: string): Uint8Array {
  const [tag] = value;
  const content = contentOf(value);
  const isJson = content !== undefined && isJsonRecord(content);
  // id-pe-cmw has the form by the tag; DICE puts either form into the same.
  const fits = tag === UTF8_STRING ? isJson : tag === OCTET_STRING &&
    (!isJson || id === DICE_EXTENSION);
  if (content !== undefined && fits) return content;
  throw refuse("envelope.cmw", { reason: `the extension ${id} is not as its specification says` });
}

/** Contents of a DER value that is all there is (X.690 §10.1); undefined where the length is another. */
function contentOf(value: Uint8Array): Uint8Array | undefined {
  for (const size of [0, 1, 2, 3, 4]) {
    const content = value.subarray(2 + size);
    const length = derLength(content.length);
    if (length.length === 1 + size && length.every((byte, i) => byte === value[1 + i])) {
      return content;
    }
  }
  return undefined;
}

/** A length in DER's one form. */
function derLength(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) octets.unshift(left % 256);
  return [0x80 | octets.length, ...octets];
}
