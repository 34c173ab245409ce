import assert from "node:assert/strict";
import { concat, fromHex } from "../bytes.ts";
import { generateLabKey, pem, rsaPkcs1, writeCertificate } from "../../lab/mod.ts";
import { refused } from "../../../tests/refused.ts";
import { readExtension } from "../x509.ts";
import { agreeingEngine } from "../../../tests/portable/strict.ts";

const engine = agreeingEngine({});
const key = await generateLabKey("RSA-2048");
const NAME = [{ type: "2.5.4.3", value: "one", encoding: "utf8" }] as const;

function certificate(...oids: readonly string[]): Promise<Uint8Array> {
  return writeCertificate({
    version: 3,
    serial: 7n,
    issuer: NAME,
    subject: NAME,
    notBefore: new Date("2026-01-01T00:00:00Z"),
    notAfter: new Date("2027-01-01T00:00:00Z"),
    publicKey: key.spki,
    extensions: oids.map((oid, i) => ({ oid, critical: i === 1, value: fromHex(`040${i}`) })),
    algorithm: rsaPkcs1("SHA-256"),
    signWith: key,
  });
}

const ONE = "1.3.6.1.5.5.7.1.35";
const OTHER = "2.23.133.5.4.9";
const both = await certificate(ONE, OTHER);

Deno.test("readExtension finds an extension, in DER and PEM", async () => {
  for (const file of [both, new TextEncoder().encode(pem("CERTIFICATE", both))]) {
    assert.deepEqual(await readExtension(engine, file, ONE), {
      critical: false,
      value: fromHex("0400"),
    });
    assert.deepEqual(await readExtension(engine, file, OTHER), {
      critical: true,
      value: fromHex("0401"),
    });
  }
});

Deno.test("readExtension says where there is none, also of an identifier that begins alike", async () => {
  for (const id of [`${ONE}.1`, "1.3.6.1.5.5.7.1", "2.5.29.15"]) {
    assert.equal(await readExtension(engine, both, id), null, id);
  }
  assert.equal(await readExtension(engine, await certificate(), ONE), null);
});

Deno.test("readExtension refuses an extension that is there twice, and more than one certificate", async () => {
  await refused("x509.malformed", readExtension(engine, await certificate(ONE, ONE), ONE));
  await refused("x509.count", readExtension(engine, concat(both, both), ONE));
  await refused("x509.malformed", readExtension(engine, both.subarray(0, -1), ONE));
  await refused("input.empty", readExtension(engine, new Uint8Array(), ONE));
});

Deno.test("readExtension takes no identifier that is not dotted", async () => {
  for (
    const id of [
      "",
      "1",
      "1.",
      ".1",
      "3.1",
      "1.01",
      "1..2",
      "1.2 ",
      "1.2\n",
      "#2b06",
      `1.${"1".repeat(127)}`,
    ]
  ) {
    await assert.rejects(readExtension(engine, both, id), /engine\.failed/, id);
  }
});
