/**
 * Chains of manifests: what the cluster's id alone admits, and each attack by its code.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import { signDsse } from "../../src/core/dsse.ts";
import { ManifestChain } from "../../src/manifest/chain.ts";
import { clusterIdOf } from "../../src/manifest/cluster_id.ts";
import { cosignManifest, signManifest } from "../../src/manifest/create.ts";
import { canonicalManifest } from "../../src/manifest/read.ts";
import { MAX_CHAIN_BYTES } from "../../src/protocol/limits.ts";
import { MANIFEST_TYPE, type NodeGroup, TICKET_TYPE } from "../../src/protocol/manifest.ts";
import { readMessage, writeMessage } from "../../src/protocol/message.ts";
import { MANIFEST_ANSWER } from "../../src/protocol/status.ts";
import { refused } from "../refused.ts";
import {
  CUSTODIANS,
  DAY,
  first,
  hexOf,
  INTENT,
  made,
  nextOf,
  NOW,
  OTHER,
  OWNER,
  RANDOM,
  WITH_CUSTODIANS,
} from "./owner.ts";

const AT = { now: NOW };

/** A signature of the owner under what need not be a manifest. */
async function signedAs(text: string, type = MANIFEST_TYPE): Promise<Uint8Array> {
  return await signDsse(type, new TextEncoder().encode(text), [OWNER]);
}

Deno.test("ManifestChain.verify() takes a chain from the cluster's id alone", async () => {
  const { clusterId, files } = await made(3);
  const chain = await ManifestChain.verify(files, clusterId, AT);
  assert.equal(chain.sequence, 3);
  assert.equal(chain.newest.sequence, 3);
  assert.equal(chain.kind, "cluster");
  assert.deepEqual(chain.bytes, files);
  assert.deepEqual(chain.after(2), files.slice(2));
  assert.equal(chain.digestOf(3), chain.newestDigest);
  assert.equal(chain.manifestOf(2)?.previous, chain.digestOf(1));
  assert.equal(chain.digestOf(4), null);
  assert.deepEqual(chain.owners.map(({ id }) => id), [OWNER.publicKey.id]);
});

Deno.test("a cluster's id commits to kind, owner and random bytes", () => {
  const { spki } = OWNER.publicKey;
  const random = RANDOM.bytes(32);
  const id = clusterIdOf("cluster", spki, random);
  assert.equal(id, first().clusterId);
  const others = [
    clusterIdOf("lab-cluster", spki, random),
    clusterIdOf("cluster", OTHER.publicKey.spki, random),
    clusterIdOf("cluster", spki, new Uint8Array(32).fill(1)),
  ];
  assert.equal(new Set([id, ...others]).size, 4);
  assert.throws(() => clusterIdOf("cluster", spki, new Uint8Array(31)), RangeError);
});

Deno.test("ManifestChain.verify() refuses another cluster, another owner, another kind", async () => {
  const { clusterId, files } = await made(1);
  await refused("manifest.cluster", ManifestChain.verify(files, "00".repeat(32), AT));
  await refused("manifest.sequence", ManifestChain.verify([], clusterId, AT));
  const theirs = { ...first(), owner: hexOf(OTHER.publicKey) };
  for (const keys of [[OTHER], [OWNER]]) {
    const file = await signManifest(theirs, keys);
    await refused("manifest.cluster", ManifestChain.verify([file], clusterId, AT));
  }
  const lab = await signManifest({ ...first(), labRoots: ["ab".repeat(32)] }, [OWNER]);
  await refused("manifest.cluster", ManifestChain.verify([lab], clusterId, AT));
  const lies = await signManifest({ ...first(), clusterId: "11".repeat(32) }, [OWNER]);
  await refused("manifest.cluster", ManifestChain.verify([lies], clusterId, AT));
  await refused("manifest.cluster", ManifestChain.verify([lies], "11".repeat(32), AT));
});

