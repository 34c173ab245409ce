/**
 * By what identity documents are known.
 *
 * @module
 */

import { parseStrictJson } from "../../core/strict_json.ts";

/** Largest document that the engine takes. */
const MAX_BYTES = 16 * 1024;

/** Members that every identity document has, by which it is known. */
const KNOWN_BY: readonly string[] = ["accountId", "instanceId", "region", "pendingTime"];

/**
 * The members of an identity document; null of any other file.
 *
 * @param bytes The file.
 */
export function identityMembers(
  bytes: Uint8Array,
): readonly (readonly [string, unknown])[] | null {
  const members = membersOf(bytes);
  const has = (name: string): boolean => members.some(([known]) => known === name);
  return KNOWN_BY.every(has) ? members : null;
}

function membersOf(bytes: Uint8Array): readonly (readonly [string, unknown])[] {
  // Anything that is no object in braces is somebody else's, and not read.
  if (bytes.length > MAX_BYTES || bytes[0] !== 0x7b) return [];
  try {
    return Object.entries(Object(parseStrictJson(bytes)));
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
