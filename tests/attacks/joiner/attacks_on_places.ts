/**
 * Attacks on roles, names and leases, by machines whose evidence is in order.
 *
 * @module
 */

import { toHex } from "../../../src/core/bytes.ts";
import { signTicket } from "../../../src/manifest/mod.ts";
import {
  generateSigningKey,
  readSigningKey,
  type SigningKey,
} from "../../../src/core/signing_key.ts";
import type { JoinAnswer, JoinBody } from "../../../src/protocol/join.ts";
import type { Attack, Scene } from "./attack.ts";
import * as place from "./place_defences.ts";
import type { Joiner } from "./joiner.ts";
import { type JoinLab, RANDOM, TENANT_PROJECT } from "./lab.ts";
import type { Answered } from "./wire.ts";

const MINUTES = 60_000;

/** A ticket for one more control plane. */
async function ticketOf(
  { clusterId }: Pick<JoinLab, "clusterId">,
  key: SigningKey,
): Promise<Uint8Array> {
  const now = Date.now();
  const times = { issued: new Date(now), notAfter: new Date(now + 10 * MINUTES) };
  return await signTicket({ clusterId, group: "few", ...times }, key, RANDOM);
}

async function ask(
  { joiner, url }: Pick<Scene, "joiner" | "url">,
  asks: Partial<JoinBody>,
): Promise<Answered> {
  const session = await joiner.session(url);
  return await joiner.ask(session, { purpose: "join", exact: joiner.joinBody(asks) });
}

/** Renews the lease of who holds the one place of a group. */
type Renew = () => Promise<void>;

const holders = new Map<string, Renew>();

/** The one place of a group is held by a member that lives as long as the cluster. */
async function held({ lasting, lab }: Scene, group: string): Promise<Renew> {
  const known = holders.get(group);
  if (known !== undefined) return known;
  const joiner = await lasting();
  const [url] = lab.urls;
  const { lease, ...admitted } = await joiner.join(url, { group });
  const said = await joiner.become(admitted);
  const renew = async (): Promise<void> => void await joiner.renew(url, lease, said);
  holders.set(group, renew);
  return renew;
}

/** Wants the place of who lives, which is known as soon as the lease was seen to be renewed. */
async function wantingPlace(scene: Scene, group: string): Promise<() => Promise<Answered>> {
  const renew = await held(scene, group);
  if (!scene.weakened) {
    const { code } = await ask(scene, { group });
    if (code !== "join.name_held") throw new Error(`Asked to come again, it was told ${code}`);
    await renew();
  }
  return () => ask(scene, { group });
}

/** It has the secrets of the cluster. */
function isControlPlane({ role, controlPlane }: JoinAnswer): boolean {
  return role === "control-plane" && controlPlane !== null;
}

