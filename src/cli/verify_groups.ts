/**
 * Headings under which `--help` of a verification sets its flags.
 *
 * @module
 */

/** What was fetched from the machine that is to prove itself. */
export const EVIDENCE_GROUP = "Evidence:";

/** What vendors publish; a verifier's own goes before what an envelope brings. */
export const ENDORSEMENT_GROUP = "Endorsements and roots, which go before those in the envelope:";

/** What the evidence must answer. */
export const QUESTION_GROUP = "Question:";

/** What the node must have stated of itself. */
export const STATEMENT_GROUP = "What the statement must say:";

/** What is enough. */
export const POLICY_GROUP = "Policy:";
