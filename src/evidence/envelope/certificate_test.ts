import assert from "node:assert/strict";
import { concat } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { inlineEngine } from "../../core/crypto_inline.ts";
import { createPortableEngine } from "../../core/portable/engine.ts";
import { der, ecdsa, generateLabKey, writeCertificate } from "../../lab/mod.ts";
import { refused } from "../../../tests/refused.ts";
import { cmwExtension, evidenceOf } from "./certificate.ts";
import { writeCmwCbor, writeCmwJson } from "./cmw.ts";
import { writeEnvelope } from "./envelope.ts";

const CMW = "1.3.6.1.5.5.7.1.35";
const DICE = "2.23.133.5.4.9";
const QUOTE = "1.2.840.113741.1337.6";

const ENGINES = { wasm: inlineEngine, portable: createPortableEngine({}) };
const key = await generateLabKey("P-256");
const NAME = [{ type: "2.5.4.3", value: "node", encoding: "utf8" }] as const;
const envelopeOf = (size: number): Uint8Array =>
  writeEnvelope("sev-snp", Uint8Array.of(1), { report: new Uint8Array(size) });
const ENVELOPE = envelopeOf(1184);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function certificate(extensions: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
  return writeCertificate({
    version: 3,
    serial: 7n,
    issuer: NAME,
    subject: NAME,
    notBefore: new Date("2026-01-01T00:00:00Z"),
    notAfter: new Date("2027-01-01T00:00:00Z"),
    publicKey: key.spki,
    extensions: Object.entries(extensions).map(([oid, value]) => ({ oid, critical: false, value })),
    algorithm: ecdsa("SHA-256"),
    signWith: key,
  });
}

/** A test with each engine. */
function testEngines(name: string, test: (engine: Engine) => Promise<void>): void {
  for (const [kind, engine] of Object.entries(ENGINES)) {
    Deno.test(`${name} (${kind})`, () => test(engine));
  }
}

testEngines(
  "evidenceOf() finds the envelope that cmwExtension() put into a certificate",
  async (engine) => {
    for (const form of ["json", "cbor"] as const) {
      for (const size of [1, 30, 130, 1184, 50_000]) {
        const bytes = envelopeOf(size);
        const { oid, critical, value } = cmwExtension(bytes, form);
        assert.deepEqual([oid, critical], [CMW, false]);
        const carrier = await certificate({ [oid]: value });
        assert.deepEqual(await evidenceOf(engine, carrier), { kind: "envelope", bytes });
      }
    }
  },
);

Deno.test("cmwExtension() writes the DER that the lab writes", () => {
  assert.deepEqual(cmwExtension(ENVELOPE, "cbor").value, der.octetString(writeCmwCbor(ENVELOPE)));
  const json = der.utf8String(textOf(writeCmwJson(ENVELOPE)));
  assert.deepEqual(cmwExtension(ENVELOPE, "json").value, json);
});

testEngines("evidenceOf() reads the wrapper of DICE in each form", async (engine) => {
  const json = writeCmwJson(ENVELOPE);
  for (
    const value of [
      der.octetString(writeCmwCbor(ENVELOPE)),
      der.octetString(json),
      der.utf8String(textOf(json)),
    ]
  ) {
    const found = await evidenceOf(engine, await certificate({ [DICE]: value }));
    assert.deepEqual(found, { kind: "envelope", bytes: ENVELOPE });
  }
});

testEngines(
  "evidenceOf() gives a bare quote only where there is nothing better, and null for nothing",
  async (engine) => {
    const quote = Uint8Array.of(4, 0, 2, 0);
    assert.deepEqual(await evidenceOf(engine, await certificate({ [QUOTE]: quote })), {
      kind: "quote",
      bytes: quote,
    });
    const { oid, value } = cmwExtension(ENVELOPE, "cbor");
    const both = await certificate({ [QUOTE]: quote, [oid]: value });
    assert.deepEqual(await evidenceOf(engine, both), { kind: "envelope", bytes: ENVELOPE });
    assert.equal(await evidenceOf(engine, await certificate({})), null);
  },
);

testEngines("evidenceOf() refuses two extensions that hold different evidence", async (engine) => {
  const value = cmwExtension(ENVELOPE, "json").value;
  const same = await certificate({ [CMW]: value, [DICE]: der.octetString(writeCmwCbor(ENVELOPE)) });
  assert.deepEqual(await evidenceOf(engine, same), { kind: "envelope", bytes: ENVELOPE });
  const other = der.octetString(writeCmwCbor(envelopeOf(1183)));
  const different = await certificate({ [CMW]: value, [DICE]: other });
  await refused("envelope.cmw", evidenceOf(engine, different));
});

testEngines(
  "evidenceOf() refuses extensions that are not as specified, rather than pass them by",
  async (engine) => {
    const cbor = writeCmwCbor(ENVELOPE);
    const json = writeCmwJson(ENVELOPE);
    const good = der.octetString(cbor);
    const longer = concat(Uint8Array.of(0x04, 0x83, 0), good.subarray(2));
    const bad: Readonly<Record<string, readonly Uint8Array[]>> = {
      [CMW]: [
        ...[
          der.octetString(json),
          // The tag says CBOR; a blank in front does not make it that.
          der.octetString(concat(Uint8Array.of(0x20), json)),
          der.utf8String(textOf(json)).subarray(0, -1),
          cbor,
          json,
          longer,
        ],
        ...[concat(good, Uint8Array.of(0)), concat(Uint8Array.of(0x05), good.subarray(1))],
        ...[new Uint8Array(), Uint8Array.of(4), Uint8Array.of(4, 0), Uint8Array.of(12, 0)],
        concat(Uint8Array.of(0x0c), good.subarray(1)),
      ],
      [DICE]: [
        cbor,
        json,
        der.octetString(good),
        longer,
        concat(Uint8Array.of(0x0c), good.subarray(1)),
      ],
    };
    for (const [oid, values] of Object.entries(bad)) {
      for (const value of values) {
        await refused("envelope.cmw", evidenceOf(engine, await certificate({ [oid]: value })));
      }
    }
    const quote = Uint8Array.of(4, 0, 2, 0);
    const withQuote = await certificate({ [CMW]: der.octetString(json), [QUOTE]: quote });
    await refused("envelope.cmw", evidenceOf(engine, withQuote));
    const foreign = der.octetString(new TextEncoder().encode('["application/eat+jwt","AQID"]'));
    await refused(
      "envelope.media_type",
      evidenceOf(engine, await certificate({ [DICE]: foreign })),
    );
  },
);

testEngines(
  "evidenceOf() refuses what is no certificate, or has an extension twice",
  async (engine) => {
    await refused("input.empty", evidenceOf(engine, new Uint8Array()));
    await refused("input.too_large", evidenceOf(engine, new Uint8Array(1024 * 1024 + 1)));
    const carrier = await certificate({ [CMW]: cmwExtension(ENVELOPE, "cbor").value });
    await refused("x509.malformed", evidenceOf(engine, carrier.subarray(0, -1)));
  },
);
