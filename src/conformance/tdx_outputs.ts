/**
 * What an accepted quote says, in the members of the contract. Numbers of 64
 * bits are written there as bytes in memory.
 *
 * @module
 */

import type { TdReport, TdxEvidence } from "../evidence/tdx/report.ts";
import { TDX_TYPE } from "./measurement.ts";
import { swapped } from "./numbers.ts";
import { QV_RESULTS, STATUS_OF_RESULT } from "./tdx_input.ts";

/**
 * Outputs of the stage.
 *
 * Without collateral there is no `qv_result`, although the contract's schema
 * asks for one: it has no word for "not evaluated", and `OK` would be untrue.
 *
 * @param proven What verification established.
 */
export function tdxOutputs({ quote, pck, collateral }: TdxEvidence): object {
  const { body } = quote;
  return {
    measurement: { type: TDX_TYPE, registers: [body.mrTd, ...body.rtmrs] },
    ...(collateral === null ? {} : {
      qv_result: QV_RESULTS.find((word) => STATUS_OF_RESULT[word] === collateral.tcb.status),
      tcb_status: collateral.tcb.status,
      // What has expired is rejected.
      collateral_expired: false,
    }),
    quote_version: quote.version,
    tee_type: "TDX",
    fmspc_hex: pck.fmspc,
    header_fields: {
      attestation_key_type: quote.attestationKeyType,
      qe_vendor_id_hex: quote.qeVendor,
      user_data_hex: quote.userData,
    },
    body_fields: fieldsOf(body),
  };
}

function fieldsOf(body: TdReport): object {
  return {
    tee_tcb_svn_hex: body.teeTcbSvn,
    mrseam_hex: body.mrSeam,
    mrsignerseam_hex: body.mrSignerSeam,
    seam_attributes_hex: swapped(body.seamAttributes),
    td_attributes_hex: swapped(body.tdAttributes.raw),
    td_attributes_decoded: attributesOf(BigInt(body.tdAttributes.raw)),
    xfam_hex: swapped(body.xfam),
    mrtd_hex: body.mrTd,
    mrconfigid_hex: body.mrConfigId,
    mrowner_hex: body.mrOwner,
    mrownerconfig_hex: body.mrOwnerConfig,
    rtmrs_hex: body.rtmrs,
    report_data_hex: body.reportData,
  };
}

/** The contract's names are those of TDX 1.0, where fewer bits have a meaning. */
function attributesOf(bits: bigint): object {
  const any = (high: bigint, low: bigint): boolean =>
    ((bits >> low) & ((1n << (high - low + 1n)) - 1n)) !== 0n;
  const one = (bit: bigint): boolean => any(bit, bit);
  return {
    tud_debug: one(0n),
    tud_reserved_nonzero: any(7n, 1n),
    sec_reserved_lower_nonzero: any(27n, 8n),
    sec_sept_ve_disable: one(28n),
    sec_reserved_bit29: one(29n),
    sec_pks: one(30n),
    sec_kl: one(31n),
    other_reserved_nonzero: any(62n, 32n),
    other_perfmon: one(63n),
  };
}
