/**
 * The defences of the join service, each switched off.
 *
 * @module
 */

import type { Weakening } from "../weaken.ts";

const SERVICE = "src/services/join/service.ts";
const STATED = "src/services/join/stated.ts";

/** The join service does not look at it either. */
export const purposeInService: Weakening = {
  file: SERVICE,
  find: 'checkStranger(peer, this.#parts.chain(), "join");',
  replace: 'checkStranger(peer, this.#parts.chain(), peer.statement.purpose as "join");',
};

/** The join service does not look at all at who states that it was admitted. */
export const stranger: Weakening = {
  file: SERVICE,
  find: 'checkStranger(peer, this.#parts.chain(), "join");',
  replace: "",
};

/** The join service does not look at the cluster either. */
export const clusterInService: Weakening = {
  file: STATED,
  find: 'expectSame("join.cluster", "cluster", chain.clusterId, statement.clusterId);',
  replace: "",
};

/** Every node is assigned to the group that it names. */
export const group: Weakening = {
  file: "src/services/join/group.ts",
  find: "const found = fitting.find(({ name }) => name === hint);",
  replace: "const found = manifest.groups.find((one) => one.name === hint);",
};

/** Groups have no end. */
export const room: Weakening = {
  file: "src/services/join/place.ts",
  find:
    'return membersOf(group, others).filter(({ value }) => value.ticket === "").length < group.max;',
  replace: "return true;",
};

/** Anybody may sign tickets. */
export const ticketSigner: Weakening = {
  file: "src/manifest/ticket.ts",
  find: "return (await verifyDsse(envelope, TICKET_TYPE, [chain.owner])).payload;",
  replace: "return envelope.payload;",
};

/** Tickets may be of any cluster. */
export const ticketCluster: Weakening = {
  file: "src/manifest/ticket.ts",
  find: 'if (ticket.clusterId !== chain.clusterId) return "it is of another cluster";',
  replace: "",
};

/** Tickets are good more than once. */
export const ticketSpent: Weakening = {
  file: SERVICE,
  find: "if (await this.#parts.store.read(keyOf.ticket(ticket.id)) === null) return ticket.id;",
  replace: "return ticket.id;",
};

/** The store takes a ticket twice. */
export const ticketInStore: Weakening = {
  file: "src/services/join/change.ts",
  find: "expect.push({ key: keyOf.ticket(place.ticket), revision: null });",
  replace: "",
};

/** Whoever holds a name is thought dead at once. */
export const watch: Weakening = {
  file: "src/services/join/lease_watch.ts",
  find: 'if (this.#monotonic() - sight.since >= this.#life) return "dead";',
  replace: 'return "dead";',
};

/** Any machine may renew. */
export const machine: Weakening = {
  file: STATED,
  find: "if (machine !== member.machine || statement.bootId !== member.bootId) {",
  replace: "if (statement.bootId !== member.bootId) {",
};

/** Any boot of a machine may renew. */
export const boot: Weakening = {
  file: STATED,
  find: "if (machine !== member.machine || statement.bootId !== member.bootId) {",
  replace: "if (machine !== member.machine) {",
};

/** A member may state any role. */
export const role: Weakening = {
  file: STATED,
  find: 'expectSame("join.role", "role", member.role, statement.role);',
  replace: "",
};

/** Any lease will do. */
export const lease: Weakening = {
  file: SERVICE,
  find: "if (lease.value.id !== body.lease) {",
  replace: "if (false) {",
};
