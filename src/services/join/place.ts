/**
 * Finding a node its place: the one it has, a free one, one beyond the
 * manifest's number by the owner's ticket, or one whose holder fell silent.
 *
 * @module
 */

import type { Role } from "../../protocol/join.ts";
import type { NodeGroup } from "../../protocol/manifest.ts";
import type { Kept } from "../store/kept.ts";
import type { LeaseWatch } from "./lease_watch.ts";
import { keyOf, type Member } from "./records.ts";
import { refuseNode, refuseNow } from "./refuse.ts";

/** A place. */
export interface Place {
  /** Name. */
  readonly nodeName: string;
  /** Group. */
  readonly group: NodeGroup;
  /** Ticket by which it is beyond the manifest's number; empty of all others. */
  readonly ticket: string;
  /** Whether the ticket is to be spent with it. */
  readonly spends: boolean;
  /** Who held the name. */
  readonly taken: Kept<Member> | null;
  /** Revision of the lease that was seen to be silent; null where nobody's silence counts. */
  readonly silentAt: string | null;
}

/** What a place depends on. */
export interface Search {
  /** Group. */
  readonly group: NodeGroup;
  /** Members but the machine's own. */
  readonly others: readonly Kept<Member>[];
  /** Id of the ticket that the node brings, by the owner and not spent; null without. */
  readonly ticket: string | null;
  /** What is known of leases, looked at a moment ago. */
  readonly watch: LeaseWatch;
}

/**
 * Whether a group has a number left that needs neither ticket nor anybody's silence.
 *
 * @param group The group.
 * @param others Members but the machine's own.
 */
export function hasRoom(group: NodeGroup, others: readonly Kept<Member>[]): boolean {
  return membersOf(group, others).filter(({ value }) => value.ticket === "").length < group.max;
}

/**
 * Finds a place in a group.
 *
 * @param search What it depends on.
 * @throws {RejectedError} `join.full`, `join.ticket_needed`
 * @throws {UnavailableError} `join.name_held`
 */
export function findPlace({ group, others, ticket, watch }: Search): Place {
  const fresh = { group, taken: null, silentAt: null, nodeName: lowestFree(group, others) };
  if (hasRoom(group, others)) return { ...fresh, ticket: "", spends: false };
  if (ticket !== null) return { ...fresh, ticket, spends: true };
  const held = membersOf(group, others);
  const silent = held.find(({ value }) => watch.life(keyOf.lease(value.nodeName)) === "dead");
  if (silent !== undefined) {
    const { nodeName, ticket } = silent.value;
    const silentAt = watch.revision(keyOf.lease(nodeName));
    return { nodeName, group, ticket, spends: false, taken: silent, silentAt };
  }
  throw refuseFull(group, held, watch);
}

/** A holder of whom nothing is known yet may turn out to be silent. */
function refuseFull(
  { name, role, max }: NodeGroup,
  held: readonly Kept<Member>[],
  watch: LeaseWatch,
): Error {
  const fields = { group: name, max: `${max}` };
  const unknown = held.find(({ value }) => watch.life(keyOf.lease(value.nodeName)) === "unknown");
  if (unknown !== undefined) {
    const reason =
      `group ${name} is full, and whether ${unknown.value.nodeName} lives is not known`;
    return refuseNow("join.name_held", reason, fields);
  }
  if (role === "control-plane") {
    const reason = `group ${name} has its ${max} nodes, and the node brings no ticket`;
    return refuseNode("join.ticket_needed", reason, fields);
  }
  return refuseNode("join.full", `group ${name} has its ${max} nodes`, fields);
}

function membersOf(
  group: { readonly name: string },
  members: readonly Kept<Member>[],
): readonly Kept<Member>[] {
  return members.filter(({ value }) => value.group === group.name);
}

/** Names are looked for among all members: that of a group which was renamed stays taken. */
function lowestFree({ name }: NodeGroup, members: readonly Kept<Member>[]): string {
  const taken = new Set(members.map(({ value }) => value.nodeName));
  let number = 1;
  while (taken.has(`${name}-${number}`)) number++;
  return `${name}-${number}`;
}

/**
 * Whether a member's place is one that the manifest still has for it.
 *
 * @param member The member.
 * @param fitting Groups that fit its evidence.
 * @returns The group; undefined where there is none.
 */
export function groupOf(
  member: { readonly group: string; readonly role: Role },
  fitting: readonly NodeGroup[],
): NodeGroup | undefined {
  return fitting.find(({ name, role }) => name === member.group && role === member.role);
}
