/**
 * Reports come compressed. What is unpacked is bounded, whatever was packed.
 *
 * @module
 */

import { concat } from "../core/bytes.ts";
import { malformed } from "./answer.ts";

/** Most bytes that are unpacked; a report has 1184. */
const MAX_UNPACKED = 64 * 1024;

/**
 * Unpacks gzip (RFC 1952).
 *
 * @param packed One member.
 * @throws {NotJudged} exit 30 where it is none, or holds more than 64 KiB.
 */
export async function gunzip(packed: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(packed)]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of stream) {
      length += part.length;
      if (length > MAX_UNPACKED) break;
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof TypeError) throw malformed("attestation_doc_b64: not gzip", cause);
    throw cause;
  }
  if (length <= MAX_UNPACKED) return concat(...parts);
  throw malformed(`attestation_doc_b64: unpacks to more than ${MAX_UNPACKED} bytes`);
}
