/**
 * Who gets evidence of a node, in which phase, at which of its doors.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { plainHash } from "../../src/core/labelled_hash.ts";
import { makeHpkeKey } from "../../src/channel/hpke.ts";
import { makeLeaf } from "../../src/channel/leaf.ts";
import type { EvidenceQuestion } from "../../src/channel/peer.ts";
import { readStatement } from "../../src/evidence/statement/read.ts";
import { type Phase, type Purpose, PURPOSES } from "../../src/evidence/statement/statement.ts";
import { createAttester, type Door } from "../../src/node/attester.ts";
import { KeyRing } from "../../src/node/keys.ts";
import type { Admission } from "../../src/node/saved.ts";
import { NodeSelf } from "../../src/node/self.ts";
import { Serial } from "../../src/node/serial.ts";

const CLUSTER = "c2".repeat(32);
const AUDIENCE = "a1".repeat(32);
const ADMISSION: Admission = {
  stage: "final",
  by: "join",
  bootId: "b4".repeat(16),
  role: "worker",
  nodeName: "worker-1",
  manifestSequence: 3,
  manifestDigest: "d3".repeat(32),
  lease: "1e".repeat(32),
  leaseSeconds: 60,
  nodeAuthority: new Uint8Array([0x30]),
  peers: [],
};

interface Setting {
  readonly phase: Phase;
  readonly signed?: boolean;
}

async function nodeIn({ phase, signed = false }: Setting) {
  let now = 0;
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
  const keys = await KeyRing.make({
    makeLeaf: () => makeLeaf({ random, hosts: [] }),
    makeHpkeKey,
    monotonic: () => now,
    replaced: () => {},
  });
  const self = new NodeSelf({
    clusterId: CLUSTER,
    bootId: "b4".repeat(16),
    variant: "gcp-sev-snp",
  });
  if (phase !== "zero") self.enterCluster();
  if (phase === "member") self.enterMember(ADMISSION);
  const parts = {
    self,
    keys,
    collect: (statement: Uint8Array) => Promise.resolve(statement),
    serial: new Serial(),
    ownerAsked: () => signed,
  };
  const at = (door: Door) => createAttester(parts, door);
  return { self, keys, at, pass: (milliseconds: number) => now += milliseconds };
}

function questionFor(purpose: Purpose): EvidenceQuestion {
  const requestDigest = purpose === "serve" ? "" : "18".repeat(32);
  return { nonce: new Uint8Array(32), purpose, audience: AUDIENCE, requestDigest };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "given";
  } catch (error) {
    assert.ok(error instanceof CasemateError, String(error));
    return error.code;
  }
}

Deno.test("each purpose is answered at one door and in its phases alone", async () => {
  const inner = ["join", "unlock", "renew", "cluster-cert"];
  const phases: Readonly<Record<Purpose, readonly Phase[]>> = {
    "serve": ["zero", "cluster", "member"],
    "init": ["cluster"],
    "recover": ["cluster"],
    "join": ["cluster"],
    "unlock": ["cluster"],
    "renew": ["member"],
    "cluster-cert": ["member"],
  };
  for (const phase of ["zero", "cluster", "member"] as const) {
    const { at } = await nodeIn({ phase, signed: true });
    for (const purpose of PURPOSES) {
      for (const door of ["open", "inner"] as const) {
        const right = (inner.includes(purpose) ? "inner" : "open") === door;
        const expected = right && phases[purpose].includes(phase)
          ? "given"
          : "node.purpose_refused";
        const question = questionFor(purpose);
        const code = await codeOf(at(door).attest(question));
        assert.equal(code, expected, `${purpose} in ${phase} at the ${door} door`);
      }
    }
  }
});

Deno.test("init is answered over requests of the owner alone", async () => {
  const { at } = await nodeIn({ phase: "cluster" });
  for (const purpose of ["init", "recover"] as const) {
    assert.equal(await codeOf(at("open").attest(questionFor(purpose))), "node.purpose_refused");
    assert.equal(at("open").statementOf(questionFor(purpose), "00".repeat(32)), null);
  }
});

Deno.test("who was fenced gives no evidence any more", async () => {
  const { self, at } = await nodeIn({ phase: "member" });
  self.fence();
  assert.equal(await codeOf(at("open").attest(questionFor("serve"))), "node.fenced");
  assert.equal(await codeOf(at("inner").attest(questionFor("renew"))), "node.fenced");
});

Deno.test("a statement names phase, place and keys, and is made again while they count", async () => {
  const { at, keys, pass } = await nodeIn({ phase: "member" });
  const question = questionFor("serve");
  const { statement } = await at("open").attest(question);
  const said = readStatement(statement);
  assert.equal(said.phase, "member");
  assert.equal(said.nodeName, "worker-1");
  assert.equal(said.manifestDigest, ADMISSION.manifestDigest);
  assert.equal(said.tlsSpki, toHex(keys.leaf.spki));
  assert.deepEqual(fromHex(said.hpkeKey), keys.hpkeKey.publicKey);
  const digest = toHex(plainHash("sha256", statement));
  const again = () => at("open").statementOf(question, digest);
  assert.deepEqual(again(), statement);
  assert.equal(at("open").statementOf({ ...question, audience: "0b".repeat(32) }, digest), null);
  pass(3_600_000);
  await keys.renewOld();
  assert.equal(keys.hpke.length, 2);
  assert.deepEqual(again(), statement, "the key before opens for a minute");
  pass(60_000);
  assert.equal(keys.hpke.length, 1);
  assert.equal(again(), null, "then no more");
});

Deno.test("keys are renewed whole after a phase, TLS daily, HPKE hourly", async () => {
  const { keys, pass } = await nodeIn({ phase: "cluster" });
  const first = keys.stated[0];
  pass(3_599_999);
  await keys.renewOld();
  assert.deepEqual(keys.stated[0], first);
  pass(1);
  await keys.renewOld();
  const second = keys.stated[0];
  assert.equal(second.tlsSpki, first.tlsSpki);
  assert.notEqual(second.hpkeKey, first.hpkeKey);
  await keys.renew();
  assert.equal(keys.hpke.length, 1, "nothing that was sealed before a phase is opened after it");
  const third = keys.stated[0];
  assert.notEqual(third.tlsSpki, second.tlsSpki);
  pass(86_400_000);
  await keys.renewOld();
  assert.notEqual(keys.stated[0].tlsSpki, third.tlsSpki);
});
