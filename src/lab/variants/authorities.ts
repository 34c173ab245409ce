/**
 * The lab's authorities for evidence of variants, each made when it is first needed.
 *
 * @module
 */

import { type AwsAuthority, createAwsAuthority } from "../aws/mod.ts";
import { createEndorsementAuthority, type EndorsementAuthority } from "../gce_endorsement/mod.ts";
import { type AmdAuthority, createAmdAuthority } from "../snp/mod.ts";
import { createIntelAuthority, type IntelAuthority } from "../tdx/mod.ts";
import { createTpmAuthority, type TpmAuthority } from "../tpm/mod.ts";

/** Who issues evidence of variants. */
export interface LabAuthorities {
  /** In AMD's place. */
  readonly amd: () => Promise<AmdAuthority>;
  /** In Intel's place. */
  readonly intel: () => Promise<IntelAuthority>;
  /** In the place of who certifies attestation keys. */
  readonly tpm: () => Promise<TpmAuthority>;
  /** In AWS's place. */
  readonly aws: () => Promise<AwsAuthority>;
  /** In the place of who endorses Google's firmware. */
  readonly firmware: () => Promise<EndorsementAuthority>;
}

/**
 * Authorities that are made when they are first needed; AMD's keys take seconds.
 *
 * @param now Moment from which their certificates hold.
 * @param given Authorities that there are already.
 */
export function labAuthorities(
  now: Date,
  given: { readonly amd?: AmdAuthority; readonly intel?: IntelAuthority } = {},
): LabAuthorities {
  const { amd, intel } = given;
  return {
    amd: once(async () => amd ?? await createAmdAuthority({ line: "Genoa", now })),
    intel: once(async () => intel ?? await createIntelAuthority({ now })),
    tpm: once(() => createTpmAuthority({ now })),
    aws: once(() => createAwsAuthority(now)),
    firmware: once(() => createEndorsementAuthority({ now })),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= make();
}
