/**
 * Which keys and hashes Secure Boot goes by: PK, KEK, db, dbx (UEFI 2.10 §32.3, §32.6).
 *
 * @module
 */

import { sha256 } from "./digest.ts";
import type { Found, Remark } from "./remark.ts";
import type { MeasuredVariable, MeasuredVariables } from "./secure_boot_variables.ts";
import { hashIn, readSignatureLists, type SignatureList } from "./signature_lists.ts";
import type { Origin } from "./trusted_events.ts";

/** Most hashes, and most certificates, that a claim lists; the counts are of all. A dbx of 2026 has some 450. */
export const MAX_LISTED_SIGNATURES = 64;

/** Names of the databases. */
export type DatabaseName = "PK" | "KEK" | "db" | "dbx" | "dbt" | "dbr";

/** The databases, in the order in which firmware measures them. */
const DATABASES: readonly DatabaseName[] = ["PK", "KEK", "db", "dbx", "dbt", "dbr"];

/** A certificate in a database. */
export interface ListedCertificate {
  /** GUID of whoever put it there. */
  readonly owner: string;
  /** SHA-256 of its bytes. */
  readonly sha256: string;
}

/** A database of Secure Boot when the firmware handed over. */
export interface SignatureDatabaseClaim extends Origin {
  /** Name. */
  readonly name: DatabaseName;
  /** SHA-256 of the variable's value; of nothing where it is not set. */
  readonly sha256: string;
  /** Bytes of the value; 0 where it is not set. */
  readonly bytes: number;
  /** How many certificates it has. */
  readonly certificateCount: number;
  /** The first of them. */
  readonly certificates: readonly ListedCertificate[];
  /** How many hashes of images it has. */
  readonly hashCount: number;
  /** The first of them, hex: SHA-256, SHA-384 or SHA-512 of images (Authenticode). */
  readonly hashes: readonly string[];
  /** How many entries of other types it has, as hashes of certificates. */
  readonly otherCount: number;
}

/**
 * Reads the databases that were measured exactly once.
 *
 * @param measured Variables that the firmware measured.
 */
export async function readSignatureDatabases(
  measured: MeasuredVariables,
): Promise<Found<readonly SignatureDatabaseClaim[]>> {
  const found: SignatureDatabaseClaim[] = [];
  const remarks: Remark[] = [];
  for (const name of DATABASES) {
    const variable = measured.once.get(name);
    if (variable === undefined) continue;
    const lists = readSignatureLists(variable.value);
    if (lists !== null) found.push(await claimOf(name, variable, lists, measured));
    else {
      const { register } = measured.place;
      remarks.push({ kind: "variable-malformed", register, event: variable.event.number });
    }
  }
  return { found, remarks };
}

async function claimOf(
  name: DatabaseName,
  { value, event }: MeasuredVariable,
  lists: readonly SignatureList[],
  { place, complete }: MeasuredVariables,
): Promise<SignatureDatabaseClaim> {
  const certificates = lists.filter(({ type }) => type === "certificate")
    .flatMap(({ signatures }) => signatures);
  const all = lists.flatMap((list) => list.signatures.map((one) => hashIn(list, one)));
  const hashes = all.filter((hash) => hash !== null);
  return {
    name,
    sha256: await sha256(value),
    bytes: value.length,
    certificateCount: certificates.length,
    certificates: await Promise.all(
      certificates.slice(0, MAX_LISTED_SIGNATURES).map(async ({ owner, data }) => ({
        owner,
        sha256: await sha256(data),
      })),
    ),
    hashCount: hashes.length,
    hashes: hashes.slice(0, MAX_LISTED_SIGNATURES),
    otherCount: all.length - certificates.length - hashes.length,
    register: place.register,
    events: [event.number],
    by: "firmware",
    handedOver: false,
    complete,
  };
}
