/**
 * Mints collateral: TCB info, QE identity, the certificate that signs both,
 * and the revocation lists.
 *
 * @module
 */

import { bend } from "../bend.ts";
import { writeCrl } from "../crl.ts";
import { pem } from "../pem.ts";
import { bendIntelAuthority, type IntelAuthority } from "./authority.ts";
import {
  type CollateralDer,
  describeQeIdentity,
  describeTcbInfo,
  type TdxCollateral,
  writeDocument,
} from "./collateral.ts";
import { describeIntelCrl, type PckCa } from "./hierarchy.ts";
import { type Minting, type MintTdxOptions, type TdxBends, withDefaults } from "./options.ts";
import { qeIdentityOf, tcbInfoOf } from "./platform.ts";

/**
 * Mints collateral alone, to be used for several quotes of platforms that its
 * levels speak of.
 *
 * @param authority Who issues.
 * @param options The same as of `mintTdx`.
 */
export async function mintCollateral(
  authority: IntelAuthority,
  options: MintTdxOptions,
): Promise<TdxCollateral> {
  const { bends = {} } = options;
  const minting = await withDefaults(options);
  return await writeCollateral(await bentAuthority(authority, minting.ca, bends), minting, bends);
}

/**
 * The authority with the changes to its certificates.
 *
 * @param authority Who issues.
 * @param ca The CA that issues the PCK certificate.
 * @param bends Changes to evidence.
 */
export async function bentAuthority(
  authority: IntelAuthority,
  ca: PckCa,
  bends: TdxBends,
): Promise<IntelAuthority> {
  return await bendIntelAuthority(authority, {
    ...(bends.root === undefined ? {} : { root: bends.root }),
    ...(bends.ca === undefined ? {} : { [ca]: bends.ca }),
    ...(bends.tcbSigning === undefined ? {} : { tcbSigning: bends.tcbSigning }),
  });
}

/**
 * Writes collateral.
 *
 * @param authority Who issues, bent if it is.
 * @param minting The platform.
 * @param bends Changes to evidence.
 */
export async function writeCollateral(
  authority: IntelAuthority,
  minting: Minting,
  bends: TdxBends,
): Promise<TdxCollateral> {
  const { root, tcbSigning, [minting.ca]: issuer } = authority;
  const rootPem = pem("CERTIFICATE", root.certificate);
  const der = await writeLists(authority, minting, bends);
  return {
    ...await writeDocuments(authority, minting, bends),
    tcbChain: pem("CERTIFICATE", tcbSigning.certificate) + rootPem,
    pckCrl: pem("X509 CRL", der.pckCrl),
    pckCrlChain: pem("CERTIFICATE", issuer.certificate) + rootPem,
    rootCrl: pem("X509 CRL", der.rootCrl),
    der,
  };
}

/** Writes the revocation lists. */
async function writeLists(
  { root, tcbSigning, ...issuers }: IntelAuthority,
  { ca, now }: Minting,
  bends: TdxBends,
): Promise<CollateralDer> {
  const pckCrl = await describeIntelCrl(ca, issuers[ca].key, now);
  const rootCrl = await describeIntelCrl("root", root.key, now);
  return {
    tcbSigning: tcbSigning.certificate,
    pckCrl: await writeCrl(bend(pckCrl, bends.pckCrl)),
    rootCrl: await writeCrl(bend(rootCrl, bends.rootCrl)),
  };
}

/** Writes TCB info and QE identity. */
async function writeDocuments(
  { tcbSigning: { key } }: IntelAuthority,
  minting: Minting,
  bends: TdxBends,
): Promise<Pick<TdxCollateral, "tcbInfo" | "qeIdentity">> {
  const info = describeTcbInfo(bend(tcbInfoOf(minting), bends.tcbInfo), key);
  const identity = describeQeIdentity(bend(qeIdentityOf(minting), bends.qeIdentity), key);
  return {
    tcbInfo: await writeDocument(bend(info, bends.tcbInfoDocument), bends.tcbInfoText),
    qeIdentity: await writeDocument(
      bend(identity, bends.qeIdentityDocument),
      bends.qeIdentityText,
    ),
  };
}
