/**
 * The lab's certificate authority in the manner of a TPM's vendor: a root, and
 * the CA below it that certifies keys of TPMs.
 *
 * @module
 */

import { type Bend, bend } from "../bend.ts";
import { type LabCa, readCa, readCreated, readMembers, storeCa, type StoredLabCa } from "../ca.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../core/x509_writer/certificate.ts";
import { generateLabKey, type LabKey } from "../lab_key.ts";
import { describeTpmCa, type TpmCaName } from "./hierarchy.ts";

/** The authority. */
export interface TpmAuthority extends Readonly<Record<TpmCaName, LabCa>> {
  /** Moment from which its certificates hold. */
  readonly created: Date;
}

/** Changes to the authority's certificates, each applied alone: what follows keeps names and ids. */
export type TpmCaBends = { readonly [name in TpmCaName]?: Bend<CertificateDescription> };

/** Keys of an authority by member. */
export type TpmCaKeys = Readonly<Record<TpmCaName, LabKey>>;

/** What an authority is made by. */
export interface TpmAuthorityOptions {
  /** Moment from which its certificates hold. */
  readonly now: Date;
  /** Keys; default a new one on P-384 for the root, and on P-256 below it. */
  readonly keys?: TpmCaKeys;
  /** Changes to its certificates. */
  readonly bends?: TpmCaBends;
}

/**
 * Makes an authority.
 *
 * @param options Time, keys and bends.
 */
export async function createTpmAuthority(options: TpmAuthorityOptions): Promise<TpmAuthority> {
  const keys = options.keys ?? {
    root: await generateLabKey("P-384"),
    issuing: await generateLabKey("P-256"),
  };
  return {
    created: options.now,
    root: await issue("root", { ...options, keys }),
    issuing: await issue("issuing", { ...options, keys }),
  };
}

/**
 * The same authority with some certificates written anew by the same keys.
 *
 * @param authority Keys and time.
 * @param bends Changes to its certificates; a certificate without one keeps its bytes.
 */
export async function bendTpmAuthority(
  authority: TpmAuthority,
  bends: TpmCaBends,
): Promise<TpmAuthority> {
  const { created, root, issuing } = authority;
  const keys = { root: root.key, issuing: issuing.key };
  const bent = async (name: TpmCaName): Promise<LabCa> =>
    bends[name] === undefined ? authority[name] : await issue(name, { now: created, keys, bends });
  return { created, root: await bent("root"), issuing: await bent("issuing") };
}

/** Writes the certificate of one member. */
async function issue(
  member: TpmCaName,
  options: TpmAuthorityOptions & { readonly keys: TpmCaKeys },
): Promise<LabCa> {
  const { now, keys, bends = {} } = options;
  const key = keys[member];
  const description = await describeTpmCa({ member, key, root: keys.root, now });
  return { key, certificate: await writeCertificate(bend(description, bends[member])) };
}

/** Marks the stored form, so that no other JSON is taken for it. */
const STORED_KIND: StoredTpmAuthority["kind"] = "casemate-lab-tpm-authority/v1";

/** An authority as JSON: keys as PKCS#8, certificates as DER, both base64. */
export interface StoredTpmAuthority extends Readonly<Record<TpmCaName, StoredLabCa>> {
  /** Marks the form. */
  readonly kind: "casemate-lab-tpm-authority/v1";
  /** ISO 8601, UTC. */
  readonly created: string;
}

/**
 * An authority as a plain object for `JSON.stringify`. It holds the private
 * keys: whoever has it can make evidence that this lab root vouches for.
 *
 * @param authority The authority.
 */
export function exportTpmAuthority(authority: TpmAuthority): StoredTpmAuthority {
  return {
    kind: STORED_KIND,
    created: authority.created.toISOString(),
    root: storeCa(authority.root),
    issuing: storeCa(authority.issuing),
  };
}

/**
 * Reads an authority that {@linkcode exportTpmAuthority} stored.
 *
 * @param stored What `JSON.parse` gave.
 * @throws {InputError} `input.wrong_kind` if it is something else, `input.value` if a member is damaged.
 */
export async function importTpmAuthority(stored: unknown): Promise<TpmAuthority> {
  const members = readMembers(stored, STORED_KIND);
  return {
    created: readCreated(members),
    root: await readCa(members, "root"),
    issuing: await readCa(members, "issuing"),
  };
}