Deno.test("ManifestChain.verify() refuses a signature of anybody else, for anything else, over anything else", async () => {
  const { clusterId, files, chain } = await made(1);
  const others = await signManifest(first(), [OTHER]);
  await refused("manifest.signature", ManifestChain.verify([others], clusterId, AT));
  const theirs = await nextOf(chain, {}, [OTHER]);
  await refused("manifest.signature", ManifestChain.verify([...files, theirs], clusterId, AT));
  const text = new TextDecoder().decode(canonicalManifest(first()));
  const ticket = await signedAs(text, TICKET_TYPE);
  await refused("dsse.type", ManifestChain.verify([ticket], clusterId, AT));
  const bent = JSON.parse(new TextDecoder().decode(await signedAs(text)));
  bent.payload = btoa(
    text.replace("my-", "me-"),
  );
  const file = new TextEncoder().encode(JSON.stringify(bent));
  await refused("manifest.signature", ManifestChain.verify([file], clusterId, AT));
});

Deno.test("ManifestChain.verify() refuses gaps, repeats, and what follows something else", async () => {
  const { clusterId, files, chain } = await made(3);
  const [one, two, three] = files;
  assert.ok(one !== undefined && two !== undefined && three !== undefined);
  const cases: readonly (readonly [readonly Uint8Array[], string])[] = [
    [[two, three], "manifest.sequence"],
    [[one, three], "manifest.sequence"],
    [[three, two, one], "manifest.sequence"],
    [
      [one, two, await nextOf(chain, { sequence: 3, previous: "00".repeat(32) })],
      "manifest.previous",
    ],
    [[...files, await nextOf(chain, { random: "00".repeat(32) })], "manifest.cluster"],
    [[...files, await nextOf(chain, { clusterId: "00".repeat(32) })], "manifest.cluster"],
    [[...files, await nextOf(chain, { labRoots: ["00".repeat(32)] })], "manifest.cluster"],
    [[...files, await nextOf(chain, { issued: "2026-11-21T11:59:59Z" })], "manifest.times"],
    [[...files, await nextOf(chain, { notAfter: "2026-11-21T12:00:00Z" })], "manifest.times"],
  ];
  for (const [given, code] of cases) {
    await refused(code, ManifestChain.verify(given, clusterId, AT));
  }
  // One and the same twice says nothing new.
  assert.equal((await ManifestChain.verify([one, one, two], clusterId, AT)).sequence, 2);
});

Deno.test("ManifestChain.verify() tells two manifests of one number as a fork, wherever they meet", async () => {
  const { clusterId, files, chain } = await made(2);
  const before = await ManifestChain.verify(files.slice(0, 1), clusterId, AT);
  const other = await nextOf(before, { kubernetes: "1.34.3" });
  const both = [...files, other];
  const fields = await refused("manifest.fork", ManifestChain.verify(both, clusterId, AT));
  assert.equal(fields["sequence"], "2");
  await refused("manifest.fork", chain.extend([other], AT));
  const [one = new Uint8Array()] = files;
  const history = [one, other];
  await refused(
    "manifest.fork",
    ManifestChain.verify(history, clusterId, { ...AT, seen: chain.seen }),
  );
  const another = await signManifest({ ...first(), kubernetes: "1.34.3" }, [OWNER]);
  await refused("manifest.fork", chain.extend([another], AT));
});

Deno.test("a manifest that nobody could have signed there is no fork", async () => {
  const { clusterId, files, chain } = await made(2);
  const before = await ManifestChain.verify(files.slice(0, 1), clusterId, AT);
  const theirs = await nextOf(before, { kubernetes: "1.34.3" }, [OTHER]);
  await refused("manifest.signature", chain.extend([theirs], AT));
});

Deno.test("ManifestChain.verify() refuses what ends before what was seen", async () => {
  const { clusterId, files, chain } = await made(3);
  const old = files.slice(0, 2);
  await refused(
    "manifest.rollback",
    ManifestChain.verify(old, clusterId, { ...AT, seen: chain.seen }),
  );
  const low = { ...AT, minimumSequence: 3 };
  await refused("manifest.rollback", ManifestChain.verify(old, clusterId, low));
  assert.equal((await ManifestChain.verify(files, clusterId, low)).sequence, 3);
  const seen = { sequence: 2, digest: chain.digestOf(2) ?? "" };
  assert.equal((await ManifestChain.verify(files, clusterId, { ...AT, seen })).sequence, 3);
  assert.equal((await ManifestChain.verify(files, clusterId, { ...AT, seen: null })).sequence, 3);
});

