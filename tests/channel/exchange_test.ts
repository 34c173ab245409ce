/**
 * Both ends of the channel over TLS on loopback.
 *
 * @module
 */

import assert from "node:assert/strict";
import { attestForOwner, attestServer, openCall, sealedCall } from "../../src/channel/client.ts";
import type { Opened } from "../../src/channel/handlers.ts";
import type { Attester, EvidenceQuestion } from "../../src/channel/peer.ts";
import { toHex } from "../../src/core/bytes.ts";
import { RejectedError } from "../../src/core/errors.ts";
import { plainHash } from "../../src/core/labelled_hash.ts";
import type { ChannelCall, ChannelClients } from "../../src/core/node_ports.ts";
import { channelClients } from "../../src/hosts/channel/client.ts";
import { STATUS_ANSWER } from "../../src/protocol/status.ts";
import { MANIFEST_UPDATE_PATH, STATUS_PATH } from "../../src/protocol/paths.ts";
import type { JoinBody } from "../../src/protocol/join.ts";
import { RANDOM } from "./host_double.ts";
import {
  ADMITTED,
  INIT_REQUEST,
  initCall,
  INITIALISED,
  JOIN_REQUEST,
  joinCall,
  renewCall,
  RENEWED,
} from "./messages.ts";
import { asking, CLUSTER, DoubleNode, startServer, WANTED } from "./world.ts";

const SERVER = await DoubleNode.member();
const JOINER = await DoubleNode.newcomer();
const OF_JOINER = { attester: JOINER, hpke: JOINER.hpke };
const admitted = { handlers: { join: () => Promise.resolve(ADMITTED) } };

/** Keeps what went over the wire, outside of TLS. */
function overheard(calls: ChannelCall[], answers: Uint8Array[]): ChannelClients {
  return {
    async ask(call) {
      calls.push(call);
      const answer = await channelClients.ask(call);
      answers.push(answer.body);
      return answer;
    },
  };
}

Deno.test("sealedCall() brings a join to its server and the answer back, and neither is readable between", async () => {
  const opened: Opened<JoinBody>[] = [];
  await using server = await startServer(SERVER, {
    handlers: {
      join: (one) => {
        opened.push(one);
        return Promise.resolve(ADMITTED);
      },
    },
  });
  const [calls, answers]: [ChannelCall[], Uint8Array[]] = [[], []];
  const clients = overheard(calls, answers);
  const session = await attestServer(asking(server.url, { clients }), WANTED);
  assert.equal(session.peer.statement.nodeName, "control-plane-1");
  assert.deepEqual(await sealedCall(session, joinCall(OF_JOINER)), ADMITTED);
  const [join] = opened;
  assert.deepEqual(join?.body, JOIN_REQUEST);
  assert.equal(join?.peer?.statement.phase, "cluster");
  assert.equal(join?.peer?.statement.audience, session.statementDigest);
  assert.equal(join?.requestDigest, toHex(plainHash("sha256", join?.exact ?? new Uint8Array())));
  // The first goes to whoever answers, the second under the attested leaf alone.
  assert.deepEqual(calls.map(({ leaf }) => leaf), [null, SERVER.leaf.certificate]);
  const wire = new TextDecoder().decode(calls[1]?.body) + new TextDecoder().decode(answers[1]);
  assert.ok(!wire.includes("worker") && !wire.includes(ADMITTED.lease));
});

Deno.test("sealedCall() renews, and initialises without evidence of the owner", async () => {
  const payload = new TextEncoder().encode("what the owner signed");
  const audience = toHex(plainHash("sha256", payload));
  const nonce = RANDOM.bytes(32);
  const newcomer = await DoubleNode.newcomer();
  const audiences: string[] = [];
  await using fresh = await startServer(newcomer, {
    handlers: {
      ownerAttest: (request) => {
        assert.deepEqual(request, Uint8Array.of(7));
        return Promise.resolve({ nonce, purpose: "init", audience, requestDigest: audience });
      },
      init: ({ body, peer, audience: whose }) => {
        assert.deepEqual([body, peer], [INIT_REQUEST, null]);
        audiences.push(whose);
        return Promise.resolve(INITIALISED);
      },
    },
  });
  const asks = { request: Uint8Array.of(7), payload, nonce, purpose: "init" } as const;
  const judging = { ...WANTED, expected: { clusterId: CLUSTER.clusterId } };
  const session = await attestForOwner(asking(fresh.url), { ...judging, ...asks });
  assert.deepEqual(await sealedCall(session, initCall()), INITIALISED);
  assert.deepEqual(audiences, [audience]);

  const member = await DoubleNode.member({ role: "worker", nodeName: "worker-1" });
  await using server = await startServer(SERVER, {
    handlers: { renew: () => Promise.resolve(RENEWED) },
  });
  const renewing = await attestServer(asking(server.url), WANTED);
  const call = renewCall({ attester: member, hpke: member.hpke });
  assert.deepEqual(await sealedCall(renewing, call), RENEWED);
});

