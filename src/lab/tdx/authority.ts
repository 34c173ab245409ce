/**
 * The lab's certificate authority in Intel's manner: Root CA, Platform CA,
 * Processor CA, and the key that signs TCB info and QE identities.
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
import { describeIntelCa, type IntelCaName } from "./hierarchy.ts";

/** The authority. */
export interface IntelAuthority extends Readonly<Record<IntelCaName, LabCa>> {
  /** Moment from which its certificates hold. */
  readonly created: Date;
}

/** Changes to the authority's certificates, each applied alone: what follows keeps Intel's names and ids. */
export type IntelCaBends = { readonly [name in IntelCaName]?: Bend<CertificateDescription> };

/** Keys of an authority by member. */
export type IntelCaKeys = Readonly<Record<IntelCaName, LabKey>>;

/** What an authority is made by. */
export interface IntelAuthorityOptions {
  /** Moment from which its certificates hold. */
  readonly now: Date;
  /** P-256 keys; default new ones. */
  readonly keys?: IntelCaKeys;
  /** Changes to its certificates. */
  readonly bends?: IntelCaBends;
}

/**
 * Makes an authority.
 *
 * @param options Time, keys and bends.
 */
export async function createIntelAuthority(
  options: IntelAuthorityOptions,
): Promise<IntelAuthority> {
  const keyed = { ...options, keys: options.keys ?? await generateCaKeys() };
  return {
    created: options.now,
    root: await issue("root", keyed),
    platform: await issue("platform", keyed),
    processor: await issue("processor", keyed),
    tcbSigning: await issue("tcbSigning", keyed),
  };
}

/** New keys for all members. */
async function generateCaKeys(): Promise<IntelCaKeys> {
  return {
    root: await generateLabKey("P-256"),
    platform: await generateLabKey("P-256"),
    processor: await generateLabKey("P-256"),
    tcbSigning: await generateLabKey("P-256"),
  };
}

/**
 * The same authority with some certificates written anew by the same keys.
 *
 * @param authority Keys and time.
 * @param bends Changes to its certificates; a certificate without one keeps its bytes.
 */
export async function bendIntelAuthority(
  authority: IntelAuthority,
  bends: IntelCaBends,
): Promise<IntelAuthority> {
  const { created, root, platform, processor, tcbSigning } = authority;
  const keys = {
    root: root.key,
    platform: platform.key,
    processor: processor.key,
    tcbSigning: tcbSigning.key,
  };
  const bent = async (name: IntelCaName): Promise<LabCa> =>
    bends[name] === undefined ? authority[name] : await issue(name, { now: created, keys, bends });
  return {
    created,
    root: await bent("root"),
    platform: await bent("platform"),
    processor: await bent("processor"),
    tcbSigning: await bent("tcbSigning"),
  };
}

/** Writes the certificate of one member. */
async function issue(
  member: IntelCaName,
  options: IntelAuthorityOptions & { readonly keys: IntelCaKeys },
): Promise<LabCa> {
  const { now, keys, bends = {} } = options;
  const key = keys[member];
  const description = await describeIntelCa({ member, key, root: keys.root, now });
  return { key, certificate: await writeCertificate(bend(description, bends[member])) };
}

/** Marks the stored form, so that no other JSON is taken for it. */
const STORED_KIND: StoredIntelAuthority["kind"] = "casemate-lab-intel-authority/v1";

/** An authority as JSON: keys as PKCS#8, certificates as DER, both base64. */
export interface StoredIntelAuthority extends Readonly<Record<IntelCaName, StoredLabCa>> {
  /** Marks the form. */
  readonly kind: "casemate-lab-intel-authority/v1";
  /** ISO 8601, UTC. */
  readonly created: string;
}

/**
 * An authority as a plain object for `JSON.stringify`. It holds the private
 * keys: whoever has it can make evidence that this lab root vouches for.
 *
 * @param authority The authority.
 */
export function exportIntelAuthority(authority: IntelAuthority): StoredIntelAuthority {
  return {
    kind: STORED_KIND,
    created: authority.created.toISOString(),
    root: storeCa(authority.root),
    platform: storeCa(authority.platform),
    processor: storeCa(authority.processor),
    tcbSigning: storeCa(authority.tcbSigning),
  };
}

/**
 * Reads an authority that {@linkcode exportIntelAuthority} stored.
 *
 * @param stored What `JSON.parse` gave.
 * @throws {InputError} `input.wrong_kind` if it is something else, `input.value` if a member is damaged.
 */
export async function importIntelAuthority(stored: unknown): Promise<IntelAuthority> {
  const members = readMembers(stored, STORED_KIND);
  return {
    created: readCreated(members),
    root: await readCa(members, "root"),
    platform: await readCa(members, "platform"),
    processor: await readCa(members, "processor"),
    tcbSigning: await readCa(members, "tcbSigning"),
  };
}
