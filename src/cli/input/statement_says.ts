/**
 * What the members of a statement are, for a person (protocol §2).
 *
 * @module
 */

import type { Statement } from "../../evidence/statement/statement.ts";

/** Members in the order in which they are shown, but for the version. */
export const STATEMENT_SAYS: readonly (readonly [keyof Statement, string])[] = [
  ["purpose", "what it was made for"],
  ["variant", "platform"],
  ["audience", "for whom: digest of the peer's statement, a random id, or a batch"],
  ["requestDigest", "request that it came with"],
  ["clusterId", "cluster"],
  ["manifestDigest", "manifest under which it was admitted"],
  ["manifestSequence", "its sequence"],
  ["role", "role that it was admitted to"],
  ["nodeName", "name that it was given"],
  ["phase", "how far the boot has come"],
  ["bootId", "this boot"],
  ["tlsSpki", "TLS key, SubjectPublicKeyInfo"],
  ["hpkeKey", "key for HPKE, X25519"],
  ["logHead", "newest log head that it knows"],
];