Deno.test("attestServer() takes one report over many, and each seals on by itself", async () => {
  const node = await DoubleNode.member();
  let release = (): void => {};
  node.ready = new Promise((resolve) => release = resolve);
  let came = 0;
  await using server = await startServer(node, { ...admitted, came: () => came++ });
  const alone = attestServer(asking(server.url), WANTED);
  while (node.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const many = [1, 2, 3, 4, 5].map(() =>
    attestServer(asking(server.url), { ...WANTED, batch: true })
  );
  // All five wait before the first report is there.
  while (came < 6) await new Promise((resolve) => setTimeout(resolve, 1));
  release();
  const sessions = await Promise.all(many);
  assert.equal((await alone).peer.statement.audience, (await alone).audience);
  assert.deepEqual(node.asked.map(({ audience }) => audience === "batch"), [false, true]);
  assert.equal(new Set(sessions.map(({ serverNonce }) => serverNonce)).size, 5);
  const [one] = sessions;
  assert.ok(one !== undefined);
  assert.deepEqual(await sealedCall(one, joinCall(OF_JOINER)), ADMITTED);
});

Deno.test("attestServer() refuses a batch that it did not ask for, and a path that leads elsewhere", async () => {
  const node = await DoubleNode.member();
  await using server = await startServer(node, admitted);
  /** Says that evidence over this question alone was that of a batch. */
  const bent = (path: string): ChannelClients => ({
    async ask(call) {
      const answer = await channelClients.ask(call);
      const text = new TextDecoder().decode(answer.body).replace('"path":null', `"path":${path}`);
      return { ...answer, body: new TextEncoder().encode(text) };
    },
  });
  const step = `[{"hash":"${"ab".repeat(32)}","left":true}]`;
  const ask = (batch: boolean): Promise<unknown> =>
    attestServer(asking(server.url, { clients: bent(step) }), { ...WANTED, batch });
  await assert.rejects(ask(false), { code: "channel.batch_unasked" });
  await assert.rejects(ask(true), { name: "RejectedError", code: "snp.report_data_mismatch" });
});

/** A client's attester that answers another question than it was asked. */
function misled(change: Partial<EvidenceQuestion>, node: DoubleNode = JOINER): Attester {
  return {
    attest: (question) => node.attest({ ...question, ...change }),
    statementOf: () => null,
  };
}

const MISLED: readonly (readonly [string, Partial<EvidenceQuestion>, string])[] = [
  ["for another body", { requestDigest: "b0".repeat(32) }, "statement.request_mismatch"],
  ["for another purpose", { purpose: "unlock" }, "statement.purpose_mismatch"],
  ["for another server", { audience: "a7".repeat(32) }, "statement.audience_mismatch"],
  ["over another nonce", { nonce: new Uint8Array(32) }, "snp.report_data_mismatch"],
];

for (const [what, change, code] of MISLED) {
  Deno.test(`createChannelServer() refuses a client's evidence that was made ${what}`, async () => {
    await using server = await startServer(SERVER, admitted);
    const session = await attestServer(asking(server.url), WANTED);
    // What is sealed names the statement that was really given, so the evidence alone is at fault.
    const call = joinCall({ attester: misled(change), hpke: JOINER.hpke });
    await assert.rejects(sealedCall(session, call), { name: "RejectedError", code });
  });
}

Deno.test("createChannelServer() refuses what another sealed than the evidence names, and evidence of a member for joining", async () => {
  await using server = await startServer(SERVER, admitted);
  const other = await DoubleNode.newcomer();
  /** Has the evidence of one node and the key of another, and passes its own look at that. */
  const stolen: Attester = {
    async attest(question) {
      const { envelope } = await JOINER.attest(question);
      return { envelope, statement: (await other.attest(question)).statement };
    },
    statementOf: () => null,
  };
  const session = await attestServer(asking(server.url), WANTED);
  await assert.rejects(sealedCall(session, joinCall({ attester: stolen, hpke: other.hpke })), {
    code: "channel.sealed",
  });
  const member = await DoubleNode.member();
  const second = await attestServer(asking(server.url), WANTED);
  await assert.rejects(
    sealedCall(second, joinCall({ attester: member, hpke: member.hpke })),
    { code: "statement.phase_refused" },
  );
});

Deno.test("createChannelServer() takes a nonce once, for what it was issued for, within its minute", async () => {
  let now = 0;
  await using server = await startServer(SERVER, { ...admitted, monotonic: () => now });
  const session = await attestServer(asking(server.url), WANTED);
  await sealedCall(session, joinCall(OF_JOINER));
  const again = sealedCall(session, joinCall(OF_JOINER));
  await assert.rejects(again, { code: "channel.nonce_used" });
  const late = await attestServer(asking(server.url), WANTED);
  await assert.rejects(sealedCall(late, initCall()), { code: "channel.nonce_unknown" });
  now += 60_000;
  await assert.rejects(sealedCall(late, joinCall(OF_JOINER)), { code: "channel.nonce_expired" });
});

Deno.test("createChannelServer() knows no statement of keys that are gone", async () => {
  const node = await DoubleNode.member();
  await using server = await startServer(node, admitted);
  const session = await attestServer(asking(server.url), WANTED);
  const { hpke } = await DoubleNode.member();
  node.hpke = hpke;
  await assert.rejects(sealedCall(session, joinCall(OF_JOINER)), { code: "channel.stale_keys" });
});

Deno.test("createChannelServer() demands evidence of nodes, and none of the owner", async () => {
  await using server = await startServer(SERVER, admitted);
  const session = await attestServer(asking(server.url), WANTED);
  const call = { ...joinCall(OF_JOINER), own: null };
  await assert.rejects(sealedCall(session, call), { code: "channel.evidence_missing" });
  await using early = await startServer(SERVER, { ...admitted, appraiser: null });
  const second = await attestServer(asking(early.url), WANTED);
  await assert.rejects(sealedCall(second, joinCall(OF_JOINER)), {
    name: "UnavailableError",
    code: "channel.not_ready",
  });
});

Deno.test("sealedCall() tells of a refusal by the server's code, and nothing of its mistakes", async () => {
  const told: unknown[] = [];
  const thrown = [
    new RejectedError("No place is\nleft", { code: "join.full" }),
    new Error("epoch root is 5ec4e7"),
  ];
  await using server = await startServer(SERVER, {
    handlers: { join: () => Promise.reject(thrown[told.length]) },
    failed: (path, error) => told.push([path, error]),
  });
  const join = async (): Promise<unknown> =>
    await sealedCall(await attestServer(asking(server.url), WANTED), joinCall(OF_JOINER));
  await assert.rejects(join(), { name: "RejectedError", code: "join.full", message: /is left$/ });
  const bug = await join().catch((error: unknown) => error);
  assert.ok(bug instanceof Error && "code" in bug);
  assert.equal(bug.code, "bug");
  assert.ok(!JSON.stringify({ ...bug, message: bug.message }).includes("5ec4e7"));
  assert.deepEqual(told, thrown.map((error) => ["/v1/join", error]));
});

Deno.test("sealedCall() ends with its session, and openCall() asks what everybody may", async () => {
  const status = {
    phase: "cluster",
    clusterId: CLUSTER.clusterId,
    role: "",
    nodeName: "",
    manifestSequence: 0,
    doing: "Waits for its owner",
  } as const;
  await using server = await startServer(SERVER, {
    handlers: { status: () => Promise.resolve(status), update: () => Promise.resolve() },
  });
  let now = 0;
  const session = await attestServer(asking(server.url, { monotonic: () => now }), WANTED);
  now = 3_600_000;
  await assert.rejects(sealedCall(session, joinCall(OF_JOINER)), { code: "channel.session_over" });
  const get = { method: "GET", path: STATUS_PATH, answer: STATUS_ANSWER } as const;
  assert.deepEqual(await openCall(asking(server.url), get), status);
  const body = new TextEncoder().encode('{"manifests":[],"references":[]}');
  const update = { method: "POST", path: MANIFEST_UPDATE_PATH, body, answer: null } as const;
  assert.equal(await openCall(asking(server.url), update), null);
  const nowhere = openCall(asking(server.url), { ...get, path: "/v1/nothing" });
  const refused = await nowhere.catch((error: unknown) => error);
  assert.ok(refused instanceof RejectedError);
  assert.deepEqual([refused.code, refused.fields["code"]], ["channel.refused", "channel.no_path"]);
});
