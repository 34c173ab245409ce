/**
 * Chains of manifests, whole and bent, as both implementations judge them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toBase64url } from "../../src/core/base64url.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { signDsse } from "../../src/core/dsse.ts";
import { ManifestChain } from "../../src/manifest/chain.ts";
import { signManifest } from "../../src/manifest/create.ts";
import { canonicalManifest } from "../../src/manifest/read.ts";
import { MANIFEST_TYPE, TICKET_TYPE } from "../../src/protocol/manifest.ts";
import {
  CUSTODIANS,
  first,
  hexOf,
  made,
  nextOf,
  NOW,
  OTHER,
  OWNER,
  WITH_CUSTODIANS,
} from "../manifest/owner.ts";
import { SecondClient } from "./client.ts";

const [anna, bert] = CUSTODIANS;
const NEW_OWNER = { owner: hexOf(OTHER.publicKey) };

interface Case {
  readonly says: string;
  readonly files: readonly Uint8Array[];
  readonly clusterId?: string;
  readonly minimumSequence?: number;
  readonly now?: string;
  /** What both must say; a number is the sequence of a chain that holds. */
  readonly outcome: string | number;
}

const { clusterId, files, chain } = await made(3);
const [one, two, three] = files;
assert.ok(one !== undefined && two !== undefined && three !== undefined);
const guarded = await made(1, WITH_CUSTODIANS);
const replaced = await nextOf(chain, NEW_OWNER);
const after = (file: Uint8Array): readonly Uint8Array[] => [...files, file];
const guardedBy = async (
  keys: Parameters<typeof nextOf>[2],
  change: object,
) => [...guarded.files, await nextOf(guarded.chain, { ...NEW_OWNER, ...change }, keys)];
const ended = { issued: "2026-11-21T12:00:00Z", notAfter: "2026-11-21T12:00:00Z" };

/** The first manifest in canonical form. */
const TEXT = new TextDecoder().decode(canonicalManifest(first()));
const OF_IMAGE = '"variant":"gcp-sev-snp","version"';
const sorted: object = JSON.parse(TEXT);

const CASES: readonly Case[] = [
  { says: "three", files, outcome: 3 },
  { says: "one twice", files: [one, one, two], outcome: 2 },
  { says: "the lowest that is taken", files, minimumSequence: 3, outcome: 3 },
  { says: "a new owner", files: after(replaced), outcome: 4 },
  { says: "custodians", files: await guardedBy([anna, bert], {}), outcome: 2 },
  {
    says: "too few custodians",
    files: await guardedBy([anna], {}),
    outcome: "manifest.custodians",
  },
  {
    says: "custodians who change more",
    files: await guardedBy([anna, bert], { kubernetes: "1.35.0" }),
    outcome: "manifest.owner",
  },
  { says: "none", files: [], outcome: "manifest.sequence" },
  { says: "another cluster", files, clusterId: "00".repeat(32), outcome: "manifest.cluster" },
  { says: "no first", files: [two, three], outcome: "manifest.sequence" },
  { says: "a gap", files: [one, three], outcome: "manifest.sequence" },
  { says: "old ones", files, minimumSequence: 4, outcome: "manifest.rollback" },
  { says: "too early", files, now: "2026-11-21T11:54:59Z", outcome: "manifest.not_yet" },
  { says: "a clock that is behind", files, now: "2026-11-21T11:55:00Z", outcome: 3 },
  { says: "the last moment", files, now: "2027-02-19T12:00:00Z", outcome: 3 },
  { says: "too late", files, now: "2027-02-19T12:00:01Z", outcome: "manifest.expired" },
  {
    says: "another's first",
    files: [await signManifest(first(), [OTHER])],
    outcome: "manifest.signature",
  },
  {
    says: "another's next",
    files: after(await nextOf(chain, {}, [OTHER])),
    outcome: "manifest.signature",
  },
  {
    says: "a new owner by himself",
    files: after(await nextOf(chain, NEW_OWNER, [OTHER])),
    outcome: "manifest.signature",
  },
  {
    says: "other random bytes",
    files: after(await nextOf(chain, { random: "00".repeat(32) })),
    outcome: "manifest.cluster",
  },
  {
    says: "another kind",
    files: after(await nextOf(chain, { labRoots: ["00".repeat(32)] })),
    outcome: "manifest.cluster",
  },
  {
    says: "another history",
    files: after(await nextOf(chain, { previous: "00".repeat(32) })),
    outcome: "manifest.previous",
  },
  {
    says: "earlier than before",
    files: after(await nextOf(chain, { issued: "2026-11-21T11:59:59Z" })),
    outcome: "manifest.times",
  },
  {
    says: "no time at all",
    files: after(await nextOf(chain, ended)),
    outcome: "manifest.times",
  },
  {
    says: "a fork",
    files: [...files, await forkOf(one)],
    outcome: "manifest.fork",
  },
  {
    says: "no image of a group",
    files: [await signed(TEXT.replace(OF_IMAGE, '"variant":"tdx","version"'))],
    outcome: "manifest.malformed",
  },
  {
    says: "a member more",
    files: [await signed(JSON.stringify({ ...sorted, zone: "a" }))],
    outcome: "manifest.malformed",
  },
  {
    says: "another form of the same",
    files: [await signed(JSON.stringify(sorted, null, 1))],
    outcome: "manifest.not_canonical",
  },
  {
    says: "a ticket",
    files: [await signDsse(TICKET_TYPE, canonicalManifest(first()), [OWNER])],
    outcome: "dsse.type",
  },
];

/** A text that the owner signed as a manifest. */
async function signed(text: string): Promise<Uint8Array> {
  return await signDsse(MANIFEST_TYPE, new TextEncoder().encode(text), [OWNER]);
}

/** Another second manifest. */
async function forkOf(file: Uint8Array): Promise<Uint8Array> {
  const before = await ManifestChain.verify([file], clusterId, { now: NOW });
  return await nextOf(before, { kubernetes: "1.34.3" });
}

async function outcomeHere(one: Case, id: string): Promise<string | number> {
  const { files, minimumSequence = 0, now } = one;
  const terms = { now: now === undefined ? NOW : new Date(now), minimumSequence };
  try {
    return (await ManifestChain.verify(files, id, terms)).sequence;
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

async function outcomeThere(client: SecondClient, one: Case, id: string): Promise<unknown> {
  const { files, minimumSequence = 0, now = "2026-11-21T12:00:00Z" } = one;
  const manifests = files.map(toBase64url);
  const answer = await client.ask("chain", { manifests, clusterId: id, now, minimumSequence });
  return "ok" in answer ? answer.ok["sequence"] : answer.refused;
}

Deno.test("both take and refuse the same chains of manifests, with the same codes", async () => {
  await using client = new SecondClient();
  for (const one of CASES) {
    const id = one.clusterId ?? (one.says.includes("custodians") ? guarded.clusterId : clusterId);
    assert.equal(await outcomeHere(one, id), one.outcome, `${one.says}, here`);
    assert.equal(await outcomeThere(client, one, id), one.outcome, `${one.says}, in Python`);
  }
});
