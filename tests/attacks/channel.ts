/**
 * Attacks on the channel by who stands in the way or runs a node of his own.
 * Each returns the code by which it was refused, or `succeeded` where the
 * attacker got what he wanted.
 *
 * `deno run -A tests/attacks/channel.ts NAME` says which.
 *
 * @module
 */

import { attestServer, sealedCall } from "../../src/channel/client.ts";
import { openRequest, sealRequest } from "../../src/channel/hpke.ts";
import type { EvidenceQuestion } from "../../src/channel/peer.ts";
import { attestByFetch, type Fetch } from "../../src/channel/web.ts";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { plainHash } from "../../src/core/labelled_hash.ts";
import type { ChannelAnswer, ChannelRequest } from "../../src/core/node_ports.ts";
import { readEnvelope, writeEnvelope } from "../../src/evidence/envelope/envelope.ts";
import { writeStatement } from "../../src/evidence/statement/read.ts";
import { channelClients } from "../../src/hosts/channel/client.ts";
import { channelServers } from "../../src/hosts/channel/server.ts";
import { ATTEST_ANSWER, type AttestAnswer } from "../../src/protocol/attest.ts";
import { readMessage, writeMessage } from "../../src/protocol/message.ts";
import { JOIN_ANSWER, JOIN_BODY } from "../../src/protocol/join.ts";
import { SEALED_REQUEST } from "../../src/protocol/sealed.ts";
import { newLeaf, RANDOM } from "../channel/host_double.ts";
import { ADMITTED, JOIN_REQUEST, joinCall } from "../channel/messages.ts";
import { answering, asking, DoubleNode, startServer, WANTED } from "../channel/world.ts";

/** What came of an attack: `succeeded`, or the code by which it was refused. */
export type Outcome = string;

const JOINED = { handlers: { join: () => Promise.resolve(ADMITTED) } };

