import assert from "node:assert/strict";
import { concat, fromHex } from "../../../core/bytes.ts";
import { agreeingEngine } from "../../../../tests/portable/strict.ts";
import {
  boolean,
  explicit,
  implicit,
  integer,
  octetString,
  printableString,
  sequence,
  utf8String,
} from "../../../core/x509_writer/der.ts";
import { noOpenssl, openssl } from "../../../lab/openssl_test.ts";
import { EVIDENCE, noEvidence } from "../../../lab/real_test.ts";
import { refused } from "../../../../tests/refused.ts";
import { readGceInstance } from "../mod.ts";
import type { GceInstance } from "../report.ts";
import { certificateWith, type InstanceParts, writeInstance } from "./certificate_test.ts";
import { operations } from "./mod.ts";

const engine = agreeingEngine(operations);

async function read(bent: Partial<InstanceParts> = {}): Promise<GceInstance | null> {
  return await readGceInstance(engine, await certificateWith(writeInstance(bent)));
}

Deno.test("readGceInstance reads every field", async () => {
  assert.deepEqual(await read(), {
    zone: "europe-west4-b",
    projectNumber: "123456789012",
    projectId: "example.com:a-project",
    instanceId: "9223372036854775807",
    instanceName: "control-plane-0",
    security: { version: "3", isProduction: true },
  });
});

Deno.test("readGceInstance says where there is none", async () => {
  assert.equal(await readGceInstance(engine, await certificateWith(null)), null);
  const other = await certificateWith(writeInstance(), "1.3.6.1.4.1.11129.2.1.2");
  assert.equal(await readGceInstance(engine, other), null);
});

Deno.test("readGceInstance takes what may be absent, and the longest texts", async () => {
  const security = async (...members: readonly Uint8Array[]): Promise<GceInstance["security"]> =>
    (await read({ security: members }))?.security ?? null;
  assert.equal((await read({ security: null }))?.security, null);
  assert.deepEqual(await security(), { version: null, isProduction: null });
  assert.deepEqual(await security(explicit(1, boolean(false))), {
    version: null,
    isProduction: false,
  });
  assert.deepEqual(await security(explicit(0, integer(0)), explicit(30, integer(1))), {
    ...{ version: "0", isProduction: null },
  });
  const zone = "\u{1f30d}".repeat(256);
  assert.equal((await read({ zone: utf8String(zone) }))?.zone, zone);
  assert.equal((await read({ projectNumber: integer(0) }))?.projectNumber, "0");
});

const two = [explicit(0, integer(1)), explicit(1, boolean(true))];

const REFUSED: readonly (readonly [string, Partial<InstanceParts>])[] = [
  ["a zone that is no UTF8String", { zone: printableString("europe") }],
  ["an empty zone", { zone: utf8String("") }],
  ["a zone of 257 characters", { zone: utf8String("z".repeat(257)) }],
  ["a zone that is not UTF-8", { zone: fromHex("0c01ff") }],
  ["no zone", { zone: new Uint8Array() }],
  ["an empty project", { projectId: utf8String("") }],
  ["an empty name", { instanceName: utf8String("") }],
  ["a number above 2^63 - 1", { instanceId: integer(2n ** 63n) }],
  ["a number of nine bytes", { projectNumber: integer(2n ** 64n) }],
  ["a negative number", { projectNumber: fromHex("0201ff") }],
  ["a number that is not minimal", { instanceId: fromHex("02020001") }],
  ["a number as text", { instanceId: utf8String("1") }],
  ["fields in another order", { zone: integer(1), projectNumber: utf8String("europe") }],
  ["something behind", { rest: integer(1) }],
  ["another member behind", { rest: explicit(1, integer(1)) }],
  ["security properties twice", { rest: explicit(0, sequence()) }],
  ["a negative version", { security: [explicit(0, fromHex("0201ff"))] }],
  ["two versions in one", { security: [explicit(0, integer(1), integer(1))] }],
  ["no version in its place", { security: [explicit(0)] }],
  ["a version that is not wrapped", { security: [implicit(0, integer(1))] }],
  ["production that is neither true nor false", { security: [explicit(1, fromHex("010101"))] }],
  ["production as a number", { security: [explicit(1, integer(1))] }],
  ["properties in another order", { security: two.toReversed() }],
  ["a property twice", { security: [...two, explicit(2, integer(1)), explicit(2, integer(1))] }],
  ["properties that fall", {
    security: [...two, explicit(4, integer(1)), explicit(3, integer(1))],
  }],
  ["a property of number 31", { security: [...two, fromHex("bf1f03020101")] }],
  ["a property without a number", { security: [...two, integer(1)] }],
];

for (const [what, bent] of REFUSED) {
  Deno.test(`readGceInstance refuses ${what}`, async () => {
    const fields = await refused("gce.instance_malformed", read(bent));
    assert.deepEqual(Object.keys(fields), ["reason"]);
  });
}

Deno.test("readGceInstance refuses an extension that is something else, cut or longer", async () => {
  const instance = writeInstance();
  const others = [
    new Uint8Array(),
    octetString(instance),
    instance.subarray(0, -1),
    concat(instance, Uint8Array.of(0)),
  ];
  for (const value of others) {
    const asked = readGceInstance(engine, await certificateWith(value));
    await refused("gce.instance_malformed", asked);
  }
});

Deno.test("readGceInstance takes one certificate", async () => {
  const certificate = await certificateWith(writeInstance());
  await refused("x509.count", readGceInstance(engine, concat(certificate, certificate)));
  const fields = await refused("input.empty", readGceInstance(engine, new Uint8Array()));
  assert.deepEqual(fields, { input: "certificate", role: "akCert" });
});

const REAL = "gcp/gce-cos85-tpm-quote-nonce9009/ak_cert.der";

Deno.test({
  name: `readGceInstance reads a real certificate as OpenSSL does${
    noEvidence || noOpenssl ? " (ignored: no real evidence or no OpenSSL here)" : ""
  }`,
  ignore: noEvidence || noOpenssl,
  async fn() {
    const certificate = await Deno.readFile(new URL(REAL, EVIDENCE));
    const instance = await readGceInstance(engine, certificate);
    assert.ok(instance);

    const { text } = await openssl(["asn1parse", "-inform", "DER", "-in", "it"], {
      it: certificate,
    });
    const at = /(\d+):[^\n]*OCTET STRING[^\n]*$/m.exec(text.slice(text.indexOf("11129.2.1.21")))
      ?.[1];
    const parse = ["asn1parse", "-inform", "DER", "-in", "it", "-strparse", at ?? ""];
    const parsed = (await openssl(parse, { it: certificate })).text;
    const values = [...parsed.matchAll(/prim: +(UTF8STRING|INTEGER|BOOLEAN) +:(.*)/g)].map(
      ([, type, value = ""]) => type === "INTEGER" ? BigInt(`0x${value}`).toString() : value,
    );
    const { zone, projectNumber, projectId, instanceId, instanceName, security } = instance;
    assert.deepEqual(
      [zone, projectNumber, projectId, instanceId, instanceName, security?.version],
      values.slice(0, 6),
    );
    assert.deepEqual([security?.isProduction, values[6]], [true, "255"]);
  },
});
