/**
 * Attacks on the owner's word where the defence against each is switched off:
 * all of them succeed then. `deno task attacks` runs this.
 *
 * @module
 */

import assert from "node:assert/strict";
import { NAMES } from "./manifest.ts";
import { weaken, type Weakening } from "./weaken.ts";

const LINK = "src/manifest/link.ts";
const CHAIN = "src/manifest/chain.ts";

/** The attack, and what is switched off. */
const CASES: Readonly<Record<string, Weakening>> = {
  "own-cluster": {
    file: LINK,
    find: "if (actual !== clusterId) {",
    replace: "if (false) {",
  },
  "changed-first": {
    file: LINK,
    find: "if (!await isSignedBy(envelope, owner)) throw unsigned(1, owner);",
    replace: "",
  },
  "own-next": {
    file: LINK,
    find: "if (await isSignedBy(envelope, last.owner)) return;",
    replace: "return;",
  },
  "other-history": {
    file: LINK,
    find: "if (manifest.previous !== last.digest) {",
    replace: "if (false) {",
  },
  "rollback": { file: CHAIN, find: "if (this.sequence < lowest) {", replace: "if (false) {" },
  "fork": {
    file: CHAIN,
    find: "if (digest !== seen.digest) throw forked(seen.sequence, seen.digest, digest);",
    replace: "",
  },
  "expired": {
    file: CHAIN,
    find: "if (now.getTime() > Date.parse(notAfter)) {",
    replace: "if (false) {",
  },
  "promotion": {
    file: LINK,
    find: '(kindOf(next) === kindOf(last) ? undefined : "labRoots")',
    replace: "undefined",
  },
  "one-custodian": {
    file: LINK,
    find: "if (signers.length < custodians.threshold) {",
    replace: "if (false) {",
  },
  "greedy-custodians": {
    file: LINK,
    find: "if (equal(same, canonicalManifest(next))) return;",
    replace: "return;",
  },
  "foreign-ticket": {
    file: "src/manifest/ticket.ts",
    find: 'if (ticket.clusterId !== chain.clusterId) return "it is of another cluster";',
    replace: "",
  },
  "lab-in-earnest": {
    file: "src/services/attest/lab_roots.ts",
    find: "if (labRoots === null) return [];",
    replace: "if (labRoots === null) return files.flatMap(certificatesIn);",
  },
  "foreign-node": {
    file: "src/services/attest/appraiser.ts",
    find: "nonce: question.nonce, clusterId }",
    replace: "nonce: question.nonce }",
  },
};

for (const [name, weakening] of Object.entries(CASES)) {
  Deno.test(`${name} succeeds where its defence is gone`, async () => {
    await using weakened = await weaken([weakening]);
    const said = await weakened.run("tests/attacks/manifest.ts", name);
    assert.equal(said.trim(), "succeeded");
  });
}

Deno.test("every attack on the owner's word succeeds somewhere", () => {
  assert.deepEqual(Object.keys(CASES), [...NAMES]);
});
