import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bindingOf,
  qualifyingDataOf,
  reportDataOf,
  runtimeRegisterOf,
  type Statement,
} from "../../mod.ts";
import { concat, fromHex, toHex } from "../../src/core/bytes.ts";
import { labelledHash, listField } from "../../src/core/labelled_hash.ts";
import { digestsOf } from "../../src/verifier/digests.ts";
import { batchNonce, makeBatch } from "../../src/channel/batch.ts";
import { clusterIdOf } from "../../src/manifest/cluster_id.ts";
import { OF_MEMBER } from "../statements.ts";

const RUNS = { numRuns: 200, seed: 0xb0 };
const LABEL = "casemate/test/v1";
const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });

/** A use of H with two neighbouring fields. */
type Use = (before: Uint8Array, after: Uint8Array) => Uint8Array;

const BINDING = new Uint8Array(64).fill(7);

/** Every pair of neighbouring fields in the hashes of the protocol that this program computes. */
const USES: Readonly<Record<string, Use>> = {
  "binding: nonce and statement": bindingOf,
  "report data: AK Name and binding": (name, binding) => reportDataOf(binding, name),
  "quote: binding and digest of the report": (binding, digest) =>
    labelledHash("sha256", "casemate/quote/v1", binding, digest),
  "phase member: role and name": (role, name) =>
    ofPhase({ role: toHex(role), nodeName: toHex(name) }),
  "phase member: SHA-384": (role, name) =>
    runtimeRegisterOf("sha384", { ...OF_MEMBER, role: toHex(role), nodeName: toHex(name) }),
  "two fields of SHA-256": (a, b) => labelledHash("sha256", LABEL, a, b),
  "two fields of SHA-384": (a, b) => labelledHash("sha384", LABEL, a, b),
  "two fields of SHA-512": (a, b) => labelledHash("sha512", LABEL, a, b),
  "label and first field": (label, field) => labelledHash("sha256", toHex(label), field),
  "two fields among others": (a, b) => labelledHash("sha256", LABEL, BINDING, a, b, BINDING),
  "two items of a list": (a, b) => labelledHash("sha256", LABEL, listField([a, b])),
  "digest of evidence: statement and file": (a, b) => evidenceDigest(a, { report: b }),
  "digest of evidence: two files of a role": (a, b) => evidenceDigest(BINDING, { crls: [a, b] }),
  "digest of evidence: two roles": (a, b) => evidenceDigest(BINDING, { leaf: a, report: b }),
  "a list and the field behind it": (a, b) => labelledHash("sha256", LABEL, listField([a]), b),
};

/** Digest of evidence, in a result. */
function evidenceDigest(
  statement: Uint8Array,
  files: Readonly<Record<string, unknown>>,
): Uint8Array {
  const inputs = { variant: "tpm", statement, files, policy: undefined, reference: undefined };
  return fromHex(digestsOf(inputs).evidence);
}

function ofPhase(change: Partial<Statement>): Uint8Array {
  return runtimeRegisterOf("sha256", { ...OF_MEMBER, ...change });
}

Deno.test("moving bytes across a boundary of fields changes every hash", () => {
  for (const [name, hash] of Object.entries(USES)) {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.nat(),
        fc.nat(),
        (all, i, j) => {
          const [at, other] = [i % (all.length + 1), j % (all.length + 1)];
          const split = (place: number): string =>
            toHex(hash(all.subarray(0, place), all.subarray(place)));
          assert.equal(split(at) === split(other), at === other, name);
        },
      ),
      RUNS,
    );
  }
});

Deno.test("each split of the same bytes over three fields has its own hash", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (all) => {
      const seen = new Set<string>();
      for (let first = 0; first <= all.length; first++) {
        for (let second = first; second <= all.length; second++) {
          const fields = [
            all.subarray(0, first),
            all.subarray(first, second),
            all.subarray(second),
          ];
          seen.add(toHex(labelledHash("sha256", LABEL, ...fields)));
          seen.add(toHex(labelledHash("sha256", LABEL, listField(fields))));
        }
      }
      assert.equal(seen.size, (all.length + 1) * (all.length + 2));
    }),
    { ...RUNS, numRuns: 20 },
  );
});

Deno.test("an empty field is one more field, and an absent report no empty one", () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const none = new Uint8Array();
      const hashes = [
        labelledHash("sha256", LABEL, a, b),
        labelledHash("sha256", LABEL, a, none, b),
        labelledHash("sha256", LABEL, none, a, b),
        labelledHash("sha256", LABEL, a, b, none),
        labelledHash("sha256", LABEL, concat(a, b), none, none, none),
      ];
      assert.equal(new Set(hashes.map(toHex)).size, hashes.length);
      assert.notDeepEqual(qualifyingDataOf(a, null), qualifyingDataOf(a, none));
    }),
    RUNS,
  );
});

Deno.test("hashes for different uses differ over the same fields", () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const same = [
        bindingOf(a, b),
        reportDataOf(b, a),
        labelledHash("sha512", "casemate/quote/v1", a, b),
      ];
      assert.equal(new Set(same.map(toHex)).size, same.length);
    }),
    RUNS,
  );
});

/** Files whose fields may have any size: each use stands above. */
const TESTED_HERE = [
  "core/labelled_hash.ts",
  "evidence/statement/binding.ts",
  "verifier/digests.ts",
];

/** Files in which no byte can move, and why. */
const OF_ONE_SIZE: Readonly<Record<string, string>> = {
  "channel/batch.ts": "nonce, audience and hashes have 32 bytes or are refused",
  "channel/hpke.ts":
    "the purpose is one of a list; nonces and digests have 32 bytes or are refused",
  "cluster/init.ts":
    "the owner's own note: an id and a root of 32 bytes, which no other party gives",
  "keys/master_secret.ts": "id, secret and salt have 32 bytes in the file's form",
  "manifest/cluster_id.ts": "the last field has 32 bytes or is refused",
  "services/attest/appraiser.ts": "the variant is one of a list",
};

Deno.test("every file that calls H is known here, with what keeps its fields apart", async () => {
  // Whoever uses H in another file adds its fields above, or why none of them can be longer or shorter.
  const users: string[] = [];
  for await (const path of sources(new URL("../../src/", import.meta.url))) {
    const source = await Deno.readTextFile(path);
    if (/\blabelledHash\(/.test(source)) users.push(path.pathname.replace(/^.*\/src\//, ""));
  }
  assert.deepEqual(users.sort(), [...TESTED_HERE, ...Object.keys(OF_ONE_SIZE)].sort());
});

Deno.test("fields that are of one size are refused in another", () => {
  const other = [new Uint8Array(31), new Uint8Array(33), new Uint8Array()];
  const right = new Uint8Array(32);
  for (const wrong of other) {
    assert.throws(() => clusterIdOf("cluster", right, wrong), RangeError);
    assert.throws(() => makeBatch([{ nonce: wrong, audience: toHex(right) }]), RangeError);
    assert.throws(() => makeBatch([{ nonce: right, audience: toHex(wrong) }]), RangeError);
    const step = { hash: toHex(wrong), left: true };
    const question = { nonce: right, audience: toHex(right) };
    assert.throws(() => batchNonce(question, [step]), { code: "channel.batch" });
  }
});

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts") && !name.endsWith("_test.ts")) yield new URL(name, folder);
  }
}
