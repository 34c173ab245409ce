/**
 * Bent quotes of TDX, signed anew by the platform's keys unless said.
 *
 * @module
 */

import { concat } from "../../../src/core/bytes.ts";
import type { MintedTdx, MintTdxOptions, TdxBends } from "../../../src/lab/mod.ts";
import type { Bent } from "./bent_case.ts";
import { FILE_NAMES } from "./files.ts";

const bent = (
  name: string,
  says: string,
  code: string,
  options: Partial<MintTdxOptions>,
): Bent => ({ name, says, code, files: [FILE_NAMES.quote], options });

/** DEBUG in the flags of an enclave (SGX, SECS.ATTRIBUTES). */
const ENCLAVE_DEBUG = 2n;

/** TEE_TCB_SVN of a module that has no version, which TCB info's own member speaks of. */
const NO_VERSION = Uint8Array.of(6, 0, 3, ...new Uint8Array(13));

/** TEE_TCB_SVN of a module a level behind the lab's newest. */
const BEHIND = Uint8Array.of(4, 1, 3, ...new Uint8Array(13));
const NEWEST = Uint8Array.of(6, 1, 3, ...new Uint8Array(13));

/**
 * What can be wrong with quoting enclave, attestation key and module.
 *
 * @param minted The good case.
 */
export async function quotingCases({ keys }: MintedTdx): Promise<readonly Bent[]> {
  return [
    ...ofQe(),
    ...await ofAttestationKey(),
    bent(
      "bent-qe-report-forged",
      "The attestation key signed the QE report",
      "tdx.qe_report_signature",
      { bends: { quote: { qeReportSignature: keys.attestation } } },
    ),
    bent("bent-quote-forged", "The PCK signed the quote", "tdx.signature_mismatch", {
      bends: { quote: { signature: keys.pck } },
    }),
    ...ofModule(),
  ];
}

function ofQe(): readonly Bent[] {
  const qe = (name: string, says: string, change: TdxBends["qeReport"]): Bent =>
    bent(
      name,
      says,
      "tdx.qe_mismatch",
      change === undefined ? {} : { bends: { qeReport: change } },
    );
  return [
    qe("bent-qe-signer", "Somebody else signed the quoting enclave", {
      mrSigner: new Uint8Array(32).fill(1),
    }),
    qe("bent-qe-product", "Another enclave of the same signer made the quote", { isvProdId: 1 }),
    qe("bent-qe-misc-select", "The quoting enclave has an unknown MISCSELECT", { miscSelect: 1 }),
    {
      name: "bent-qe-debug",
      says: "The quoting enclave can be debugged, and its identity masks that",
      code: "tdx.qe_mismatch",
      files: [FILE_NAMES.quote, FILE_NAMES.qeIdentity],
      options: {
        bends: {
          qeReport: (report) => ({ ...report, flags: report.flags | ENCLAVE_DEBUG }),
          qeIdentity: { attributes: "00".repeat(16), attributesMask: "00".repeat(16) },
        },
      },
    },
    bent("bent-qe-old", "The quoting enclave is older than any level", "tdx.qe_level_not_found", {
      bends: { qeReport: { isvSvn: 1 } },
    }),
  ];
}

async function ofAttestationKey(): Promise<readonly Bent[]> {
  const offCurve = new Uint8Array(64).fill(1);
  const authentication = new Uint8Array(32);
  const hash = await crypto.subtle.digest("SHA-256", concat(offCurve, authentication));
  return [
    bent(
      "bent-attestation-key-off-curve",
      "The attestation key is vouched for, but is no point of the curve",
      "tdx.attestation_key_invalid",
      {
        qeAuthenticationData: authentication,
        bends: {
          quote: { attestationKey: offCurve },
          qeReport: { reportData: concat(new Uint8Array(hash), new Uint8Array(32)) },
        },
      },
    ),
    bent(
      "bent-attestation-key-unbound",
      "The QE report vouches for another key",
      "tdx.attestation_key_binding",
      { bends: { qeReport: { reportData: new Uint8Array(64).fill(1) } } },
    ),
    bent(
      "bent-attestation-key-rest",
      "The rest of the QE report's data is not zero",
      "tdx.attestation_key_binding",
      {
        bends: {
          qeReport: ({ reportData, ...report }) => ({
            ...report,
            reportData: concat(reportData.subarray(0, 63), Uint8Array.of(1)),
          }),
        },
      },
    ),
  ];
}

function ofModule(): readonly Bent[] {
  const module = (name: string, says: string, options: Partial<MintTdxOptions>): Bent =>
    bent(name, says, "tdx.module_mismatch", options);
  const mrSignerSeam = new Uint8Array(48).fill(1);
  return [
    module("bent-module-signer", "Somebody else signed the TDX module", {
      bends: { body: { mrSignerSeam } },
    }),
    module("bent-module-attributes", "The TDX module has unknown attributes", {
      bends: { body: { seamAttributes: 1n } },
    }),
    module("bent-module-signer-old", "Somebody else signed a TDX module without version", {
      teeTcbSvn: NO_VERSION,
      bends: { body: { mrSignerSeam } },
    }),
  ];
}

/** TD_ATTRIBUTES (TDX Module ABI Specification) with one bit beside SEPT_VE_DISABLE. */
const attributes = (bit: bigint): Partial<MintTdxOptions> => ({
  tdAttributes: 1n << 28n | 1n << bit,
});

/** What can be wrong with the guest. */
export function guestCases(): readonly Bent[] {
  return [
    bent("bent-debug", "The host may debug the TD", "tdx.debug_allowed", attributes(0n)),
    bent("bent-migration", "The TD may be migrated", "tdx.migration_allowed", attributes(29n)),
    bent("bent-profiling", "The host may profile the TD", "tdx.profiling_allowed", attributes(5n)),
    bent(
      "bent-attributes-reserved",
      "A reserved TD attribute is set",
      "tdx.attributes_reserved",
      attributes(40n),
    ),
    bent("bent-xfam-reserved", "XFAM has a reserved feature", "tdx.xfam_reserved", {
      xfam: 0x602e7n | 1n << 40n,
    }),
    bent("bent-xfam-fixed", "XFAM lacks SSE", "tdx.xfam_reserved", { xfam: 0x602e5n }),
    bent("bent-trailing", "A zero follows the quote", "tdx.trailing_bytes", {
      bends: { quote: { trailing: new Uint8Array(1) } },
    }),
  ];
}

/** What only a report of TDX 1.5 can say. */
export function moduleCases(): readonly Bent[] {
  return [
    bent("bent-service-td", "A service TD is bound that nobody knows", "tdx.service_td_mismatch", {
      bends: {
        body: ({ added, ...report }) => ({
          ...report,
          added: added === null ? null : { ...added, mrServiceTd: new Uint8Array(48).fill(1) },
        }),
      },
    }),
    bent(
      "bent-relaunch",
      "The TDX module was updated since the TD was launched",
      "tdx.tcb_status",
      { teeTcbSvn: BEHIND, teeTcbSvn2: NEWEST },
    ),
  ];
}
