/**
 * The lab's authorities in AWS's place: Nitro, a region, and AMD with the keys
 * that it gives to a provider.
 *
 * @module
 */

import type { LabCa } from "../ca.ts";
import { createNitroAuthority, type NitroAuthority } from "../nitro/mod.ts";
import { type AmdAuthority, createAmdAuthority } from "../snp/mod.ts";
import { createRegion } from "./region.ts";

/** Authorities of instances without a TEE. */
export interface AwsAuthority {
  /** Who signs attestation documents. */
  readonly nitro: NitroAuthority;
  /** Who signs identity documents. */
  readonly region: LabCa;
}

/** Authorities of instances with SEV-SNP. */
export interface AwsSnpAuthority extends AwsAuthority {
  /** Who signs reports. */
  readonly amd: AmdAuthority;
}

/**
 * Makes the authorities of instances without a TEE.
 *
 * @param now Moment from which their certificates hold.
 */
export async function createAwsAuthority(now: Date): Promise<AwsAuthority> {
  return { nitro: await createNitroAuthority({ now }), region: await createRegion(now) };
}

/**
 * Makes the authorities of instances with SEV-SNP.
 *
 * @param now Moment from which their certificates hold.
 * @param amd Who signs reports; default a new authority of Genoa, whose keys take seconds.
 */
export async function createAwsSnpAuthority(
  now: Date,
  amd?: AmdAuthority,
): Promise<AwsSnpAuthority> {
  return {
    ...await createAwsAuthority(now),
    amd: amd ?? await createAmdAuthority({ line: "Genoa", now }),
  };
}
