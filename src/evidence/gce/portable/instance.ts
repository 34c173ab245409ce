/**
 * Which instance a certificate is of: an extension of Google's own. It is
 * documented nowhere in public; this is the form of real certificates.
 *
 * @module
 */

import { readCertificate } from "../../../core/portable/certificate.ts";
import { MAX_CRL_BYTES } from "../../../core/portable/crl.ts";
import { constructed, DerReader, readOnly, TAG } from "../../../core/portable/der.ts";
import { exactlyOne, type Place } from "../../../core/portable/encoding.ts";
import { findExtension } from "../../../core/portable/extensions.ts";
import { argumentsOf } from "../../../core/portable/frame.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { booleanOf, unsignedOf, utf8Of } from "../../../core/portable/values.ts";
import type { GceInstance } from "../report.ts";
import { refuseGce } from "./refuse.ts";

/** Identifier of the extension. */
const INSTANCE = "1.3.6.1.4.1.11129.2.1.21";
/** Longest text, characters. Google's names have up to 63. */
const MAX_TEXT = 256;
/** Largest number: that of a signed field of 64 bits. */
const MAX_NUMBER = 0x7fff_ffff_ffff_ffffn;
/** Bytes of that number. */
const MAX_NUMBER_BYTES = 8;
/** Highest number of a context-specific type that fits into one identifier octet. */
const MAX_TAG_NUMBER = 30;

const PLACE: Place = { name: "certificate", kind: "certificate", limit: MAX_CRL_BYTES };

/**
 * Reads the instance of a certificate; nothing is verified: the operation `gce_instance`.
 *
 * @param parts The certificate of an attestation key, PEM or DER.
 * @returns Null where it says nothing of an instance.
 * @throws {RejectedError} `gce.instance_malformed`, `x509.*`
 * @throws {InputError} `input.*`
 */
export function gceInstance(parts: readonly Uint8Array[]): GceInstance | null {
  const [file = new Uint8Array()] = argumentsOf(parts, 1);
  const { extensions } = readCertificate(exactlyOne(file, PLACE), "AK");
  const found = findExtension(extensions, INSTANCE);
  if (found === undefined) return null;
  return readOr(
    () => readInstance(found.value),
    (reason) => refuseGce("gce.instance_malformed", { reason }),
  );
}

function readInstance(value: Uint8Array): GceInstance {
  const fields = new DerReader(readOnly(value, TAG.sequence, "the instance"));
  const instance: GceInstance = {
    zone: takeText(fields, "the zone"),
    projectNumber: takeNumber(fields, "the project's number"),
    projectId: takeText(fields, "the project's id"),
    instanceId: takeNumber(fields, "the instance's id"),
    instanceName: takeText(fields, "the instance's name"),
    security: readSecurity(fields.optional(constructed(0))),
  };
  fields.finish("the instance");
  return instance;
}

function takeText(fields: DerReader, what: string): string {
  const text = utf8Of(fields.take(TAG.utf8String, what));
  const length = [...text ?? ""].length;
  if (text !== undefined && length > 0 && length <= MAX_TEXT) return text;
  throw new Malformed(`${what} is no text of 1 to ${MAX_TEXT} characters`);
}

/** Decimal, since a JavaScript number would lose its lower bits. */
function takeNumber(fields: DerReader, what: string): string {
  const bytes = unsignedOf(fields.take(TAG.integer, what));
  const value = bytes.length > MAX_NUMBER_BYTES
    ? undefined
    : bytes.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
  if (value !== undefined && value <= MAX_NUMBER) return value.toString();
  throw new Malformed(`${what} is above 2^63 - 1`);
}

/** Of its members two are known; real certificates have six, of which Google says nothing. */
function readSecurity(wrapped: Uint8Array | undefined): GceInstance["security"] {
  if (wrapped === undefined) return null;
  const fields = new DerReader(readOnly(wrapped, TAG.sequence, "the security properties"));
  const version = fields.optional(constructed(0));
  const isProduction = fields.optional(constructed(1));
  passOthers(fields);
  return {
    version: version === undefined ? null : readVersion(version),
    isProduction: isProduction === undefined
      ? null
      : booleanOf(readOnly(isProduction, TAG.boolean, "whether it is production")),
  };
}

function readVersion(content: Uint8Array): string {
  const fields = new DerReader(content);
  const version = takeNumber(fields, "the security version");
  fields.finish("the security version");
  return version;
}

/** X.690 §8.1.2.2, table 1: context-specific. */
function passOthers(fields: DerReader): void {
  for (let last = 1; !fields.isAtEnd;) {
    const { tag } = fields.element();
    const number = tag & 0x1f;
    if (tag >> 6 !== 2 || number <= last || number > MAX_TAG_NUMBER) {
      throw new Malformed("a security property is of another type or out of order");
    }
    last = number;
  }
}
