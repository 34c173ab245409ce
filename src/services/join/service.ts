/**
 * The join service: gives admitted nodes their roles and names by the manifest,
 * keeps them while their leases live, and writes down each change.
 *
 * Several run at once on one store, one in each control plane. Each change of
 * members is made on the head of events that it was decided on, so that they
 * never give the same name, and no place twice.
 *
 * @module
 */

import { fromHex, toHex } from "../../core/bytes.ts";
import type { Clock, Random } from "../../core/ports.ts";
import type { Appraised } from "../../channel/peer.ts";
import { groupsFor, type ManifestChain, readTicket } from "../../manifest/mod.ts";
import type {
  ControlPlaneGrant,
  JoinAnswer,
  JoinBody,
  Peer,
  RenewAnswer,
  RenewBody,
  Role,
} from "../../protocol/join.ts";
import { writeMessage } from "../../protocol/message.ts";
import { repeatedly } from "../store/attempts.ts";
import { readReferenceFiles } from "../store/documents.ts";
import { withEvents } from "../store/events.ts";
import type { Kept } from "../store/kept.ts";
import { momentText } from "../store/moment.ts";
import type { Store, StoreChange } from "../store/store.ts";
import { admission, admissionEvents, eventOf, isPresent, present } from "./change.ts";
import { chooseGroup } from "./group.ts";
import { LeaseWatch, type Life } from "./lease_watch.ts";
import { findPlace, groupOf, hasRoom, type Place } from "./place.ts";
import { keyOf, LEASE, type Lease, MEMBER, type Member } from "./records.ts";
import { refuseNode, refuseNow } from "./refuse.ts";
import { MemberReader, type Members, readLease } from "./state.ts";
import { checkBoot, checkMember, checkStranger } from "./stated.ts";
import { Turns } from "./turns.ts";

/** Life of a lease, seconds; a member renews it three times in that. */
const LEASE_SECONDS = 60;

/** What a certificate is asked for. */
export interface CertificateSubject {
  /** SubjectPublicKeyInfo of the TLS key, DER. */
  readonly spki: Uint8Array;
  /** Name. */
  readonly name: string;
  /** Role. */
  readonly role: Role;
  /** Where its agent answers. */
  readonly url: string;
}

/** What the service is made of. */
export interface JoinParts {
  /** The cluster's state. */
  readonly store: Store;
  /** The manifests, verified; the newest that this node knows. */
  readonly chain: () => ManifestChain;
  /** The time, above its floor. */
  readonly clock: Clock;
  /** A clock that only goes on, ms. */
  readonly monotonic: () => number;
  /** Randomness of lease ids. */
  readonly random: Random;
  /** Certificate of the authority for nodes, DER. */
  readonly nodeAuthority: Uint8Array;
  /** Gives a certificate of that authority, DER. */
  certify(subject: CertificateSubject): Promise<Uint8Array>;
  /** What control planes are given. */
  grant(): ControlPlaneGrant;
  /** Life of a lease, seconds; default 60. */
  readonly leaseSeconds?: number;
}

/** A member, and what is known of its lease. */
export interface MemberView extends Member {
  /** Whether it renews its lease, as far as this service watched. */
  readonly life: Life;
}

/** Who asks, and what it is told when it is admitted. */
interface Placed {
  readonly member: Member;
  readonly lease: string;
  readonly peers: readonly Peer[];
}

/** What somebody who wants to be admitted asks, and under which manifests it is decided. */
interface Ask extends Pick<JoinBody, "group" | "url" | "ticket" | "manifestSequence"> {
  readonly peer: Appraised;
  readonly chain: ManifestChain;
  /** Role that it must come to have; null for any. */
  readonly role: Role | null;
}

/** The join service of one control plane. */
export class JoinService {
  readonly #parts: JoinParts;
  readonly #leaseSeconds: number;
  readonly #members: MemberReader;
  readonly #watch: LeaseWatch;
  readonly #turns = new Turns();
  #told: { readonly manifest: string; readonly files: readonly Uint8Array[] } | null = null;

