/**
 * The lab's certificate authority in the manner of AWS Nitro: root, region, and
 * the zone that certifies instances.
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
import { describeNitroCa, type NitroCaName } from "./hierarchy.ts";

/** The authority. */
export interface NitroAuthority extends Readonly<Record<NitroCaName, LabCa>> {
  /** Moment from which its certificates hold. */
  readonly created: Date;
}

/** Changes to the authority's certificates, each applied alone: what follows keeps names and ids. */
export type NitroCaBends = { readonly [name in NitroCaName]?: Bend<CertificateDescription> };

/** Keys of an authority by member. */
export type NitroCaKeys = Readonly<Record<NitroCaName, LabKey>>;

/** What an authority is made by. */
export interface NitroAuthorityOptions {
  /** Moment from which its certificates hold. */
  readonly now: Date;
  /** Keys; default new ones on P-384. */
  readonly keys?: NitroCaKeys;
  /** Changes to its certificates. */
  readonly bends?: NitroCaBends;
}

/**
 * Makes an authority.
 *
 * @param options Time, keys and bends.
 */
export async function createNitroAuthority(
  options: NitroAuthorityOptions,
): Promise<NitroAuthority> {
  const keys = options.keys ?? {
    root: await generateLabKey("P-384"),
    region: await generateLabKey("P-384"),
    zone: await generateLabKey("P-384"),
  };
  return {
    created: options.now,
    root: await issue("root", { ...options, keys }),
    region: await issue("region", { ...options, keys }),
    zone: await issue("zone", { ...options, keys }),
  };
}

/**
 * The same authority with some certificates written anew by the same keys.
 *
 * @param authority Keys and time.
 * @param bends Changes to its certificates; a certificate without one keeps its bytes.
 */
export async function bendNitroAuthority(
  authority: NitroAuthority,
  bends: NitroCaBends,
): Promise<NitroAuthority> {
  const { created, root, region, zone } = authority;
  const keys = { root: root.key, region: region.key, zone: zone.key };
  const bent = async (name: NitroCaName): Promise<LabCa> =>
    bends[name] === undefined ? authority[name] : await issue(name, { now: created, keys, bends });
  return {
    created,
    root: await bent("root"),
    region: await bent("region"),
    zone: await bent("zone"),
  };
}

/** Whose key signs a member. */
const SIGNERS = { root: "root", region: "root", zone: "region" } as const;

/** Writes the certificate of one member. */
async function issue(
  member: NitroCaName,
  options: NitroAuthorityOptions & { readonly keys: NitroCaKeys },
): Promise<LabCa> {
  const { now, keys, bends = {} } = options;
  const key = keys[member];
  const description = await describeNitroCa(member, {
    key,
    issuerKey: keys[SIGNERS[member]],
    now,
  });
  return { key, certificate: await writeCertificate(bend(description, bends[member])) };
}

/** Marks the stored form, so that no other JSON is taken for it. */
const STORED_KIND: StoredNitroAuthority["kind"] = "casemate-lab-nitro-authority/v1";

/** An authority as JSON: keys as PKCS#8, certificates as DER, both base64. */
export interface StoredNitroAuthority extends Readonly<Record<NitroCaName, StoredLabCa>> {
  /** Marks the form. */
  readonly kind: "casemate-lab-nitro-authority/v1";
  /** ISO 8601, UTC. */
  readonly created: string;
}

/**
 * An authority as a plain object for `JSON.stringify`. It holds the private
 * keys: whoever has it can make evidence that this lab root vouches for.
 *
 * @param authority The authority.
 */
export function exportNitroAuthority(authority: NitroAuthority): StoredNitroAuthority {
  return {
    kind: STORED_KIND,
    created: authority.created.toISOString(),
    root: storeCa(authority.root),
    region: storeCa(authority.region),
    zone: storeCa(authority.zone),
  };
}

/**
 * Reads an authority that {@linkcode exportNitroAuthority} stored.
 *
 * @param stored What `JSON.parse` gave.
 * @throws {InputError} `input.wrong_kind` if it is something else, `input.value` if a member is damaged.
 */
export async function importNitroAuthority(stored: unknown): Promise<NitroAuthority> {
  const members = readMembers(stored, STORED_KIND);
  return {
    created: readCreated(members),
    root: await readCa(members, "root"),
    region: await readCa(members, "region"),
    zone: await readCa(members, "zone"),
  };
}
