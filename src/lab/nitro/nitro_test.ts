import assert from "node:assert/strict";
import { decode } from "cborg";
import { frame, fromHex, toHex, uint64 } from "../../core/bytes.ts";
import { CasemateError } from "../../core/errors.ts";
import { createPortableEngine } from "../../core/portable/engine.ts";
import { describeCertificates } from "../../core/x509.ts";
import { frameAnchors } from "../../evidence/anchors.ts";
import { operations } from "../../evidence/nitro/portable/mod.ts";
import type { NitroEvidence } from "../../evidence/nitro/report.ts";
import { addDays } from "../dates.ts";
import { generateLabKey } from "../lab_key.ts";
import { noOpenssl, openssl } from "../openssl_test.ts";
import { pem } from "../pem.ts";
import {
  bendNitroAuthority,
  createNitroAuthority,
  exportNitroAuthority,
  importNitroAuthority,
} from "./authority.ts";
import { NITRO_BENDS, NITRO_CLAIM_BENDS } from "./bends/mod.ts";
import type { MintNitroOptions } from "./options.ts";
import { type MintedNitro, mintNitro } from "./nitro.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const engine = createPortableEngine(operations);
const authority = await createNitroAuthority({ now: addDays(NOW, -10) });
const keys = { instance: await generateLabKey("P-384"), leaf: await generateLabKey("P-384") };

async function anchors(): Promise<Uint8Array> {
  const [root] = await describeCertificates(engine, authority.root.certificate);
  assert.ok(root);
  const { sha256, spkiSha256 } = root.summary;
  return frameAnchors([{ line: "", certificateSha256: sha256, spkiSha256, lab: true }]);
}

async function verify(minted: MintedNitro): Promise<NitroEvidence> {
  return await verifyAt(minted, NOW, [minted.der.rootCrl, minted.der.regionCrl]);
}

async function verifyAt(
  { document }: MintedNitro,
  now: Date,
  crls: readonly Uint8Array[],
): Promise<NitroEvidence> {
  const moment = uint64(now.getTime() / 1000);
  const asked = engine.run("nitro_verify", [document, frame(crls), await anchors(), moment]);
  // The shape is what the tests of the engine hold.
  return await asked as NitroEvidence;
}

function mint(options: Partial<MintNitroOptions> = {}): Promise<MintedNitro> {
  return mintNitro(authority, { now: NOW, keys, ...options });
}

for (const kind of ["enclave", "tpm"] as const) {
  Deno.test(`mintNitro() makes documents of kind ${kind} that verify, with what was given`, async () => {
    const [nonce, userData] = [Uint8Array.of(1, 2), new Uint8Array()];
    const minted = await mint({ kind, nonce, userData, moduleId: "i-1-x" });

    const { document, certificates, lab, revocationChecked, revocationLists } = await verify(
      minted,
    );

    assert.equal(document.kind, kind);
    assert.equal(document.moduleId, "i-1-x");
    assert.equal(document.timestamp, NOW.getTime());
    assert.equal(document.registers.length, kind === "tpm" ? 24 : 16);
    assert.equal(document.registers[0]?.value, toHex(minted.payload.registers[0]?.[1] ?? nonce));
    assert.deepEqual([document.nonce, document.userData, document.publicKey], ["0102", "", null]);
    assert.equal(certificates.length, 5);
    assert.deepEqual([lab, revocationChecked, revocationLists.length], [true, true, 2]);
  });
}

Deno.test("mintNitro() takes what is absent for null, and a tag in front", async () => {
  const absent = { publicKey: undefined, userData: undefined, nonce: undefined };
  const { document } = await verify(await mint({ bends: { payload: absent, cose: { tag: 18 } } }));
  assert.deepEqual([document.nonce, document.userData, document.publicKey], [null, null, null]);
});

for (const [name, { says, code, bends }] of Object.entries(NITRO_BENDS)) {
  Deno.test(`a document of which this is wrong is refused: ${name}: ${says}`, async () => {
    const minted = await mint({ bends: await bends({ now: NOW, keys, authority }) });
    await assert.rejects(
      verify(minted),
      (error) => error instanceof CasemateError && error.code === code || fail(error),
    );
  });
}

function fail(error: unknown): never {
  throw error;
}

for (const [name, { says, bends }] of Object.entries(NITRO_CLAIM_BENDS)) {
  Deno.test(`a document of which only an expectation says so is genuine: ${name}: ${says}`, async () => {
    const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const bent = await mint({ nonce, bends: await bends({ now: NOW, keys, authority }) });
    const plain = await verify(await mint({ nonce }));
    assert.notDeepEqual((await verify(bent)).document, plain.document);
  });
}

Deno.test("documents hold for three hours", async () => {
  const minted = await mint();
  const at = (seconds: number) => verifyAt(minted, new Date(NOW.getTime() + 1000 * seconds), []);
  assert.ok(await at(3 * 3600));
  await assert.rejects(at(3 * 3600 + 1), { code: "nitro.certificate_expired" });
  await assert.rejects(at(-1), { code: "nitro.certificate_not_yet_valid" });
});

