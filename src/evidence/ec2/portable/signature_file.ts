/**
 * Files with a PKCS#7 signature: as they are, as PEM, or as the bare base64 that
 * the metadata service gives.
 *
 * @module
 */

import { rewriteBer } from "../../../core/portable/ber.ts";
import { TAG } from "../../../core/portable/der.ts";
import { Malformed } from "../../../core/malformed.ts";
import { splitPem, trimmed } from "../../../core/portable/pem.ts";
import { utf8Of } from "../../../core/portable/values.ts";

/** RFC 7468 §8 and §9. */
const LABELS: readonly string[] = ["PKCS7", "CMS"];
const PEM_BEGIN = "-----BEGIN ";

/**
 * The signature of a file, in DER. AWS's are in BER (RFC 5652 §2 allows it).
 *
 * @param file The file.
 * @throws {Malformed} where it holds anything else.
 */
export function derOfFile(file: Uint8Array): Uint8Array {
  return rewriteBer(file[0] === TAG.sequence ? file : fromText(file));
}

function fromText(file: Uint8Array): Uint8Array {
  const text = utf8Of(file);
  if (text === undefined) throw new Malformed("it is neither DER nor text");
  const content = trimmed(text);
  const pem = content.startsWith(PEM_BEGIN) ? content : withBorders(content);
  const [block, ...others] = splitPem(new TextEncoder().encode(pem), LABELS);
  if (block === undefined || others.length > 0) {
    throw new Malformed("it is more than one signature");
  }
  return block.der;
}

/** As AWS tells its users to do it. */
function withBorders(base64: string): string {
  return `-----BEGIN PKCS7-----\n${base64}\n-----END PKCS7-----\n`;
}
