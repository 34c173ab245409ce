/**
 * What happened in a cluster, numbered without a gap. An event stands in the
 * same change as what it tells of, and each change of members is made on the
 * head that was read before: two such changes never meet unseen.
 *
 * @module
 */

import { object, oneNumber, oneOf, required, text } from "../../core/decode.ts";
import { COUNT, MAYBE_DIGEST, MAYBE_ID, MOMENT } from "../../protocol/forms.ts";
import { type Message, writeMessage } from "../../protocol/message.ts";
import { badRecord, type Kept, readKept } from "./kept.ts";
import type { Store, StoreChange } from "./store.ts";

/** Kinds of events (protocol §9). */
export type EventKind = "admit" | "renew" | "leave" | "fence" | "manifest";

/** An event. */
export interface ClusterEvent {
  /** Version of the form. */
  readonly v: 1;
  /** When, by the clock of who wrote it. */
  readonly time: string;
  /** What. */
  readonly kind: EventKind;
  /** Name of the node; empty of `manifest`. */
  readonly node: string;
  /** Its role; empty of `manifest`. */
  readonly role: string;
  /** Variant of its evidence; empty of `manifest`. */
  readonly variant: string;
  /** SHA-256 of the envelope, hex; empty where there was none. */
  readonly evidence: string;
  /** Verdict on it; empty where there was none. */
  readonly verdict: string;
  /** Manifest that it was judged under, or that came. */
  readonly manifestSequence: number;
}

/** Where the events end. */
export interface EventHead {
  /** Version of the form. */
  readonly v: 1;
  /** How many there are; the last one's number. */
  readonly count: number;
  /** Newest manifest in the store; 0 for none. */
  readonly manifestSequence: number;
}

/** The head as it was read. */
export interface ReadHead extends EventHead {
  /** Its revision; null where there is none yet. */
  readonly revision: string | null;
}

const HEAD_KEY = "events";

const HEAD: Message<EventHead> = {
  name: "head of events",
  form: object<EventHead>({
    v: required(oneNumber(1), "Version of the form"),
    count: required(COUNT, "How many events there are"),
    manifestSequence: required(COUNT, "Newest manifest in the store"),
  }),
};

const EVENT: Message<ClusterEvent> = {
  name: "event",
  form: object<ClusterEvent>({
    v: required(oneNumber(1), "Version of the form"),
    time: required(MOMENT, "When"),
    kind: required(oneOf("admit", "renew", "leave", "fence", "manifest"), "What"),
    node: required(MAYBE_ID, "Name of the node"),
    role: required(MAYBE_ID, "Its role"),
    variant: required(MAYBE_ID, "Variant of its evidence"),
    evidence: required(MAYBE_DIGEST, "SHA-256 of the envelope"),
    verdict: required(text("(?:trusted|lab-trusted)?", "a verdict, or nothing"), "Verdict on it"),
    manifestSequence: required(COUNT, "Manifest that it was judged under, or that came"),
  }),
};

/**
 * Reads where the events end.
 *
 * @param store The store.
 * @throws {OperationError} `store.record`
 */
export async function readHead(store: Store): Promise<ReadHead> {
  const record = await store.read(HEAD_KEY);
  if (record === null) return { v: 1, count: 0, manifestSequence: 0, revision: null };
  const { value, revision } = readKept(HEAD, record);
  return { ...value, revision };
}

/**
 * A change with the events that tell of it; it is made only on the head that was read.
 *
 * @param head The head, as it was read before all that the change rests on.
 * @param events The events, in order, at least one.
 * @param change What is changed beside.
 */
export function withEvents(
  head: ReadHead,
  events: readonly ClusterEvent[],
  change: StoreChange,
): StoreChange {
  const numbered = events.map((event, i) => ({
    key: eventKey(head.count + 1 + i),
    value: writeMessage(EVENT, event),
  }));
  const newest = events.filter(({ kind }) => kind === "manifest").map((e) => e.manifestSequence);
  const next: EventHead = {
    v: 1,
    count: head.count + events.length,
    manifestSequence: Math.max(head.manifestSequence, ...newest),
  };
  const absent = numbered.map(({ key }) => ({ key, revision: null }));
  return {
    expect: [{ key: HEAD_KEY, revision: head.revision }, ...absent, ...change.expect],
    put: [{ key: HEAD_KEY, value: writeMessage(HEAD, next) }, ...numbered, ...change.put],
    remove: change.remove,
  };
}

/**
 * Some events by number, from one to another.
 *
 * @param store The store.
 * @param from Number of the first.
 * @param to Number of the last.
 * @throws {OperationError} `store.record` where one is missing.
 */
export async function readEvents(
  store: Store,
  from: number,
  to: number,
): Promise<readonly ClusterEvent[]> {
  const keys = Array.from({ length: to - from + 1 }, (_, i) => eventKey(from + i));
  const records = await Promise.all(keys.map((key) => store.read(key)));
  return records.map((record, i) => {
    if (record === null) throw badRecord(keys[i] ?? "", "it is missing");
    return readKept(EVENT, record).value;
  });
}

/**
 * All events, the first first.
 *
 * @param store The store.
 * @throws {OperationError} `store.record` where a number is missing.
 */
export async function listEvents(store: Store): Promise<readonly ClusterEvent[]> {
  const { count } = await readHead(store);
  const events: readonly Kept<ClusterEvent>[] = (await store.list("event/")).map((record) =>
    readKept(EVENT, record)
  );
  for (const [at, { key }] of events.entries()) {
    if (key !== eventKey(at + 1)) throw badRecord(key, `expected ${eventKey(at + 1)}`);
  }
  if (events.length < count) throw badRecord(eventKey(events.length + 1), "it is missing");
  return events.map(({ value }) => value);
}

function eventKey(number: number): string {
  return `event/${String(number).padStart(10, "0")}`;
}
