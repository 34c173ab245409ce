/**
 * What is to be said of a policy.
 *
 * @module
 */

/** Something to say of a policy. */
export interface Remark {
  /** `error`: it cannot be used; `warning`: it is hardly meant so; `note`: it is worth knowing. */
  readonly level: "error" | "warning" | "note";
  /** Which remark it is: a code of errors, else words with hyphens, as `no-end`. */
  readonly code: string;
  /** Key of the policy, dotted; empty for the document. */
  readonly key: string;
  /** The remark, one sentence without full stop. */
  readonly says: string;
}