/** What a work was refused by. */
async function outcomeOf(work: () => Promise<boolean>): Promise<Outcome> {
  try {
    return await work() ? "succeeded" : "in vain";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

/** Somebody in the way, who terminates TLS under a certificate of his own. */
interface Between extends AsyncDisposable {
  readonly url: string;
  /** Paths of what he could read and hand on. */
  readonly carried: string[];
}

/** Makes something else of an answer to attest. */
type Change = (answer: AttestAnswer, ownLeaf: Uint8Array) => AttestAnswer;

async function standBetween(url: string, change: Change): Promise<Between> {
  const leaf = await newLeaf();
  const carried: string[] = [];
  const handle = async (request: ChannelRequest): Promise<ChannelAnswer> => {
    const { path, method, body } = request;
    carried.push(path);
    const post = method === "POST" ? "POST" : "GET";
    const call = { url, path, body, method: post, leaf: null, timeout: 5000 } as const;
    const answer = await channelClients.ask(call);
    if (!path.endsWith("/attest") || answer.status !== 200) return answer;
    const changed = change(readMessage(ATTEST_ANSWER, answer.body), leaf.certificate);
    return { ...answer, body: writeMessage(ATTEST_ANSWER, changed) };
  };
  const at = { hostname: "127.0.0.1", port: 0, identity: leaf, handle };
  const listener = await channelServers.listen(at);
  return {
    url: `https://127.0.0.1:${listener.port}`,
    carried,
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

/** A node joins by whatever answers at an address. */
async function join(url: string): Promise<unknown> {
  const joiner = await DoubleNode.newcomer();
  const session = await attestServer(asking(url), WANTED);
  return await sealedCall(session, joinCall({ attester: joiner, hpke: joiner.hpke }));
}

/** Carries the evidence of a genuine node unchanged, and all that follows, under his own certificate. */
async function carryUnderOwnTls(change: Change): Promise<Outcome> {
  await using server = await startServer(await DoubleNode.member(), JOINED);
  await using between = await standBetween(server.url, change);
  return await outcomeOf(async () => {
    await join(between.url);
    return between.carried.includes("/v1/join");
  });
}

/** Takes a genuine node's envelope and puts a statement of his own keys in: the evidence is there, and says nothing of him. */
async function presentEvidence(): Promise<Outcome> {
  const [genuine, rogue] = [await DoubleNode.member(), await DoubleNode.member()];
  const given = async (question: EvidenceQuestion): ReturnType<DoubleNode["attest"]> => {
    const { envelope } = await genuine.attest(question);
    const { variant, files } = readEnvelope(envelope);
    const statement = writeStatement(rogue.statementFor(question));
    return { envelope: writeEnvelope(variant, statement, files), statement };
  };
  rogue.attest = given;
  await using server = await startServer(rogue, JOINED);
  return await outcomeOf(async () => await join(server.url) !== null);
}

/** A gateway before a browser answers in the node's place. */
async function answerInPlace(): Promise<Outcome> {
  const node = await DoubleNode.member();
  const handle = answering(node, JOINED);
  const forged = { ...ADMITTED, nodeName: "attacker-1" };
  const gateway: Fetch = async (url, { body }) => {
    const path = new URL(url).pathname;
    const sent = body instanceof Uint8Array ? new Uint8Array(body) : new Uint8Array();
    const leaf = node.leaf.certificate;
    const answer = path === "/v1/join"
      ? { status: 200, type: "application/json", body: writeMessage(JOIN_ANSWER, forged) }
      : await handle({ method: "POST", path, body: sent, source: "10.0.0.1", leaf });
    const headers = { "content-type": answer.type };
    return new Response(new Uint8Array(answer.body), { status: answer.status, headers });
  };
  const how = { url: "https://gateway.example", fetch: gateway, random: RANDOM };
  const joiner = await DoubleNode.newcomer();
  return await outcomeOf(async () => {
    const session = await attestByFetch({ ...how, monotonic: () => 0 }, WANTED);
    const call = joinCall({ attester: joiner, hpke: joiner.hpke });
    return (await sealedCall(session, call)).nodeName === "attacker-1";
  });
}

/**
 * A member in the attacker's hands has a node join by it, and uses the evidence that the node gave it to join by
 * another member in that node's place.
 */
async function relayEvidence(): Promise<Outcome> {
  await using server = await startServer(await DoubleNode.member(), JOINED);
  const rogue = await DoubleNode.member({ nodeName: "control-plane-2" });
  const victim = await DoubleNode.newcomer();
  // What the attacker is told by the other member, whose nonce he hands on as his own.
  const session = await attestServer(asking(server.url), WANTED);
  const clientNonce = RANDOM.bytes(32);
  const audience = toHex(RANDOM.bytes(32));
  const served = { nonce: clientNonce, purpose: "serve", audience, requestDigest: "" } as const;
  const own = writeStatement(rogue.statementFor(served));
  const digest = toHex(plainHash("sha256", own));
  const exact = writeMessage(JOIN_BODY, JOIN_REQUEST);
  const { envelope, statement } = await victim.attest({
    nonce: fromHex(session.serverNonce),
    purpose: "join",
    audience: digest,
    requestDigest: toHex(plainHash("sha256", exact)),
  });
  const seal = (digestOfServer: string, nonce: Uint8Array) => ({
    purpose: "join" as const,
    serverNonce: fromHex(session.serverNonce),
    clientNonce: nonce,
    serverStatement: fromHex(digestOfServer),
    clientStatement: plainHash("sha256", statement),
    method: "POST",
    path: "/v1/join",
  });
  // The victim seals to the attacker, who may read it, as a member may.
  const toRogue = seal(digest, clientNonce);
  const sent = await sealRequest(rogue.hpke.publicKey, victim.hpke, toRogue, exact);
  const { enc, ciphertext } = sent;
  const read = await openRequest(rogue.hpke, victim.hpke.publicKey, toRogue, enc, ciphertext);
  const onward = seal(session.statementDigest, fromHex(session.clientNonce));
  const sealed = await sealRequest(session.hpkeKey, null, onward, read.body);
  const answer = await channelClients.ask({
    url: server.url,
    path: "/v1/join",
    method: "POST",
    leaf: session.leaf,
    timeout: 5000,
    body: writeMessage(SEALED_REQUEST, {
      clientNonce: session.clientNonce,
      audience: session.audience,
      serverStatement: session.statementDigest,
      nonce: session.serverNonce,
      cookie: session.cookie,
      envelope,
      enc: toHex(sealed.enc),
      ciphertext: sealed.ciphertext,
    }),
  });
  if (answer.status !== 200) return JSON.parse(new TextDecoder().decode(answer.body)).code;
  const admitted = readMessage(JOIN_ANSWER, await sealed.open(answer.body));
  return admitted.lease === ADMITTED.lease ? "succeeded" : "in vain";
}

/** Hands a request on over another certificate of the same node than was attested: a connection of an earlier key. */
async function oldConnection(): Promise<Outcome> {
  const node = await DoubleNode.member();
  const handle = answering(node, JOINED);
  const before = await newLeaf();
  const clients = {
    ask: ({ method, path, body }: { method: string; path: string; body: Uint8Array }) =>
      handle({
        method,
        path,
        body: new Uint8Array(body),
        source: "10.0.0.1",
        leaf: path === "/v1/join" ? before.certificate : node.leaf.certificate,
      }),
  };
  const joiner = await DoubleNode.newcomer();
  return await outcomeOf(async () => {
    const session = await attestServer(asking("https://node.example", { clients }), WANTED);
    const call = joinCall({ attester: joiner, hpke: joiner.hpke });
    return (await sealedCall(session, call)).lease === ADMITTED.lease;
  });
}

/** Sends a whole sealed request a second time. */
async function replayRequest(): Promise<Outcome> {
  await using server = await startServer(await DoubleNode.member(), JOINED);
  const seen: Parameters<typeof channelClients.ask>[0][] = [];
  const clients: typeof channelClients = {
    ask(call) {
      seen.push(call);
      return channelClients.ask(call);
    },
  };
  const joiner = await DoubleNode.newcomer();
  const session = await attestServer(asking(server.url, { clients }), WANTED);
  await sealedCall(session, joinCall({ attester: joiner, hpke: joiner.hpke }));
  const again = seen[1];
  if (again === undefined) throw new TypeError("Nothing was sent that could be sent again");
  const answer = await channelClients.ask(again);
  if (answer.status === 200) return "succeeded";
  return JSON.parse(new TextDecoder().decode(answer.body)).code;
}

/** The attacks by name. */
export const ATTACKS: Readonly<Record<string, () => Promise<Outcome>>> = {
  "carry": () => carryUnderOwnTls((answer) => answer),
  "own-leaf": () => carryUnderOwnTls((answer, tlsLeaf) => ({ ...answer, tlsLeaf })),
  "present": presentEvidence,
  "answer": answerInPlace,
  "relay": relayEvidence,
  "old-connection": oldConnection,
  "replay": replayRequest,
};

if (import.meta.main) {
  const [name = ""] = Deno.args;
  const attack = Object.hasOwn(ATTACKS, name) ? ATTACKS[name] : undefined;
  if (attack === undefined) throw new RangeError(`There is no attack ${name}`);
  console.log(await attack());
}
