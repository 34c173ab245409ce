/**
 * The lab's certificate authority of one product line: ARK, ASK and ASVK.
 *
 * @module
 */

import { type Bend, bend } from "../bend.ts";
import {
  damaged,
  type LabCa,
  readCa,
  readCreated,
  readMembers,
  storeCa,
  type StoredLabCa,
} from "../ca.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../core/x509_writer/certificate.ts";
import { generateLabKey, type LabKey } from "../lab_key.ts";
import {
  describeArk,
  describeIntermediate,
  LAB_LINES,
  type LabLine,
  type LeafForm,
} from "./amd_hierarchy.ts";

/** Names of the authority's members: the root, and the intermediate of each form of leaf. */
export type AmdCaName = "ARK" | LeafForm;

/** The authority of one product line. */
export interface AmdAuthority extends Readonly<Record<AmdCaName, LabCa>> {
  /** Product line. */
  readonly line: LabLine;
  /** Moment from which its certificates hold. */
  readonly created: Date;
}

/** Changes to the authority's certificates, each applied alone: what follows keeps AMD's names and ids. */
export type AmdCaBends = { readonly [name in AmdCaName]?: Bend<CertificateDescription> };

/** Keys of an authority by member. */
export type AmdCaKeys = Readonly<Record<AmdCaName, LabKey>>;

/** What an authority is made by. */
export interface AmdAuthorityOptions {
  /** Product line. */
  readonly line: LabLine;
  /** Moment from which its certificates hold. */
  readonly now: Date;
  /** RSA keys; default new ones. Lines that share keys differ in their names only. */
  readonly keys?: AmdCaKeys;
  /** Changes to its certificates. */
  readonly bends?: AmdCaBends;
}

/**
 * Makes an authority. Without given keys it makes three of RSA-4096, which
 * takes some seconds.
 *
 * @param options Line, time, keys and bends.
 */
export async function createAmdAuthority(options: AmdAuthorityOptions): Promise<AmdAuthority> {
  const { line, now } = options;
  const keyed = { ...options, keys: options.keys ?? await generateCaKeys() };
  return {
    line,
    created: now,
    ARK: await issue("ARK", keyed),
    VCEK: await issue("VCEK", keyed),
    VLEK: await issue("VLEK", keyed),
  };
}

/** New keys for all members. */
async function generateCaKeys(): Promise<AmdCaKeys> {
  const [ARK, VCEK, VLEK] = await Promise.all([
    generateLabKey("RSA-4096"),
    generateLabKey("RSA-4096"),
    generateLabKey("RSA-4096"),
  ]);
  return { ARK, VCEK, VLEK };
}

/**
 * The same authority with some certificates written anew by the same keys, to
 * bend them without waiting for new keys.
 *
 * @param authority Keys, line and time.
 * @param bends Changes to its certificates; a certificate without one keeps its bytes.
 */
export async function bendAmdAuthority(
  authority: AmdAuthority,
  bends: AmdCaBends,
): Promise<AmdAuthority> {
  const { line, created, ARK, VCEK, VLEK } = authority;
  const keys = { ARK: ARK.key, VCEK: VCEK.key, VLEK: VLEK.key };
  const bent = async (name: AmdCaName): Promise<LabCa> =>
    bends[name] === undefined
      ? authority[name]
      : await issue(name, { line, now: created, keys, bends });
  return {
    line,
    created,
    ARK: await bent("ARK"),
    VCEK: await bent("VCEK"),
    VLEK: await bent("VLEK"),
  };
}

/** Writes the certificate of one member. */
async function issue(
  name: AmdCaName,
  options: AmdAuthorityOptions & { readonly keys: AmdCaKeys },
): Promise<LabCa> {
  const { line, now, keys, bends = {} } = options;
  const key = keys[name];
  const description = name === "ARK"
    ? await describeArk(line, key, now)
    : await describeIntermediate({ line, form: name, key, ark: keys.ARK, now });
  return { key, certificate: await writeCertificate(bend(description, bends[name])) };
}

/** Marks the stored form, so that no other JSON is taken for it. */
const STORED_KIND: StoredAmdAuthority["kind"] = "casemate-lab-authority/v1";

/** An authority as JSON: keys as PKCS#8, certificates as DER, both base64. */
export interface StoredAmdAuthority extends Readonly<Record<AmdCaName, StoredLabCa>> {
  /** Marks the form. */
  readonly kind: "casemate-lab-authority/v1";
  /** Product line. */
  readonly line: LabLine;
  /** ISO 8601, UTC. */
  readonly created: string;
}

/**
 * An authority as a plain object for `JSON.stringify`. It holds the private
 * keys: whoever has it can make evidence that this lab root vouches for.
 *
 * @param authority The authority.
 */
export function exportAmdAuthority(authority: AmdAuthority): StoredAmdAuthority {
  const { line, created, ARK, VCEK, VLEK } = authority;
  return {
    kind: STORED_KIND,
    line,
    created: created.toISOString(),
    ARK: storeCa(ARK),
    VCEK: storeCa(VCEK),
    VLEK: storeCa(VLEK),
  };
}

/**
 * Reads an authority that {@linkcode exportAmdAuthority} stored.
 *
 * @param stored What `JSON.parse` gave.
 * @throws {InputError} `input.wrong_kind` if it is something else, `input.value` if a member is damaged.
 */
export async function importAmdAuthority(stored: unknown): Promise<AmdAuthority> {
  const members = readMembers(stored, STORED_KIND);
  return {
    line: LAB_LINES.find((known) => known === members["line"]) ?? damaged("line"),
    created: readCreated(members),
    ARK: await readCa(members, "ARK"),
    VCEK: await readCa(members, "VCEK"),
    VLEK: await readCa(members, "VLEK"),
  };
}
