import assert from "node:assert/strict";
import { concat, frame, fromHex, toHex } from "../../../core/bytes.ts";
import { sequence } from "../../../core/x509_writer/der.ts";
import { pem } from "../../../lab/pem.ts";
import type { PublicArea } from "../report.ts";
import { modulus, p256, p384, pointOf, rsa } from "./keys_test.ts";
import { type AreaParts, be, eccArea, refused, rsaArea, run, sized } from "./marshal_test.ts";
import type { PublicKey } from "./key.ts";
import { parseKey } from "./public_area.ts";

async function sha256(bytes: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", concat(bytes))));
}

Deno.test("tpm_public reads an RSA key with its Name, alone and behind its size", async () => {
  const area = rsaArea(modulus);
  const expected: PublicArea = {
    key: { kind: "RSA 2048", spkiSha256: await sha256(rsa.spki), spki: toHex(rsa.spki) },
    name: `000b${await sha256(area)}`,
    nameAlgorithm: "sha256",
    attributes: {
      fixedTPM: true,
      fixedParent: true,
      sensitiveDataOrigin: true,
      userWithAuth: true,
      adminWithPolicy: false,
      noDA: false,
      encryptedDuplication: false,
      restricted: true,
      decrypt: false,
      sign: true,
      stClear: false,
    },
    authPolicy: "",
    scheme: { scheme: "rsassa", hash: "sha256" },
  };

  assert.deepEqual(await run("tpm_public", area), expected);
  assert.deepEqual(await run("tpm_public", sized(area)), expected);
});

Deno.test("tpm_public reads keys of both curves as WebCrypto writes them", async () => {
  for (const [key, kind] of [[p256, "ECC P-256"], [p384, "ECC P-384"]] as const) {
    const area = eccArea(pointOf(key), { scheme: fromHex("0018000d"), nameAlg: be(0x0c, 2) });
    const found = await run<PublicArea>("tpm_public", area);

    assert.equal(found.key.kind, kind);
    assert.equal(found.key.spki, toHex(key.spki));
    assert.equal(found.nameAlgorithm, "sha384");
    assert.equal(found.name.length, 2 * (2 + 48));
    assert.deepEqual(found.scheme, { scheme: "ecdsa", hash: "sha512" });
  }
});

Deno.test("tpm_public reads an endorsement key: a policy, AES, no scheme", async () => {
  const ek = {
    attributes: be(0x0003_00b2, 4),
    policy: sized(new Uint8Array(32).fill(3)),
    symmetric: fromHex("000600800043"),
    scheme: be(0x10, 2),
  };
  for (const area of [rsaArea(modulus, ek), eccArea(pointOf(p256), ek)]) {
    const { scheme, attributes, authPolicy } = await run<PublicArea>("tpm_public", area);
    assert.equal(scheme, null);
    assert.ok(attributes.decrypt && attributes.adminWithPolicy && !attributes.sign);
    assert.equal(authPolicy, "03".repeat(32));
  }
});

Deno.test("tpm_public knows schemes that do not sign, a written exponent, a key derivation", async () => {
  for (const scheme of ["0015", "0017000b"]) {
    const area = rsaArea(modulus, { scheme: fromHex(scheme) });
    assert.equal((await run<PublicArea>("tpm_public", area)).scheme, null);
  }
  await run("tpm_public", rsaArea(modulus, { kind: fromHex("080000010001") }));
  const ecdh = { scheme: fromHex("0019000b"), kind: fromHex("00030020000b") };
  assert.equal((await run<PublicArea>("tpm_public", eccArea(pointOf(p256), ecdh))).scheme, null);
});

Deno.test("tpm_public puts leading zeros of a coordinate back", async () => {
  const found = await keyWithZero();
  const point = pointOf(found);
  const unique = concat(sized(point.subarray(2, 33)), sized(point.subarray(33)));

  const { key } = await run<PublicArea>("tpm_public", eccArea(point, { unique }));

  assert.equal(key.spki, toHex(found.spki));
});

/** A key whose X begins with a zero: one of 256. */
async function keyWithZero(): Promise<typeof p256> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  for (;;) {
    const { publicKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
    if (spki.at(-64) === 0) return { ...p256, spki };
  }
}

const even = modulus.map((byte, i) => i === 255 ? byte & 0xfe : byte);
const small = modulus.map((byte, i) => i === 0 ? byte & 0x7f : byte);
const off = pointOf(p256).map((byte, i) => i === 64 ? byte ^ 1 : byte);
const MALFORMED = "tpm.public_malformed";
const ALGORITHM = "tpm.public_algorithm";

