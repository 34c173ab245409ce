/**
 * A random signature, and what is known of it from how it was made.
 *
 * @module
 */

import type { Scheme, Signature } from "../primitives.ts";

/** A signature with its verdict. */
export interface RandomCase extends Signature {
  /** Its form. */
  readonly scheme: Scheme;
  /** How it was made. */
  readonly what: string;
  /** Whether it is one. */
  readonly isValid: boolean;
  /**
   * Whether the oracle says so in spite of it: OpenSSL fills up a short number
   * of RSA with zeros, where RFC 8017 §8.1.2 (step 1) refuses its length.
   */
  readonly isValidForOracle?: boolean;
}

/** What the oracle must say of a case. */
export function oracleVerdict({ isValid, isValidForOracle }: RandomCase): boolean {
  return isValidForOracle ?? isValid;
}
