/**
 * The channel's part for browsers and Workers against a node that is a double
 * of both ends: its evidence proves nothing and its judge believes all, since
 * here only the runtime's cryptography and `Request` are asked about.
 *
 * @module
 */

import { type HpkeKey, makeHpkeKey } from "../../src/channel/hpke.ts";
import { type Leaf, makeLeaf } from "../../src/channel/leaf.ts";
import { NonceIssuer } from "../../src/channel/nonces.ts";
import type { Appraiser, Attester, EvidenceQuestion } from "../../src/channel/peer.ts";
import { createChannelServer } from "../../src/channel/server.ts";
import { attestByFetch, type Fetch, sealedCall } from "../../src/channel/web.ts";
import { toHex } from "../../src/core/bytes.ts";
import { plainHash } from "../../src/core/labelled_hash.ts";
import { readEnvelope, writeEnvelope } from "../../src/evidence/envelope/envelope.ts";
import { readStatement, writeStatement } from "../../src/evidence/statement/read.ts";
import { LAB_STATEMENT } from "../../src/lab/variants/statement.ts";
import {
  RENEW_ANSWER,
  RENEW_BODY,
  type RenewAnswer,
  type RenewBody,
} from "../../src/protocol/join.ts";
import { RENEW_PATH } from "../../src/protocol/paths.ts";
import { handlersOf } from "../channel/handlers_double.ts";

const random = {
  bytes: (length: number): Uint8Array<ArrayBuffer> =>
    crypto.getRandomValues(new Uint8Array(length)),
};

const BODY: RenewBody = { v: 1, lease: "1e".repeat(32), url: "https://a:1", manifestSequence: 1 };

const ANSWER: RenewAnswer = {
  v: 1,
  leaseSeconds: 61,
  certificate: Uint8Array.of(0x30, 0),
  manifests: [],
  references: [],
  peers: [],
  time: "2026-11-22T08:00:00Z",
};

interface Keys {
  readonly leaf: Leaf;
  readonly hpke: HpkeKey;
}

/** Gives an envelope that proves nothing. */
function unprovenAttester({ leaf, hpke }: Keys): Attester {
  const statementFor = ({ purpose, audience, requestDigest }: EvidenceQuestion): Uint8Array =>
    writeStatement({
      ...LAB_STATEMENT,
      purpose,
      audience,
      requestDigest,
      tlsSpki: toHex(leaf.spki),
      hpkeKey: toHex(hpke.publicKey),
    });
  return {
    attest(question) {
      const statement = statementFor(question);
      const envelope = writeEnvelope("sev-snp", statement, { report: new Uint8Array(1184) });
      return Promise.resolve({ envelope, statement });
    },
    statementOf: (question, digest) => {
      const statement = statementFor(question);
      return toHex(plainHash("sha256", statement)) === digest ? statement : null;
    },
  };
}

/** Believes every envelope. */
const believingAppraiser: Appraiser = {
  appraise(envelope) {
    const { statement, variant } = readEnvelope(envelope);
    return Promise.resolve({
      statement: readStatement(statement),
      statementDigest: toHex(plainHash("sha256", statement)),
      evidenceDigest: toHex(plainHash("sha256", envelope)),
      variant,
      verdict: "lab-trusted",
      account: "",
      machine: "00".repeat(32),
    });
  },
};

/** A gateway to the node, made of the runtime's own `Request` and `Response`. */
function gatewayTo({ leaf, hpke }: Keys): Fetch {
  const secret = random.bytes(32);
  const handle = createChannelServer({
    attester: unprovenAttester({ leaf, hpke }),
    appraiser: () => believingAppraiser,
    keys: () => ({ hpke: [hpke], leaf: leaf.certificate }),
    nonces: new NonceIssuer({ secret, bootId: LAB_STATEMENT.bootId, random, monotonic: () => 0 }),
    random,
    monotonic: () => 0,
    handlers: handlersOf({ renew: () => Promise.resolve(ANSWER) }),
  });
  return async (url, init: RequestInit) => {
    const request = new Request(url, init);
    const { pathname } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    const { method } = request;
    const from = { source: "10.0.0.1", leaf: leaf.certificate };
    const answer = await handle({ method, path: pathname, body, ...from });
    const headers = { "content-type": answer.type };
    return new Response(new Uint8Array(answer.body), { status: answer.status, headers });
  };
}

async function newKeys(): Promise<Keys> {
  return { leaf: await makeLeaf({ random, hosts: [] }), hpke: await makeHpkeKey() };
}

/**
 * Attests, seals and opens.
 *
 * @returns The binding that was reached and what the sealed answer said.
 */
export async function run(): Promise<string> {
  const own = await newKeys();
  const fetch = gatewayTo(await newKeys());
  const asking = { url: "https://node.example", fetch, random, monotonic: () => 0 };
  const session = await attestByFetch(asking, { appraiser: believingAppraiser, expected: {} });
  const { leaseSeconds } = await sealedCall(session, {
    purpose: "renew",
    path: RENEW_PATH,
    request: RENEW_BODY,
    answer: RENEW_ANSWER,
    body: BODY,
    own: { attester: unprovenAttester(own), hpke: own.hpke },
  });
  return `${session.binding}: ${leaseSeconds}`;
}