Deno.test("ManifestChain.verify() knows when a manifest counts", async () => {
  const { clusterId, files, chain } = await made(2);
  const at = (ms: number) => new Date(NOW.getTime() + ms);
  const verify = (now: Date) => ManifestChain.verify(files, clusterId, { now });
  await refused("manifest.expired", verify(at(90 * DAY + 1)));
  await refused("manifest.not_yet", verify(at(-5 * 60_000 - 1)));
  assert.equal((await verify(at(90 * DAY))).sequence, 2);
  assert.equal((await verify(at(-5 * 60_000))).sequence, 2);
  assert.throws(() => chain.requireInForce(at(91 * DAY)), { code: "manifest.expired" });
  // What expired can be followed: the owner comes back from a holiday.
  const late = { issued: "2027-03-01T00:00:00Z", notAfter: "2027-06-01T00:00:00Z" };
  const next = await nextOf(chain, late);
  const now = new Date("2027-03-02T00:00:00Z");
  assert.equal((await ManifestChain.verify([...files, next], clusterId, { now })).sequence, 3);
});

Deno.test("the owner's key changes with the signature of the one before, and not with its own", async () => {
  const { clusterId, files, chain } = await made(1);
  const change = { owner: hexOf(OTHER.publicKey) };
  const stolen = await nextOf(chain, change, [OTHER]);
  await refused("manifest.signature", ManifestChain.verify([...files, stolen], clusterId, AT));
  const handed = await chain.extend([await nextOf(chain, change)], AT);
  assert.equal(handed.owner.id, OTHER.publicKey.id);
  assert.deepEqual(handed.owners.map(({ id }) => id), [OWNER.publicKey.id, OTHER.publicKey.id]);
  assert.equal(handed.clusterId, clusterId);
  const after = await handed.extend([await nextOf(handed, {}, [OTHER])], AT);
  assert.equal(after.sequence, 3);
  await refused("manifest.signature", handed.extend([await nextOf(handed, {}, [OWNER])], AT));
});

Deno.test("k custodians replace the owner's key, and fewer do not", async () => {
  const { chain } = await made(1, WITH_CUSTODIANS);
  const [a, b, c] = CUSTODIANS;
  const change = { owner: hexOf(OTHER.publicKey) };
  for (const keys of [[a, b], [c, a], [a, b, c]]) {
    const replaced = await chain.extend([await nextOf(chain, change, keys)], AT);
    assert.equal(replaced.owner.id, OTHER.publicKey.id);
    const after = await replaced.extend([await nextOf(replaced, {}, [OTHER])], AT);
    assert.equal(after.sequence, 3);
    await refused("manifest.signature", replaced.extend([await nextOf(replaced, {}, [OWNER])], AT));
  }
  for (const keys of [[a], [a, a], [b, OTHER]]) {
    await refused("manifest.custodians", chain.extend([await nextOf(chain, change, keys)], AT));
  }
  await refused("manifest.signature", chain.extend([await nextOf(chain, change, [OTHER])], AT));
});

Deno.test("custodians change nothing but the owner's key", async () => {
  const { chain } = await made(1, WITH_CUSTODIANS);
  const [a, b] = CUSTODIANS;
  const same = await nextOf(chain, {}, [a, b]);
  await refused("manifest.signature", chain.extend([same], AT));
  const owner = hexOf(OTHER.publicKey);
  for (
    const change of [{ kubernetes: "1.34.3" }, { custodians: null }, {
      groups: [...INTENT.groups].slice(0, 1),
    }]
  ) {
    const file = await nextOf(chain, { owner, ...change }, [a, b]);
    await refused("manifest.owner", chain.extend([file], AT));
  }
});

Deno.test("custodians sign one after the other, each at a place of their own", async () => {
  const { chain } = await made(1, WITH_CUSTODIANS);
  const [a, b] = CUSTODIANS;
  const alone = await nextOf(chain, { owner: hexOf(OTHER.publicKey) }, [a]);
  await refused("manifest.custodians", chain.extend([alone], AT));
  const both = await cosignManifest(alone, [b], "next.json");
  const again = await cosignManifest(both, [b], "next.json");
  for (const file of [both, again]) {
    assert.equal((await chain.extend([file], AT)).owner.id, OTHER.publicKey.id);
  }
});

