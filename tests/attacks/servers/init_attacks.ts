/**
 * Attacks on initialisation: between owner and node, by nodes that are none,
 * by owners of something else, and on what was initialised before.
 *
 * @module
 */

import {
  askFor,
  atWaiting,
  captured,
  codeOf,
  type InitAttack,
  initWith,
  requestOf,
  signedBy,
  stolenBody,
} from "./initialising.ts";
import { makeOwner } from "./owner.ts";
import { initAt } from "./stage.ts";
import { standBefore } from "./tap.ts";
import {
  again,
  atWorker,
  forged,
  initThrough,
  olderShown,
  otherOwner,
  otherSecond,
  replayEvidence,
  replaySealed,
  SECOND,
  twoAddresses,
  withOwnLeaf,
} from "./init_scenes.ts";
import * as without from "./init_weakenings.ts";

/** The attacks. */
export const INIT_ATTACKS: readonly InitAttack[] = [
  {
    name: "a man in the middle passes all on",
    ...{ code: "channel.pin", victim: "owner", ...without.PIN },
    make: (stage, programs) =>
      atWaiting(stage, programs, async ({ url }) => {
        await using middle = await standBefore(url);
        return await initThrough(stage, programs, middle);
      }),
  },
  {
    name: "a man in the middle names his own certificate",
    ...{ code: "statement.tls_mismatch", victim: "owner", ...without.LEAF },
    make: (stage, programs) =>
      atWaiting(stage, programs, async ({ url }) => {
        await using middle = await standBefore(url, withOwnLeaf);
        return await initThrough(stage, programs, middle);
      }),
  },
  {
    name: "a node shows evidence that it made for somebody else's request",
    ...{ code: "snp.report_data_mismatch", victim: "owner", ...without.QUESTION },
    make: replayEvidence,
  },
  {
    name: "the owner's request is caught, and followed up with another body",
    ...{ code: "node.init_body", victim: "node", ...without.BODY },
    make: (stage, programs) =>
      atWaiting(
        stage,
        programs,
        async ({ url }) => await initWith(url, await captured(stage), stolenBody(stage.owner)),
      ),
  },
  {
    name: "a request of another key, which names itself",
    ...{ code: "node.owner_request", victim: "node", ...without.OWNER },
    make: (stage, programs) =>
      atWaiting(stage, programs, async ({ url }) => {
        const { key } = await makeOwner(stage.maker);
        const body = stolenBody(stage.owner);
        return await initWith(
          url,
          await signedBy(requestOf({ ...stage.owner, key }, body), key),
          body,
        );
      }),
  },
  {
    name: "a request that names the owner, and is signed by another key under the owner's name",
    ...{ code: "dsse.signature", victim: "node", ...without.SIGNATURE },
    make: (stage, programs) =>
      atWaiting(stage, programs, async ({ url }) => {
        const { key } = await makeOwner(stage.maker);
        const body = stolenBody(stage.owner);
        const asked = await signedBy(requestOf(stage.owner, body), key);
        return await initWith(url, forged(asked, key.publicKey, stage.owner.key.publicKey), body);
      }),
  },
  {
    name: "a request for another cluster, of its owner",
    ...{ code: "node.owner_request", victim: "node", ...without.CLUSTER },
    make: (stage, programs) =>
      atWaiting(stage, programs, async ({ url }) => {
        const other = await makeOwner(stage.maker);
        const body = stolenBody(stage.owner);
        return await initWith(url, await signedBy(requestOf(other, body), other.key), body);
      }),
  },
  {
    name: "the sealed request that initialised the node, again",
    ...{ code: "channel.nonce_used", victim: "node", ...without.NONCES },
    make: replaySealed,
  },
  {
    name: "the owner's request, again, at the member that it made",
    ...{ code: "node.purpose_refused", victim: "node", ...without.PHASE },
    make: (stage, programs) =>
      again(stage, programs, [], async (url) => {
        const body = stolenBody(stage.owner);
        const asked = await signedBy(requestOf(stage.owner, body), stage.owner.key);
        return await codeOf(() => askFor(url, asked));
      }),
  },
  {
    name: "a second initialisation with another epoch's root",
    ...{ code: "cluster.other_init", victim: "owner", ...without.ROOT },
    make: (stage, programs) =>
      again(stage, programs, [], async (url, state) => {
        const { code } = await initAt(programs.owner, url, stage.folder, [
          ...state,
          "--epoch",
          "2",
        ]);
        return code === "" ? "succeeded" : code;
      }),
  },
  {
    name: "a second initialisation with another manifest of the same number",
    ...{ code: "cluster.not_initialised", victim: "owner", ...without.MANIFEST },
    make: async (stage, programs) => {
      const other = await otherSecond(stage);
      return await again(stage, programs, [SECOND(stage)], async (url) => {
        const { code } = await initAt(programs.owner, url, stage.folder, ["--manifest", other]);
        return code === "" ? "succeeded" : code;
      });
    },
  },
  {
    name: "a second initialisation by another owner",
    ...{ code: "node.owner_request", victim: "node", ...without.SECOND_OWNER },
    make: (stage, programs) =>
      again(stage, programs, [], (url) => otherOwner(stage, programs, url)),
  },
  {
    name: "an initialisation of a worker",
    ...{ code: "cluster.not_initialised", victim: "owner", ...without.MEMBER },
    make: atWorker,
  },
  {
    name: "one agent at two addresses, as two members",
    ...{ code: "cluster.member", victim: "owner", ...without.TWINS },
    make: twoAddresses,
  },
  {
    name: "an older chain, at an owner who has seen the newer",
    ...{ code: "manifest.rollback", victim: "owner", ...without.SEEN },
    make: olderShown,
  },
];
