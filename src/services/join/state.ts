/**
 * The members as the store has them.
 *
 * @module
 */

import { readEvents, type ReadHead, readHead } from "../store/events.ts";
import { badRecord, type Kept, readKept } from "../store/kept.ts";
import type { Store, StoreRecord } from "../store/store.ts";
import { keyOf, LEASE, type Lease, MEMBER, type Member } from "./records.ts";

/** Members at a moment; a change that rests on them is made on that head alone. */
export interface Members {
  /** The head, read before the members. */
  readonly head: ReadHead;
  /** The members, by name. */
  readonly list: readonly Kept<Member>[];
}

/** Most events that are followed one by one: behind that, a list of all costs less. */
const MAX_NEWS = 16;

/** Reads members, and keeps them while the head stays. */
export class MemberReader {
  readonly #store: Store;
  #last: Members | null = null;

  /**
   * Prepares reading.
   *
   * @param store The store.
   */
  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Reads members. Each change of one changes the head, so that what was read under a head stays so.
   *
   * @throws {UnavailableError} `store.unreachable`
   * @throws {OperationError} `store.record`
   */
  async read(): Promise<Members> {
    const head = await readHead(this.#store);
    const last = this.#last;
    if (last !== null && last.head.revision === head.revision) return last;
    const news = last === null ? MAX_NEWS + 1 : head.count - last.head.count;
    const list = last !== null && news > 0 && news <= MAX_NEWS
      ? await this.#follow(last, head.count)
      : (await this.#store.list("member/")).map(readMember);
    this.#last = { head, list };
    return this.#last;
  }

  /** Events since the last look name everybody of whom anything changed. */
  async #follow(last: Members, count: number): Promise<readonly Kept<Member>[]> {
    const events = await readEvents(this.#store, last.head.count + 1, count);
    const names = [...new Set(events.map(({ node }) => node))].filter((node) => node !== "");
    const now = await Promise.all(names.map((name) => this.#store.read(keyOf.member(name))));
    const stayed = last.list.filter(({ value }) => !names.includes(value.nodeName));
    const changed = now.filter((record) => record !== null).map(readMember);
    return [...stayed, ...changed].sort((a, b) => a.key < b.key ? -1 : 1);
  }
}

function readMember(record: StoreRecord): Kept<Member> {
  const kept = readKept(MEMBER, record);
  const { key, value: { nodeName } } = kept;
  if (key === keyOf.member(nodeName)) return kept;
  throw badRecord(key, `it names ${nodeName}`);
}

/**
 * Reads a member's lease.
 *
 * @param store The store.
 * @param nodeName Name of the member.
 * @throws {OperationError} `store.record` where it is missing.
 */
export async function readLease(store: Store, nodeName: string): Promise<Kept<Lease>> {
  const record = await store.read(keyOf.lease(nodeName));
  if (record === null) throw badRecord(keyOf.lease(nodeName), "it is missing");
  return readKept(LEASE, record);
}
