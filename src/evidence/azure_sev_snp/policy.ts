/**
 * The `azure-sev-snp` section of a policy.
 *
 * @module
 */

import { DecodeError, type Decoder, object, optional, refined } from "../../core/decode.ts";
import { type SnpPolicy, snpPolicy } from "../snp/policy.ts";
import { type TpmPolicy, tpmPolicy } from "../tpm/policy.ts";

/** What an appraisal demands. */
export interface AzureSevSnpPolicy {
  /** Of AMD's report, which is of the paravisor. */
  readonly tee: SnpPolicy;
  /** Of the paravisor's TPM, which says what runs. */
  readonly vtpm: TpmPolicy;
}

const section: Decoder<AzureSevSnpPolicy> = object<AzureSevSnpPolicy>({
  tee: optional(
    snpPolicy,
    snpPolicy.decode({}, "tee"),
    "What AMD's report must show of the paravisor; `idKeyDigests` says whose it may be",
  ),
  vtpm: optional(
    tpmPolicy,
    tpmPolicy.decode({}, "vtpm"),
    "What the quote of the paravisor's TPM, its registers and the event log must show",
  ),
});

/** Reads the section; defaults are the strict ones of the technologies. */
export const azureSevSnpPolicy: Decoder<AzureSevSnpPolicy> = refined(section, refuseNobody);

/** ID_KEY_DIGEST where nobody signed: whoever launches a guest can have that. */
const NOBODY = "00".repeat(48);

function refuseNobody({ tee }: AzureSevSnpPolicy, path: string): void {
  if (tee.idKeyDigests?.includes(NOBODY) !== true) return;
  throw new DecodeError(
    `${path === "" ? "" : `${path}.`}tee.idKeyDigests`,
    "value",
    "names the digest of no key, which a paravisor that nobody signed has",
  );
}
