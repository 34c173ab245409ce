/**
 * What the examples of `docs/protocol.md` about clusters and the channel must be.
 *
 * @module
 */

import assert from "node:assert/strict";
import { BATCH_AUDIENCE, batchNonce } from "../../src/channel/batch.ts";
import { openRequest, type SealContext } from "../../src/channel/hpke.ts";
import { NonceIssuer } from "../../src/channel/nonces.ts";
import { concat, frame, fromHex, toHex } from "../../src/core/bytes.ts";
import { hkdfSha256 } from "../../src/core/hkdf.ts";
import { labelledHash } from "../../src/core/labelled_hash.ts";
import { phaseDigestOf } from "../../src/evidence/statement/binding.ts";
import { clusterIdOf } from "../../src/manifest/cluster_id.ts";
import { readStatement } from "../../mod.ts";
import { keyOf } from "../channel/crypto_vectors.ts";
import { example } from "./docs.ts";

const bytesOf = (name: string): Uint8Array<ArrayBuffer> => fromHex(example(name));
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

const statement = utf8(example("statement"));
const { audience, bootId, ...mark } = readStatement(statement);
const nonce = bytesOf("nonce");

/** What is extended on the way into the phase of the statement. */
export const EXTENDED: Readonly<Record<string, string>> = Object.fromEntries(
  (["sha256", "sha384"] as const).flatMap((bank) =>
    (["cluster", "member"] as const).map((phase) => [
      `${bank}-extend-${phase}`,
      toHex(phaseDigestOf(bank, phase, mark)),
    ])
  ),
);

/** Both ids of an owner. */
function clusterIds(): Readonly<Record<string, string>> {
  const owner = bytesOf("owner");
  const random = new Uint8Array(32).fill(0x7a);
  return {
    "owner": toHex(owner),
    "cluster-id": clusterIdOf("cluster", owner, random),
    "lab-cluster-id": clusterIdOf("lab-cluster", owner, random),
  };
}

function batch(): Readonly<Record<string, string>> {
  const path = [
    { hash: "2b".repeat(32), left: false },
    { hash: "2c".repeat(32), left: true },
  ];
  assert.equal(BATCH_AUDIENCE, "batch");
  return {
    "batch-leaf": toHex(batchNonce({ nonce, audience }, [])),
    "batch-path": JSON.stringify(path),
    "batch-root": toHex(batchNonce({ nonce, audience }, path)),
  };
}

/** A nonce that was issued at 63 456 ms of its server's own clock, and so expires at 123 456. */
async function serverNonce(): Promise<Readonly<Record<string, string>>> {
  const issuer = new NonceIssuer({
    secret: new Uint8Array(32).fill(0x5a),
    bootId,
    random: { bytes: (length) => new Uint8Array(length).fill(0x9f) },
    monotonic: () => 63_456,
  });
  const issued = await issuer.issue("join", null);
  assert.deepEqual(issued.cookie, { expiry: 123_456, random: "9f".repeat(16) });
  return { "server-nonce": issued.nonce };
}

/** A request and its answer, as their receiver opens and seals them. */
async function sealed(): Promise<Readonly<Record<string, string>>> {
  const [own, from] = await Promise.all([keyOf("11".repeat(32)), keyOf("22".repeat(32))]);
  const context: SealContext = {
    purpose: "join",
    serverNonce: bytesOf("server-nonce"),
    clientNonce: nonce,
    serverStatement: await sha256(statement),
    clientStatement: new Uint8Array(32).fill(0xc0),
    method: "POST",
    path: "/v1/join",
  };
  const enc = bytesOf("enc");
  const opened = await openRequest(own, from.publicKey, context, enc, bytesOf("ciphertext"));
  const random = { bytes: (length: number) => new Uint8Array(length).fill(0x4e) };
  const answer = await opened.seal(utf8(example("answer")), random);
  return {
    ...described(context),
    "hpke-recipient": toHex(own.publicKey),
    "hpke-sender": toHex(from.publicKey),
    "request": new TextDecoder().decode(opened.body),
    "enc": toHex(enc),
    "ciphertext": example("ciphertext"),
    ...await answerKeys(enc, answer.subarray(0, 32)),
    "answer": '{"an":"answer"}',
    "sealed-answer": toHex(answer),
  };
}

function described(context: SealContext): Readonly<Record<string, string>> {
  const { purpose, serverNonce, clientNonce, serverStatement, clientStatement } = context;
  assert.ok(clientStatement);
  const fields = [serverNonce, clientNonce, serverStatement, clientStatement];
  return {
    "hpke-info": toHex(labelledHash("sha256", "casemate/hpke/v1", utf8(purpose), ...fields)),
    "hpke-aad": toHex(frame([utf8(context.method), utf8(context.path)])),
  };
}

/** RFC 9458 §4.4, from the exported secret, which opens nothing here: the answer above is sealed without it. */
async function answerKeys(
  enc: Uint8Array,
  responseNonce: Uint8Array,
): Promise<Readonly<Record<string, string>>> {
  const secret = bytesOf("response-secret");
  const derived = async (label: string, length: number) =>
    toHex(await hkdfSha256(secret, concat(enc, responseNonce), utf8(label), length));
  return {
    "response-secret": toHex(secret),
    "answer-key": await derived("key", 32),
    "answer-nonce": await derived("nonce", 12),
  };
}

/** All of clusters and channels, in the order of the page. */
export const CHANNEL_EXAMPLES: Readonly<Record<string, string>> = {
  ...clusterIds(),
  ...batch(),
  ...await serverNonce(),
  ...await sealed(),
};
