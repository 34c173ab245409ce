import assert from "node:assert/strict";
import { frame, toHex, uint64 } from "../../core/bytes.ts";
import { CasemateError } from "../../core/errors.ts";
import { createPortableEngine } from "../../core/portable/engine.ts";
import { describeCertificates } from "../../core/x509.ts";
import { frameAnchors } from "../../evidence/anchors.ts";
import { operations } from "../../evidence/gce/portable/mod.ts";
import type { GceEndorsement } from "../../evidence/gce/report.ts";
import { addDays } from "../dates.ts";
import { generateLabKey } from "../lab_key.ts";
import { noOpenssl, openssl } from "../openssl_test.ts";
import { pem } from "../pem.ts";
import {
  createEndorsementAuthority,
  exportEndorsementAuthority,
  importEndorsementAuthority,
} from "./authority.ts";
import { ENDORSEMENT_BENDS } from "./bends.ts";
import {
  type MintedEndorsement,
  mintEndorsement,
  type MintEndorsementOptions,
} from "./endorsement.ts";
import { writeGolden } from "./golden.ts";
import { PROTO_WIRE, protoBytes, protoTag } from "./wire.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const engine = createPortableEngine(operations);
const authority = await createEndorsementAuthority({ now: addDays(NOW, -10) });
const key = await generateLabKey("RSA-2048");

async function verify({ endorsement }: MintedEndorsement): Promise<GceEndorsement> {
  const { certificate } = authority.root;
  const [root] = await describeCertificates(engine, certificate);
  assert.ok(root);
  const { sha256, spkiSha256 } = root.summary;
  const anchor = { line: "", certificateSha256: sha256, spkiSha256, lab: true };
  const moment = uint64(NOW.getTime() / 1000);
  const parts = [endorsement, frame([certificate]), frameAnchors([anchor]), moment];
  // The shape is what the tests of the engine hold.
  return await engine.run("gce_endorsement", parts) as GceEndorsement;
}

function mint(options: Partial<MintEndorsementOptions> = {}): Promise<MintedEndorsement> {
  return mintEndorsement(authority, { now: NOW, key, ...options });
}

Deno.test("mintEndorsement() makes endorsements that verify, with what was given", async () => {
  const measurement = new Uint8Array(48).fill(7);
  const { golden, ...minted } = await mint({
    sevSnp: {
      svn: 9,
      measurements: [[2, measurement], [1, measurement.map(() => 8)]],
      familyId: new Uint8Array(16).fill(1),
      imageId: new Uint8Array(),
      policy: 0x30000n,
      svsmMeasurement: measurement,
    },
  });

  const found = await verify({ ...minted, golden });

  assert.deepEqual(found.sevSnp, {
    svn: 9,
    policy: "0x0000000000030000",
    familyId: "01".repeat(16),
    imageId: "",
    measurements: [
      { vmsas: 1, measurement: "08".repeat(48) },
      { vmsas: 2, measurement: "07".repeat(48) },
    ],
    svsmMeasurement: "07".repeat(48),
  });
  assert.deepEqual(
    found.tdx?.measurements.map(({ ramGib, earlyAccept }) => [ramGib, earlyAccept]),
    [[4, false], [4, true], [16, false], [16, true]],
  );
  assert.equal(
    found.tdx?.measurements[0]?.mrTd,
    toHex(golden.tdx?.measurements[0]?.mrTd ?? measurement),
  );
  assert.equal(found.timestamp, "2026-11-21T12:00:00Z");
  assert.equal(found.digest, toHex(golden.digest));
  assert.equal(found.commit, toHex(golden.commit));
  assert.equal(found.certificates.length, 3);
  assert.equal(found.lab, true);
});

Deno.test("an endorsement may say nothing, and more than is known", async () => {
  const more = [
    protoBytes(99, Uint8Array.of(1)),
    protoTag(98, PROTO_WIRE.four),
    new Uint8Array(4),
    protoTag(97, PROTO_WIRE.eight),
    new Uint8Array(8),
  ].flatMap((bytes) => [...bytes]);
  const found = await verify(
    await mint({
      sevSnp: null,
      tdx: null,
      bends: { golden: { timestamp: null, commit: new Uint8Array(), more: Uint8Array.from(more) } },
    }),
  );
  assert.deepEqual(
    [found.sevSnp, found.tdx, found.timestamp, found.commit],
    [null, null, null, ""],
  );
});

for (const [name, { says, code, bends }] of Object.entries(ENDORSEMENT_BENDS)) {
  Deno.test(`an endorsement of which this is wrong is refused: ${name}: ${says}`, async () => {
    const minted = await mint({ bends: await bends({ now: NOW, key }) });
    await assert.rejects(verify(minted), (error) => {
      if (!(error instanceof CasemateError)) throw error;
      assert.equal(error.code, code, error.message);
      return true;
    });
  });
}

Deno.test({
  name: "OpenSSL verifies the certificates and the signature of endorsements",
  ignore: noOpenssl,
  async fn() {
    let proof = new Uint8Array();
    const signature = (bytes: Uint8Array): Uint8Array => proof = new Uint8Array(bytes);
    const { der, root, golden } = await mint({
      bends: { launch: (said) => ({ ...said, signature }) },
    });
    const signer = pem("CERTIFICATE", der.signer);
    const files = { "root.pem": root, "ca.pem": pem("CERTIFICATE", der.issuing), "it.pem": signer };
    const moment = String(NOW.getTime() / 1000);
    const chain = await openssl([
      ...["verify", "-x509_strict", "-ignore_critical", "-attime", moment],
      ...["-CAfile", "root.pem", "-untrusted", "ca.pem", "it.pem"],
    ], files);
    assert.match(chain.text, /it\.pem: OK/);
    const spki = await openssl(["x509", "-in", "it.pem", "-noout", "-pubkey"], files);
    const answer = await openssl([
      ...["dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"],
      ...["-verify", "key.pem", "-signature", "proof.bin", "signed.bin"],
    ], { "key.pem": spki.stdout, "proof.bin": proof, "signed.bin": writeGolden(golden) });
    assert.match(answer.text, /Verified OK/);
  },
});

Deno.test("importEndorsementAuthority() reads back what exportEndorsementAuthority() stored", async () => {
  const stored: unknown = JSON.parse(JSON.stringify(exportEndorsementAuthority(authority)));
  assert.deepEqual(await importEndorsementAuthority(stored), authority);
  await assert.rejects(importEndorsementAuthority({}), { code: "input.wrong_kind" });
});