  /**
   * Makes a service; nothing is asked yet.
   *
   * @param parts What it is made of.
   */
  constructor(parts: JoinParts) {
    this.#parts = parts;
    this.#leaseSeconds = parts.leaseSeconds ?? LEASE_SECONDS;
    this.#members = new MemberReader(parts.store);
    this.#watch = new LeaseWatch(parts.monotonic, this.#leaseSeconds);
  }

  /**
   * Admits a node. The same boot of a machine is given the same place again; another boot takes over the machine's.
   *
   * @param peer What was proven of it, with purpose `join` and in phase `cluster`.
   * @param body What it asks.
   * @throws {RejectedError} `join.*`, `manifest.expired`, `manifest.ticket`
   * @throws {InputError} `manifest.ticket_malformed`, `dsse.malformed`
   * @throws {UnavailableError} `join.behind`, `join.name_held`, `join.busy`, `store.*`
   * @throws {OperationError} `store.record`, `store.refused`
   */
  async admit(peer: Appraised, body: JoinBody): Promise<JoinAnswer> {
    checkStranger(peer, this.#parts.chain(), "join");
    return await this.#admit((chain) => ({ ...body, peer, chain, role: null }));
  }

  /**
   * Admits the first control plane, which its owner initialises.
   *
   * @param peer What was proven of it, with purpose `init` and in phase `cluster`.
   * @param body Group that it says, empty for none; where its agent answers.
   * @throws {RejectedError | UnavailableError | OperationError} as `admit`.
   */
  async admitFirst(peer: Appraised, body: Pick<JoinBody, "group" | "url">): Promise<JoinAnswer> {
    checkStranger(peer, this.#parts.chain(), "init");
    const first = { ...body, ticket: null, manifestSequence: 0, role: "control-plane" } as const;
    return await this.#admit((chain) => ({ ...first, peer, chain }));
  }

  /**
   * Renews a member's lease, and takes note of its keys.
   *
   * @param peer What was proven of it, with purpose `renew` and in phase `member`.
   * @param body What it asks.
   * @throws {RejectedError} `join.fenced`, `join.not_member` and others of `join.*`, `manifest.expired`
   * @throws {UnavailableError} `join.behind`, `join.busy`, `store.*`
   * @throws {OperationError} `store.record`, `store.refused`
   */
  async renew(peer: Appraised, body: RenewBody): Promise<RenewAnswer> {
    checkBoot(peer.statement, this.#parts.chain(), "renew", "member");
    const placed = await this.#turns.take(() => repeatedly(() => this.#tryToRenew(peer, body)));
    const { chain, clock } = this.#parts;
    const seen = body.manifestSequence >= chain().sequence;
    return {
      v: 1,
      leaseSeconds: this.#leaseSeconds,
      certificate: await this.#certify(placed.member),
      manifests: chain().after(body.manifestSequence),
      references: seen ? [] : await this.#references(chain()),
      peers: placed.peers,
      time: momentText(clock.now()),
    };
  }

  /**
   * The members, by name.
   *
   * @throws {UnavailableError | OperationError} `store.*`
   */
  async members(): Promise<readonly MemberView[]> {
    await this.observe();
    const { list } = await this.#members.read();
    return list.map(({ value }) => ({
      ...value,
      life: this.#watch.life(keyOf.lease(value.nodeName)),
    }));
  }

  /**
   * Removes a member that leaves.
   *
   * @param nodeName Its name.
   * @returns Whether there was one.
   * @throws {UnavailableError | OperationError} `store.*`
   */
  async release(nodeName: string): Promise<boolean> {
    const { store, clock } = this.#parts;
    let was = false;
    await this.#turns.take(() =>
      repeatedly(async () => {
        const { head, list } = await this.#members.read();
        const gone = list.find(({ value }) => value.nodeName === nodeName);
        if (gone === undefined) return true;
        was = true;
        const event = eventOf("leave", gone.value, null, momentText(clock.now()));
        const remove = [gone.key, keyOf.lease(nodeName), keyOf.machine(gone.value.machine)];
        const change = withEvents(head, [event], { expect: [], put: [], remove });
        return await store.commit(change) ? true : null;
      })
    );
    return was;
  }

  /**
   * Looks which leases moved since the last look; who holds a name in silence can only be told by who looks.
   *
   * @throws {UnavailableError | OperationError} `store.*`
   */
  async observe(): Promise<void> {
    this.#watch.observe(await this.#parts.store.list("lease/"));
  }

  async #admit(ask: (chain: ManifestChain) => Ask): Promise<JoinAnswer> {
    const { chain, clock, nodeAuthority } = this.#parts;
    const placed = await this.#turns.take(() => repeatedly(() => this.#tryToAdmit(ask(chain()))));
    const { member, lease, peers } = placed;
    const told = chain();
    return {
      v: 1,
      role: member.role,
      nodeName: member.nodeName,
      lease,
      leaseSeconds: this.#leaseSeconds,
      manifestSequence: member.manifestSequence,
      manifests: told.bytes,
      references: await this.#references(told),
      certificate: await this.#certify(member),
      nodeAuthority,
      peers,
      time: momentText(clock.now()),
      controlPlane: member.role === "control-plane" ? this.#parts.grant() : null,
    };
  }

  /** Read once for each manifest: what a digest names does not change. */
  async #references(chain: ManifestChain): Promise<readonly Uint8Array[]> {
    const { newestDigest: manifest } = chain;
    if (this.#told?.manifest !== manifest) {
      this.#told = { manifest, files: await readReferenceFiles(this.#parts.store, chain) };
    }
    return this.#told.files;
  }