/** The attacks. */
export const ATTACKS_ON_PLACES: readonly Attack[] = [
  {
    says: "a worker's machine asks to be a control plane",
    code: "join.role",
    machine: () => ({ project: TENANT_PROJECT }),
    prepare: (scene) => Promise.resolve(() => ask(scene, { group: "control-plane" })),
    honest: async ({ joiner, url }) => void await joiner.join(url, { group: "tenant" }),
    gains: isControlPlane,
    off: [place.group],
  },
  {
    says: "a control plane beyond the owner's number, without a ticket",
    code: "join.ticket_needed",
    prepare: (scene) => wantingPlace(scene, "few"),
    gains: isControlPlane,
    off: [place.room],
  },
  {
    says: "a control plane beyond the owner's number, with a ticket of the attacker's",
    code: "manifest.ticket",
    async prepare(scene) {
      await held(scene, "few");
      const own = await readSigningKey((await generateSigningKey("P-384")).pkcs8);
      const ticket = await ticketOf(scene.lab, own);
      return () => ask(scene, { group: "few", ticket });
    },
    honest: async ({ joiner, lab, url }) => {
      const ticket = await ticketOf(lab, lab.owner);
      await joiner.join(url, { group: "few", ticket });
    },
    gains: isControlPlane,
    off: [place.ticketSigner],
  },
  {
    says: "a control plane beyond the owner's number, with a ticket of another cluster",
    code: "manifest.ticket",
    async prepare(scene) {
      await held(scene, "few");
      const ticket = await ticketOf({ clusterId: "c3".repeat(32) }, scene.lab.owner);
      return () => ask(scene, { group: "few", ticket });
    },
    gains: isControlPlane,
    off: [place.ticketCluster],
  },
  {
    says: "a control plane beyond the owner's number, with a ticket that was used",
    code: "join.ticket_used",
    async prepare(scene) {
      await held(scene, "few");
      const ticket = await ticketOf(scene.lab, scene.lab.owner);
      const first = await scene.another();
      await first.join(scene.url, { group: "few", ticket });
      return () => ask(scene, { group: "few", ticket });
    },
    gains: isControlPlane,
    // The store would not take it twice either.
    off: [place.ticketSpent, place.ticketInStore],
  },
  {
    says: "a name whose holder lives",
    code: "join.full",
    prepare: (scene) => wantingPlace(scene, "single"),
    honest: async (scene) => await (await held(scene, "single"))(),
    gains: ({ nodeName }) => nodeName === "single-1",
    off: [place.watch],
  },
  {
    says: "another's lease, known to the attacker",
    code: "join.fenced",
    async prepare({ joiner, another, url }) {
      const victim = await another();
      const admitted = await victim.join(url);
      // Phase and boot of another can be stated; the machine cannot.
      const said = { ...await joiner.become(admitted), bootId: victim.machine.bootId };
      const session = await joiner.session(url);
      const exact = joiner.renewBody(admitted.lease);
      return () => joiner.ask(session, { purpose: "renew", exact, said });
    },
    honest: memberRenews,
    off: [place.machine],
  },
  {
    says: "a worker renews as a control plane",
    code: "join.role",
    async prepare({ joiner, url }) {
      const admitted = await joiner.join(url);
      const said = await joiner.become({ ...admitted, role: "control-plane" });
      const session = await joiner.session(url);
      const exact = joiner.renewBody(admitted.lease);
      return () => joiner.ask(session, { purpose: "renew", exact, said });
    },
    honest: memberRenews,
    off: [place.role],
  },
  {
    says: "a name that nobody was given",
    code: "join.not_member",
    async prepare({ joiner, url }) {
      const own = { role: "worker", nodeName: "guest-4000", manifestSequence: 2 } as const;
      const said = await joiner.become(own);
      const session = await joiner.session(url);
      const exact = joiner.renewBody(toHex(RANDOM.bytes(32)));
      return () => joiner.ask(session, { purpose: "renew", exact, said });
    },
    honest: memberRenews,
    // There is no record that could be held against it.
    off: [],
  },
  {
    says: "a boot whose machine was admitted anew",
    code: "join.fenced",
    async prepare({ joiner, url }) {
      const { bootId } = joiner.machine;
      const before = await joiner.join(url);
      const admitted = await joiner.join(url, {}, { bootId: SECOND_BOOT });
      const said = await joiner.become(admitted);
      second = { lease: admitted.lease, said: { ...said, bootId: SECOND_BOOT } };
      const session = await joiner.session(url);
      const exact = joiner.renewBody(before.lease);
      return () => joiner.ask(session, { purpose: "renew", exact, said: { ...said, bootId } });
    },
    honest: async ({ joiner, url }) => {
      if (second === null) throw new Error("The second boot was not admitted");
      await joiner.renew(url, second.lease, second.said);
    },
    // Neither the boot is the member's, nor is the lease.
    off: [place.boot, place.lease],
  },
];

async function memberRenews({ another, url }: Scene): Promise<void> {
  const own = await another();
  const admitted = await own.join(url);
  await own.renew(url, admitted.lease, await own.become(admitted));
}

const SECOND_BOOT = "b2".repeat(16);

let second: { readonly lease: string; readonly said: Parameters<Joiner["renew"]>[2] } | null = null;
