/**
 * Verifying the agents of a cluster, each by evidence of its own.
 *
 * @module
 */

import { CasemateError, UnavailableError } from "../core/errors.ts";
import type { ChannelClients } from "../core/node_ports.ts";
import type { Random } from "../core/ports.ts";
import { attestServer } from "../channel/client.ts";
import type { Appraised, Appraiser } from "../channel/peer.ts";
import type { ManifestChain } from "../manifest/mod.ts";
import { clusterError } from "./refusal.ts";

/** What members are verified with. */
export interface VerifyParts {
  /** The network. */
  readonly clients: ChannelClients;
  /** Randomness. */
  readonly random: Random;
  /** Milliseconds that only rise. */
  readonly monotonic: () => number;
  /** Judges evidence under the chain. */
  readonly appraiser: Appraiser;
  /** The chain, verified from the cluster's id. */
  readonly chain: ManifestChain;
  /** Addresses of the agents. */
  readonly urls: readonly string[];
}

/** What came of one agent. */
export interface MemberVerdict {
  /** Address. */
  readonly url: string;
  /** The verdict. */
  readonly verdict: "trusted" | "lab-trusted" | "rejected" | "unavailable";
  /** What was proven of it; null where nothing was. */
  readonly peer: Appraised | null;
  /** Code of what decided; null where it is trusted. */
  readonly code: string | null;
  /** The same in words. */
  readonly message: string | null;
}

/** What came of all. */
export interface ClusterVerdict {
  /** Cluster, hex. */
  readonly clusterId: string;
  /** Newest manifest. */
  readonly manifestSequence: number;
  /** SHA-256 of it, hex. */
  readonly manifestDigest: string;
  /** The worst verdict of a member. */
  readonly verdict: MemberVerdict["verdict"];
  /** Members in the order of the addresses. */
  readonly members: readonly MemberVerdict[];
}

/** From worst to best. */
const ORDER: readonly MemberVerdict["verdict"][] = [
  "rejected",
  "unavailable",
  "lab-trusted",
  "trusted",
];

/**
 * Verifies agents, all at the same time. Each must be a member under a manifest of the chain; no two have one name.
 *
 * @param parts What with.
 */
export async function verifyCluster(parts: VerifyParts): Promise<ClusterVerdict> {
  const { chain, urls } = parts;
  const asked = await Promise.all([...new Set(urls)].map((url) => verifyMember(parts, url)));
  const members = refuseTwins(asked);
  const verdict = ORDER.find((one) => members.some((member) => member.verdict === one));
  return {
    clusterId: chain.clusterId,
    manifestSequence: chain.sequence,
    manifestDigest: chain.newestDigest,
    verdict: verdict ?? "unavailable",
    members,
  };
}

async function verifyMember(parts: VerifyParts, url: string): Promise<MemberVerdict> {
  const { clients, random, monotonic, appraiser, chain } = parts;
  try {
    const expected = { clusterId: chain.clusterId };
    const session = await attestServer({ clients, url, random, monotonic }, {
      appraiser,
      expected,
    });
    requireMember(session.peer, chain);
    const { peer } = session;
    return { url, verdict: peer.verdict, peer, code: null, message: null };
  } catch (error) {
    return refusedAs(url, error);
  }
}

function requireMember({ statement }: Appraised, chain: ManifestChain): void {
  const { phase, manifestSequence, manifestDigest } = statement;
  if (phase !== "member") throw clusterError("cluster.member", `it is in phase ${phase}`);
  if (chain.digestOf(manifestSequence) === manifestDigest) return;
  const under = `manifest ${manifestSequence} ${manifestDigest}`;
  throw clusterError("cluster.member", `it was admitted under ${under}`);
}

function refusedAs(url: string, error: unknown): MemberVerdict {
  if (!(error instanceof CasemateError)) throw error;
  const verdict = error instanceof UnavailableError ? "unavailable" : "rejected";
  return { url, verdict, peer: null, code: error.code, message: error.message };
}

/** Names are unique while leases live: of two with one name at most one is what it says. */
function refuseTwins(members: readonly MemberVerdict[]): readonly MemberVerdict[] {
  const nameOf = ({ peer }: MemberVerdict): string => peer?.statement.nodeName ?? "";
  return members.map((member) => {
    const name = nameOf(member);
    const twins = name !== "" && members.filter((one) => nameOf(one) === name).length > 1;
    if (!twins) return member;
    const message = `Another agent has evidence for the name ${name} as well`;
    return { ...member, verdict: "rejected", code: "cluster.member", message };
  });
}
