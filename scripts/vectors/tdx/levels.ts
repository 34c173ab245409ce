/**
 * TDX platforms, modules and quoting enclaves that are behind, or of which
 * Intel's documents speak ill.
 *
 * @module
 */

import type { MintTdxOptions, PlatformTcb, TcbInfo, TcbLevel } from "../../../src/lab/mod.ts";
import type { Bent } from "./bent_case.ts";
import { FILE_NAMES, type TdxFileName } from "./files.ts";

const { quote, tcbInfo, qeIdentity } = FILE_NAMES;

const bent = (
  file: TdxFileName,
  [name, says, code]: readonly [name: string, says: string, code: string],
  options: Partial<MintTdxOptions>,
): Bent => ({ name, says, code, files: [file], options });

/** What can be wrong with levels. */
export function levelCases(): readonly Bent[] {
  return [...behind(), ...revoked(), ...unknown()];
}

/** A status that the policy does not name. */
function behind(): readonly Bent[] {
  const status = (name: string, says: string): readonly [string, string, string] => [
    name,
    says,
    "tdx.tcb_status",
  ];
  return [
    bent(tcbInfo, status("bent-tcb-out-of-date", "The platform is out of date"), {
      tcbStatus: "OutOfDate",
    }),
    bent(tcbInfo, status("bent-tcb-configuration", "The platform must be configured anew"), {
      tcbStatus: "ConfigurationNeeded",
    }),
    bent(tcbInfo, status("bent-module-out-of-date", "The TDX module is out of date"), {
      moduleStatus: "OutOfDate",
    }),
    bent(qeIdentity, status("bent-qe-out-of-date", "The quoting enclave is out of date"), {
      qeStatus: "OutOfDate",
    }),
  ];
}

/** What is revoked can be forged, whichever half it is in. */
function revoked(): readonly Bent[] {
  const code = "tdx.tcb_revoked";
  return [
    bent(tcbInfo, ["bent-tcb-revoked", "The platform's level is revoked", code], {
      tcbStatus: "Revoked",
    }),
    bent(tcbInfo, ["bent-module-revoked", "The TDX module's level is revoked", code], {
      moduleStatus: "Revoked",
    }),
    bent(qeIdentity, ["bent-qe-revoked", "The quoting enclave's level is revoked", code], {
      qeStatus: "Revoked",
    }),
    bent(
      tcbInfo,
      ["bent-sgx-half-revoked", "The level that the SGX half reaches alone is revoked", code],
      { bends: { tcbInfo: (info) => ({ ...info, tcbLevels: sgxHalfRevoked(info) }) } },
    ),
  ];
}

/** A revoked level above that only the SGX half reaches: its TDX half wants newer microcode. */
function sgxHalfRevoked({ tcbLevels }: TcbInfo): TcbInfo["tcbLevels"] {
  return tcbLevels.flatMap((level, i) => i > 0 ? [level] : [revokedAbove(level), level]);
}

function revokedAbove({ tcb, ...level }: TcbLevel<PlatformTcb>): TcbLevel<PlatformTcb> {
  const newer = (tcb.tdxtcbcomponents ?? []).map((component, i) => ({
    ...component,
    svn: i === 2 ? component.svn + 1 : component.svn,
  }));
  return { ...level, tcb: { ...tcb, tdxtcbcomponents: newer }, tcbStatus: "Revoked" };
}

/** Platforms that no level is about. */
function unknown(): readonly Bent[] {
  const noLevel = (name: string, says: string): readonly [string, string, string] => [
    name,
    says,
    "tdx.tcb_level_not_found",
  ];
  return [
    bent(quote, noLevel("bent-pce-svn", "The PCE is older than any level"), {
      pck: { pceSvn: 12 },
    }),
    bent(quote, noLevel("bent-component", "A component is older than any level"), {
      pck: { components: [0, 3, 2, 2, 4, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0] },
    }),
    bent(quote, noLevel("bent-tdx-microcode", "The TDX half is older than any level"), {
      teeTcbSvn: Uint8Array.of(6, 1, 0, ...new Uint8Array(13)),
    }),
    bent(
      tcbInfo,
      ["bent-module-unknown", "TCB info does not know the TDX module", "tdx.module_unknown"],
      {
        bends: {
          tcbInfo: ({ tdxModuleIdentities = [], ...info }) => ({
            ...info,
            tdxModuleIdentities: tdxModuleIdentities.filter(({ id }) => id !== "TDX_01"),
          }),
        },
      },
    ),
    bent(
      quote,
      [
        "bent-module-old",
        "The TDX module is older than any level",
        "tdx.module_level_not_found",
      ],
      { teeTcbSvn: Uint8Array.of(1, 1, 3, ...new Uint8Array(13)) },
    ),
  ];
}
