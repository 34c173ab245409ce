/**
 * Bent certificates and revocation lists of TDX.
 *
 * @module
 */

import { addDays, addYears } from "../../../src/lab/dates.ts";
import {
  basicConstraints,
  type CrlDescription,
  dropExtension,
  ecdsa,
  type IntelAuthority,
  intelRevoked,
  intelSerial,
  LAB_MARK_OID,
  type LabKey,
  type MintedTdx,
  replaceExtension,
  SGX_OIDS,
  sgxEntries,
  sgxExtension,
  type TdxBends,
} from "../../../src/lab/mod.ts";
import { TIME } from "../source.ts";
import type { Bent } from "./bent_case.ts";
import { FILE_NAMES, type TdxFileName } from "./files.ts";

const YESTERDAY = addDays(TIME, -1);
const TOMORROW = addDays(TIME, 1);

/**
 * What can be wrong with certificates and lists.
 *
 * @param authority The lab.
 * @param minted The good case.
 */
export async function certificateCases(
  authority: IntelAuthority,
  minted: MintedTdx,
): Promise<readonly Bent[]> {
  return [
    ...ofChain(authority),
    ...ofPck(minted),
    ...ofTcbSigning(),
    ...await ofRevocation(authority, minted.keys.pck),
    ...ofLists(),
  ];
}

const bent = (
  file: TdxFileName,
  [name, says, code]: readonly [name: string, says: string, code: string],
  bends: TdxBends,
): Bent => ({ name, says, code, files: [file], options: { bends } });

const inQuote = (name: string, says: string, code: string, bends: TdxBends): Bent =>
  bent(FILE_NAMES.quote, [name, says, code], bends);

/** Root and CA stand in the quote too; its own copies come first. */
function ofChain({ root, processor }: IntelAuthority): readonly Bent[] {
  return [
    inQuote("bent-ca-unmarked", "The CA lacks the lab mark", "tdx.lab_extension_missing", {
      ca: (ca) => ({ ...ca, extensions: dropExtension(ca.extensions, LAB_MARK_OID) }),
    }),
    inQuote(
      "bent-root-again",
      "The root's key in another certificate",
      "tdx.root_mismatch",
      { root: { serial: 7n } },
    ),
    inQuote("bent-ca-algorithm", "The CA is signed with SHA-384", "tdx.chain_algorithm", {
      ca: { algorithm: ecdsa("SHA-384") },
    }),
    inQuote("bent-ca-no-authority", "The CA may not issue certificates", "tdx.chain_shape", {
      ca: (ca) => ({ ...ca, extensions: replaceExtension(ca.extensions, basicConstraints(false)) }),
    }),
    inQuote("bent-ca-path", "The CA may have CAs below it", "tdx.chain_shape", {
      ca: (ca) => ({
        ...ca,
        extensions: replaceExtension(ca.extensions, basicConstraints(true, 1)),
      }),
    }),
    inQuote("bent-ca-forged", "The CA is signed by another key", "tdx.chain_signature", {
      ca: { signWith: processor.key },
    }),
    inQuote(
      "bent-pck-by-root",
      "The root signed the PCK certificate in the CA's name",
      "tdx.chain_signature",
      { pck: { signWith: root.key } },
    ),
  ];
}

function ofPck({ pck: fields }: MintedTdx): readonly Bent[] {
  const entries = sgxEntries(fields);
  return [
    inQuote(
      "bent-pck-unmarked",
      "The PCK certificate lacks the lab mark",
      "tdx.lab_extension_missing",
      { pck: (pck) => ({ ...pck, extensions: dropExtension(pck.extensions, LAB_MARK_OID) }) },
    ),
    inQuote("bent-pck-authority", "The PCK certificate may issue others", "tdx.pck_shape", {
      pck: (pck) => ({
        ...pck,
        extensions: replaceExtension(pck.extensions, basicConstraints(true)),
      }),
    }),
    inQuote(
      "bent-pck-without-fmspc",
      "Intel's extension lacks the FMSPC",
      "tdx.pck_extension",
      {
        pck: (pck) => ({
          ...pck,
          extensions: replaceExtension(
            pck.extensions,
            sgxExtension(entries.filter(({ oid }) => oid !== SGX_OIDS.fmspc)),
          ),
        }),
      },
    ),
    inQuote(
      "bent-pck-expired",
      "The PCK certificate expired yesterday",
      "tdx.certificate_expired",
      { pck: { notBefore: addYears(TIME, -1), notAfter: YESTERDAY } },
    ),
    inQuote(
      "bent-pck-tomorrow",
      "The PCK certificate holds from tomorrow on",
      "tdx.certificate_not_yet_valid",
      { pck: { notBefore: TOMORROW } },
    ),
  ];
}

