/**
 * One step of a chain of manifests: that the first is the cluster's, and that
 * each next one is the word of whoever the one before it names.
 *
 * @module
 */

import { equal, fromHex } from "../core/bytes.ts";
import { type Dsse, signersOf } from "../core/dsse.ts";
import { type PublicKey, readPublicKey } from "../core/signing_key.ts";
import { type Manifest, MANIFEST_TYPE } from "../protocol/manifest.ts";
import { clusterIdFrom, kindOf } from "./cluster_id.ts";
import { canonicalManifest, type ReadManifest } from "./read.ts";
import { refuseManifest } from "./refuse.ts";

/**
 * Refuses a manifest that is not the first of a cluster.
 *
 * @param first The manifest.
 * @param clusterId Id of the cluster, hex.
 * @throws {RejectedError} `manifest.cluster`, `manifest.sequence`, `manifest.signature`, `manifest.times`, `dsse.type`
 */
export async function checkFirst(first: ReadManifest, clusterId: string): Promise<void> {
  const { manifest, owner, envelope } = first;
  if (manifest.sequence !== 1) throw outOfSequence(1, manifest.sequence);
  const actual = clusterIdFrom(manifest);
  if (actual !== clusterId) {
    const reason = `they make ${actual}, expected ${clusterId}`;
    throw refuseManifest("manifest.cluster", reason, { expected: clusterId, actual });
  }
  if (manifest.clusterId !== clusterId) {
    const reason = `manifest 1 names ${manifest.clusterId}, expected ${clusterId}`;
    const fields = { expected: clusterId, actual: manifest.clusterId };
    throw refuseManifest("manifest.cluster", reason, fields);
  }
  if (!await isSignedBy(envelope, owner)) throw unsigned(1, owner);
  checkTimes(manifest, null);
}

/**
 * Refuses a manifest that does not follow another.
 *
 * @param next The manifest.
 * @param last The one before it, which was verified.
 * @throws {RejectedError} `manifest.sequence`, `.signature`, `.custodians`, `.owner`, `.cluster`, `.previous`, `.times`, `dsse.type`
 */
export async function checkNext(next: ReadManifest, last: ReadManifest): Promise<void> {
  const { manifest } = next;
  const expected = last.manifest.sequence + 1;
  if (manifest.sequence !== expected) throw outOfSequence(expected, manifest.sequence);
  await checkSigners(next, last);
  checkSameCluster(manifest, last.manifest);
  if (manifest.previous !== last.digest) {
    const fields = { expected: last.digest, actual: manifest.previous };
    const reason = `manifest ${expected} names ${fields.actual}, expected ${fields.expected}`;
    throw refuseManifest("manifest.previous", reason, fields);
  }
  checkTimes(manifest, last.manifest);
}

/** The owner before signs whatever the owner wants; custodians sign the change of the owner's key. */
async function checkSigners(next: ReadManifest, last: ReadManifest): Promise<void> {
  const { manifest, envelope } = next;
  if (await isSignedBy(envelope, last.owner)) return;
  const { custodians } = last.manifest;
  if (custodians === null || manifest.owner === last.manifest.owner) {
    throw unsigned(manifest.sequence, last.owner);
  }
  const keys = await Promise.all(custodians.keys.map((key) => readPublicKey(fromHex(key))));
  const signers = await signersOf(envelope, MANIFEST_TYPE, keys);
  if (signers.length === 0) throw unsigned(manifest.sequence, last.owner);
  // Told to the first custodian already: no number of signatures mends it.
  refuseFurtherChanges(manifest, last.manifest);
  if (signers.length < custodians.threshold) {
    const fields = { expected: `${custodians.threshold}`, actual: `${signers.length}` };
    const reason =
      `${fields.actual} signed manifest ${manifest.sequence}, expected ${fields.expected}`;
    throw refuseManifest("manifest.custodians", reason, fields);
  }
}

/** Custodians replace a key; what the cluster is stays the owner's to say, in the manifest after that. */
function refuseFurtherChanges(next: Manifest, last: Manifest): void {
  const { owner, sequence, previous, issued, notAfter } = next;
  const same = canonicalManifest({ ...last, owner, sequence, previous, issued, notAfter });
  if (equal(same, canonicalManifest(next))) return;
  const reason = `manifest ${sequence} is signed by custodians and changes more than that key`;
  throw refuseManifest("manifest.owner", reason, { sequence: `${sequence}` });
}

async function isSignedBy(envelope: Dsse, key: PublicKey): Promise<boolean> {
  return (await signersOf(envelope, MANIFEST_TYPE, [key])).length > 0;
}

function checkSameCluster(next: Manifest, last: Manifest): void {
  const members = ["clusterId", "random"] as const;
  const other = members.find((member) => next[member] !== last[member]) ??
    (kindOf(next) === kindOf(last) ? undefined : "labRoots");
  if (other === undefined) return;
  const reason = other === "labRoots"
    ? `manifest ${next.sequence} would make a real cluster a lab's, or the other way round`
    : `manifest ${next.sequence} has another ${other}`;
  throw refuseManifest("manifest.cluster", reason, { member: other });
}

function checkTimes({ issued, notAfter, sequence }: Manifest, last: Manifest | null): void {
  const early = last !== null && Date.parse(issued) < Date.parse(last.issued);
  if (!early && Date.parse(notAfter) > Date.parse(issued)) return;
  const reason = early
    ? `manifest ${sequence} was issued at ${issued}, and the one before it at ${last.issued}`
    : `manifest ${sequence} is for ${issued} to ${notAfter}`;
  throw refuseManifest("manifest.times", reason, { sequence: `${sequence}` });
}

function outOfSequence(expected: number, actual: number) {
  const fields = { expected: `${expected}`, actual: `${actual}` };
  return refuseManifest(
    "manifest.sequence",
    `manifest ${actual} stands where ${expected} is due`,
    fields,
  );
}

function unsigned(sequence: number, owner: PublicKey) {
  const reason = `manifest ${sequence} is not signed by ${owner.id}`;
  return refuseManifest("manifest.signature", reason, { expected: owner.id });
}
