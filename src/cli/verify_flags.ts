/**
 * Flags that every technology's `verify` has, by name without dashes.
 *
 * @module
 */

import type { StatementExpectation } from "../evidence/statement/expectation.ts";
import { PURPOSES } from "../evidence/statement/statement.ts";

/** Moment for which to judge. */
export const AT_FLAG = "at";

/** How much is examined. */
export const PROFILE_FLAG = "profile";

/** Which engine verifies. */
export const ENGINE_FLAG = "engine";

/** Form of the answer. */
export const OUTPUT_FLAG = "output";

/** Policy file. */
export const POLICY_FLAG = "policy";

/** Root of a lab; giving it asks for lab evidence. */
export const LAB_ROOT_FLAG = "lab-root";

/** Nonce that the evidence must answer. */
export const NONCE_FLAG = "nonce";

/** Report data that the evidence must hold. */
export const REPORT_DATA_FLAG = "report-data";

/** No question is asked. */
export const NO_FRESHNESS_FLAG = "no-freshness";

/** Reference values, in a file apart from the policy. */
export const REFERENCE_FLAG = "reference";

/** Key of the owner, who signs reference values and bundles of collateral. */
export const OWNER_KEY_FLAG = "owner-key";

/** Variant that an envelope must be of. */
export const VARIANT_FLAG = "variant";

/** Statement that the evidence is bound to. */
export const STATEMENT_FLAG = "statement";

/** Where an audit bundle is written. */
export const AUDIT_FLAG = "audit";

/** Where a page about the result is written. */
export const HTML_FLAG = "html";

/** A flag that says what a statement must say. */
export interface StatementFlag {
  /** Name without dashes. */
  readonly flag: string;
  /** Key of the expectation. */
  readonly key: keyof StatementExpectation;
  /** How the value is written. */
  readonly value: string;
  /** What it does, for `--help`. */
  readonly says: string;
  /** Words that it can be; absent where it can be others. */
  readonly words?: readonly string[];
}

/** What a statement must say. */
export const STATEMENT_FLAGS: readonly StatementFlag[] = [
  {
    flag: "purpose",
    key: "purpose",
    value: "PURPOSE",
    says: "what the evidence was asked for, default serve",
    words: PURPOSES,
  },
  { flag: "audience", key: "audience", value: "HEX", says: "for whom it was asked, 32 bytes" },
  {
    flag: "request-digest",
    key: "requestDigest",
    value: "HEX",
    says: "SHA-256 of the request that it came with",
  },
  { flag: "cluster-id", key: "clusterId", value: "HEX", says: "the cluster that the node is of" },
  {
    flag: "manifest-digest",
    key: "manifestDigest",
    value: "HEX",
    says: "SHA-256 of the manifest under which it was admitted",
  },
  { flag: "role", key: "role", value: "ROLE", says: "the node's role" },
  { flag: "node-name", key: "nodeName", value: "NAME", says: "the node's name" },
  {
    flag: "tls-key",
    key: "tlsSpki",
    value: "HEX",
    says: "the TLS key in use: SubjectPublicKeyInfo, DER",
  },
];
