/**
 * EFI_SIGNATURE_LIST (UEFI 2.10 §32.4.1): keys and hashes that Secure Boot accepts or refuses.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { GUID_BYTES, readGuid } from "./guid.ts";

/** Bytes of the head of a list: type, size of the list, of its header, of each signature. */
const HEAD_BYTES = GUID_BYTES + 3 * 4;

/** What a list holds. */
export type SignatureType =
  | "certificate"
  | "sha1"
  | "sha256"
  | "sha384"
  | "sha512"
  | "rsa2048"
  | "certificate-sha256"
  | "certificate-sha384"
  | "certificate-sha512"
  | "other";

interface TypeFacts {
  readonly type: SignatureType;
  /** Bytes of one signature without its owner; null where they vary. */
  readonly bytes: number | null;
}

/** Types of signatures (UEFI 2.10 §32.4.1). */
const TYPES: ReadonlyMap<string, TypeFacts> = new Map<string, TypeFacts>([
  ["a5c059a1-94e4-4aa7-87b5-ab155c2bf072", { type: "certificate", bytes: null }],
  ["826ca512-cf10-4ac9-b187-be01496631bd", { type: "sha1", bytes: 20 }],
  ["c1c41626-504c-4092-aca9-41f936934328", { type: "sha256", bytes: 32 }],
  ["ff3e5307-9fd0-48c9-85f1-8ad56c701e01", { type: "sha384", bytes: 48 }],
  ["093e0fae-a6c4-4f50-9f1b-d41e2b89c19a", { type: "sha512", bytes: 64 }],
  ["3c5766e8-269c-4e34-aa14-ed776e85b3b6", { type: "rsa2048", bytes: 256 }],
  // Hash of a certificate's body, and time of its revocation.
  ["3bd2a492-96c0-4079-b420-fcf98ef103ed", { type: "certificate-sha256", bytes: 32 + 16 }],
  ["7076876e-80c2-4ee6-aad2-28b349a6865b", { type: "certificate-sha384", bytes: 48 + 16 }],
  ["446dbf63-2502-4cda-bcfa-2465d2b0fe9d", { type: "certificate-sha512", bytes: 64 + 16 }],
]);

/** One signature: whatever identifies code or a key. */
export interface Signature {
  /** GUID of whoever put it there. */
  readonly owner: string;
  /** Certificate, hash or key. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** A list of signatures of one type. */
export interface SignatureList {
  /** What it holds. */
  readonly type: SignatureType;
  /** GUID of the type. */
  readonly typeGuid: string;
  /** Its signatures, at least one. */
  readonly signatures: readonly Signature[];
}

/**
 * Reads the lists of a variable.
 *
 * @param value Value of the variable; empty where it is not set.
 * @returns Null where the sizes do not fit to the last byte.
 */
export function readSignatureLists(
  value: Uint8Array<ArrayBuffer>,
): readonly SignatureList[] | null {
  const lists: SignatureList[] = [];
  let rest = value;
  while (rest.length > 0) {
    const size = listSize(rest);
    const list = size === null ? null : readList(rest.subarray(0, size));
    if (size === null || list === null) return null;
    lists.push(list);
    rest = rest.subarray(size);
  }
  return lists;
}

function listSize(rest: Uint8Array<ArrayBuffer>): number | null {
  if (rest.length < HEAD_BYTES) return null;
  const size = word(rest, GUID_BYTES);
  return size >= HEAD_BYTES && size <= rest.length ? size : null;
}

function readList(list: Uint8Array<ArrayBuffer>): SignatureList | null {
  const typeGuid = readGuid(list);
  const { type, bytes } = TYPES.get(typeGuid) ?? { type: "other", bytes: null };
  const header = word(list, GUID_BYTES + 4);
  const each = word(list, GUID_BYTES + 8);
  // No type that is known here has a header.
  if (header !== 0 && type !== "other") return null;
  const body = list.length - HEAD_BYTES - header;
  if (each <= GUID_BYTES || body < each || body % each !== 0) return null;
  if (bytes !== null && each !== GUID_BYTES + bytes) return null;
  const signatures: Signature[] = [];
  for (let at = HEAD_BYTES + header; at < list.length; at += each) {
    const one = list.subarray(at, at + each);
    signatures.push({ owner: readGuid(one), data: one.subarray(GUID_BYTES) });
  }
  return { type, typeGuid, signatures };
}

/**
 * What identifies the code or key of a signature.
 *
 * @param list Its list.
 * @param signature The signature.
 * @returns Hex of a hash; null for certificates and types that are not known.
 */
export function hashIn({ type }: SignatureList, { data }: Signature): string | null {
  return type === "sha256" || type === "sha384" || type === "sha512" ? toHex(data) : null;
}

function word(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}
