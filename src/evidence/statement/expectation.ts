/**
 * What a caller expects of a statement.
 *
 * @module
 */

import type { Purpose } from "./statement.ts";

/** What a statement must say; what is absent is shown and not judged, but for purpose and request. Byte values are hex. */
export interface StatementExpectation {
  /** What it was asked for; absent means `serve`. */
  readonly purpose?: Purpose;
  /** For whom: 32 bytes. */
  readonly audience?: string;
  /** SHA-256 of the request's body without the evidence; absent means that there is none. */
  readonly requestDigest?: string;
  /** The cluster that the node must belong to, 32 bytes. */
  readonly clusterId?: string;
  /** SHA-256 of the manifest under which it must have been admitted. */
  readonly manifestDigest?: string;
  /** Its role. */
  readonly role?: string;
  /** Its name. */
  readonly nodeName?: string;
  /** The TLS key in use: SubjectPublicKeyInfo, DER. */
  readonly tlsSpki?: string;
}
