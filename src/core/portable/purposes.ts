/**
 * What a certificate's key is for, beside its usage (RFC 5280 §4.2.1.12).
 *
 * @module
 */

import { DerReader, readOnly, TAG } from "./der.ts";
import { EXTENSION, type Extension, findExtension } from "./extensions.ts";
import { Malformed } from "../malformed.ts";
import { oidOf } from "./oid.ts";

/**
 * Extended key usage.
 *
 * @param extensions Extensions of a certificate.
 * @returns Identifiers of the purposes, dotted; undefined where absent.
 * @throws {Malformed} where it is not encoded as specified, or names none.
 */
export function extendedKeyUsage(extensions: readonly Extension[]): readonly string[] | undefined {
  const found = findExtension(extensions, EXTENSION.extendedKeyUsage);
  if (found === undefined) return undefined;
  const purposes: string[] = [];
  const rest = new DerReader(readOnly(found.value, TAG.sequence, "the extended key usage"));
  while (!rest.isAtEnd) purposes.push(oidOf(rest.take(TAG.oid, "a purpose")));
  if (purposes.length === 0) throw new Malformed("the extended key usage names no purpose");
  return purposes;
}
