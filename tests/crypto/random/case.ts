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
}
