/**
 * Each member of a sealed request counts: bent, it is refused by its own code,
 * and the request is never taken.
 *
 * @module
 */

import assert from "node:assert/strict";
import { attestServer, sealedCall } from "../../src/channel/client.ts";
import { toHex } from "../../src/core/bytes.ts";
import type { ChannelCall, ChannelClients } from "../../src/core/node_ports.ts";
import { readEnvelope, writeEnvelope } from "../../src/evidence/envelope/envelope.ts";
import { readMessage, writeMessage } from "../../src/protocol/message.ts";
import { SEALED_REQUEST, type SealedRequest } from "../../src/protocol/sealed.ts";
import { RANDOM } from "./host_double.ts";
import { ADMITTED, joinCall } from "./messages.ts";
import { answering, asking, DoubleNode, WANTED } from "./world.ts";

const SERVER = await DoubleNode.member();
const JOINER = await DoubleNode.newcomer();

let joined = 0;
const HANDLE = answering(SERVER, {
  limits: { burst: 1000 },
  handlers: {
    join: () => {
      joined++;
      return Promise.resolve(ADMITTED);
    },
  },
});

/** Hands requests to the server without a network, a sealed one bent on the way. */
function bending(bend: (request: SealedRequest) => SealedRequest): ChannelClients {
  return {
    ask({ method, path, body }: ChannelCall) {
      const bent = path === "/v1/join"
        ? writeMessage(SEALED_REQUEST, bend(readMessage(SEALED_REQUEST, body)))
        : new Uint8Array(body);
      const { certificate } = SERVER.leaf;
      return HANDLE({ method, path, body: bent, source: "10.0.0.1", leaf: certificate });
    },
  };
}

async function joinBent(bend: (request: SealedRequest) => SealedRequest): Promise<unknown> {
  const how = asking("https://node.example", { clients: bending(bend) });
  const call = joinCall({ attester: JOINER, hpke: JOINER.hpke });
  return await sealedCall(await attestServer(how, WANTED), call);
}

function other(): string {
  return toHex(RANDOM.bytes(32));
}

/** A report whose signature has another bit. */
function bentReport(envelope: Uint8Array): Uint8Array {
  const { variant, statement, files } = readEnvelope(envelope);
  const report = new Uint8Array(files["report"] instanceof Uint8Array ? files["report"] : []);
  report[0x2a0] = (report[0x2a0] ?? 0) ^ 1;
  return writeEnvelope(variant, statement, { ...files, report });
}

const BENDS: readonly (readonly [string, (request: SealedRequest) => SealedRequest, string])[] = [
  // The statement is the same whatever nonce it answered; the key that is derived is not.
  ["clientNonce", (r) => ({ ...r, clientNonce: other() }), "channel.sealed"],
  ["audience", (r) => ({ ...r, audience: other() }), "channel.stale_keys"],
  ["serverStatement", (r) => ({ ...r, serverStatement: other() }), "channel.stale_keys"],
  ["nonce", (r) => ({ ...r, nonce: other() }), "channel.nonce_unknown"],
  [
    "cookie.expiry",
    (r) => ({ ...r, cookie: { ...r.cookie, expiry: r.cookie.expiry + 1 } }),
    "channel.nonce_unknown",
  ],
  [
    "cookie.random",
    (r) => ({ ...r, cookie: { ...r.cookie, random: "00".repeat(16) } }),
    "channel.nonce_unknown",
  ],
  ["enc", (r) => ({ ...r, enc: other() }), "channel.sealed"],
  ["ciphertext", (r) => ({ ...r, ciphertext: r.ciphertext.slice(1) }), "channel.sealed"],
  ["envelope", (r) => ({ ...r, envelope: null }), "channel.evidence_missing"],
  [
    "envelope's report",
    (r) => ({ ...r, envelope: bentReport(r.envelope ?? new Uint8Array()) }),
    "snp.signature_mismatch",
  ],
  ["envelope's form", (r) => ({ ...r, envelope: Uint8Array.of(0x7b) }), "envelope.syntax"],
];

Deno.test("createChannelServer() takes a sealed request that nobody changed", async () => {
  assert.deepEqual(await joinBent((request) => request), ADMITTED);
  assert.equal(joined, 1);
});

for (const [member, bend, code] of BENDS) {
  Deno.test(`createChannelServer() refuses a sealed request whose ${member} was changed`, async () => {
    const before = joined;
    await assert.rejects(joinBent(bend), { code });
    assert.equal(joined, before);
  });
}