Deno.test("cborg, which is not ours, reads the same in documents", async () => {
  const { document, der, payload } = await mint({ nonce: Uint8Array.of(7) });
  const strict = { strict: true, allowIndefinite: false, rejectDuplicateMapKeys: true };
  const [header, , content] = decode(document, { ...strict, useMaps: true });
  const said: Map<string, unknown> = decode(content, { ...strict, useMaps: true });

  assert.deepEqual(decode(header, { ...strict, useMaps: true }), new Map([[1, -35]]));
  assert.deepEqual([...said.keys()], [
    ...["module_id", "digest", "timestamp", "nitrotpm_pcrs", "certificate", "cabundle"],
    ...["public_key", "user_data", "nonce"],
  ]);
  assert.equal(said.get("module_id"), payload.moduleId);
  assert.equal(said.get("timestamp"), NOW.getTime());
  assert.deepEqual(said.get("nitrotpm_pcrs"), new Map(payload.registers));
  assert.deepEqual(said.get("certificate"), der.leaf);
  assert.deepEqual(said.get("cabundle"), [der.root, der.region, der.zone, der.instance]);
  assert.deepEqual(said.get("nonce"), Uint8Array.of(7));
  assert.deepEqual([said.get("public_key"), said.get("user_data")], [null, null]);
});

Deno.test({
  name: "OpenSSL verifies the certificates, the lists, and the signature of documents",
  ignore: noOpenssl,
  async fn() {
    const { der, crls, root, document } = await mint();
    const above = [der.instance, der.zone, der.region].map((one) => pem("CERTIFICATE", one));
    const files = {
      "root.pem": root,
      "above.pem": above.join(""),
      "leaf.pem": pem("CERTIFICATE", der.leaf),
      "crl.pem": crls[1],
      "region.pem": pem("CERTIFICATE", der.region),
    };
    const moment = String(NOW.getTime() / 1000);
    const chain = await openssl([
      ...["verify", "-ignore_critical", "-attime", moment],
      ...["-CAfile", "root.pem", "-untrusted", "above.pem", "leaf.pem"],
    ], files);
    assert.match(chain.text, /leaf\.pem: OK/);
    const list = await openssl(["crl", "-in", "crl.pem", "-CAfile", "region.pem", "-noout"], files);
    assert.match(list.text, /verify OK/);
    assert.ok(await isSigned(document, der.leaf));
  },
});

/** Asks OpenSSL whether a document is signed by the key of a certificate, over what cborg reads and RFC 9052 says. */
async function isSigned(document: Uint8Array, leaf: Uint8Array): Promise<boolean> {
  const [header, , content, proof] = decode(document, { useMaps: true });
  const size = toHex(Uint8Array.of(content.length >> 8, content.length & 0xff));
  const context = toHex(new TextEncoder().encode("Signature1"));
  const signed = fromHex(`846a${context}44${toHex(header)}4059${size}${toHex(content)}`);
  const certificate = { "leaf.pem": pem("CERTIFICATE", leaf) };
  const key = await openssl(["x509", "-in", "leaf.pem", "-noout", "-pubkey"], certificate);
  const answer = await openssl(
    ["dgst", "-sha384", "-verify", "key.pem", "-signature", "proof.der", "signed.bin"],
    { "key.pem": key.stdout, "proof.der": derOf(proof), "signed.bin": signed },
  );
  return answer.ok;
}

/** R and S as a SEQUENCE of two numbers, each with a zero in front where it would be negative. */
function derOf(proof: Uint8Array): Uint8Array {
  const numbers = [proof.subarray(0, 48), proof.subarray(48)].map((number) => {
    const from = number.findIndex((byte) => byte !== 0);
    const digits = [...number.subarray(from)];
    const signed = (digits[0] ?? 0) >= 0x80 ? [0, ...digits] : digits;
    return [2, signed.length, ...signed];
  }).flat();
  return Uint8Array.of(0x30, numbers.length, ...numbers);
}

Deno.test("importNitroAuthority() reads back what exportNitroAuthority() stored", async () => {
  const stored: unknown = JSON.parse(JSON.stringify(exportNitroAuthority(authority)));
  assert.deepEqual(await importNitroAuthority(stored), authority);
  await assert.rejects(importNitroAuthority({ ...Object(stored), zone: null }), {
    code: "input.value",
  });
  await assert.rejects(importNitroAuthority({}), { code: "input.wrong_kind" });
});

Deno.test("bendNitroAuthority() writes anew what is bent, by the same keys", async () => {
  const bent = await bendNitroAuthority(authority, { zone: { serial: 7n } });
  assert.equal(bent.region, authority.region);
  assert.equal(bent.zone.key, authority.zone.key);
  assert.notDeepEqual(bent.zone.certificate, authority.zone.certificate);
});
