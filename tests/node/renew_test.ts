/**
 * Staying a member, losing one's place, and the time of a node.
 *
 * @module
 */

import assert from "node:assert/strict";
import { RejectedError, UnavailableError } from "../../src/core/errors.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import type { Calls, Reached } from "../../src/node/calls.ts";
import type { NodeEvent } from "../../src/node/log.ts";
import { NodeMemory } from "../../src/node/memory.ts";
import { renewAny, type RenewParts } from "../../src/node/renew.ts";
import type { Admission } from "../../src/node/saved.ts";
import { NodeSelf } from "../../src/node/self.ts";
import { NodeTime, SOURCES_WRITTEN } from "../../src/node/time.ts";
import { backoff } from "../../src/node/waiting.ts";
import type { RenewAnswer } from "../../src/protocol/join.ts";
import { makeOwner, MemoryFiles, NOW, type Owner } from "./world.ts";

const OWN = "https://10.0.0.1:9000";
const OTHER = "https://10.0.0.2:9000";

interface World {
  readonly parts: RenewParts;
  readonly self: NodeSelf;
  readonly asked: string[];
  readonly events: NodeEvent[];
}

/** A control plane that was admitted, and what the others answer to a renewal. */
async function member(owner: Owner, answers: Readonly<Record<string, unknown>>): Promise<World> {
  const { clusterId, manifests, references, chain } = owner;
  const time = new NodeTime({ now: () => NOW });
  const files = new MemoryFiles();
  const memory = await NodeMemory.open({ files, clusterId, time, minimumSequence: 0 });
  await memory.learn(await memory.verify({ manifests, references }));
  const admission: Admission = {
    ...{ stage: "final", by: "join", bootId: "b4".repeat(16), role: "control-plane" },
    ...{ nodeName: "control-plane-1", manifestSequence: 1, manifestDigest: chain.newestDigest },
    ...{ lease: "1e".repeat(32), leaseSeconds: 60, nodeAuthority: Uint8Array.of(0x30) },
    peers: [
      { nodeName: "control-plane-1", role: "control-plane", url: OWN },
      { nodeName: "control-plane-2", role: "control-plane", url: OTHER },
      { nodeName: "worker-1", role: "worker", url: "https://10.0.0.3:9000" },
    ],
  };
  await memory.admit(admission);
  const self = new NodeSelf({ clusterId, bootId: admission.bootId, variant: "gcp-sev-snp" });
  self.enterCluster();
  self.enterMember(admission);
  const [asked, events]: [string[], NodeEvent[]] = [[], []];
  const calls = callsOf(self, answers, asked);
  const parts = {
    ...{ self, memory, calls, peers: [], url: OWN, time },
    random: { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) },
    appraiserOf: () => ({ appraise: () => Promise.reject(new TypeError("not asked")) }),
    log: (event: NodeEvent) => void events.push(event),
  };
  return { parts, self, asked, events };
}

function callsOf(
  self: NodeSelf,
  answers: Readonly<Record<string, unknown>>,
  asked: string[],
): Calls {
  return {
    manifests: () => Promise.reject(new TypeError("not asked")),
    reach(url): Promise<Reached> {
      asked.push(url);
      const answer = answers[url];
      const statement: Statement = {
        ...{ ...self.members, audience: "a1".repeat(32), requestDigest: "" },
        ...{ purpose: "serve", tlsSpki: "3059", hpkeKey: "cc".repeat(32) },
      };
      return Promise.resolve({
        statement,
        join: () => Promise.reject(new TypeError("not asked")),
        renew: () => answer instanceof Error ? Promise.reject(answer) : Promise.resolve(RENEWED),
      });
    },
  };
}

const RENEWED: RenewAnswer = {
  v: 1,
  leaseSeconds: 45,
  certificate: Uint8Array.of(0x30),
  manifests: [],
  references: [],
  peers: [],
  time: "2026-11-22T12:00:30Z",
};

function refusal(code: string): RejectedError {
  return new RejectedError("Refused", { code });
}

Deno.test("renewAny() asks others before the node itself, and goes on where one fails", async () => {
  const owner = await makeOwner();
  const away = new UnavailableError("Away", { code: "channel.unreachable", retryable: true });
  const { parts, asked, events } = await member(owner, { [OTHER]: away });
  assert.equal(await renewAny(parts), 45);
  assert.deepEqual(asked, [OTHER, OWN]);
  assert.deepEqual(events.map(({ fields }) => fields["code"]), ["channel.unreachable"]);
  assert.equal(parts.time.floor.toISOString(), "2026-11-22T12:00:30.000Z");
  assert.equal(parts.memory.admission?.leaseSeconds, 45);
});

Deno.test("renewAny() ends where another has the place: nobody else is asked, nothing is stated any more", async () => {
  const owner = await makeOwner();
  for (const code of ["join.fenced", "join.not_member"]) {
    const { parts, self, asked } = await member(owner, { [OTHER]: refusal(code) });
    await assert.rejects(renewAny(parts), { code: "node.fenced" });
    assert.ok(self.fenced);
    assert.deepEqual(asked, [OTHER]);
  }
  const { parts, self } = await member(owner, { [OTHER]: refusal("join.phase"), [OWN]: null });
  assert.equal(await renewAny(parts), 45);
  assert.ok(!self.fenced, "only who says so over a verified channel takes the place");
});

Deno.test("NodeTime believes no clock below what is known to be past", () => {
  const clock = { time: NOW.getTime() };
  const time = new NodeTime({ now: () => new Date(clock.time) });
  assert.deepEqual(time.now(), NOW);
  const later = new Date(NOW.getTime() + 4 * 60_000);
  time.raise(later);
  time.raise(NOW);
  assert.deepEqual(time.now(), later, "a little behind is taken as the floor");
  clock.time -= 2 * 60_000;
  assert.throws(() => time.now(), { code: "time.behind" });
  clock.time = SOURCES_WRITTEN.getTime() - 3_600_000;
  const fresh = new NodeTime({ now: () => new Date(clock.time) });
  assert.throws(() => fresh.now(), { code: "time.behind" });
  assert.throws(() => time.raise(new Date(Number.NaN)), RangeError);
});

Deno.test("NodeTime learns nothing of who is ahead of its own clock: no word of others stops a node", () => {
  const time = new NodeTime({ now: () => NOW });
  for (const ahead of [6 * 3_600_000, 5 * 60_000 + 1]) {
    const moment = new Date(NOW.getTime() + ahead);
    assert.throws(() => time.hear(moment), { code: "time.behind" });
    assert.deepEqual(time.now(), NOW);
  }
  const little = new Date(NOW.getTime() + 5 * 60_000);
  time.hear(little);
  time.hear(NOW);
  assert.deepEqual(time.now(), little);
});

Deno.test("backoff() doubles up to half a minute, and is spread by chance", () => {
  assert.deepEqual([0, 1, 2, 6, 60].map((failed) => backoff(failed, 0)), [
    ...[500, 1000, 2000, 30_000, 30_000],
  ]);
  assert.equal(backoff(0, 1), 250);
  assert.deepEqual([backoff(0, 0, 5000), backoff(60, 0, 5000)], [500, 5000]);
});
