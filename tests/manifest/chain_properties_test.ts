/**
 * Chains of any shape: whatever an attacker makes of signed manifests, what is
 * accepted begins as the owner's history does.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { ManifestChain } from "../../src/manifest/chain.ts";
import { signManifest } from "../../src/manifest/create.ts";
import { first, made, nextOf, NOW, OTHER } from "./owner.ts";

const AT = { now: NOW };
const { clusterId, files, chain } = await made(5);

/** What an attacker has: all of the history, and manifests of their own for each place. */
const POOL: readonly Uint8Array[] = [
  ...files,
  await signManifest(first(), [OTHER]),
  await nextOf(chain, {}, [OTHER]),
  ...await Promise.all(files.map(async (_, at) => {
    const before = await ManifestChain.verify(files.slice(0, at + 1), clusterId, AT);
    return await nextOf(before, { kubernetes: "1.1.1" }, [OTHER]);
  })),
];

Deno.test("of any sequence of manifests only beginnings of the owner's history are accepted", async () => {
  const pick = fc.array(fc.nat({ max: POOL.length - 1 }), { maxLength: 8 });
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(pick, fc.nat({ max: 5 }).map(beginning)), async (picked) => {
      const given = picked.flatMap((at) => POOL[at] ?? []);
      const read = await ManifestChain.verify(given, clusterId, AT).catch(() => null);
      if (read === null) return;
      accepted++;
      assert.equal(read.newestDigest, chain.digestOf(read.sequence));
      const known = new Set(picked.filter((at) => at < files.length));
      assert.equal(known.size, picked.length - repeats(picked));
      assert.equal(read.sequence, known.size);
    }),
    { numRuns: 50 },
  );
  assert.ok(accepted > 10, `${accepted} were accepted`);
});

function beginning(length: number): readonly number[] {
  return Array.from({ length }, (_, at) => at);
}

function repeats(picked: readonly number[]): number {
  return picked.length - new Set(picked).size;
}

Deno.test("a chain grows to the same whether it is told at once or step by step", async () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(cuts, async (unsorted) => {
      let grown = await ManifestChain.verify(files.slice(0, 1), clusterId, AT);
      for (const end of [...unsorted.sort(), 5]) {
        // From anywhere before: what is known already is passed by.
        grown = await grown.extend(files.slice(Math.max(0, grown.sequence - 2), end), {
          ...AT,
          seen: grown.seen,
        });
      }
      assert.deepEqual(grown.seen, chain.seen);
    }),
    { numRuns: 12 },
  );
});
