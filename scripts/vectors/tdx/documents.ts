/**
 * Bent TCB info and QE identity: each signed as it stands, unless said.
 *
 * @module
 */

import { addDays } from "../../../src/lab/dates.ts";
import { pcsTime, type TcbInfo, type TdxBends } from "../../../src/lab/mod.ts";
import { TIME } from "../source.ts";
import type { Bent } from "./bent_case.ts";
import { FILE_NAMES } from "./files.ts";

/** Dates of documents that are not in force. */
const PAST = { issueDate: pcsTime(addDays(TIME, -31)), nextUpdate: pcsTime(addDays(TIME, -1)) };
const FUTURE = { issueDate: pcsTime(addDays(TIME, 1)) };

/** What can be wrong with documents. */
export function documentCases(): readonly Bent[] {
  return [...ofTcbInfo(), ...ofQeIdentity()];
}

const tcbInfo = (name: string, says: string, code: string, bends: TdxBends): Bent => ({
  name,
  says,
  code,
  files: [FILE_NAMES.tcbInfo],
  options: { bends },
});

const qeIdentity = (name: string, says: string, code: string, bends: TdxBends): Bent => ({
  name,
  says,
  code,
  files: [FILE_NAMES.qeIdentity],
  options: { bends },
});

function ofTcbInfo(): readonly Bent[] {
  const unknown = { withdrawn: false };
  return [
    tcbInfo(
      "bent-tcb-info-unknown",
      "The TCB info has a member that nobody knows",
      "tdx.tcb_info_format",
      { tcbInfo: (info) => ({ ...info, ...unknown }) },
    ),
    tcbInfo("bent-tcb-info-version", "The TCB info is of version 2", "tdx.tcb_info_format", {
      tcbInfo: { version: 2 },
    }),
    tcbInfo(
      "bent-tcb-info-twice",
      "A member of the TCB info stands twice",
      "tdx.tcb_info_format",
      { tcbInfoDocument: ({ text, ...rest }) => ({ ...rest, text: fmspcTwice(text) }) },
    ),
    tcbInfo(
      "bent-tcb-info-blank",
      "A blank was added to the TCB info after it was signed",
      "tdx.tcb_info_signature",
      { tcbInfoText: (text) => text.replace(",", ", ") },
    ),
    tcbInfo("bent-tcb-info-sgx", "The TCB info is of SGX", "tdx.tcb_info_id", {
      tcbInfo: ofSgx,
    }),
    tcbInfo("bent-fmspc", "The TCB info is of another FMSPC", "tdx.fmspc_mismatch", {
      tcbInfo: { fmspc: "1AB06F000001" },
    }),
    tcbInfo("bent-pceid", "The TCB info is of another PCE", "tdx.pceid_mismatch", {
      tcbInfo: { pceId: "0100" },
    }),
    tcbInfo(
      "bent-tcb-info-expired",
      "The TCB info is past its next update",
      "tdx.collateral_expired",
      { tcbInfo: PAST },
    ),
    tcbInfo(
      "bent-tcb-info-tomorrow",
      "The TCB info is of tomorrow",
      "tdx.collateral_not_yet_valid",
      { tcbInfo: FUTURE },
    ),
  ];
}

/** What the PCS says of the same platform to enclaves. */
function ofSgx({ tdxModule: _, tdxModuleIdentities: __, ...info }: TcbInfo): TcbInfo {
  return {
    ...info,
    id: "SGX",
    tcbLevels: info.tcbLevels.map(({ tcb: { tdxtcbcomponents: _, ...tcb }, ...level }) => ({
      ...level,
      tcb,
    })),
  };
}

/** The platform's own FMSPC first, so that whoever reads either one of both finds what fits. */
function fmspcTwice(text: string): string {
  return text.replace(/("fmspc":"[0-9A-F]{12}",)/, '"fmspc":"000000000000",$1');
}

function ofQeIdentity(): readonly Bent[] {
  const unknown = { withdrawn: false };
  return [
    qeIdentity(
      "bent-qe-identity-unknown",
      "The QE identity has a member that nobody knows",
      "tdx.qe_identity_format",
      { qeIdentity: (identity) => ({ ...identity, ...unknown }) },
    ),
    qeIdentity(
      "bent-qe-identity-changed",
      "The QE identity was changed after it was signed",
      "tdx.qe_identity_signature",
      { qeIdentityText: (text) => text.replace('"isvprodid":2', '"isvprodid":3') },
    ),
    qeIdentity("bent-qe-identity-sgx", "The QE identity is of SGX", "tdx.qe_identity_id", {
      qeIdentity: { id: "QE" },
    }),
    qeIdentity(
      "bent-evaluation-number",
      "The QE identity is of an older TCB recovery than the TCB info",
      "tdx.evaluation_number_mismatch",
      { qeIdentity: { tcbEvaluationDataNumber: 19 } },
    ),
    qeIdentity(
      "bent-qe-identity-expired",
      "The QE identity is past its next update",
      "tdx.collateral_expired",
      { qeIdentity: PAST },
    ),
    qeIdentity(
      "bent-qe-identity-tomorrow",
      "The QE identity is of tomorrow",
      "tdx.collateral_not_yet_valid",
      { qeIdentity: FUTURE },
    ),
  ];
}