function ofTcbSigning(): readonly Bent[] {
  const inChain = (name: string, says: string, code: string, bends: TdxBends): Bent =>
    bent(FILE_NAMES.tcbChain, [name, says, code], bends);
  return [
    inChain(
      "bent-tcb-signing-unmarked",
      "The TCB signing certificate lacks the lab mark",
      "tdx.lab_extension_missing",
      {
        tcbSigning: (signing) => ({
          ...signing,
          extensions: dropExtension(signing.extensions, LAB_MARK_OID),
        }),
      },
    ),
    inChain(
      "bent-tcb-signing-authority",
      "The TCB signing certificate may issue others",
      "tdx.tcb_chain_shape",
      {
        tcbSigning: (signing) => ({
          ...signing,
          extensions: replaceExtension(signing.extensions, basicConstraints(true)),
        }),
      },
    ),
    inChain(
      "bent-tcb-signing-expired",
      "The TCB signing certificate expired yesterday",
      "tdx.certificate_expired",
      { tcbSigning: { notBefore: addYears(TIME, -1), notAfter: YESTERDAY } },
    ),
  ];
}

async function ofRevocation(
  { platform, tcbSigning }: IntelAuthority,
  pck: LabKey,
): Promise<readonly Bent[]> {
  const revoking = async (key: LabKey): Promise<Pick<CrlDescription, "revoked">> => ({
    revoked: [intelRevoked(await intelSerial(key), TIME)],
  });
  return [
    bent(
      FILE_NAMES.pckCrl,
      ["bent-crl-revokes-pck", "The CA revoked the PCK certificate", "tdx.revoked"],
      { pckCrl: await revoking(pck) },
    ),
    bent(
      FILE_NAMES.rootCrl,
      ["bent-crl-revokes-ca", "The root revoked the CA", "tdx.revoked"],
      { rootCrl: await revoking(platform.key) },
    ),
    bent(
      FILE_NAMES.rootCrl,
      ["bent-crl-revokes-tcb-signing", "The root revoked the TCB signing key", "tdx.revoked"],
      { rootCrl: await revoking(tcbSigning.key) },
    ),
  ];
}

function ofLists(): readonly Bent[] {
  const past = { thisUpdate: addDays(TIME, -31), nextUpdate: YESTERDAY };
  const future = { thisUpdate: TOMORROW };
  const { pckCrl, rootCrl } = FILE_NAMES;
  return [
    bent(
      pckCrl,
      ["bent-crl-without-end", "The list does not say when the next is due", "tdx.crl_shape"],
      { pckCrl: { nextUpdate: null } },
    ),
    bent(
      pckCrl,
      ["bent-pck-crl-expired", "The CA's list is past its next update", "tdx.crl_expired"],
      { pckCrl: past },
    ),
    bent(
      rootCrl,
      ["bent-root-crl-expired", "The root's list is past its next update", "tdx.crl_expired"],
      { rootCrl: past },
    ),
    bent(
      pckCrl,
      ["bent-pck-crl-tomorrow", "The CA's list is of tomorrow", "tdx.crl_not_yet_valid"],
      { pckCrl: future },
    ),
    bent(
      rootCrl,
      ["bent-root-crl-tomorrow", "The root's list is of tomorrow", "tdx.crl_not_yet_valid"],
      { rootCrl: future },
    ),
    {
      name: "bent-crl-of-processor-ca",
      says: "The list is the Processor CA's, the certificate the Platform CA's",
      code: "tdx.crl_issuer",
      files: [pckCrl],
      options: { ca: "processor" },
    },
  ];
}
