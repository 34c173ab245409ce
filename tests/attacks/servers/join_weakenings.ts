/**
 * Defences of an agent that joins, each switched off alone, or together with
 * those that stand behind it.
 *
 * @module
 */

import type { Weakening } from "../weaken.ts";

/** What is switched off, and in words. */
export interface Without {
  /** In words. */
  readonly without: string;
  /** How. */
  readonly weakenings: readonly Weakening[];
  /** What comes of the attack then; absent where it succeeds. */
  readonly then?: string;
}

const CALLS = "src/node/channel_calls.ts";
const CHECK = "src/node/server_check.ts";
const CHAIN = "src/manifest/chain.ts";
const LINK = "src/manifest/link.ts";
const JUDGED = "src/evidence/statement/appraise.ts";
const CLIENT = "src/channel/client.ts";
const NETWORK = "src/hosts/channel/client.ts";

function off(file: string, find: string, replace = ""): Weakening {
  return { file, find, replace };
}

/** The TEE's report and the TPM's quote are bound to the statement each: one alone would still refuse. */
export const QUESTION: Without = {
  without: "neither report nor quote need answer the question",
  weakenings: [
    off("src/evidence/judgement.ts", "holds: equal(wanted, given),", "holds: true,"),
    off("src/evidence/tpm/appraise.ts", "holds: equal(wanted, fromHex(actual)),", "holds: true,"),
  ],
};

/** Of a variant that no image is of: the copy holds it against the lab's image all the same. */
export const VARIANT: Without = {
  without: "evidence of a variant that the manifest does not admit may be held against its image",
  weakenings: [
    off(
      "src/services/attest/appraiser.ts",
      '    const policy = policyOf(newest, variant, "");\n' +
        "    throw refusal(await examineWith(parts, question, { ...terms, policy }));",
      `
    const { labImageRegisters } = await import("../../lab/machine/mod.ts");
    const section = { project: "casemate-lab", vtpm: { registers: await labImageRegisters() } };
    const policy = { version: 1, admitVariants: [variant], [variant]: section };
    const result = await examineWith(parts, question, { ...terms, policy });
    if (isTrusted(result, terms)) return appraised(question.envelope, result, "");
    throw refusal(result);`,
    ),
  ],
};

/** The evidence must be of a control plane, and its statement is held against the manifest once more. */
export const ROLE: Without = {
  without: "a server's role is not looked at, neither in its evidence nor after it",
  weakenings: [
    off(CALLS, '{ clusterId, role: "control-plane" }', "{ clusterId }"),
    off(
      CHECK,
      'if (role !== "control-plane") throw nodeError("node.server", `its role is ${role}`);',
    ),
  ],
};

/** What the register says. */
export const REGISTER: Without = {
  without: "the register is not held against the phase that is stated",
  weakenings: [off(
    "src/evidence/statement/phase.ts",
    "holds: differing === undefined,",
    "holds: true,",
  )],
};

const FOREIGN: readonly Weakening[] = [
  off(LINK, "if (actual !== clusterId) {", "if (false) {"),
  off(LINK, "if (manifest.clusterId !== clusterId) {", "if (false) {"),
];

/** Behind the chain the evidence names the cluster, and the statement is looked at once more. */
export const CLUSTER: Without = {
  without: "neither chain nor evidence need be of the agent's own cluster",
  weakenings: [
    ...FOREIGN,
    off(
      JUDGED,
      "expected: ({ clusterId }) => clusterId?.toLowerCase(),",
      "expected: () => undefined,",
    ),
    off(CHECK, "if (clusterId !== chain.clusterId) {", "if (false) {"),
  ],
};

/** Another's chain is taken, and the evidence of its control plane is still of another cluster. */
export const LAUNCHED: Without = {
  without: "the chain need not be of the cluster that was launched for, and the evidence must",
  weakenings: FOREIGN,
  then: "statement.cluster_mismatch",
};

/** The id commits to the owner. */
export const OWNER: Without = {
  without: "the cluster's id need not be made of the owner's key",
  weakenings: [off(LINK, "if (actual !== clusterId) {", "if (false) {")],
};

/** Who signs a further manifest. */
export const SIGNATURE: Without = {
  without: "a further manifest need not be signed by the owner",
  weakenings: [off(
    LINK,
    "if (await isSignedBy(envelope, last.owner)) return;",
    "if (envelope !== null) return;",
  )],
};

const SHORT = off(CHAIN, "if (this.sequence < lowest) {", "if (false) {");
const FORKED = off(CHAIN, "if (digest !== seen.digest) throw", "if (false) throw");

/** A chain that is too short lacks the manifest that was seen, which alone makes it another. */
export const SEEN: Without = {
  without: "a chain may be shorter than what was seen, and another",
  weakenings: [SHORT, FORKED],
};

/** Launch data. */
export const MINIMUM: Without = {
  without: "a chain may be shorter than launch data allow",
  weakenings: [SHORT],
};

/** Two manifests of one number. */
export const FORK: Without = {
  without: "a manifest of a known number may be another",
  weakenings: [FORKED],
};

/** The platform's verification has the certificate as its anchor, and the certificate is compared as well. */
export const PIN: Without = {
  without: "the certificate is not compared with the attested one",
  weakenings: [
    off(
      NETWORK,
      '{ ca: [pemOf("CERTIFICATE", leaf)], rejectUnauthorized: true }',
      "{ rejectUnauthorized: false }",
    ),
    off(
      NETWORK,
      'if (leaf !== null && !shows(socket, leaf)) throw pinned(call, "another certificate");',
    ),
  ],
};

/** Whose key the certificate holds. */
export const LEAF: Without = {
  without: "the certificate's key need not be the statement's",
  weakenings: [off(CLIENT, "tlsSpki: toHex(keyOfLeaf(answer.tlsLeaf)),")],
};

/** Sealed answers. */
export const SEALED: Without = {
  without: "an answer need not be sealed",
  weakenings: [off(
    CLIENT,
    'if (type !== SEALED_ANSWER_TYPE) throw noAgent(url, "its answer is not sealed");',
    "if (type !== SEALED_ANSWER_TYPE) return readAnswer(url, answer, answered);",
  )],
};

/** What the request's own secret made cannot be taken away in one place. */
export const NOTHING: Without = { without: "", weakenings: [] };