const RSA_REFUSED: readonly (readonly [string, string, Partial<AreaParts>])[] = [
  ["a symmetric key", ALGORITHM, { type: be(0x25, 2) }],
  ["a name of SHA-1", ALGORITHM, { nameAlg: be(0x04, 2) }],
  ["a reserved attribute", MALFORMED, { attributes: be(0x0005_0073, 4) }],
  ["a policy of another length", MALFORMED, { policy: sized(new Uint8Array(20)) }],
  ["another symmetric algorithm", ALGORITHM, { symmetric: fromHex("002600800043") }],
  ["a scheme of elliptic curves", ALGORITHM, { scheme: fromHex("0018000b") }],
  ["a scheme with SHA-1", ALGORITHM, { scheme: fromHex("00140004") }],
  ["1024 bits", ALGORITHM, { kind: fromHex("040000000000") }],
  ["an exponent of 3", ALGORITHM, { kind: fromHex("080000000003") }],
  ["a modulus of another size", MALFORMED, { unique: sized(modulus.subarray(1)) }],
  ["a modulus that is too small", MALFORMED, { unique: sized(small) }],
  ["an even modulus", MALFORMED, { unique: sized(even) }],
  ["bytes after the end", MALFORMED, { unique: concat(sized(modulus), be(0, 1)) }],
];
const ECC_REFUSED: readonly (readonly [string, string, Partial<AreaParts>])[] = [
  ["a scheme of RSA", ALGORITHM, { scheme: fromHex("0014000b") }],
  ["P-521", ALGORITHM, { kind: fromHex("00050010") }],
  ["a point off the curve", MALFORMED, {
    unique: concat(sized(off.subarray(1, 33)), sized(off.subarray(33))),
  }],
  ["no point", MALFORMED, { unique: fromHex("00000000") }],
  ["a coordinate that is too long", MALFORMED, {
    unique: concat(sized(new Uint8Array(33)), sized(off.subarray(33))),
  }],
];

for (const [what, code, bent] of RSA_REFUSED) {
  Deno.test(`tpm_public refuses in an RSA key ${what}`, async () => {
    await refused(code, run("tpm_public", rsaArea(modulus, bent)));
  });
}
for (const [what, code, bent] of ECC_REFUSED) {
  Deno.test(`tpm_public refuses in an ECC key ${what}`, async () => {
    await refused(code, run("tpm_public", eccArea(pointOf(p256), bent)));
  });
}

Deno.test("tpm_public refuses an area that is cut anywhere, bare keys, nothing, too much", async () => {
  const area = rsaArea(modulus);
  for (let length = 1; length < area.length; length++) {
    await refused(MALFORMED, run("tpm_public", area.subarray(0, length)));
  }
  await refused(ALGORITHM, run("tpm_public", p256.spki));
  await refused("input.empty", run("tpm_public", new Uint8Array()));
  await refused("input.too_large", run("tpm_public", new Uint8Array(2049)));
});

/** What a key is by `tpm_certificate`, which reads it first and then finds no certificate. */
async function readKey(file: Uint8Array | string): Promise<PublicKey> {
  const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file;
  const lists = [new TextEncoder().encode("EK"), frame([]), frame([]), frame([])];
  const fields = await refused("input.empty", run("tpm_certificate", ...lists, bytes, be(0, 8)));
  assert.equal(fields["input"], "ek-cert");
  return parseKey(bytes, "EK");
}

Deno.test("bare keys are read, DER and PEM", async () => {
  for (const key of [rsa, p256, p384]) {
    for (const file of [key.spki, pem("PUBLIC KEY", key.spki)]) {
      assert.equal((await readKey(file)).key.spki, toHex(key.spki));
    }
  }
});

/** Demands that a key is refused. */
async function refusedKey(code: string, file: Uint8Array | string): Promise<void> {
  const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file;
  const lists = [new TextEncoder().encode("EK"), frame([]), frame([]), frame([])];
  await refused(code, run("tpm_certificate", ...lists, bytes, be(0, 8)));
}

Deno.test("bare keys of other kinds are told from broken ones", async () => {
  const flip = (at: number) => p256.spki.map((byte, i) => i === at ? byte ^ 1 : byte);
  // The last octet of the curve's identifier, then of that of the algorithm.
  await refusedKey(ALGORITHM, flip(22));
  await refusedKey(ALGORITHM, flip(12));
  await refusedKey(MALFORMED, flip(90));
  await refusedKey(MALFORMED, p256.spki.subarray(0, -1));
  await refusedKey(MALFORMED, concat(p256.spki, be(0, 1)));
  await refusedKey(MALFORMED, sequence());
  await refusedKey(MALFORMED, pem("PUBLIC KEY", p256.spki).repeat(2));
  await refusedKey(MALFORMED, pem("RSA PUBLIC KEY", p256.spki));
  // Text in the place of the curve's identifier.
  await refusedKey(MALFORMED, p256.spki.map((byte, i) => i === 13 ? 0x0c : byte));
  // The last octet of the exponent, then an even modulus.
  await refusedKey(ALGORITHM, rsa.spki.map((byte, i) => i === 293 ? 3 : byte));
  await refusedKey(MALFORMED, rsa.spki.map((byte, i) => i === 288 ? byte & 0xfe : byte));
});
