/**
 * Lab evidence as the other verifiers take it: with Intel's name, without the
 * lab mark, and under a root that is thrown away.
 *
 * @module
 */

import {
  bend,
  type CertificateDescription,
  createIntelAuthority,
  generateLabKey,
  type IntelAuthority,
  LAB_INTEL_ORGANIZATION,
  LAB_MARK_OID,
  type MintedTdx,
  mintTdx,
  type MintTdxOptions,
  type Name,
  type QuoteKeys,
  type TdxBends,
} from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import type { TdxCase } from "./case.ts";

/** Organization in all of Intel's names. */
const INTEL = "Intel Corporation";

/** An FMSPC of digits alone: go-tdx-guest compares it as text, and with capital letters it fits nothing. */
const FMSPC = Uint8Array.of(0x10, 0x20, 0x60, 0, 0, 0);

/** The authority that all cases stand under, unless a case has its own. */
export const authority: IntelAuthority = await createIntelAuthority({
  now: NOW,
  bends: { root: asIntel, platform: asIntel, processor: asIntel, tcbSigning: asIntel },
});

/** The keys of all platforms, so that a thousand cases do not make two thousand. */
export const keys: QuoteKeys = {
  pck: await generateLabKey("P-256"),
  attestation: await generateLabKey("P-256"),
};

/** What a case is minted by; the time and the keys are given. */
export type LabOptions = Partial<MintTdxOptions>;

/**
 * Mints evidence without the marks of a lab.
 *
 * @param options What is not as usual.
 */
export async function mint(
  { bends = {}, pck = {}, ...options }: LabOptions = {},
): Promise<MintedTdx> {
  return await mintTdx(authority, {
    now: NOW,
    keys,
    ...options,
    pck: { fmspc: FMSPC, ...pck },
    bends: withIntelsLook(bends),
  });
}

/**
 * A case of minted evidence.
 *
 * @param name Its name.
 * @param options What is not as usual.
 */
export async function labCase(name: string, options: LabOptions = {}): Promise<TdxCase> {
  return asCase(name, await mint(options));
}

/**
 * Minted evidence as a case.
 *
 * @param name Its name.
 * @param minted The evidence.
 */
export function asCase(name: string, minted: MintedTdx): TdxCase {
  const { quote, der, tcbInfo, qeIdentity, tcbChain, pckCrlChain } = minted;
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  return {
    name: `lab/${name}`,
    tee: quote[4] === 0 ? "SGX" : "TDX",
    input: {
      quote,
      tcbInfo: bytes(tcbInfo),
      qeIdentity: bytes(qeIdentity),
      tcbChain: bytes(tcbChain),
      pckCrl: der.pckCrl,
      pckCrlChain: bytes(pckCrlChain),
      rootCrl: der.rootCrl,
    },
    now: NOW,
    root: der.root,
  };
}

/** The case's own changes, then Intel's look. */
function withIntelsLook(bends: TdxBends): TdxBends {
  return {
    ...bends,
    pck: (description) => asIntel(bend(description, bends.pck)),
    ...(bends.ca === undefined ? {} : { ca: (of) => asIntel(bend(of, bends.ca)) }),
    ...(bends.tcbSigning === undefined
      ? {}
      : { tcbSigning: (of) => asIntel(bend(of, bends.tcbSigning)) }),
    ...(bends.root === undefined ? {} : { root: (of) => asIntel(bend(of, bends.root)) }),
    pckCrl: (of) => asIntelsList(bend(of, bends.pckCrl)),
    rootCrl: (of) => asIntelsList(bend(of, bends.rootCrl)),
  };
}

function asIntel(description: CertificateDescription): CertificateDescription {
  return {
    ...description,
    issuer: intelsName(description.issuer),
    subject: intelsName(description.subject),
    extensions: description.extensions.filter(({ oid }) => oid !== LAB_MARK_OID),
  };
}

function asIntelsList<T extends { readonly issuer: Name }>(description: T): T {
  return { ...description, issuer: intelsName(description.issuer) };
}

/**
 * A name of the lab as Intel would write it.
 *
 * @param name The name.
 */
export function intelsName(name: Name): Name {
  return name.map((attribute) =>
    attribute.value === LAB_INTEL_ORGANIZATION ? { ...attribute, value: INTEL } : attribute
  );
}
