/**
 * All technologies that can be verified. A new one is one line here.
 *
 * @module
 */

import { awsNitroTpm } from "./aws_nitro_tpm/mod.ts";
import { awsSevSnp } from "./aws_sev_snp/mod.ts";
import { azureSevSnp } from "./azure_sev_snp/mod.ts";
import { azureTdx } from "./azure_tdx/mod.ts";
import { azureTrustedLaunch } from "./azure_trusted_launch/mod.ts";
import { gcpSevEs } from "./gcp_sev_es/mod.ts";
import { gcpSevSnp } from "./gcp_sev_snp/mod.ts";
import { gcpTdx } from "./gcp_tdx/mod.ts";
import { nitroEnclave } from "./nitro/mod.ts";
import { openstack } from "./openstack/mod.ts";
import { qemuVtpm } from "./qemu_vtpm/mod.ts";
import { sevSnp } from "./snp/mod.ts";
import { tdx } from "./tdx/mod.ts";
import { tpm } from "./tpm/mod.ts";

/** The technologies, in the order in which they are shown. */
export const technologies: readonly [
  typeof sevSnp,
  typeof tdx,
  typeof tpm,
  typeof nitroEnclave,
  typeof gcpTdx,
  typeof awsSevSnp,
  typeof gcpSevSnp,
  typeof azureSevSnp,
  typeof azureTdx,
  typeof awsNitroTpm,
  typeof azureTrustedLaunch,
  typeof gcpSevEs,
  typeof qemuVtpm,
  typeof openstack,
] = [
  sevSnp,
  tdx,
  tpm,
  nitroEnclave,
  gcpTdx,
  awsSevSnp,
  gcpSevSnp,
  azureSevSnp,
  azureTdx,
  awsNitroTpm,
  azureTrustedLaunch,
  gcpSevEs,
  qemuVtpm,
  openstack,
];

/** Ids of the technologies. */
export type TechnologyId = (typeof technologies)[number]["id"];
