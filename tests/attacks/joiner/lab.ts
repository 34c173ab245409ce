/**
 * The cluster that is attacked: a lab of two control planes, whose owner allows
 * so few nodes that there is something to be had beyond them.
 *
 * @module
 */

import { openCall } from "../../../src/channel/client.ts";
import type { Asking } from "../../../src/channel/session.ts";
import type { Appraiser } from "../../../src/channel/peer.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { readSigningKey, type SigningKey } from "../../../src/core/signing_key.ts";
import { channelClients } from "../../../src/hosts/channel/client.ts";
import { openEtcdHttp } from "../../../src/hosts/etcd/etcd_http.ts";
import { addDays } from "../../../src/lab/dates.ts";
import {
  type AmdAuthority,
  importAmdAuthority,
  importTpmAuthority,
  type TpmAuthority,
} from "../../../src/lab/mod.ts";
import {
  intentOf,
  ManifestChain,
  nextManifest,
  readReferences,
  signManifest,
} from "../../../src/manifest/mod.ts";
import type { NodeGroup } from "../../../src/protocol/manifest.ts";
import { writeMessage } from "../../../src/protocol/message.ts";
import { MANIFEST_UPDATE_PATH } from "../../../src/protocol/paths.ts";
import { MANIFEST_ANSWER } from "../../../src/protocol/status.ts";
import { STORE_ACCESS } from "../../../src/protocol/store_access.ts";
import { createAppraiser } from "../../../src/services/attest/appraiser.ts";
import { EtcdStore } from "../../../src/services/store/etcd.ts";
import type { Store } from "../../../src/services/store/store.ts";
import { casemate } from "./program.ts";

/** Chance. */
export const RANDOM = {
  bytes: (length: number): Uint8Array<ArrayBuffer> =>
    crypto.getRandomValues(new Uint8Array(length)),
};

const NAME = "join";

/** Project whose machines are control planes, and may be guests. */
export const OWN_PROJECT = "casemate-lab";
/** Project whose machines are workers of one group, and nothing else. */
export const TENANT_PROJECT = "casemate-lab-tenants";

/** The owner's groups in manifest 2: two of them for one node each. */
const GROUPS: readonly Omit<NodeGroup, "variant">[] = [
  { name: "control-plane", role: "control-plane", min: 1, max: 200, account: OWN_PROJECT },
  { name: "few", role: "control-plane", min: 0, max: 1, account: OWN_PROJECT },
  { name: "guest", role: "worker", min: 0, max: 200, account: OWN_PROJECT },
  { name: "single", role: "worker", min: 0, max: 1, account: OWN_PROJECT },
  { name: "tenant", role: "worker", min: 0, max: 200, account: TENANT_PROJECT },
];

/** A lab that runs. */
export interface JoinLab extends AsyncDisposable {
  /** Its folder. */
  readonly folder: string;
  /** Id of its cluster, hex. */
  readonly clusterId: string;
  /** Where the control planes answer. */
  readonly urls: readonly [string, string];
  /** Certifies its chips. */
  readonly amd: AmdAuthority;
  /** Certifies its TPMs. */
  readonly google: TpmAuthority;
  /** SHA-256 of the manifest in force, hex. */
  readonly manifestDigest: string;
  /** The owner's key. */
  readonly owner: SigningKey;
  /** Judges its servers. */
  readonly appraiser: Appraiser;
  /** The cluster's state, as control planes have it. */
  readonly store: Store;
}

/** Brings the lab up; it is down when it is let go of, also where it did not come up. */
export async function bringUp(): Promise<JoinLab> {
  const home = await Deno.makeTempDir({ prefix: "casemate_join_" });
  const which = ["--name", NAME, "--dir", `${home}/labs`];
  const down = async (): Promise<void> => {
    await casemate("lab", "down", ...which);
    await Deno.remove(home, { recursive: true });
  };
  try {
    const machines = ["--control-planes", "2", "--workers", "0"];
    await casemate("lab", "up", ...machines, "--no-install", ...which);
    return await describe(`${home}/labs/${NAME}`, down);
  } catch (error) {
    await down().catch((also) => {
      throw new AggregateError([error, also], "The lab did not come up, nor down");
    });
    throw error;
  }
}

async function describe(folder: string, down: () => Promise<void>): Promise<JoinLab> {
  const bytes = (name: string) => Deno.readFile(`${folder}/${name}`);
  const json = async (name: string) => JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
  const { clusterId, machines }: LabState = await json("lab.json");
  const [first = "", second = ""] = machines.map(({ port }) => `https://127.0.0.1:${port}`);
  const owner = await readSigningKey(await bytes("owner/owner.key"));
  const now = new Date();
  const before = await ManifestChain.verify([await bytes("manifest.json")], clusterId, { now });
  const manifests = [...before.bytes, await fewer(before, owner, now)];
  const chain = await ManifestChain.verify(manifests, clusterId, { now });
  const files = [await bytes("reference.json")];
  for (const url of [first, second]) await publish(url, chain, files);
  const references = await readReferences(chain, files);
  const labRoots = [await bytes("lab-roots.pem")];
  const access = STORE_ACCESS.decode(await json("store.json"), "");
  const http = openEtcdHttp(access);
  return {
    ...{ folder, clusterId, owner, urls: [first, second], manifestDigest: chain.newestDigest },
    amd: await importAmdAuthority(await json("tee/authority.json")),
    google: await importTpmAuthority(await json("tpm-authority.json")),
    appraiser: createAppraiser({
      chain: () => chain,
      references: () => references,
      ...{ labRoots, engine: inlineEngine, clock: { now: () => new Date() } },
    }),
    store: new EtcdStore({ http, access, clusterId, monotonic: () => performance.now() }),
    async [Symbol.asyncDispose]() {
      http.close();
      await down();
    },
  };
}

interface LabState {
  readonly clusterId: string;
  readonly machines: readonly { readonly port: number }[];
}

/** The owner's next manifest: groups with fewer nodes. */
async function fewer(chain: ManifestChain, owner: SigningKey, now: Date): Promise<Uint8Array> {
  const { newest } = chain;
  const variant = newest.groups[0]?.variant ?? "";
  const groups = GROUPS.map((group) => ({ ...group, variant }));
  // Manifests follow each other by the second.
  const issued = new Date(Math.max(now.getTime(), Date.parse(newest.issued) + 1000));
  const times = { issued, notAfter: addDays(now, 1) };
  return await signManifest(nextManifest({ ...intentOf(newest), groups }, chain, times), [owner]);
}

async function publish(
  url: string,
  chain: ManifestChain,
  references: readonly Uint8Array[],
): Promise<void> {
  const body = writeMessage(MANIFEST_ANSWER, { manifests: chain.bytes, references });
  const call = { path: MANIFEST_UPDATE_PATH, method: "POST", answer: null, body } as const;
  await openCall(askingAt(url), call);
}

/**
 * How a server is asked.
 *
 * @param url Where it answers.
 */
export function askingAt(url: string): Asking {
  return { clients: channelClients, url, random: RANDOM, monotonic: () => performance.now() };
}
