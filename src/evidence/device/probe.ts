/**
 * What a machine shows of the platform that it is.
 *
 * @module
 */

import type { Machine, TeeReport } from "../../core/node_ports.ts";

/** What its TPM holds. */
export interface TpmProbe {
  /** NV indices. */
  readonly nv: readonly number[];
  /** Persistent handles. */
  readonly persistent: readonly number[];
  /** TEE of the paravisor's report in it; null where there is none. */
  readonly paravisor: "snp" | "tdx" | null;
}

/** What a machine shows. */
export interface PlatformProbe {
  /** Maker, product, firmware and tag, as DMI has them; empty where it says nothing. */
  readonly dmi: {
    readonly vendor: string;
    readonly product: string;
    readonly bios: string;
    readonly tag: string;
  };
  /** Which TEE answers configfs-tsm; null where nobody does. */
  readonly provider: TeeReport["provider"] | null;
  /** Whether the kernel has configfs-tsm at all. */
  readonly configfs: boolean;
  /** Drivers of guests that are loaded. */
  readonly modules: readonly ("sev_guest" | "tdx_guest")[];
  /** Their character devices that are there. */
  readonly devices: readonly ("sev_guest" | "tdx_guest")[];
  /** Whether the kernel has a TPM; it may not have been opened. */
  readonly hasTpm: boolean;
  /** What the TPM holds; null where there is none, or it was not asked. */
  readonly tpm: TpmProbe | null;
}

/** Where each is, below the root. */
const PATHS = {
  dmi: "/sys/class/dmi/id",
  configfs: "/sys/kernel/config/tsm/report",
  modules: { sev_guest: "/sys/module/sev_guest", tdx_guest: "/sys/module/tdx_guest" },
  devices: { sev_guest: "/dev/sev-guest", tdx_guest: "/dev/tdx_guest" },
  tpm: "/dev/tpm0",
} as const;

const TEES = ["sev_guest", "tdx_guest"] as const;

/**
 * Looks at a machine.
 *
 * @param machine The machine.
 * @param tpm What its TPM holds; null where it was not asked.
 */
export async function probePlatform(
  machine: Machine,
  tpm: TpmProbe | null,
): Promise<PlatformProbe> {
  const dmi = async (name: string): Promise<string> =>
    await machine.text(`${PATHS.dmi}/${name}`) ?? "";
  const present = async (paths: Readonly<Record<(typeof TEES)[number], string>>) => {
    const found = await Promise.all(TEES.map((tee) => machine.exists(paths[tee])));
    return TEES.filter((_, i) => found[i] === true);
  };
  return {
    dmi: {
      vendor: await dmi("sys_vendor"),
      product: await dmi("product_name"),
      bios: await dmi("bios_vendor"),
      tag: await dmi("chassis_asset_tag"),
    },
    provider: await machine.teeProvider(),
    configfs: await machine.exists(PATHS.configfs),
    modules: await present(PATHS.modules),
    devices: await present(PATHS.devices),
    hasTpm: tpm !== null || await machine.exists(PATHS.tpm),
    tpm,
  };
}
