/**
 * What the contract pins of a quote and no policy of ours does.
 *
 * @module
 */

import { fromHex } from "../core/bytes.ts";
import type { TdxEvidence } from "../evidence/tdx/report.ts";
import type { Judged } from "./answer.ts";
import { swapped } from "./numbers.ts";
import type { TdxRejection } from "./tdx_codes.ts";
import type { TdxPins } from "./tdx_input.ts";

/** A value that must be as pinned. */
type Pin = readonly [code: TdxRejection, actual: string, wanted: string | null];

/**
 * The first pin that a verified quote does not have.
 *
 * @param proven What verification established.
 * @param pins What the input pins.
 * @returns The rejection; null where all hold.
 */
export function brokenPin(
  { quote, pck }: TdxEvidence,
  pins: TdxPins | null,
): Judged<TdxRejection> | null {
  if (pins === null) return null;
  const { body } = quote;
  const exact: readonly Pin[] = [
    ["QE_VENDOR_ID_MISMATCH", quote.qeVendor, pins.expected_qe_vendor_id_hex],
    ["PCK_FMSPC_MISMATCH", pck.fmspc, pins.expected_fmspc_hex],
    ["TD_ATTRIBUTES_MISMATCH", swapped(body.tdAttributes.raw), pins.expected_td_attributes_hex],
    ["MR_SIGNER_SEAM_MISMATCH", body.mrSignerSeam, pins.expected_mr_signer_seam_hex],
    ["SEAM_ATTRIBUTES_MISMATCH", swapped(body.seamAttributes), pins.expected_seam_attributes_hex],
  ];
  const broken = exact.find(([, actual, wanted]) => wanted !== null && actual !== wanted);
  if (broken !== undefined) return rejected(broken[0], broken[1], `expected ${broken[2]}`);
  const least = pins.min_tee_tcb_svn_hex;
  return least === null || reaches(body.teeTcbSvn, least)
    ? null
    : rejected("TEE_TCB_SVN_BELOW_MINIMUM", body.teeTcbSvn, `expected at least ${least}`);
}

/** Component by component: a high one makes up for no low one. */
function reaches(actual: string, least: string): boolean {
  const floors = fromHex(least);
  const components = fromHex(actual);
  return floors.every((floor, i) => (components[i] ?? -1) >= floor);
}

function rejected(code: TdxRejection, actual: string, wanted: string): Judged<TdxRejection> {
  return { accepted: false, code, says: `${actual}, ${wanted}` };
}
