/**
 * The owner's master secret as a file: made once with the cluster, kept by the
 * owner, never sent. Whoever has it has every key that the cluster ever had.
 *
 * @module
 */

import { fromHex, toHex } from "../core/bytes.ts";
import { DecodeError, hex, object, oneNumber, oneOf, required } from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import { labelledHash } from "../core/labelled_hash.ts";
import type { Random } from "../core/ports.ts";
import { parseStrictJson } from "../core/strict_json.ts";
import type { KeysCode } from "./codes.ts";
import { type MasterSecret, ROOT_BYTES } from "./derive.ts";

/** Most bytes of the file. */
export const MAX_MASTER_SECRET_BYTES = 4096;

const KIND = "casemate-master-secret";

/** Bytes of the sum: enough to tell damage, which the owner would find out when every disk's key is another one. */
const SUM_BYTES = 8;

interface Form {
  readonly v: 1;
  readonly kind: typeof KIND;
  readonly clusterId: string;
  readonly secret: string;
  readonly salt: string;
  readonly sum: string;
}

const FORM = object<Form>({
  v: required(oneNumber(1), "Version of the form"),
  kind: required(oneOf(KIND), "What the file is"),
  clusterId: required(hex(ROOT_BYTES), "Id of the cluster"),
  secret: required(hex(ROOT_BYTES), "The master secret"),
  salt: required(hex(ROOT_BYTES), "Its salt"),
  sum: required(hex(SUM_BYTES), "Sum over the other members"),
});

/**
 * Makes a master secret.
 *
 * @param clusterId Id of its cluster, hex.
 * @param random Randomness; everything rests on it.
 */
export function newMasterSecret(clusterId: string, random: Random): MasterSecret {
  return { clusterId, secret: random.bytes(ROOT_BYTES), salt: random.bytes(ROOT_BYTES) };
}

/**
 * Writes the file; whoever stores it lets the owner alone read it (0600).
 *
 * @param master The master secret.
 * @returns JSON, UTF-8.
 */
export function writeMasterSecret(master: MasterSecret): Uint8Array<ArrayBuffer> {
  const { clusterId, secret, salt } = master;
  const form: Form = {
    v: 1,
    kind: KIND,
    clusterId: clusterId.toLowerCase(),
    secret: toHex(secret),
    salt: toHex(salt),
    sum: sumOf(master),
  };
  return new TextEncoder().encode(`${JSON.stringify(form, null, 2)}\n`);
}

/**
 * Reads the file.
 *
 * @param file JSON, UTF-8.
 * @param clusterId Id of the cluster that it must be of, hex: the secret of one gives no key of another.
 * @throws {InputError} `keys.malformed`, `keys.cluster`; neither holds anything of the file but the cluster's id.
 */
export function readMasterSecret(file: Uint8Array, clusterId: string): MasterSecret {
  const form = decode(file);
  const master: MasterSecret = {
    clusterId: form.clusterId,
    secret: fromHex(form.secret),
    salt: fromHex(form.salt),
  };
  if (sumOf(master) !== form.sum) throw malformed("its sum is another one");
  const expected = clusterId.toLowerCase();
  if (form.clusterId !== expected) {
    const code: KeysCode = "keys.cluster";
    const message =
      `Cannot use the master secret: it is of ${form.clusterId}, expected ${expected}`;
    throw new InputError(message, { code, fields: { expected, actual: form.clusterId } });
  }
  return master;
}

function decode(file: Uint8Array): Form {
  if (file.length > MAX_MASTER_SECRET_BYTES) throw malformed(`it has ${file.length} bytes`);
  try {
    return FORM.decode(parseStrictJson(file), "");
  } catch (cause) {
    if (!(cause instanceof DecodeError || cause instanceof SyntaxError)) throw cause;
    // What they say may quote the file: the place is enough.
    const where = cause instanceof DecodeError && cause.path !== "" ? ` at ${cause.path}` : "";
    throw malformed(`it is not of the form${where}`);
  }
}

function sumOf({ clusterId, secret, salt }: MasterSecret): string {
  const label = "casemate/master-secret/v1";
  const sum = labelledHash("sha256", label, fromHex(clusterId), secret, salt);
  return toHex(sum.subarray(0, SUM_BYTES));
}

function malformed(reason: string): InputError {
  const code: KeysCode = "keys.malformed";
  return new InputError(`Cannot read the master secret: ${reason}`, { code, fields: { reason } });
}
