/**
 * What the owner signed, in the store: manifests by number, documents of
 * reference values by digest. Readers verify what they read.
 *
 * @module
 */

import { UnavailableError } from "../../core/errors.ts";
import { momentText } from "./moment.ts";
import { refuseFork } from "./fork.ts";
import { type ManifestChain, readManifest, referenceDigest } from "../../manifest/mod.ts";
import { repeatedly } from "./attempts.ts";
import { type ClusterEvent, readHead, withEvents } from "./events.ts";
import { badRecord } from "./kept.ts";
import type { Store } from "./store.ts";

/**
 * Reads the manifest chain, oldest first; none before init.
 *
 * @param store The store.
 * @throws {OperationError} `store.record` where one is missing.
 */
export async function readManifests(store: Store): Promise<readonly Uint8Array[]> {
  const records = await store.list("manifest/");
  for (const [at, { key }] of records.entries()) {
    if (key !== manifestKey(at + 1)) throw badRecord(key, `expected ${manifestKey(at + 1)}`);
  }
  return records.map(({ value }) => value);
}

/**
 * Stores what a chain has and the store has not, each with its event.
 *
 * @param store The store.
 * @param chain The chain, verified.
 * @param now The moment.
 * @throws {RejectedError} `manifest.fork` where the store has another manifest of a number.
 * @throws {UnavailableError} `store.unreachable`, `store.busy`
 */
export async function storeManifests(
  store: Store,
  chain: ManifestChain,
  now: Date,
): Promise<void> {
  await checkStored(store, chain);
  for (let next = 1; next <= chain.sequence;) {
    next = await repeatedly(() => storeNext(store, chain, now));
  }
}

/** The next number that the store has not; all numbers below are there. */
async function storeNext(
  store: Store,
  chain: ManifestChain,
  now: Date,
): Promise<number | null> {
  const head = await readHead(store);
  const sequence = head.manifestSequence + 1;
  const value = chain.bytes[sequence - 1];
  if (value === undefined) return sequence;
  const put = [{ key: manifestKey(sequence), value }];
  const expect = [{ key: manifestKey(sequence), revision: null }];
  const change = withEvents(head, [manifestEvent(sequence, now)], { expect, put, remove: [] });
  if (await store.commit(change)) return sequence + 1;
  await checkStored(store, chain);
  return null;
}

async function checkStored(store: Store, chain: ManifestChain): Promise<void> {
  for (const [at, file] of (await readManifests(store)).entries()) {
    const { digest } = await readManifest(file, `${at + 1} of the store`);
    const own = chain.digestOf(at + 1);
    if (own !== null && own !== digest) throw refuseFork(at + 1, digest, own);
  }
}

/**
 * Stores documents of reference values; one that is there stays, whoever's signature it has.
 *
 * @param store The store.
 * @param files The signed documents, verified.
 * @throws {UnavailableError} `store.unreachable`
 */
export async function storeReferences(
  store: Store,
  files: readonly Uint8Array[],
): Promise<void> {
  for (const [at, value] of files.entries()) {
    const key = referenceKey(referenceDigest(value, `reference values ${at + 1}`));
    await repeatedly(async () => {
      if (await store.read(key) !== null) return true;
      const change = { expect: [{ key, revision: null }], put: [{ key, value }], remove: [] };
      return await store.commit(change) ? true : null;
    });
  }
}

/**
 * Reads the documents that the newest manifest of a chain names.
 *
 * @param store The store.
 * @param chain The chain.
 * @throws {UnavailableError} `store.incomplete` where one is not there yet.
 */
export async function readReferenceFiles(
  store: Store,
  chain: ManifestChain,
): Promise<readonly Uint8Array[]> {
  const files: Uint8Array[] = [];
  for (const digest of new Set(chain.newest.images.map(({ reference }) => reference))) {
    const record = await store.read(referenceKey(digest));
    if (record === null) throw incomplete(digest);
    files.push(record.value);
  }
  return files;
}

function incomplete(digest: string): UnavailableError {
  const message = `Cannot find reference values ${digest} in the store: they are not there yet`;
  return new UnavailableError(message, {
    code: "store.incomplete",
    fields: { digest },
    retryable: true,
  });
}

function manifestEvent(manifestSequence: number, now: Date): ClusterEvent {
  const nobody = { node: "", role: "", variant: "", evidence: "", verdict: "" };
  return { v: 1, time: momentText(now), kind: "manifest", ...nobody, manifestSequence };
}

function manifestKey(sequence: number): string {
  return `manifest/${String(sequence).padStart(10, "0")}`;
}

function referenceKey(digest: string): string {
  return `reference/${digest}`;
}
