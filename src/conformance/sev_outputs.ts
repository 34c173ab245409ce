/**
 * What an accepted report says, in the members of the contract.
 *
 * Fields stand where AMD 56860 Table 23 has them. Numbers of 64 bits are
 * written as numbers, but for the TCBs behind REPORTED_TCB, which the contract
 * writes as bytes in memory.
 *
 * @module
 */

import type { GuestPolicy, PlatformInfo, SnpReport, Tcb } from "../evidence/snp/report.ts";
import { SEV_TYPE } from "./measurement.ts";
import { plain, swapped } from "./numbers.ts";

/**
 * Outputs of the stage.
 *
 * @param report The report.
 */
export function sevOutputs(report: SnpReport): object {
  return {
    measurement: { type: SEV_TYPE, registers: [report.measurement] },
    body_fields: { ...identityOf(report), ...platformOf(report) },
  };
}

function identityOf(report: SnpReport): object {
  return {
    version: report.version,
    guest_svn: report.guestSvn,
    policy_hex: plain(report.policy.raw),
    policy_decoded: policyOf(report.policy),
    family_id_hex: report.familyId,
    image_id_hex: report.imageId,
    vmpl: report.vmpl,
    signature_algo: report.signatureAlgorithm,
    signer_info_hex: signerOf(report),
    report_data_hex: report.reportData,
    measurement_hex: report.measurement,
    host_data_hex: report.hostData,
    id_key_digest_hex: report.idKeyDigest,
    author_key_digest_hex: report.authorKeyDigest,
    report_id_hex: report.reportId,
    report_id_ma_hex: report.reportIdMa,
    chip_id_hex: report.chipId,
  };
}

function platformOf(report: SnpReport): object {
  const { currentVersion: current, committedVersion: committed } = report;
  return {
    current_tcb_hex: swapped(report.currentTcb.raw),
    current_tcb_decoded: tcbOf(report.currentTcb),
    platform_info_hex: plain(report.platformInfo.raw),
    platform_info_decoded: infoOf(report.platformInfo),
    reported_tcb_hex: report.reportedTcb.raw,
    committed_tcb_hex: report.committedTcb.raw,
    current_build: current.build,
    current_minor: current.minor,
    current_major: current.major,
    committed_build: committed.build,
    committed_minor: committed.minor,
    committed_major: committed.major,
    launch_tcb_hex: report.launchTcb.raw,
  };
}

function policyOf(policy: GuestPolicy): object {
  return {
    abi_minor: policy.abiMinor,
    abi_major: policy.abiMajor,
    smt: policy.smt,
    // A report without it does not get this far.
    reserved_mbo: true,
    migrate_ma: policy.migrateMa,
    debug: policy.debug,
    single_socket: policy.singleSocket,
    cxl_allow: policy.cxlAllowed,
    mem_aes_256_xts: policy.memAes256Xts,
    raplmsr_dis: policy.raplDisabled,
    ciphertext_hiding_dram: policy.ciphertextHidingDram,
  };
}

function tcbOf({ bootloader, tee, snp, microcode }: Tcb): object {
  return { bl_spl: bootloader, tee_spl: tee, snp_spl: snp, ucode_spl: microcode };
}

function infoOf(info: PlatformInfo): object {
  return {
    smt_en: info.smtEnabled,
    tsme_en: info.tsmeEnabled,
    ecc_en: info.eccEnabled,
    rapl_dis: info.raplDisabled,
    ciphertext_hiding: info.ciphertextHidingDramEnabled,
  };
}

/** Bits 0, 1 and 4:2 at 0x048 (56860 Table 23); the others are reserved and zero. */
function signerOf({ authorKeyEnabled, maskChipKey, signingKey }: SnpReport): string {
  const key = { VCEK: 0, VLEK: 1, NONE: 7 }[signingKey];
  const bits = (authorKeyEnabled ? 1 : 0) | (maskChipKey ? 2 : 0) | (key << 2);
  return bits.toString(16).padStart(8, "0");
}
