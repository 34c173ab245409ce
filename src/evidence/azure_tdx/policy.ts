/**
 * The `azure-tdx` section of a policy.
 *
 * @module
 */

import { type Decoder, object, optional } from "../../core/decode.ts";
import { type TdxPolicy, tdxPolicy } from "../tdx/policy.ts";
import { type TpmPolicy, tpmPolicy } from "../tpm/policy.ts";

/** What an appraisal demands. */
export interface AzureTdxPolicy {
  /** Of Intel's quote, which is of the paravisor. */
  readonly tee: TdxPolicy;
  /** Of the paravisor's TPM, which says what runs. */
  readonly vtpm: TpmPolicy;
}

/** Reads the section; defaults are the strict ones of the technologies. */
export const azureTdxPolicy: Decoder<AzureTdxPolicy> = object<AzureTdxPolicy>({
  tee: optional(
    tdxPolicy,
    tdxPolicy.decode({}, "tee"),
    "What Intel's quote must show of the paravisor; `mrTd` says which it may be",
  ),
  vtpm: optional(
    tpmPolicy,
    tpmPolicy.decode({}, "vtpm"),
    "What the quote of the paravisor's TPM, its registers and the event log must show",
  ),
});