  async #tryToAdmit(ask: Ask): Promise<Placed | null> {
    const { chain, peer, group, role } = ask;
    const members = await this.#readUnder(chain, ask.manifestSequence);
    const before = members.list.find(({ value }) => value.machine === peer.machine) ?? null;
    const own = before === null ? undefined : groupOf(before.value, groupsFor(chain.newest, peer));
    const stays = own !== undefined && (group === "" || group === own.name) &&
      (role === null || role === own.role);
    if (before === null || !stays) {
      const place = await this.#placeFor(ask, members, before);
      return await this.#giveTo(ask, place, members, before);
    }
    if (before.value.bootId === peer.statement.bootId) {
      return await this.#again(ask, members, before);
    }
    const { nodeName, ticket } = before.value;
    const same = { nodeName, group: own, ticket, spends: false, taken: null, silentAt: null };
    return await this.#giveTo(ask, same, members, before);
  }

  /** Members, where neither the node nor the store knows a newer manifest than this service. */
  async #readUnder(chain: ManifestChain, seen: number): Promise<Members> {
    chain.requireInForce(this.#parts.clock.now());
    const members = await this.#members.read();
    const known = Math.max(seen, members.head.manifestSequence);
    if (known <= chain.sequence) return members;
    const reason = `manifest ${known} is known, and this control plane has ${chain.sequence}`;
    const fields = { expected: `${known}`, actual: `${chain.sequence}` };
    throw refuseNow("join.behind", reason, fields);
  }

  async #placeFor(ask: Ask, { list }: Members, before: Kept<Member> | null): Promise<Place> {
    const group = chooseGroup(ask.chain.newest, ask.peer, ask.group, ask.role);
    const others = list.filter((kept) => kept !== before);
    const hasToTake = !hasRoom(group, others);
    const ticket = hasToTake ? await this.#unspent(ask, group.name) : null;
    if (hasToTake && ticket === null) await this.observe();
    return findPlace({ group, others, ticket, watch: this.#watch });
  }

  /** A ticket that is not needed is not spent. */
  async #unspent({ ticket: file, chain }: Ask, group: string): Promise<string | null> {
    if (file === null) return null;
    const ticket = await readTicket(file, chain, this.#parts.clock.now());
    if (ticket.group !== group) {
      const fields = { expected: group, actual: ticket.group };
      throw refuseNode("join.ticket_needed", `its ticket is for group ${ticket.group}`, fields);
    }
    if (await this.#parts.store.read(keyOf.ticket(ticket.id)) === null) return ticket.id;
    throw refuseNode("join.ticket_used", `ticket ${ticket.id} was used`, { ticket: ticket.id });
  }

  async #giveTo(
    { peer, url, chain }: Ask,
    place: Place,
    members: Members,
    before: Kept<Member> | null,
  ): Promise<Placed | null> {
    const { store, clock, random } = this.#parts;
    const { machine, variant, account, statement: { bootId } } = peer;
    const { nodeName, group, ticket } = place;
    const member: Member = {
      v: 1,
      ...{ nodeName, role: group.role, group: group.name, variant, account, machine, bootId },
      ...present(peer, url),
      manifestSequence: chain.sequence,
      ticket,
      since: momentText(clock.now()),
    };
    const lease: Lease = { v: 1, id: toHex(random.bytes(32)), bootId, machine, renewed: 0 };
    const admitted = { member, lease, place, before };
    const change = withEvents(members.head, admissionEvents(admitted), admission(admitted));
    if (!await store.commit(change)) return null;
    const gone = [before, place.taken];
    const others = members.list.filter((kept) => !gone.includes(kept));
    return { member, lease: lease.id, peers: peersOf(others, member) };
  }

  /** The same boot asks again: the answer was lost, or its agent began anew with other keys. */
  async #again(
    { peer, url }: Ask,
    members: Members,
    { value }: Kept<Member>,
  ): Promise<Placed | null> {
    const lease = await readLease(this.#parts.store, value.nodeName);
    const now = present(peer, url);
    const placed = placedAs(value, lease.value.id, members);
    if (isPresent(value, now)) return placed;
    const member = { ...value, ...now };
    const change = this.#newKeys(members, member, { expect: [], put: [], remove: [] });
    if (!await this.#parts.store.commit(change)) return null;
    return placedAs(member, lease.value.id, members);
  }

  async #tryToRenew(peer: Appraised, body: RenewBody): Promise<Placed | null> {
    const { store, chain } = this.#parts;
    const { nodeName } = peer.statement;
    const members = await this.#readUnder(chain(), body.manifestSequence);
    const kept = members.list.find(({ value }) => value.nodeName === nodeName);
    if (kept === undefined) throw refuseNode("join.not_member", `${nodeName} is no member`);
    checkMember(peer, chain(), kept.value);
    const lease = await readLease(store, nodeName);
    if (lease.value.id !== body.lease) {
      throw refuseNode("join.fenced", `the lease of ${nodeName} is another`);
    }
    const renewed = { ...lease.value, renewed: lease.value.renewed + 1 };
    const change: StoreChange = {
      expect: [{ key: lease.key, revision: lease.revision }],
      put: [{ key: lease.key, value: writeMessage(LEASE, renewed) }],
      remove: [],
    };
    const now = present(peer, body.url);
    const same = isPresent(kept.value, now);
    const member = same ? kept.value : { ...kept.value, ...now };
    // Whoever takes the name or the place writes a new lease, so that without news its revision says enough.
    const made = same ? change : this.#newKeys(members, member, change);
    return await store.commit(made) ? placedAs(member, lease.value.id, members) : null;
  }

  #newKeys({ head }: Members, member: Member, beside: StoreChange): StoreChange {
    const event = eventOf("renew", member, member, momentText(this.#parts.clock.now()));
    const put = [
      ...beside.put,
      { key: keyOf.member(member.nodeName), value: writeMessage(MEMBER, member) },
    ];
    return withEvents(head, [event], { ...beside, put });
  }

  async #certify({ spki, nodeName, role, url }: Member): Promise<Uint8Array> {
    return await this.#parts.certify({ spki: fromHex(spki), name: nodeName, role, url });
  }
}

function placedAs(member: Member, lease: string, { list }: Members): Placed {
  const others = list.filter(({ value }) => value.nodeName !== member.nodeName);
  return { member, lease, peers: peersOf(others, member) };
}

function peersOf(others: readonly Kept<Member>[], member: Member): readonly Peer[] {
  return [...others.map(({ value }) => value), member]
    .map(({ nodeName, role, url }) => ({ nodeName, role, url }))
    .sort((a, b) => a.nodeName < b.nodeName ? -1 : 1);
}
