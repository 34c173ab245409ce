/**
 * What the store holds of members. None of it is secret.
 *
 * @module
 */

import { hex, object, oneNumber, oneOf, required, text } from "../../core/decode.ts";
import {
  AGENT_URL,
  COUNT,
  DIGEST,
  ID,
  MAYBE_DIGEST,
  MOMENT,
  POSITIVE,
} from "../../protocol/forms.ts";
import type { Role } from "../../protocol/join.ts";
import type { Message } from "../../protocol/message.ts";

/** A member. */
export interface Member {
  /** Version of the form. */
  readonly v: 1;
  /** Name. */
  readonly nodeName: string;
  /** Role. */
  readonly role: Role;
  /** Group of the manifest. */
  readonly group: string;
  /** Variant of its evidence. */
  readonly variant: string;
  /** Account at the provider; empty where its variant names none. */
  readonly account: string;
  /** The machine, hex. */
  readonly machine: string;
  /** The boot, 16 bytes, hex. */
  readonly bootId: string;
  /** Where its agent answers. */
  readonly url: string;
  /** SubjectPublicKeyInfo of its TLS key, DER, hex. */
  readonly spki: string;
  /** Its X25519 key, hex. */
  readonly hpke: string;
  /** Manifest under which it was admitted. */
  readonly manifestSequence: number;
  /** SHA-256 of the statement by which these keys are its own, hex. */
  readonly statementDigest: string;
  /** SHA-256 of the envelope with it, hex. */
  readonly evidenceDigest: string;
  /** Verdict on that. */
  readonly verdict: "trusted" | "lab-trusted";
  /** The owner's ticket by which it is beyond the manifest's number; empty of all others. */
  readonly ticket: string;
  /** When it was admitted. */
  readonly since: string;
}

/** The right to a name; its revision changes with each renewal. */
export interface Lease {
  /** Version of the form. */
  readonly v: 1;
  /** Id, hex. */
  readonly id: string;
  /** Who holds it: the boot. */
  readonly bootId: string;
  /** Who holds it: the machine. */
  readonly machine: string;
  /** How often it was renewed. */
  readonly renewed: number;
}

/** The name that a machine holds. */
export interface MachineName {
  /** Version of the form. */
  readonly v: 1;
  /** The name. */
  readonly nodeName: string;
}

/** A ticket that was used. */
export interface SpentTicket {
  /** Version of the form. */
  readonly v: 1;
  /** Name that it was used for. */
  readonly nodeName: string;
  /** Machine that used it. */
  readonly machine: string;
  /** When. */
  readonly time: string;
}

const V = required(oneNumber(1), "Version of the form");
const ROLE = oneOf("control-plane", "worker");
const BOOT = text("[0-9a-f]{32}", "16 bytes in lowercase hex");

/** Form of `member/<name>`. */
export const MEMBER: Message<Member> = {
  name: "member",
  form: object<Member>({
    v: V,
    nodeName: required(ID, "Name"),
    role: required(ROLE, "Role"),
    group: required(ID, "Group"),
    variant: required(ID, "Variant of its evidence"),
    account: required(text("[!-~]{0,200}", "an account, or nothing"), "Account at the provider"),
    machine: required(DIGEST, "The machine"),
    bootId: required(BOOT, "The boot"),
    url: required(AGENT_URL, "Where its agent answers"),
    spki: required(text("(?:[0-9a-f]{2}){1,600}", "DER in lowercase hex"), "Its TLS key"),
    hpke: required(DIGEST, "Its X25519 key"),
    manifestSequence: required(POSITIVE, "Manifest under which it was admitted"),
    statementDigest: required(DIGEST, "SHA-256 of its statement"),
    evidenceDigest: required(DIGEST, "SHA-256 of the envelope"),
    verdict: required(oneOf("trusted", "lab-trusted"), "Verdict on that"),
    ticket: required(MAYBE_DIGEST, "The owner's ticket"),
    since: required(MOMENT, "When it was admitted"),
  }),
};

/** Form of `lease/<name>`. */
export const LEASE: Message<Lease> = {
  name: "lease",
  form: object<Lease>({
    v: V,
    id: required(hex(32), "Id"),
    bootId: required(BOOT, "The boot"),
    machine: required(DIGEST, "The machine"),
    renewed: required(COUNT, "How often it was renewed"),
  }),
};

/** Form of `machine/<machine>`. */
export const MACHINE: Message<MachineName> = {
  name: "name of a machine",
  form: object<MachineName>({ v: V, nodeName: required(ID, "The name") }),
};

/** Form of `ticket/<id>`. */
export const SPENT: Message<SpentTicket> = {
  name: "used ticket",
  form: object<SpentTicket>({
    v: V,
    nodeName: required(ID, "Name that it was used for"),
    machine: required(DIGEST, "Machine that used it"),
    time: required(MOMENT, "When"),
  }),
};

/** Keys of a member's records. */
export const keyOf = {
  member: (nodeName: string): string => `member/${nodeName}`,
  lease: (nodeName: string): string => `lease/${nodeName}`,
  machine: (machine: string): string => `machine/${machine}`,
  ticket: (id: string): string => `ticket/${id}`,
} as const;
