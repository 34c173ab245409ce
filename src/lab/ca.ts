/**
 * A member of an authority, and its stored form.
 *
 * @module
 */

import { fromBase64, toBase64 } from "../core/bytes.ts";
import { InputError } from "../core/errors.ts";
import { LAB_KEY_KINDS, type LabKey, type LabKeyKind, readLabKey } from "./lab_key.ts";

/** One member: its key and its certificate. */
export interface LabCa {
  /** Key pair. */
  readonly key: LabKey;
  /** DER of its certificate. */
  readonly certificate: Uint8Array;
}

/** One member as JSON. */
export interface StoredLabCa {
  /** Algorithm and size of the key. */
  readonly kind: LabKeyKind;
  /** DER of PrivateKeyInfo, base64. */
  readonly key: string;
  /** DER of the certificate, base64. */
  readonly certificate: string;
}

/** An authority as `JSON.parse` gives it. */
export type StoredMembers = Readonly<Record<string, unknown>>;

/**
 * A member as a plain object, with its private key.
 *
 * @param member The member.
 */
export function storeCa({ key, certificate }: LabCa): StoredLabCa {
  return {
    kind: key.kind,
    key: toBase64(key.pkcs8),
    certificate: toBase64(certificate),
  };
}

/**
 * The members of a stored authority, if it is of the wanted kind.
 *
 * @param stored What `JSON.parse` gave.
 * @param kind Mark of the stored form.
 * @throws {InputError} `input.wrong_kind`
 */
export function readMembers(stored: unknown, kind: string): StoredMembers {
  if (isRecord(stored) && stored["kind"] === kind) return stored;
  throw new InputError(`Cannot read lab authority: kind is not ${kind}`, {
    code: "input.wrong_kind",
  });
}

/**
 * Reads a member.
 *
 * @param stored The authority.
 * @param name Name of the member.
 * @throws {InputError} `input.value`
 */
export async function readCa(stored: StoredMembers, name: string): Promise<LabCa> {
  const member = stored[name];
  if (!isRecord(member)) return damaged(name);
  const { key, certificate } = member;
  const kind = LAB_KEY_KINDS.find((known) => known === member["kind"]) ?? damaged(name);
  if (typeof key !== "string" || typeof certificate !== "string") return damaged(name);
  try {
    return { key: await readLabKey(kind, fromBase64(key)), certificate: fromBase64(certificate) };
  } catch (cause) {
    return damaged(name, cause);
  }
}

/**
 * Reads the moment from which the certificates hold.
 *
 * @param stored The authority.
 * @throws {InputError} `input.value`
 */
export function readCreated(stored: StoredMembers): Date {
  const created = stored["created"];
  const moment = new Date(typeof created === "string" ? created : damaged("created"));
  return Number.isNaN(moment.getTime()) ? damaged("created") : moment;
}

/**
 * Refuses a member by name.
 *
 * @param key Name of the member.
 * @param cause What was found, if it was an error.
 * @throws {InputError} `input.value`, always.
 */
export function damaged(key: string, cause?: unknown): never {
  throw new InputError(`Cannot read lab authority: ${key} is missing or damaged`, {
    code: "input.value",
    fields: { key },
    cause,
  });
}

/** Whether a value is an object whose members can be looked at. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
