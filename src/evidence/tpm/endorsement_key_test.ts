import assert from "node:assert/strict";
import { concat, fromHex, toHex } from "../../core/bytes.ts";
import { RejectedError } from "../../core/errors.ts";
import { makeCredential } from "./credential.ts";
import { ENDORSEMENT_KEYS, STORAGE_KEY } from "./device/templates.ts";
import { endorsementSpki, readEndorsementKey } from "./endorsement_key.ts";

/** The base point of P-256 (SP 800-186 §3.2.1.3): a point of the curve like any other. */
const X = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
const Y = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

const HEAD = toHex(ENDORSEMENT_KEYS.ecc.template.slice(0, -68));
const KEY = fromHex(`${HEAD}0020${X}0020${Y}`);

const random = { bytes: (length: number) => new Uint8Array(length).fill(1) };

/** The key with some bytes in another's place. */
function withBytes(at: number, hex: string): Uint8Array {
  const bytes = fromHex(hex);
  return concat(KEY.subarray(0, at), bytes, KEY.subarray(at + bytes.length));
}

Deno.test("readEndorsementKey() pads coordinates to the curve's length", () => {
  const short = fromHex(`${HEAD}001f${"11".repeat(31)}0020${Y}`);
  const { key, hash, symmetricBytes } = readEndorsementKey(short);

  assert.ok(key.kind === "ecc");
  assert.deepEqual([toHex(key.x), toHex(key.y)], [`00${"11".repeat(31)}`, Y]);
  assert.deepEqual([hash, symmetricBytes], ["sha256", 16]);
});

Deno.test("endorsementSpki() is the key as certificates have it (RFC 5480)", async () => {
  const head = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

  assert.equal(toHex(await endorsementSpki(KEY)), `${head}04${X}${Y}`);
});

/** Public areas that no credential is made for. Offsets: type 0, hash 2, attributes 4, policy 8, symmetric 42, scheme 48, curve 50. */
const WRONG: readonly (readonly [string, string, Uint8Array])[] = [
  ["nothing", "tpm.public_malformed", new Uint8Array()],
  ["a byte too few", "tpm.public_malformed", KEY.subarray(0, -1)],
  ["a byte too many", "tpm.public_malformed", concat(KEY, Uint8Array.of(0))],
  ["sealed data", "tpm.public_algorithm", withBytes(0, "0008")],
  ["a Name over SHA-1", "tpm.public_algorithm", withBytes(2, "0004")],
  ["a key that may leave its TPM", "tpm.ek_attributes", withBytes(4, "000300b0")],
  ["a key that was made elsewhere", "tpm.ek_attributes", withBytes(4, "00030092")],
  ["a key that decrypts anything", "tpm.ek_attributes", withBytes(4, "000200b2")],
  ["a key that signs", "tpm.ek_attributes", withBytes(4, "000700b2")],
  ["no symmetric algorithm", "tpm.public_algorithm", withBytes(42, "0010")],
  ["AES of 192 bits", "tpm.public_algorithm", withBytes(44, "00c0")],
  ["another mode", "tpm.public_algorithm", withBytes(46, "0044")],
  ["a scheme", "tpm.public_algorithm", withBytes(48, "0019")],
  ["another curve", "tpm.public_algorithm", withBytes(50, "0005")],
  ["a coordinate that is too long", "tpm.public_malformed", withBytes(54, "0021")],
  ["a point beside the curve", "tpm.public_malformed", withBytes(60, "ff")],
  ["an attestation key", "tpm.ek_attributes", withBytes(4, "00050072")],
];

for (const [name, code, publicArea] of WRONG) {
  Deno.test(`makeCredential() refuses ${name}`, async () => {
    const ak = fromHex(`000b${"00".repeat(32)}`);

    await assert.rejects(
      makeCredential(publicArea, ak, Uint8Array.of(1), random),
      (error) => error instanceof RejectedError && error.code === code,
    );
  });
}

Deno.test("makeCredential() takes a storage key, too: that it is endorsed, its certificate says", async () => {
  const head = toHex(STORAGE_KEY.slice(0, -68));
  const ak = fromHex(`000b${"00".repeat(32)}`);

  await makeCredential(fromHex(`${head}0020${X}0020${Y}`), ak, Uint8Array.of(1), random);
});

Deno.test("makeCredential() refuses a Name that is none, and a secret that does not fit", async () => {
  const ak = fromHex(`000b${"00".repeat(32)}`);
  const wrong: readonly (readonly [Uint8Array, number])[] = [
    [fromHex("80000001"), 1],
    [ak.subarray(0, -1), 1],
    [fromHex(`0004${"00".repeat(20)}`), 1],
    [new Uint8Array(), 1],
    [ak, 0],
    [ak, 33],
  ];
  for (const [name, length] of wrong) {
    const making = makeCredential(KEY, name, new Uint8Array(length), random);
    await assert.rejects(making, RangeError);
  }
});
