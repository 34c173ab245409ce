/**
 * Both engines say the same of attestation documents of Nitro and of
 * endorsements of Google's firmware: of real ones, of each named bend with its
 * code, and of many that are bent by chance.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat, frame, uint64 } from "../../src/core/bytes.ts";
import { describeCertificates } from "../../src/core/x509.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { frameAnchors } from "../../src/evidence/anchors.ts";
import { operations as gce } from "../../src/evidence/gce/portable/mod.ts";
import { operations as nitro } from "../../src/evidence/nitro/portable/mod.ts";
import {
  createEndorsementAuthority,
  createNitroAuthority,
  ENDORSEMENT_BENDS,
  generateLabKey,
  mintEndorsement,
  mintNitro,
  NITRO_BENDS,
  NITRO_CLAIM_BENDS,
} from "../../src/lab/mod.ts";
import { editBytes } from "../bends/byte_edits.ts";
import { Dice } from "../bends/dice.ts";
import { corpusOf, overReal } from "../corpus.ts";
import { NOW } from "../lab_authority.ts";
import { compareDocuments, compareEndorsements } from "./nitro_differential.ts";
import { agreeingEngine } from "./strict.ts";

const engine = agreeingEngine({ ...nitro, ...gce });

async function anchorsOf(root: Uint8Array, lab: boolean): Promise<Uint8Array> {
  const [described] = await describeCertificates(inlineEngine, root);
  assert.ok(described);
  const { sha256, spkiSha256 } = described.summary;
  return frameAnchors([{ line: "", certificateSha256: sha256, spkiSha256, lab }]);
}

Deno.test("both engines refuse each named bend of a document with its code", async () => {
  const authority = await createNitroAuthority({ now: NOW });
  const { keys } = await mintNitro(authority, { now: NOW });
  const anchors = await anchorsOf(authority.root.certificate, true);
  for (const [name, { code, bends }] of Object.entries(NITRO_BENDS)) {
    const bent = await bends({ now: NOW, keys, authority });
    const { document, der } = await mintNitro(authority, { now: NOW, keys, bends: bent });
    const lists = frame([der.rootCrl, der.regionCrl]);
    const parts = [document, lists, anchors, uint64(NOW.getTime() / 1000)];
    await assert.rejects(engine.run("nitro_verify", parts), { code }, name);
  }
  for (const { bends } of Object.values(NITRO_CLAIM_BENDS)) {
    const bent = await bends({ now: NOW, keys, authority });
    const { document } = await mintNitro(authority, { now: NOW, keys, bends: bent });
    assert.ok(await engine.run("nitro_document", [document]));
  }
});

Deno.test("both engines refuse each named bend of an endorsement with its code", async () => {
  const authority = await createEndorsementAuthority({ now: NOW });
  const key = await generateLabKey("RSA-2048");
  const anchors = await anchorsOf(authority.root.certificate, true);
  const files = frame([authority.root.certificate]);
  for (const [name, { code, bends }] of Object.entries(ENDORSEMENT_BENDS)) {
    const bent = await bends({ now: NOW, key });
    const { endorsement } = await mintEndorsement(authority, { now: NOW, key, bends: bent });
    const parts = [endorsement, files, anchors, uint64(NOW.getTime() / 1000)];
    await assert.rejects(engine.run("gce_endorsement", parts), { code }, name);
  }
});

Deno.test("both engines say alike what is empty, too large, or of too many parts", async () => {
  const anchors = frameAnchors([]);
  const moment = uint64(0);
  for (const size of [0, 32 * 1024, 32 * 1024 + 1, 256 * 1024, 256 * 1024 + 1]) {
    const file = new Uint8Array(size);
    await assert.rejects(engine.run("nitro_document", [file]));
    await assert.rejects(engine.run("nitro_verify", [file, frame([]), anchors, moment]));
    await assert.rejects(engine.run("gce_endorsement", [file, frame([]), anchors, moment]));
  }
  for (const parts of [[], [moment], [moment, moment, moment], [moment, frame([]), anchors]]) {
    for (const operation of ["nitro_verify", "gce_endorsement"] as const) {
      await assert.rejects(engine.run(operation, parts), /engine\.failed/);
    }
  }
});

const real = corpusOf(({ input }) => input.tech === "aws-nitro");

Deno.test({
  ...overReal("both engines say the same of real documents, and of what is bent of them"),
  async fn() {
    assert.ok(real.size >= 3);
    const dice = new Dice(6);
    for (const [name, { input, expected }] of real) {
      const { document = new Uint8Array(), root = new Uint8Array() } = input.files;
      const anchors = await anchorsOf(root, false);
      const moment = uint64(Math.floor((input.verifyAt ?? NOW).getTime() / 1000));
      const verify = (file: Uint8Array) =>
        engine.run("nitro_verify", [file, frame([]), anchors, moment]);
      if (expected.verdict === "valid") assert.ok(await verify(document), name);
      else await assert.rejects(verify(document), { code: "nitro.signature_mismatch" }, name);
      await assert.rejects(verify(concat(document, Uint8Array.of(0))), { code: "nitro.cbor" });
      for (let i = 0; i < 25; i++) await assert.rejects(verify(editBytes(document, dice)));
    }
  },
});

/** Cases of each test run; the differential takes any others. */
const CASES = 130;

Deno.test(`both engines say the same of ${CASES} bent documents`, async () => {
  const { questions, codes } = await compareDocuments({ first: 1, count: CASES });
  assert.equal(questions, 2 * CASES);
  assert.ok(codes.size >= 15, [...codes.keys()].join(" "));
  assert.ok((codes.get("accepted") ?? 0) > CASES / 10, "some still hold");
});

Deno.test(`both engines say the same of ${CASES} bent endorsements`, async () => {
  const { questions, codes } = await compareEndorsements({ first: 1, count: CASES });
  assert.equal(questions, CASES);
  assert.ok(codes.size >= 8, [...codes.keys()].join(" "));
  assert.ok((codes.get("accepted") ?? 0) > CASES / 40, "some still hold");
});
