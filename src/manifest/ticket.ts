/**
 * Tickets: the owner's word, good once, for a control plane beyond the number
 * that the manifest has (protocol §6).
 *
 * @module
 */

import { equal, toHex } from "../core/bytes.ts";
import { canonicalJson } from "../core/canonical_json.ts";
import {
  DecodeError,
  type Decoder,
  hex,
  object,
  oneNumber,
  oneOf,
  required,
} from "../core/decode.ts";
import { readDsse, signDsse, verifyDsse } from "../core/dsse.ts";
import { InputError, RejectedError } from "../core/errors.ts";
import type { Random } from "../core/ports.ts";
import type { SigningKey } from "../core/signing_key.ts";
import { parseStrictJson } from "../core/strict_json.ts";
import { ID, MOMENT } from "../protocol/forms.ts";
import { TICKET_TYPE } from "../protocol/manifest.ts";
import type { ManifestChain } from "./chain.ts";
import { refuseManifest } from "./refuse.ts";

/** A ticket. */
export interface Ticket {
  /** Version of the form. */
  readonly v: 1;
  /** Id of the cluster, hex. */
  readonly clusterId: string;
  /** What it admits to. */
  readonly role: "control-plane";
  /** Group of the manifest. */
  readonly group: string;
  /** 32 random bytes, hex; who takes tickets remembers it as spent. */
  readonly id: string;
  /** When it was signed. */
  readonly issued: string;
  /** Its last moment. */
  readonly notAfter: string;
}

/** Form of tickets. */
export const TICKET_FORM: Decoder<Ticket> = object<Ticket>({
  v: required(oneNumber(1), "Version of the form"),
  clusterId: required(hex(32), "Id of the cluster"),
  role: required(oneOf("control-plane"), "What it admits to"),
  group: required(ID, "Group of the manifest"),
  id: required(hex(32), "Random bytes, which tell it from others"),
  issued: required(MOMENT, "When it was signed"),
  notAfter: required(MOMENT, "Its last moment"),
});

/** How far clocks may differ. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/** Most bytes of a signed ticket. */
const MAX_TICKET_BYTES = 16 * 1024;

/**
 * Signs a ticket.
 *
 * @param wanted Cluster, group and times.
 * @param key The owner's key.
 * @param random Randomness.
 * @returns The signed file, DSSE.
 */
export async function signTicket(
  { clusterId, group, issued, notAfter }: {
    readonly clusterId: string;
    readonly group: string;
    readonly issued: Date;
    readonly notAfter: Date;
  },
  key: SigningKey,
  random: Random,
): Promise<Uint8Array<ArrayBuffer>> {
  const ticket: Ticket = {
    v: 1,
    clusterId,
    role: "control-plane",
    group,
    id: toHex(random.bytes(32)),
    issued: `${issued.toISOString().slice(0, 19)}Z`,
    notAfter: `${notAfter.toISOString().slice(0, 19)}Z`,
  };
  return await signDsse(TICKET_TYPE, canonicalJson({ ...ticket }), [key]);
}

/**
 * Reads a ticket and shows that it is the owner's, for this cluster, a group of it, and now.
 * Whether it was spent is for who takes it to know.
 *
 * @param bytes The signed file.
 * @param chain The cluster's manifests: the owner now must have signed it.
 * @param now The moment.
 * @throws {RejectedError} `manifest.ticket`
 * @throws {InputError} `manifest.ticket_malformed`, `dsse.malformed`
 */
export async function readTicket(
  bytes: Uint8Array,
  chain: ManifestChain,
  now: Date,
): Promise<Ticket> {
  if (bytes.length > MAX_TICKET_BYTES) throw malformed(`it has ${bytes.length} bytes`);
  const ticket = ticketIn(await signedPayload(bytes, chain));
  const problem = problemOf(ticket, chain, now);
  if (problem !== null) throw refuseManifest("manifest.ticket", problem);
  return ticket;
}

async function signedPayload(bytes: Uint8Array, chain: ManifestChain): Promise<Uint8Array> {
  const envelope = readDsse(bytes, "the ticket");
  try {
    return (await verifyDsse(envelope, TICKET_TYPE, [chain.owner])).payload;
  } catch (cause) {
    if (!(cause instanceof RejectedError)) throw cause;
    throw refuseManifest("manifest.ticket", cause.message, { reason: cause.code }, cause);
  }
}

function problemOf(ticket: Ticket, chain: ManifestChain, now: Date): string | null {
  if (ticket.clusterId !== chain.clusterId) return "it is of another cluster";
  const { group, role, issued, notAfter } = ticket;
  const known = chain.newest.groups.find(({ name }) => name === group);
  if (known?.role !== role) return `the manifest has no group ${group} of role ${role}`;
  // What is no moment of the calendar compares as false.
  const holds = now.getTime() >= Date.parse(issued) - CLOCK_SKEW_MS &&
    now.getTime() <= Date.parse(notAfter);
  return holds ? null : `it is for ${issued} to ${notAfter}, and it is ${now.toISOString()}`;
}

function ticketIn(payload: Uint8Array): Ticket {
  try {
    const ticket = TICKET_FORM.decode(parseStrictJson(payload), "");
    if (equal(canonicalJson({ ...ticket }), payload)) return ticket;
  } catch (cause) {
    if (!(cause instanceof DecodeError || cause instanceof SyntaxError)) throw cause;
    throw malformed(cause.message, cause);
  }
  throw malformed("it is not in the canonical form of RFC 8785");
}

function malformed(reason: string, cause?: unknown): InputError {
  return new InputError(`Cannot read the ticket: ${reason}`, {
    code: "manifest.ticket_malformed",
    cause,
  });
}
