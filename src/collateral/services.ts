/**
 * Who hands collateral out, and where. Nothing else is ever asked.
 *
 * @module
 */

import type { CollateralService } from "../evidence/collateral.ts";

/** One service. */
export interface Service {
  /** Scheme and host; paths of items go behind it. */
  readonly base: string;
  /** Name for a person. */
  readonly title: string;
  /** How fast it may be asked: so many at once, then one in so many ms; null where nothing is known. */
  readonly pace: { readonly burst: number; readonly interval: number } | null;
}

/** The services, by name. */
export const SERVICES: Readonly<Record<CollateralService, Service>> = {
  // AMD, "Versioned Chip Endorsement Key (VCEK) Certificate and KDS Interface Specification", publication 57230, chapter 4.
  // AMD states no rate. Users of other verifiers report 429 after about five requests in ten minutes, and one VCEK in ten seconds per address.
  "amd-kds": {
    base: "https://kdsintf.amd.com",
    title: "AMD KDS",
    pace: { burst: 4, interval: 10_000 },
  },
  // Intel, "Provisioning Certification Service API Documentation", version 4.
  "intel-pcs": { base: "https://api.trustedservices.intel.com", title: "Intel PCS", pace: null },
  // The same, "Intel SGX Root CA CRL"; the certificates name it as the place of that list.
  "intel-certificates": {
    base: "https://certificates.trustedservices.intel.com",
    title: "Intel's root CA",
    pace: null,
  },
  // Microsoft, "Azure Instance Metadata Service": plain HTTP on a link-local address that ends in the host.
  "azure-thim": { base: "http://169.254.169.254", title: "Azure THIM", pace: null },
};