Deno.test("without custodians nobody but the owner replaces the owner", async () => {
  const { chain } = await made(1);
  const [a, b, c] = CUSTODIANS;
  const file = await nextOf(chain, { owner: hexOf(OTHER.publicKey) }, [a, b, c]);
  await refused("manifest.signature", chain.extend([file], AT));
});

Deno.test("ManifestChain.extend() leaves the chain that it was asked of as it is", async () => {
  const { chain } = await made(1);
  const longer = await chain.extend([await nextOf(chain)], AT);
  assert.equal(chain.sequence, 1);
  assert.equal(longer.sequence, 2);
  assert.equal((await longer.extend([], AT)).newestDigest, longer.newestDigest);
  await refused("manifest.expired", longer.extend([], { now: new Date("2030-01-01T00:00:00Z") }));
});

Deno.test("a lab's cluster is a lab's from its id on", async () => {
  const lab = { ...INTENT, labRoots: ["ab".repeat(32)] };
  const { clusterId, files, chain } = await made(1, lab);
  assert.equal(chain.kind, "lab-cluster");
  assert.equal(clusterId, clusterIdOf("lab-cluster", OWNER.publicKey.spki, RANDOM.bytes(32)));
  const promoted = await nextOf(chain, { labRoots: null });
  await refused("manifest.cluster", ManifestChain.verify([...files, promoted], clusterId, AT));
});

Deno.test("a digest is of the exact bytes that were signed, whatever envelope they are in", async () => {
  const { clusterId, chain } = await made(1);
  const cosigned = await cosignManifest(chain.bytes[0] ?? new Uint8Array(), [OTHER], "one.json");
  const same = await ManifestChain.verify([cosigned], clusterId, AT);
  assert.equal(same.newestDigest, chain.newestDigest);
  const bytes = canonicalManifest(first());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  assert.equal(chain.newestDigest, toHex(digest));
});

Deno.test("whoever passes a manifest on does not make it larger", async () => {
  const { clusterId, chain, files } = await made(2);
  const [one, two = new Uint8Array()] = files;
  assert.ok(one !== undefined);
  const { payloadType, payload, signatures } = JSON.parse(new TextDecoder().decode(two));
  const junk = { keyid: "x".repeat(200), sig: "A".repeat(6000) };
  const manners = [
    JSON.stringify({ payloadType, payload, signatures }, null, 2).padEnd(120_000),
    JSON.stringify({ payloadType, payload, signatures: [...Array(15).fill(junk), ...signatures] }),
    JSON.stringify({ signatures, payload, payloadType }),
  ];
  for (const text of manners) {
    const padded = new TextEncoder().encode(text);
    const read = await ManifestChain.verify([one, padded], clusterId, AT);
    assert.deepEqual(read.bytes, chain.bytes);
  }
});

Deno.test("a chain that could be told to no node is refused before it is one", async () => {
  let { chain } = await made(1);
  const witnesses = Array.from({ length: 16 }, (_, at) => ({
    name: `w${at}.${"x".repeat(180)}`,
    key: toHex(new Uint8Array(32).fill(at)),
  }));
  const workers = Array.from({ length: 60 }, (_, at): NodeGroup => ({
    ...{ name: `${"g".repeat(45)}-${at}`, role: "worker", variant: "gcp-sev-snp" },
    ...{ min: 0, max: 5, account: "a-project" },
  }));
  const groups = [...INTENT.groups, ...workers];
  const asked = async () => {
    for (let at = 0; at < 60; at++) {
      chain = await chain.extend([await nextOf(chain, { witnesses, groups })], AT);
    }
  };
  await refused("manifest.sequence", asked());
  const total = chain.bytes.reduce((sum, { length }) => sum + length, 0);
  assert.ok(total <= MAX_CHAIN_BYTES && total > MAX_CHAIN_BYTES / 2, `${total} bytes`);
  const told = writeMessage(MANIFEST_ANSWER, { manifests: chain.bytes, references: [] });
  assert.equal(readMessage(MANIFEST_ANSWER, told).manifests.length, chain.sequence);
  const whole = await ManifestChain.verify(chain.bytes, chain.clusterId, AT);
  assert.equal(whole.newestDigest, chain.newestDigest);
});
