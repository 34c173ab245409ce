/**
 * Files of reference values, signed or not.
 *
 * @module
 */

import { looksLikeDsse, readDsse } from "../../core/dsse.ts";
import { CasemateError, InputError } from "../../core/errors.ts";
import { MAX_POLICY_BYTES } from "../../core/limits.ts";
import type { PublicKey } from "../../core/signing_key.ts";
import { ownerAuthority, REFERENCE_MEDIA_TYPE } from "../../policy/reference/authority.ts";
import {
  documentOf,
  readSignedReference,
  type SignedReference,
} from "../../policy/reference/signed.ts";
import { fileName, type FileReader, type GivenFile } from "../input/files.ts";
import { flagError, renamed } from "../input/given.ts";
import { readOwn, REFERENCE_KINDS, wrongKind } from "../kinds/own.ts";
import { refuseOtherTerms } from "../kinds/own_terms.ts";
import { OWNER_KEY_FLAG } from "../verify_flags.ts";

/** Most bytes of a signed file: base64 of the largest document, and its signatures. */
const MAX_SIGNED_BYTES = 2 * MAX_POLICY_BYTES;

const OWNER_KEY = `--${OWNER_KEY_FLAG}`;

/** A file as it was read: signed and shown to be, signed by whoever, or not signed. */
export type ReferenceFile =
  | { readonly kind: "signed"; readonly reference: SignedReference }
  /** Names of keys that it says it is signed by; nothing was verified. */
  | { readonly kind: "unverified"; readonly document: unknown; readonly keys: readonly string[] }
  | { readonly kind: "plain"; readonly document: unknown };

/**
 * Reads a file of reference values. With keys of an owner it must be signed by one of them.
 *
 * @param reader Reads files.
 * @param flag The flag or argument as it is typed.
 * @param path Path; `-` is standard input.
 * @param keys Keys of the owner; none where nobody is named.
 * @throws {InputError} `reference.*`, `policy.syntax`, `dsse.malformed`, naming the flag.
 * @throws {RejectedError} `dsse.*` where it is not signed by the owner.
 */
export async function readReferenceFile(
  reader: FileReader,
  flag: string,
  path: string,
  keys: readonly PublicKey[],
): Promise<ReferenceFile> {
  const place = { flag, limit: MAX_SIGNED_BYTES, kinds: REFERENCE_KINDS };
  return await readOwn(reader, path, place, (file) => about(flag, () => referenceIn(file, keys)));
}

async function referenceIn(
  file: GivenFile,
  keys: readonly PublicKey[],
): Promise<ReferenceFile> {
  const { path, bytes } = file;
  const name = fileName(path);
  if (keys.length > 0) {
    const reference = await readSignedReference(bytes, [ownerAuthority(keys)], name);
    return { kind: "signed", reference };
  }
  if (looksLikeDsse(bytes)) {
    const { payloadType, payload, signatures } = readDsse(bytes, name);
    if (payloadType !== REFERENCE_MEDIA_TYPE) throw await otherType(file, payloadType);
    const ids = signatures.map(({ keyid }) => keyid);
    return { kind: "unverified", document: documentOf(payload, name), keys: ids };
  }
  const { parsePolicyText } = await import("../../policy/parse.ts");
  const document = parsePolicyText(bytes, name);
  await refuseOtherTerms(file, document, REFERENCE_KINDS);
  return { kind: "plain", document };
}

async function otherType(file: GivenFile, type: string): Promise<InputError> {
  const message = `Cannot use ${fileName(file.path)}: it is a signed document of type ${type}`;
  return await wrongKind(file, REFERENCE_KINDS) ??
    flagError("input.wrong_kind", message, file.flag);
}

/**
 * The same for a verification, which takes nobody's signature for granted.
 *
 * @param reader Reads files.
 * @param flag The flag as it is typed.
 * @param path Path; `-` is standard input.
 * @param keys Keys of the owner; none where the caller answers for the file.
 * @returns What a request takes.
 * @throws {InputError} `reference.owner_unknown` where it is signed, and no key is given; and as above.
 */
export async function readReferenceFor(
  reader: FileReader,
  flag: string,
  path: string,
  keys: readonly PublicKey[],
): Promise<unknown> {
  const file = await readReferenceFile(reader, flag, path, keys);
  if (file.kind === "signed") return file.reference;
  if (file.kind === "plain") return file.document;
  throw flagError(
    "reference.owner_unknown",
    `Cannot use ${
      fileName(path)
    } for ${flag}: it is signed, and ${OWNER_KEY} does not say whose signature counts`,
    `${flag}, ${OWNER_KEY}`,
  );
}

/**
 * Does something whose errors are about a flag or an argument.
 *
 * @param flag What to look at.
 * @param work What is done.
 */
export async function about<T>(flag: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isNamed = error instanceof InputError && error.fields["flag"] !== undefined;
    throw error instanceof CasemateError && !isNamed ? renamed(error, error.message, flag) : error;
  }
}
