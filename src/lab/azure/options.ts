/**
 * What evidence of Azure's confidential VMs is minted by.
 *
 * @module
 */

import type { Statement } from "../../evidence/statement/statement.ts";
import type { Bend } from "../bend.ts";
import { generateLabKey, type LabKey } from "../lab_key.ts";
import type { MintSnpOptions, SnpBends } from "../snp/snp.ts";
import type { MintTdxOptions, TdxBends } from "../tdx/options.ts";
import type { TdReportFields } from "../tdx/quote_body.ts";
import type { BootOptions } from "../tpm/boot.ts";
import type { MintTpmOptions, TpmBends } from "../tpm/options.ts";
import type { HclDescription } from "./hcl_report.ts";
import type { ParavisorKeys, RuntimeDescription } from "./runtime_data.ts";

/** Changes to what the paravisor says. */
export interface ParavisorBends {
  /** Changes to the runtime data before anything is bound to them. */
  readonly runtime?: Bend<RuntimeDescription>;
  /** Change to their text before anything is bound to them. */
  readonly runtimeText?: (text: string) => string;
  /** Change to what the hardware is asked to report. */
  readonly reportData?: (reportData: Uint8Array) => Uint8Array;
  /** Changes to the HCL report; the hardware has signed, and the quote names what comes of it. */
  readonly hcl?: Bend<HclDescription>;
  /** Change to the HCL report that is given, after the quote named another. */
  readonly hclGiven?: Bend<HclDescription>;
  /** Change to the phase that PCR 15 holds. */
  readonly phase?: Bend<Statement>;
  /** Changes to the quote and its registers. */
  readonly tpm?: TpmBends;
}

/** What evidence of either TEE is minted by; all but time and nonce has a default. */
export interface ParavisorOptions {
  /** Moment of issue of everything below the authority. */
  readonly now: Date;
  /** Nonce of the verifier, 32 bytes. */
  readonly nonce: Uint8Array;
  /** Statement that the evidence is bound to; default none, and the quote answers the nonce alone. */
  readonly statement?: Statement;
  /** User data in the runtime data, 64 bytes; default the binding, or zeros for `serve` and without a statement. */
  readonly userData?: Uint8Array;
  /** The boot. */
  readonly boot?: BootOptions;
  /** Keys of the paravisor's TPM; default new ones. */
  readonly keys?: ParavisorKeys;
  /** Key that signs the quote in place of the attestation key. */
  readonly quoteKey?: LabKey;
  /** Format of the log, banks and registers that are quoted. */
  readonly tpm?: Pick<MintTpmOptions, "log" | "banks" | "selection">;
}

/** What evidence of SEV-SNP on Azure is minted by. */
export interface MintAzureSnpOptions extends ParavisorOptions {
  /** Report and leaf. */
  readonly snp?: Omit<MintSnpOptions, "now" | "reportData" | "bends">;
  /** Changes. */
  readonly bends?: ParavisorBends & { readonly snp?: SnpBends };
}

/** What evidence of TDX on Azure is minted by. */
export interface MintAzureTdxOptions extends ParavisorOptions {
  /** Quote and collateral. */
  readonly tdx?: Omit<MintTdxOptions, "now" | "reportData" | "bends">;
  /** Changes; `tdReport` to the TD report in the HCL report alone. */
  readonly bends?: ParavisorBends & {
    readonly tdx?: TdxBends;
    readonly tdReport?: Bend<TdReportFields>;
  };
}

/**
 * Keys of a paravisor's TPM: those given, or new ones.
 *
 * @param given What was given.
 */
export async function paravisorKeys(given: ParavisorKeys | undefined): Promise<ParavisorKeys> {
  if (given !== undefined) return given;
  const [ak, ek] = await Promise.all([generateLabKey("RSA-2048"), generateLabKey("RSA-2048")]);
  return { ak, ek };
}
