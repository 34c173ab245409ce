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

Deno.test("every function that calls H is tested here", async () => {
  // Whoever uses H in another file adds its fields above.
  const users: string[] = [];
  for await (const path of sources(new URL("../../src/", import.meta.url))) {
    const source = await Deno.readTextFile(path);
    if (/\blabelledHash\(/.test(source)) users.push(path.pathname.replace(/^.*\/src\//, ""));
  }
  assert.deepEqual(users.sort(), [
    "core/labelled_hash.ts",
    "evidence/statement/binding.ts",
    "verifier/digests.ts",
  ]);
});

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts") && !name.endsWith("_test.ts")) yield new URL(name, folder);
  }
}
