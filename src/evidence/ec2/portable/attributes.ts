/**
 * Signed attributes of CMS (RFC 5652 §5.3, §11): what is signed in place of the
 * content, whose digest is among them.
 *
 * @module
 */

import { concat, toHex } from "../../../core/bytes.ts";
import { DerReader, type Element, readOnly, TAG } from "../../../core/portable/der.ts";
import { Malformed } from "../../../core/malformed.ts";
import { oidOf } from "../../../core/portable/oid.ts";
import { ID_DATA } from "./identifiers.ts";

/** §11.1. */
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
/** §11.2. */
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
/** Most attributes; AWS writes three. */
const MAX_ATTRIBUTES = 16;

/** What is signed in place of the content. */
export interface SignedAttributes {
  /** Digest of the content. */
  readonly messageDigest: Uint8Array;
  /** The bytes that are signed: DER of the set, where the signature itself has `[0]` in place of its tag (§5.4). */
  readonly signed: Uint8Array;
}

/**
 * Reads signed attributes.
 *
 * @param whole `[0]` with the attributes.
 * @throws {Malformed} where they are no set in DER, one is there twice, or the
 * content's type or digest is missing.
 */
export function readAttributes(whole: Element): SignedAttributes {
  const values = new Map<string, Uint8Array>();
  let last = "";
  for (const rest = new DerReader(whole.content); !rest.isAtEnd;) {
    const { tag, content, der } = rest.element();
    if (tag !== TAG.sequence) throw new Malformed("an attribute is of another type");
    // X.690 §11.6: what is signed is in DER, whatever stands around it.
    const text = toHex(der);
    if (text < last) throw new Malformed("the attributes are out of order");
    last = text;
    addAttribute(values, content);
  }
  return {
    messageDigest: readDigest(values),
    signed: concat(Uint8Array.of(TAG.set), whole.der.subarray(1)),
  };
}

function addAttribute(values: Map<string, Uint8Array>, content: Uint8Array): void {
  const fields = new DerReader(content);
  const type = oidOf(fields.take(TAG.oid, "the type of an attribute"));
  const value = fields.take(TAG.set, "the values of an attribute");
  fields.finish("an attribute");
  if (values.has(type)) throw new Malformed(`attribute ${type} is there twice`);
  if (values.size === MAX_ATTRIBUTES) throw new Malformed(`more than ${MAX_ATTRIBUTES} attributes`);
  values.set(type, value);
}

/** §11.1 and §11.2: each has exactly one value. */
function readDigest(values: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const type = readOnly(valueOf(values, CONTENT_TYPE), TAG.oid, "the content's type");
  if (oidOf(type) !== ID_DATA) throw new Malformed("the content is of another type");
  return readOnly(valueOf(values, MESSAGE_DIGEST), TAG.octetString, "the content's digest");
}

function valueOf(values: ReadonlyMap<string, Uint8Array>, type: string): Uint8Array {
  const value = values.get(type);
  if (value === undefined) throw new Malformed(`attribute ${type} is missing`);
  return value;
}
