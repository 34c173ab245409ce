/**
 * Lab evidence as the other verifiers take it: with AMD's name, without the
 * lab mark, and under a root that is thrown away.
 *
 * @module
 */

import {
  type AmdAuthority,
  type AmdCaName,
  bend,
  bendAmdAuthority,
  type CertificateDescription,
  type CrlDescription,
  generateLabKey,
  LAB_LINES,
  LAB_MARK_OID,
  LAB_ORGANIZATION,
  type LabKey,
  type LabLine,
  type LeafForm,
  type MintedSnp,
  mintSnp,
  type MintSnpOptions,
  type Name,
} from "../../../src/lab/mod.ts";
import { labAuthority, NOW } from "../../lab_authority.ts";
import type { SnpCase } from "./case.ts";

/** Organization in all of AMD's names. */
const AMD = "Advanced Micro Devices";

/** The key of all leaves: that of a report is then never what tells two platforms apart. */
export const leafKey: LabKey = await generateLabKey("P-384");

/** A key that certifies nothing. */
export const otherKey: LabKey = await generateLabKey("P-384");

/** What a platform of the lab is. */
export interface Platform {
  /** Product line. */
  readonly line: LabLine;
  /** Form of its leaf. */
  readonly form: LeafForm;
  /** Version of its reports. */
  readonly version: number;
}

/** What evidence is minted by, beside the platform; the time and the key are given. */
export type LabOptions = Partial<MintSnpOptions>;

const authorities = new Map(
  await Promise.all(LAB_LINES.map(async (line): Promise<[LabLine, AmdAuthority]> => {
    const bends = { ARK: asAmd, VCEK: asAmd, VLEK: asAmd };
    return [line, await bendAmdAuthority(await labAuthority(line), bends)];
  })),
);

/**
 * The authority of a line, under AMD's name.
 *
 * @param line Product line; all share their keys.
 */
export function authority(line: LabLine): AmdAuthority {
  const found = authorities.get(line);
  if (found === undefined) throw new RangeError(`The lab has no line ${line}`);
  return found;
}

/**
 * Mints evidence without the marks of a lab.
 *
 * @param platform Whose it is.
 * @param options What is not as usual.
 */
export async function mint(
  { line, form, version }: Platform,
  { bends = {}, ...options }: LabOptions = {},
): Promise<MintedSnp> {
  const { ARK, VCEK, VLEK } = bends;
  const cas: readonly (readonly [AmdCaName, typeof ARK])[] = [
    ["ARK", ARK],
    ["VCEK", VCEK],
    ["VLEK", VLEK],
  ];
  return await mintSnp(authority(line), {
    now: NOW,
    form,
    version,
    leafKey,
    hwid: new Uint8Array(line === "Turin" ? 8 : 64).fill(0x5a),
    ...options,
    bends: {
      ...bends,
      ...Object.fromEntries(
        cas.filter(([, change]) => change !== undefined)
          .map(([name, change]) => [name, (of: CertificateDescription) => asAmd(bend(of, change))]),
      ),
      leaf: (of) => asAmd(bend(of, bends.leaf)),
      crl: (of) => asAmdsList(bend(of, bends.crl)),
    },
  });
}

/**
 * A case of minted evidence, without its revocation list.
 *
 * @param name Its name.
 * @param platform Whose it is.
 * @param options What is not as usual.
 */
export async function labCase(
  name: string,
  platform: Platform,
  options: LabOptions = {},
): Promise<SnpCase> {
  return asCase(name, platform.line, await mint(platform, options));
}

/**
 * Minted evidence as a case.
 *
 * @param name Its name.
 * @param line Its product line.
 * @param minted The evidence.
 */
export function asCase(name: string, line: LabLine, { report, chain, der }: MintedSnp): SnpCase {
  const input = { report, leaf: der.leaf, chain: new TextEncoder().encode(chain), crls: [] };
  return { name: `lab/${name}`, input, now: NOW, root: der.ark, line };
}

function asAmd(description: CertificateDescription): CertificateDescription {
  return {
    ...description,
    issuer: amdsName(description.issuer),
    subject: amdsName(description.subject),
    extensions: description.extensions.filter(({ oid }) => oid !== LAB_MARK_OID),
  };
}

function asAmdsList(description: CrlDescription): CrlDescription {
  return { ...description, issuer: amdsName(description.issuer) };
}

/**
 * A name of the lab as AMD would write it.
 *
 * @param name The name.
 */
export function amdsName(name: Name): Name {
  return name.map((attribute) =>
    attribute.value === LAB_ORGANIZATION ? { ...attribute, value: AMD } : attribute
  );
}
