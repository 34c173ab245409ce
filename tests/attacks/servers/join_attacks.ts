/**
 * What agents that join are offered: servers that are no control planes, of
 * this cluster or of another, and what the owner once signed.
 *
 * @module
 */

import { JOIN_PATH } from "../../../src/protocol/paths.ts";
import type { JoinAttack } from "./joining.ts";
import { goneOn, makeOwner } from "./owner.ts";
import { evidenceOf, startRogue } from "./rogue.ts";
import { controlPlaneOf, turned } from "./stage.ts";
import { standBefore } from "./tap.ts";
import {
  claimed,
  inCluster,
  isWorker,
  offerChain,
  offerForeign,
  offerTurned,
  offerUnopened,
  payloadDigest,
  relabelled,
  teachSecond,
  withOwnLeaf,
  worker,
} from "./join_offers.ts";
import * as without from "./join_weakenings.ts";

/** The attacks. */
export const JOIN_ATTACKS: readonly JoinAttack[] = [
  {
    name: "a server without TPM and TEE shows another's evidence as its own",
    code: "snp.report_data_mismatch",
    ...without.QUESTION,
    async offer(stage, { current }, use) {
      const says = await controlPlaneOf(stage.owner, stage.second);
      const told = { manifests: stage.second, references: stage.owner.references };
      await using rogue = await startRogue({ told, says, evidence: relabelled(current.url) });
      return await use({ launch: { peers: [rogue.url] }, tap: rogue });
    },
  },
  {
    name: "a server with a TPM and no TEE",
    code: "trust.variant_not_admitted",
    ...without.VARIANT,
    async offer(stage, _, use) {
      const says = await controlPlaneOf(stage.owner, stage.second);
      await using machine = await turned(stage, says, says, stage.second);
      const evidence = evidenceOf(machine.machine, "gcp-sev-es");
      await using rogue = await startRogue({ ...machine.parts, evidence }, "gcp-sev-es");
      return await use({ launch: { peers: [rogue.url] }, tap: rogue });
    },
  },
  {
    name: "a genuine worker of this cluster",
    code: "statement.role_mismatch",
    ...without.ROLE,
    async offer(stage, _, use) {
      const says = worker(await controlPlaneOf(stage.owner, stage.second));
      return await offerTurned(stage, { register: says, says, chain: stage.second }, use);
    },
  },
  {
    name: "a genuine worker that says it is a control plane",
    code: "statement.phase_mismatch",
    ...without.REGISTER,
    async offer(stage, _, use) {
      const says = await controlPlaneOf(stage.owner, stage.second);
      const register = worker(says);
      return await offerTurned(stage, { register, says, chain: stage.second }, use);
    },
  },
  {
    name: "a genuine node in phase cluster that says it is a member",
    code: "statement.phase_mismatch",
    ...without.REGISTER,
    async offer(stage, _, use) {
      const says = await controlPlaneOf(stage.owner, stage.second);
      const register = inCluster(stage.owner.clusterId);
      return await offerTurned(stage, { register, says, chain: stage.second }, use);
    },
  },
  {
    name: "a control plane of another lab",
    code: "manifest.cluster",
    ...without.CLUSTER,
    offer: (stage, _, use) => offerForeign(stage, {}, use),
  },
  {
    name: "launch data that name another cluster, at a control plane of this one",
    code: "manifest.cluster",
    ...without.LAUNCHED,
    spoils: true,
    async offer({ maker }, { current }, use) {
      const { clusterId } = await makeOwner(maker);
      return await use({ launch: { peers: [current.url], clusterId }, tap: null });
    },
  },
  {
    name: "a chain of another owner who names this cluster",
    code: "manifest.cluster",
    ...without.OWNER,
    async offer(stage, _, use) {
      const { chain, references, digest } = await claimed(stage);
      return await offerChain(stage, { chain, references, sequence: 1, digest }, use);
    },
  },
  {
    name: "a second manifest that another owner signed",
    code: "manifest.signature",
    ...without.SIGNATURE,
    async offer(stage, _, use) {
      const { key } = await makeOwner(stage.maker);
      const chain = await goneOn(stage.owner, "1.35.0", key);
      const { references } = stage.owner;
      const digest = payloadDigest(chain[1]);
      return await offerChain(stage, { chain, references, sequence: 2, digest }, use);
    },
  },
  {
    name: "an older chain than the agent has seen",
    code: "manifest.rollback",
    ...without.SEEN,
    async offer(stage, { old }, use, teach) {
      await teachSecond(stage, teach);
      return await use({ launch: { peers: [old.url] }, tap: null, isTaken: isWorker });
    },
  },
  {
    name: "an older chain than its launch data allow",
    code: "manifest.rollback",
    ...without.MINIMUM,
    offer: (_, { old }, use) =>
      use({ launch: { peers: [old.url], minimumSequence: 2 }, tap: null, isTaken: isWorker }),
  },
  {
    name: "another second manifest than the agent has seen, both the owner's",
    code: "manifest.fork",
    ...without.FORK,
    async offer(stage, { forked }, use, teach) {
      await teachSecond(stage, teach);
      return await use({ launch: { peers: [forked.url] }, tap: null, isTaken: isWorker });
    },
  },
  {
    name: "a man in the middle who passes all on",
    code: "channel.pin",
    ...without.PIN,
    async offer(_, { current }, use) {
      await using middle = await standBefore(current.url);
      const isTaken = () => middle.asked().includes(JOIN_PATH);
      return await use({ launch: { peers: [middle.url] }, tap: middle, isTaken, at: current });
    },
  },
  {
    name: "a man in the middle who names his own certificate",
    code: "statement.tls_mismatch",
    ...without.LEAF,
    async offer(_, { current }, use) {
      await using middle = await standBefore(current.url, withOwnLeaf);
      const isTaken = () => middle.asked().includes(JOIN_PATH);
      return await use({ launch: { peers: [middle.url] }, tap: middle, isTaken, at: current });
    },
  },
  {
    name: "an answer in the open, of who could not open the request",
    code: "channel.answer",
    shows: true,
    ...without.SEALED,
    offer: (stage, _, use) => offerUnopened(stage, "open", use),
  },
  {
    name: "an answer sealed with another key than the request's",
    code: "channel.sealed",
    shows: true,
    ...without.NOTHING,
    offer: (stage, _, use) => offerUnopened(stage, "sealed", use),
  },
];
