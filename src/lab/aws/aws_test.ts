import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { toHex } from "../../core/bytes.ts";
import { createPortableEngine } from "../../core/portable/engine.ts";
import { readEnvelope } from "../../evidence/envelope/envelope.ts";
import { operations } from "../../evidence/nitro/portable/mod.ts";
import { readNitroDocument } from "../../evidence/nitro/document.ts";
import { labAuthority, NOW } from "../../../tests/lab_authority.ts";
import { OF_JOINER, OF_MEMBER } from "../../../tests/statements.ts";
import { noOpenssl, openssl } from "../openssl_test.ts";
import { pem } from "../pem.ts";
import { createAwsSnpAuthority, mintAwsNitroTpm, mintAwsSevSnp, mintIdentity } from "./mod.ts";

const authority = await createAwsSnpAuthority(NOW, await labAuthority());
const engine = createPortableEngine(operations);
const nonce = new Uint8Array(32).fill(3);

/** Protocol §1 and §4, by another implementation of the hash. */
function hashed(name: string, label: string, ...parts: readonly Uint8Array[]): string {
  const hash = createHash(name);
  for (const part of [new TextEncoder().encode(label), ...parts]) {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, part.length);
    hash.update(length).update(part);
  }
  return hash.digest("hex");
}

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));

Deno.test("mintAwsNitroTpm() has the document answer the binding, in the statement's phase", async () => {
  for (const statement of [OF_MEMBER, OF_JOINER]) {
    const stated = { ...statement, variant: "aws-nitro-tpm" };
    const minted = await mintAwsNitroTpm(authority, { now: NOW, nonce, statement: stated });
    const { document } = minted.document;
    const said = await readNitroDocument(engine, document);
    assert.ok(minted.statement);
    const binding = hashed("sha512", "casemate/binding/v1", nonce, minted.statement);
    assert.deepEqual([said.nonce, said.userData], [binding, null]);
    const inCluster = bytesOf(
      hashed("sha384", "casemate/phase/cluster", bytesOf(stated.clusterId)),
    );
    const extended = createHash("sha384").update(new Uint8Array(48)).update(inCluster);
    const phase = said.registers.find(({ register }) => register === 15)?.value;
    assert.equal(phase === extended.digest("hex"), stated.phase === "cluster");
  }
});

Deno.test("mintAwsSevSnp() ties report and document to each other and to the statement", async () => {
  const statement = { ...OF_MEMBER, variant: "aws-sev-snp" };
  const minted = await mintAwsSevSnp(authority, { now: NOW, nonce, statement });
  const { report } = minted.report;
  const said = await readNitroDocument(engine, minted.document.document);
  assert.equal(said.userData, createHash("sha256").update(report).digest("hex"));
  assert.ok(minted.statement && minted.envelope);
  const binding = bytesOf(hashed("sha512", "casemate/binding/v1", nonce, minted.statement));
  const reportData = hashed("sha512", "casemate/report/v1", new Uint8Array(), binding);
  assert.equal(toHex(report.subarray(0x50, 0x90)), reportData);
  const { variant, files } = readEnvelope(minted.envelope);
  assert.equal(variant, "aws-sev-snp");
  assert.deepEqual(files["report"], report);
});

Deno.test({
  name: noOpenssl
    ? "mintIdentity() signs what OpenSSL verifies (ignored: no OpenSSL here)"
    : "mintIdentity() signs what OpenSSL verifies",
  ignore: noOpenssl,
  fn: async () => {
    const { document, signature } = await mintIdentity(authority.region, NOW);
    const bare = new TextDecoder().decode(signature);
    const files = {
      "identity.json": document,
      "signature.pem": `-----BEGIN PKCS7-----\n${bare}\n-----END PKCS7-----\n`,
      "region.pem": pem("CERTIFICATE", authority.region.certificate),
    };
    const verify = ["cms", "-verify", "-inform", "PEM", "-in", "signature.pem"];
    const terms = ["-binary", "-noverify", "-nointern", "-certfile", "region.pem"];
    const answer = await openssl([...verify, ...terms], files);
    assert.ok(answer.ok, answer.text);
    assert.match(answer.text, /"accountId": "012345678901"/);
  },
});
