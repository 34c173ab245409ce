/**
 * Defences of owners who initialise and verify, and of nodes that are
 * initialised, each switched off alone, or together with what stands behind it.
 *
 * @module
 */

import * as joining from "./join_weakenings.ts";
import type { Without } from "./join_weakenings.ts";

export { LEAF, PIN, SEEN } from "./join_weakenings.ts";

const REQUESTS = "src/node/owner_requests.ts";
const JUDGED = "src/evidence/statement/appraise.ts";
const CLUSTER_INIT = "src/cluster/init.ts";

/** Beside the nonce the statement names the owner's request, as its audience and as what it is for. */
export const QUESTION: Without = {
  without: "evidence need not answer the owner's request, neither by nonce nor by name",
  weakenings: [
    ...joining.QUESTION.weakenings,
    {
      file: JUDGED,
      find:
        '      audience?.toLowerCase() ?? (statement.audience === "batch" ? NO_BATCH : undefined),',
      replace: "      statement.audience ?? (audience, NO_BATCH),",
    },
    {
      file: JUDGED,
      find: 'expected: ({ requestDigest }) => (requestDigest ?? "").toLowerCase(),',
      replace: "expected: () => undefined,",
    },
  ],
};

/** What the owner announced. */
export const BODY: Without = {
  without: "what is sealed need not be what was announced",
  weakenings: [{
    file: "src/node/init.ts",
    find: "if (actual === request.body) return;",
    replace: "return;",
  }],
};

/** The id commits to the owner. */
export const OWNER: Without = {
  without: "the cluster's id need not be made of who signs",
  weakenings: [{
    file: REQUESTS,
    find: "if (made.includes(clusterId)) return;",
    replace: "return;",
  }],
};

/** The signature. */
export const SIGNATURE: Without = {
  without: "the request's signature is not verified",
  weakenings: [{
    file: REQUESTS,
    find: "await verifyDsse(envelope, OWNER_REQUEST_TYPE, [await ownerOf(request)]);",
    replace: "",
  }],
};

/** The cluster. */
export const CLUSTER: Without = {
  without: "the request need not be of the node's own cluster",
  weakenings: [{
    file: REQUESTS,
    find: "if (clusterId !== this.#clusterId) {",
    replace: "if (false) {",
  }],
};

/** A member makes no such statement any more, and the key that it was sealed to is the one before. */
export const NONCES: Without = {
  without: "nonces are not spent",
  weakenings: [{
    file: "src/channel/nonces.ts",
    find: "if (!this.#spent.spend(nonce.toLowerCase(), cookie.expiry, now)) {",
    replace: "if (false) {",
  }],
  then: "channel.stale_keys",
};

/** Evidence for init. */
export const PHASE: Without = {
  without: "members give evidence for init",
  weakenings: [{
    file: "src/node/attester.ts",
    find: '"init": { door: "open", phases: ["cluster"], owner: true },',
    replace: '"init": { door: "open", phases: ["cluster", "member"], owner: true },',
  }],
};

/** What the owner's machine remembers. */
export const ROOT: Without = {
  without: "the owner's machine does not compare what it began with",
  weakenings: [{
    file: CLUSTER_INIT,
    find: "if (state.init !== null && state.init.rootMark !== rootMark) {",
    replace: "if (false) {",
  }],
};

const ANY_MEMBER = {
  file: CLUSTER_INIT,
  find: "if (!isOurs) {",
  replace: "if (!isOurs && false) {",
};

/** What it was initialised with. */
export const MANIFEST: Without = {
  without: "the manifest of the member is not compared",
  weakenings: [ANY_MEMBER],
};

/** What it was admitted as. */
export const MEMBER: Without = {
  without: "the role of the member is not looked at",
  weakenings: [ANY_MEMBER],
};

/** Behind it stands that the node is a member of another cluster than that owner's, whose manifest refuses its evidence. */
export const SECOND_OWNER: Without = {
  without: "the request need not be of the node's own cluster, which is initialised already",
  weakenings: CLUSTER.weakenings,
  then: "snp.host_data_mismatch",
};

/** Names. */
export const TWINS: Without = {
  without: "two members may have one name",
  weakenings: [{
    file: "src/cluster/verify.ts",
    find: "const members = refuseTwins(asked);",
    replace: "const members = asked;",
  }],
};
