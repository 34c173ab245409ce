/**
 * Changes of members, each with the events that tell of it.
 *
 * @module
 */

import type { Appraised } from "../../channel/peer.ts";
import { writeMessage } from "../../protocol/message.ts";
import type { ClusterEvent, EventKind } from "../store/events.ts";
import type { Kept } from "../store/kept.ts";
import type { StoreChange } from "../store/store.ts";
import type { Place } from "./place.ts";
import { keyOf, LEASE, type Lease, MACHINE, MEMBER, type Member, SPENT } from "./records.ts";

/** A node that is admitted. */
export interface Admitted {
  /** Its record. */
  readonly member: Member;
  /** Its lease. */
  readonly lease: Lease;
  /** Its place. */
  readonly place: Place;
  /** The machine's place before; null without. */
  readonly before: Kept<Member> | null;
}

/**
 * What an admission writes.
 *
 * @param admitted Who is admitted.
 */
export function admission({ member, lease, place, before }: Admitted): StoreChange {
  const { nodeName, machine, since } = member;
  const put = [
    { key: keyOf.member(nodeName), value: writeMessage(MEMBER, member) },
    { key: keyOf.lease(nodeName), value: writeMessage(LEASE, lease) },
    { key: keyOf.machine(machine), value: writeMessage(MACHINE, { v: 1, nodeName }) },
  ];
  const expect: { readonly key: string; readonly revision: string | null }[] = [];
  if (place.silentAt !== null) {
    expect.push({ key: keyOf.lease(nodeName), revision: place.silentAt });
  }
  if (place.spends) {
    const spent = writeMessage(SPENT, { v: 1, nodeName, machine, time: since });
    expect.push({ key: keyOf.ticket(place.ticket), revision: null });
    put.push({ key: keyOf.ticket(place.ticket), value: spent });
  }
  const remove: string[] = [];
  if (place.taken !== null) remove.push(keyOf.machine(place.taken.value.machine));
  if (before !== null && before.value.nodeName !== nodeName) {
    remove.push(before.key, keyOf.lease(before.value.nodeName));
  }
  return { expect, put, remove };
}

/**
 * What an admission tells: who lost a place by it, then who has one.
 *
 * @param admitted Who is admitted.
 */
export function admissionEvents({ member, place, before }: Admitted): readonly ClusterEvent[] {
  const lost = [place.taken, before].filter((kept) => kept !== null);
  return [
    ...lost.map(({ value }) => eventOf("fence", value, member, member.since)),
    eventOf("admit", member, member, member.since),
  ];
}

/**
 * An event.
 *
 * @param kind What.
 * @param member Of whom.
 * @param by By whose evidence; null where nobody's.
 * @param time When.
 */
export function eventOf(
  kind: EventKind,
  { nodeName, role, variant, manifestSequence }: Member,
  by: Pick<Member, "evidenceDigest" | "verdict"> | null,
  time: string,
): ClusterEvent {
  const evidence = { evidence: by?.evidenceDigest ?? "", verdict: by?.verdict ?? "" };
  return { v: 1, time, kind, node: nodeName, role, variant, ...evidence, manifestSequence };
}

/**
 * What a member's record says of the keys in use.
 *
 * @param peer What was proven.
 * @param url Where its agent answers.
 */
export function present(
  { statement, statementDigest, evidenceDigest, verdict }: Appraised,
  url: string,
): Pick<Member, "url" | "spki" | "hpke" | "statementDigest" | "evidenceDigest" | "verdict"> {
  const keys = { spki: statement.tlsSpki, hpke: statement.hpkeKey };
  return { url, ...keys, statementDigest, evidenceDigest, verdict };
}

/**
 * Whether what others use of a member is as it was.
 *
 * @param member The member's record.
 * @param now What is so now.
 */
export function isPresent(member: Member, now: ReturnType<typeof present>): boolean {
  return member.url === now.url && member.spki === now.spki && member.hpke === now.hpke;
}
