/**
 * Platforms as data: how each shows itself, and what belongs to it. A lab is none
 * of them: it is used where it is named.
 *
 * @module
 */

import type { VariantId } from "../variants/facts.ts";
import type { PlatformProbe } from "./probe.ts";

/** Clouds and hypervisors. */
export type CloudId = "aws" | "azure" | "google" | "openstack" | "qemu" | "other";

/** How a cloud shows itself in DMI. */
export interface CloudSigns {
  /** The cloud. */
  readonly id: CloudId;
  /** Its name for a person. */
  readonly name: string;
  /** Whether DMI is its. */
  readonly is: (dmi: PlatformProbe["dmi"]) => boolean;
}

/** Tag that Azure gives to every virtual machine (Microsoft; cloud-init goes by it as well). */
const AZURE_TAG = "7783-7084-3265-9085-8269-3286-77";

const OPENSTACK = /^OpenStack/;

/** The clouds, the most particular sign first; what is none of them is a machine of somebody's own. */
export const CLOUDS: readonly CloudSigns[] = [
  {
    id: "aws",
    name: "Amazon EC2",
    is: ({ vendor, bios }) => [vendor, bios].includes("Amazon EC2"),
  },
  {
    id: "google",
    name: "Google Compute Engine",
    is: ({ vendor, product }) => vendor === "Google" || product === "Google Compute Engine",
  },
  {
    id: "azure",
    name: "Azure",
    is: ({ vendor, tag }) => vendor === "Microsoft Corporation" && tag === AZURE_TAG,
  },
  {
    id: "openstack",
    name: "OpenStack",
    is: ({ vendor, product, tag }) => [vendor, product, tag].some((sign) => OPENSTACK.test(sign)),
  },
  { id: "qemu", name: "QEMU", is: ({ vendor }) => vendor === "QEMU" },
];

/** A part of a platform. */
export type PartId =
  | "sev_guest"
  | "tdx_guest"
  | "tpm"
  | "gce-key"
  | "azure-key"
  | "azure-key-certificate"
  | "paravisor-snp"
  | "paravisor-tdx";

/** What a part is called. */
export const PARTS: Readonly<Record<PartId, string>> = {
  "sev_guest": "SEV-SNP (sev_guest)",
  "tdx_guest": "TDX (tdx_guest)",
  "tpm": "a TPM",
  "gce-key": "Google's attestation key in the TPM (NV index 0x01c10000 to 0x01c10003)",
  "azure-key": "Azure's attestation key in the TPM (0x81000003)",
  "azure-key-certificate": "its certificate (NV index 0x01c101d0)",
  "paravisor-snp": "a paravisor's report of SEV-SNP (NV index 0x01400001)",
  "paravisor-tdx": "a paravisor's report of TDX (NV index 0x01400001)",
};

/** Which parts make which variant. */
export interface PlatformRow {
  /** The variant. */
  readonly variant: VariantId;
  /** Where. */
  readonly cloud: CloudId;
  /** What tells it from the other variants of the cloud: the TEE; null where it has none. */
  readonly tee: PartId | null;
  /** What it needs besides. */
  readonly needs: readonly PartId[];
}

/** The platforms. */
export const PLATFORMS: readonly PlatformRow[] = [
  { variant: "aws-sev-snp", cloud: "aws", tee: "sev_guest", needs: ["tpm"] },
  { variant: "aws-nitro-tpm", cloud: "aws", tee: null, needs: ["tpm"] },
  { variant: "gcp-sev-snp", cloud: "google", tee: "sev_guest", needs: ["tpm", "gce-key"] },
  { variant: "gcp-tdx", cloud: "google", tee: "tdx_guest", needs: [] },
  { variant: "gcp-sev-es", cloud: "google", tee: null, needs: ["tpm", "gce-key"] },
  { variant: "azure-sev-snp", cloud: "azure", tee: "paravisor-snp", needs: ["tpm", "azure-key"] },
  { variant: "azure-tdx", cloud: "azure", tee: "paravisor-tdx", needs: ["tpm", "azure-key"] },
  {
    variant: "azure-trusted-launch",
    cloud: "azure",
    tee: null,
    needs: ["tpm", "azure-key", "azure-key-certificate"],
  },
  { variant: "openstack", cloud: "openstack", tee: null, needs: ["tpm"] },
  { variant: "sev-snp", cloud: "openstack", tee: "sev_guest", needs: [] },
  { variant: "tdx", cloud: "openstack", tee: "tdx_guest", needs: [] },
  { variant: "qemu-vtpm", cloud: "qemu", tee: null, needs: ["tpm"] },
  { variant: "sev-snp", cloud: "qemu", tee: "sev_guest", needs: [] },
  { variant: "tdx", cloud: "qemu", tee: "tdx_guest", needs: [] },
  { variant: "sev-snp", cloud: "other", tee: "sev_guest", needs: [] },
  { variant: "tdx", cloud: "other", tee: "tdx_guest", needs: [] },
];

/** Parts that only one cloud has. */
export const OF_CLOUD: Readonly<Partial<Record<PartId, CloudId>>> = {
  "gce-key": "google",
  "paravisor-snp": "azure",
  "paravisor-tdx": "azure",
};

/**
 * The parts that a machine shows.
 *
 * @param probe What was seen.
 */
export function partsOf({ provider, devices, hasTpm, tpm }: PlatformProbe): readonly PartId[] {
  const nv = tpm?.nv ?? [];
  const both = (first: number, second: number): boolean =>
    nv.includes(first) && nv.includes(second);
  const shown: readonly (readonly [PartId, boolean])[] = [
    ["sev_guest", provider === "sev_guest" || devices.includes("sev_guest")],
    ["tdx_guest", provider === "tdx_guest" || devices.includes("tdx_guest")],
    ["tpm", hasTpm],
    ["gce-key", both(0x01c10000, 0x01c10001) || both(0x01c10002, 0x01c10003)],
    ["azure-key", tpm?.persistent.includes(0x81000003) ?? false],
    ["azure-key-certificate", nv.includes(0x01c101d0)],
    ["paravisor-snp", tpm?.paravisor === "snp"],
    ["paravisor-tdx", tpm?.paravisor === "tdx"],
  ];
  return shown.filter(([, there]) => there).map(([part]) => part);
}
