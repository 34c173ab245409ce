/**
 * Reference values that somebody signed.
 *
 * @module
 */

import { equal } from "../../core/bytes.ts";
import { canonicalJson, type CanonicalValue } from "../../core/canonical_json.ts";
import { InputError, RejectedError } from "../../core/errors.ts";
import { MAX_POLICY_BYTES } from "../../core/limits.ts";
import { parseStrictJson } from "../../core/strict_json.ts";
import type { Authenticated, ReferenceAuthority } from "./authority.ts";

/** Reference values with the word of whoever signed them; made by {@linkcode readSignedReference}. */
export class SignedReference {
  /** The document as plain data; its form is read when it is used. */
  readonly document: unknown;
  /** Who signed: of a key SHA-256 of its SubjectPublicKeyInfo, hex. */
  readonly owner: string;
  /** The signed file, to be kept and shown to others. */
  readonly file: Uint8Array;
  /** The key that signed, DER of SubjectPublicKeyInfo; null where it was no key. */
  readonly key: Uint8Array | null;

  /**
   * States that somebody signed a document.
   *
   * @param document The document.
   * @param signed File, who signed it, and with which key.
   */
  constructor(
    document: unknown,
    { file, owner, key }: Pick<SignedReference, "file" | "owner" | "key">,
  ) {
    this.document = document;
    this.owner = owner;
    this.file = file;
    this.key = key;
    Object.freeze(this);
  }
}

/**
 * Reads signed reference values and shows whose word they are. That they are
 * in force, and what they say, is judged when evidence is held against them.
 *
 * @example Take reference values from their owner alone
 * ```ts
 * import {
 *   generateSigningKey,
 *   ownerAuthority,
 *   readSignedReference,
 *   readSigningKey,
 *   signReference,
 * } from "@casemate/casemate";
 *
 * // In earnest the owner signs elsewhere, with `casemate reference sign`.
 * const { pkcs8, publicKey } = await generateSigningKey("P-384");
 * const document = { version: 1, "sev-snp": { measurements: ["5f".repeat(48)] } };
 * const file = await signReference(document, [await readSigningKey(pkcs8)]);
 *
 * const reference = await readSignedReference(file, [ownerAuthority([publicKey])]);
 * console.log(reference.owner === publicKey.id); // goes into a request as `reference`
 * ```
 *
 * @param bytes The file: a DSSE envelope around canonical JSON.
 * @param authorities Whose word counts, at least one.
 * @param name What to call the file in errors, as its path.
 * @throws {InputError} `reference.unsigned`, `reference.encoding`, `dsse.malformed`, `input.too_large`
 * @throws {RejectedError} `dsse.type`, `dsse.key`, `dsse.signature`
 * @throws {RangeError} without authorities.
 */
export async function readSignedReference(
  bytes: Uint8Array,
  authorities: readonly ReferenceAuthority[],
  name = "the reference values",
): Promise<SignedReference> {
  if (authorities.length === 0) throw new RangeError("Cannot read signed values: no authority");
  // A caller may go on writing into its own bytes.
  const file = bytes.slice();
  const { payload, owner, key } = await authenticated(file, authorities, name);
  return new SignedReference(documentOf(payload, name), { file, owner, key });
}

async function authenticated(
  bytes: Uint8Array,
  authorities: readonly ReferenceAuthority[],
  name: string,
): Promise<Authenticated> {
  const refusals: RejectedError[] = [];
  for (const authority of authorities.filter((one) => one.recognises(bytes))) {
    try {
      return await authority.authenticate(bytes, name);
    } catch (error) {
      if (!(error instanceof RejectedError)) throw error;
      refusals.push(error);
    }
  }
  const [first] = refusals;
  if (first !== undefined) throw first;
  throw new InputError(`Cannot use ${name}: it is not signed, and a signature is demanded`, {
    code: "reference.unsigned",
    fields: { file: name },
  });
}

/**
 * What was signed as plain data. Only the canonical form is taken, so that there
 * is one digest for one content.
 *
 * @param payload What was signed.
 * @param name What to call the file in errors.
 * @throws {InputError} `reference.encoding`, `input.too_large`
 */
export function documentOf(payload: Uint8Array, name: string): unknown {
  if (payload.length > MAX_POLICY_BYTES) {
    const fields = {
      expected: `at most ${MAX_POLICY_BYTES} bytes`,
      actual: `${payload.length} bytes`,
    };
    throw new InputError(`Cannot use ${name}: ${fields.actual}, ${fields.expected}`, {
      code: "input.too_large",
      fields,
    });
  }
  try {
    const document = parseStrictJson(payload);
    // What JSON was parsed from consists of what JSON consists of.
    if (equal(canonicalJson(document as CanonicalValue), payload)) return frozen(document);
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof RangeError)) throw cause;
    throw refuse(name, `what was signed is no JSON of whole numbers: ${cause.message}`, cause);
  }
  throw refuse(name, "what was signed is not in the canonical form of RFC 8785");
}

/** Nobody can change what its owner signed, and have it told as that. */
function frozen(document: unknown): unknown {
  if (typeof document !== "object" || document === null) return document;
  for (const member of Object.values(document)) frozen(member);
  return Object.freeze(document);
}

function refuse(name: string, problem: string, cause?: unknown): InputError {
  const fields = { file: name };
  return new InputError(`Cannot use ${name}: ${problem}`, {
    code: "reference.encoding",
    fields,
    cause,
  });
}
