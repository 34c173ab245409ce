/**
 * What is kept, read again; and what comes in, held against what was seen.
 *
 * @module
 */

import { InputError, RejectedError } from "../core/errors.ts";
import type {
  CollateralAnswer,
  CollateralContent,
  CollateralContext,
  CollateralItem,
} from "../evidence/collateral.ts";
import type { Failure } from "./failures.ts";
import { compareIssues, type Held, outOfForce } from "./judge.ts";
import { sha256 } from "./sealed.ts";
import type { CollateralStore, Realm, StoredCollateral } from "./store.ts";

/** One thing, and under whose roots it is asked for. */
export interface Wanted {
  readonly item: CollateralItem;
  readonly realm: Realm;
  readonly context: CollateralContext;
}

/**
 * Whose roots something is asked for under.
 *
 * @param labRoots Lab roots, in any order.
 */
export function realmOf(labRoots: readonly Uint8Array[]): Realm {
  if (labRoots.length === 0) return "vendor";
  return sha256(new TextEncoder().encode(labRoots.map(sha256).sort().join(" ")));
}

/**
 * Reads what is kept, and authenticates it like an answer: the folder is nobody's word.
 *
 * @param wanted What.
 * @param store Where.
 * @returns Null where nothing is kept that is what it should be, or what is kept is older than what was seen.
 */
export async function readKept(
  { item, realm, context }: Wanted,
  store: CollateralStore,
): Promise<Held | null> {
  const entry = await store.get(realm, item.key);
  if (entry === null) return null;
  const content = await readAnswer(item, entry.answer, context);
  if (content instanceof Error || await isOlderThanSeen(item, content, store)) return null;
  return { entry, content };
}

/**
 * Reads an answer.
 *
 * @param item What it must be.
 * @param answer The answer.
 * @param context Engine, time, roots.
 * @returns The content, or why it is none.
 */
export async function readAnswer(
  item: CollateralItem,
  answer: CollateralAnswer,
  context: CollateralContext,
): Promise<CollateralContent | RejectedError | InputError> {
  try {
    return await item.read(answer, context);
  } catch (error) {
    if (error instanceof RejectedError || error instanceof InputError) return error;
    throw error;
  }
}

/**
 * Whether something newer was seen. What never changes has no older issues.
 *
 * @param item What it is.
 * @param content One issue of it.
 * @param store What was seen.
 */
export async function isOlderThanSeen(
  item: CollateralItem,
  content: CollateralContent,
  store: CollateralStore,
): Promise<boolean> {
  if (item.immutable) return false;
  const seen = await store.seen(content.root, documentOf(item));
  return seen !== null && compareIssues(content, seen) < 0;
}

/** What was seen of a thing is remembered under this name, wherever it was got. */
function documentOf({ document, key }: CollateralItem): string {
  return document ?? key;
}

/**
 * An answer without the headers that do not belong to its content: what a bundle adds is nobody's.
 *
 * @param answer The answer.
 * @param names Names of headers that belong to it.
 */
export function withHeaders(
  { body, headers }: CollateralAnswer,
  names: readonly string[],
): CollateralAnswer {
  const kept = Object.entries(headers).filter(([name]) => names.includes(name));
  return { body, headers: Object.fromEntries(kept) };
}

/** What comes in: content that was authenticated, and the answer that it was read from. */
export interface Incoming {
  readonly answer: CollateralAnswer;
  readonly content: CollateralContent;
  readonly confirmed: Date;
  readonly source: StoredCollateral["source"];
}

/**
 * Keeps what comes in; who calls holds the lock of the thing.
 *
 * @param wanted What it is.
 * @param incoming Content and answer.
 * @param store Where.
 * @param clock The current time.
 * @returns What is kept now, or why it is not: it does not hold now, or is older than what was seen (`collateral.outdated`).
 */
export async function keep(
  { item, realm }: Wanted,
  { answer, content, confirmed, source }: Incoming,
  store: CollateralStore,
  clock: Date,
): Promise<Held | Failure> {
  const problem = outOfForce(content, clock);
  if (problem !== null) return problem;
  const { sequence, issued, expires, root } = content;
  if (await isOlderThanSeen(item, content, store)) {
    const reason = `the one that was given is of ${issued.toISOString()}, and a newer one was seen`;
    return { code: "collateral.outdated", reason };
  }
  if (!item.immutable) await store.see(root, documentOf(item), { sequence, issued });
  const { key, title, kind, service, path } = item;
  const what = { realm, key, title, kind, service, path };
  const entry = { ...what, answer, sequence, issued, expires, confirmed, source };
  await store.put(entry);
  return { entry, content };
}
