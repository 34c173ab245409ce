/**
 * Evidence of variants that are a TPM and nothing else, whose key nobody
 * certifies: who knows it does so by enrolment.
 *
 * @module
 */

import type { Issuer } from "../device/issuer.ts";
import { needed } from "../device/refused.ts";
import { qualifyingDataOf } from "../statement/binding.ts";
import type { VariantId } from "../variants/facts.ts";
import { withAttestationKey } from "./issue.ts";
import { quoteOfNode } from "./node_quote.ts";

/**
 * Who collects evidence of such a variant. The key is made of a template of this
 * program's, so that it is the same until the TPM's seed changes.
 *
 * @param variant The variant.
 */
export function bareTpmIssuer(variant: VariantId): Issuer {
  return {
    variant,
    issue: async (devices, { binding }) => {
      const tpm = needed(devices.tpm, variant, "TPM");
      const key = { kind: "template", name: "ecc" } as const;
      return await withAttestationKey(
        tpm,
        key,
        (made) => quoteOfNode(tpm, made, qualifyingDataOf(binding, null), devices),
      );
    },
  };
}
