/**
 * What a policy can demand of an instance: keys that the variants of AWS have in their sections.
 *
 * @module
 */

import { type Key, list, optional, text } from "../../core/decode.ts";
import { fixes, pins } from "../../core/direction.ts";

/** What an appraisal demands of the instance. Null stands for "not pinned". */
export interface InstancePolicy {
  /** The account that it must belong to, 12 digits. */
  readonly account: string | null;
  /** Regions that it may be in. */
  readonly regions: readonly string[] | null;
  /** AWS's RSA-2048 certificate of the region, PEM: it is believed as it is, and no other is. */
  readonly identityCertificate: string | null;
}

/** Key of the section with which identity documents are verified. */
export const IDENTITY_KEY = "identityCertificate";

/** Most regions; AWS has fewer than 50. */
const MAX_REGIONS = 64;

/** The keys. */
export const INSTANCE_KEYS: { readonly [K in keyof InstancePolicy]: Key<InstancePolicy[K]> } = {
  account: optional(
    text("[0-9]{12}", "an account of AWS, 12 digits"),
    null,
    "The account that the instance must belong to, by its identity document",
    fixes(),
  ),
  regions: optional(
    list(text("[a-z]{2,}(?:-[a-z0-9]+)+", "a region as eu-central-1"), MAX_REGIONS),
    null,
    "Regions that the instance may be in, by its identity document",
    pins(),
  ),
  [IDENTITY_KEY]: optional(
    text(
      "\\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\s]{1,4000}-----END CERTIFICATE-----\\s*",
      "one certificate in PEM",
    ),
    null,
    "AWS's RSA-2048 certificate of the region, PEM, by which identity documents are verified",
    fixes(),
  ),
};
