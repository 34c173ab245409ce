import assert from "node:assert/strict";
import { concat, frame, fromHex } from "../../../core/bytes.ts";
import { RejectedError } from "../../../core/errors.ts";
import { type LabKey, signBytes, type SigningMethod } from "../../../lab/lab_key.ts";
import { integer, sequence } from "../../../core/x509_writer/der.ts";
import { noOpenssl, openssl } from "../../../lab/openssl_test.ts";
import type { SignatureScheme } from "../report.ts";
import { modulus, p256, p384, pointOf, rsa } from "./keys_test.ts";
import {
  be,
  eccArea,
  halves,
  refused,
  rsaArea,
  run,
  tpmtSignature,
  writeQuote,
} from "./marshal_test.ts";
import { parseKey } from "./public_area.ts";
import { verifySignature } from "./signature.ts";

const MESSAGE = writeQuote();
const NONE = frame([]);
const HASHES = [["sha256", 0x0b, 32], ["sha384", 0x0c, 48], ["sha512", 0x0d, 64]] as const;
const MISMATCH = "tpm.signature_mismatch";
const MALFORMED = "tpm.signature_malformed";
const ALGORITHM = "tpm.signature_algorithm";

type Hash = (typeof HASHES)[number][0];

const nameOf = (hash: Hash): string => `SHA-${hash.slice(3)}`;

function sign(key: LabKey, name: SigningMethod["name"], hash: Hash, saltLength = 0) {
  const method = name === "RSA-PSS"
    ? { name, hash: nameOf(hash), saltLength }
    : { name, hash: nameOf(hash) };
  return signBytes(key, method, MESSAGE);
}

/** Verifies a signature; both engines must come to the same about it within a quote without values. */
async function check(
  signature: Uint8Array,
  key: Uint8Array,
  message = MESSAGE,
): Promise<SignatureScheme> {
  const lists = [NONE, NONE, NONE, NONE, new Uint8Array(8)];
  const verify = () => run("tpm_verify", message, signature, key, ...lists);
  try {
    const scheme = await verifySignature(signature, message, parseKey(key, "AK"));
    await refused("tpm.pcr_missing", verify());
    return scheme;
  } catch (error) {
    if (error instanceof RejectedError) await refused(error.code, verify());
    throw error;
  }
}

/** ECDSA-Sig-Value. */
function derOf(raw: Uint8Array): Uint8Array {
  const number = (bytes: Uint8Array) =>
    integer(bytes.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n));
  return sequence(...halves(raw).map(number));
}

Deno.test("verifySignature() takes RSASSA of each hash, by area and by bare key", async () => {
  for (const [hash, id] of HASHES) {
    const plain = await sign(rsa, "RSASSA-PKCS1-v1_5", hash);
    const tpmt = tpmtSignature(0x14, id, plain);
    const area = rsaArea(modulus, { scheme: tpmt.subarray(0, 4) });

    for (const [form, key] of [[tpmt, area], [plain, area], [tpmt, rsa.spki]] as const) {
      assert.deepEqual(await check(form, key), { scheme: "rsassa", hash });
    }
  }
});

Deno.test("verifySignature() takes RSAPSS with salts as TPMs make them, and no others", async () => {
  for (const [hash, id, length] of HASHES) {
    const scheme = concat(fromHex("0016"), Uint8Array.of(0, id));
    const area = rsaArea(modulus, { scheme });
    for (const salt of [length, 256 - length - 2]) {
      const plain = await sign(rsa, "RSA-PSS", hash, salt);
      for (const form of [plain, tpmtSignature(0x16, id, plain)]) {
        assert.deepEqual(await check(form, area), { scheme: "rsapss", hash }, `${salt}`);
      }
    }
    for (const salt of [0, length - 1, 256 - length - 3]) {
      const plain = await sign(rsa, "RSA-PSS", hash, salt);
      await refused(MISMATCH, check(tpmtSignature(0x16, id, plain), area));
    }
  }
});

Deno.test("verifySignature() takes ECDSA of both curves with each hash, in TPMT and DER", async () => {
  for (const key of [p256, p384]) {
    for (const [hash, id] of HASHES) {
      const raw = await sign(key, "ECDSA", hash);
      const tpmt = tpmtSignature(0x18, id, ...halves(raw));
      const area = eccArea(pointOf(key), { scheme: concat(fromHex("0018"), Uint8Array.of(0, id)) });

      for (const [form, by] of [[tpmt, area], [derOf(raw), area], [tpmt, key.spki]] as const) {
        assert.deepEqual(await check(form, by), { scheme: "ecdsa", hash });
      }
    }
  }
});

Deno.test("verifySignature() takes plain signatures of bare keys with the usual hash alone", async () => {
  const usual = [
    [rsa, "RSASSA-PKCS1-v1_5", "sha256", "sha384"],
    [p256, "ECDSA", "sha256", "sha384"],
    [p384, "ECDSA", "sha384", "sha256"],
  ] as const;
  for (const [key, name, hash, other] of usual) {
    const form = (raw: Uint8Array) => name === "ECDSA" ? derOf(raw) : raw;
    assert.equal((await check(form(await sign(key, name, hash)), key.spki)).hash, hash);
    await refused(MISMATCH, check(form(await sign(key, name, other)), key.spki));
  }
});

Deno.test("verifySignature() reads numbers with and without their leading zeros", async () => {
  const { r, s, message } = await signedWithZero();
  const longer = concat(Uint8Array.of(0), r);

  await check(tpmtSignature(0x18, 0x0b, r, s), p256.spki, message);
  await check(tpmtSignature(0x18, 0x0b, r.subarray(1), s), p256.spki, message);
  await refused(MALFORMED, check(tpmtSignature(0x18, 0x0b, longer, s), p256.spki, message));
});

/** A message whose R begins with a zero: one of 256. Signatures may be the same each time. */
async function signedWithZero() {
  for (let number = 0;; number++) {
    const message = writeQuote({ firmware: be(number, 8) });
    const raw = await signBytes(p256, { name: "ECDSA", hash: "SHA-256" }, message);
    const [r, s] = halves(raw);
    if (r[0] === 0) return { r, s, message };
  }
}

Deno.test("verifySignature() refuses what another key, message or bit makes of it", async () => {
  const plain = await sign(rsa, "RSASSA-PKCS1-v1_5", "sha256");
  const raw = await sign(p256, "ECDSA", "sha256");
  const flipped = (bytes: Uint8Array) => bytes.map((byte, i) => i === 9 ? byte ^ 1 : byte);
  const other = writeQuote({ firmware: new Uint8Array(8) });

  await refused(MISMATCH, check(flipped(plain), rsa.spki));
  await refused(MISMATCH, check(plain, rsa.spki, other));
  await refused(MALFORMED, check(tpmtSignature(0x14, 0x0b, plain.subarray(1)), rsa.spki));
  await refused(MISMATCH, check(tpmtSignature(0x18, 0x0b, ...halves(flipped(raw))), p256.spki));
  await refused(MISMATCH, check(tpmtSignature(0x18, 0x0b, ...halves(raw)), p256.spki, other));
});

Deno.test("verifySignature() takes no number that is not below the modulus", async () => {
  const plain = await sign(rsa, "RSASSA-PKCS1-v1_5", "sha256");
  const number = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
  const hex = (number(plain) + number(modulus)).toString(16);
  // The sum fits in as many bytes for about half of the keys.
  if (hex.length <= 512) await refused(MISMATCH, check(fromHex(hex.padStart(512, "0")), rsa.spki));
  await refused(MISMATCH, check(modulus, rsa.spki));
});

Deno.test("verifySignature() refuses an algorithm that is not the key's", async () => {
  const plain = await sign(rsa, "RSASSA-PKCS1-v1_5", "sha256");
  const raw = await sign(p256, "ECDSA", "sha256");
  const cases: readonly (readonly [Uint8Array, Uint8Array])[] = [
    [tpmtSignature(0x16, 0x0b, plain), rsaArea(modulus)],
    [tpmtSignature(0x14, 0x0c, plain), rsaArea(modulus)],
    [tpmtSignature(0x18, 0x0b, ...halves(raw)), rsa.spki],
    [tpmtSignature(0x14, 0x0b, plain), p256.spki],
    [tpmtSignature(0x18, 0x0c, ...halves(raw)), eccArea(pointOf(p256))],
  ];
  for (const [signature, key] of cases) await refused(ALGORITHM, check(signature, key));
});

Deno.test("verifySignature() refuses numbers that are none of the curve", async () => {
  const [r, s] = halves(await sign(p256, "ECDSA", "sha256"));
  const order = fromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  const zero = Uint8Array.of(0);
  for (const [one, two] of [[zero, s], [r, zero], [order, s], [r, order]] as const) {
    await refused(MALFORMED, check(tpmtSignature(0x18, 0x0b, one, two), p256.spki));
    await refused(MALFORMED, check(derOf(concat(padded(one), padded(two))), p256.spki));
  }
  await refused(MALFORMED, check(sequence(integer(1)), p256.spki));
});

function padded(number: Uint8Array): Uint8Array {
  return concat(new Uint8Array(32 - number.length), number);
}

Deno.test("tpm_signature reads the scheme and refuses SHA-1, others, and what is cut or longer", async () => {
  const rsassa = tpmtSignature(0x14, 0x0b, new Uint8Array(256));
  assert.deepEqual(await run("tpm_signature", rsassa), { scheme: "rsassa", hash: "sha256" });
  const one = Uint8Array.of(1);
  const ecdsa = tpmtSignature(0x18, 0x0d, one, one);
  assert.deepEqual(await run("tpm_signature", ecdsa), { scheme: "ecdsa", hash: "sha512" });

  await refused(ALGORITHM, run("tpm_signature", tpmtSignature(0x14, 0x04, one)));
  await refused(ALGORITHM, run("tpm_signature", tpmtSignature(0x1a, 0x0b, one)));
  await refused(MALFORMED, run("tpm_signature", concat(ecdsa, one)));
  await refused(MALFORMED, run("tpm_signature", tpmtSignature(0x18, 0x0b, new Uint8Array(), one)));
  for (
    const long of [
      tpmtSignature(0x18, 0x0b, one, new Uint8Array(49)),
      tpmtSignature(0x14, 0x0b, new Uint8Array(513)),
      tpmtSignature(0x14, 0x0b, new Uint8Array()),
    ]
  ) {
    await refused(MALFORMED, run("tpm_signature", long));
  }
  for (let length = 1; length < ecdsa.length; length++) {
    await refused(MALFORMED, run("tpm_signature", ecdsa.subarray(0, length)));
  }
  await refused("input.empty", run("tpm_signature", new Uint8Array()));
  await refused("input.too_large", run("tpm_signature", new Uint8Array(1025)));
});

Deno.test({
  name: "verifySignature() takes what OpenSSL signs with RSA of 3072 bits",
  ignore: noOpenssl,
  async fn() {
    const made = await openssl(["genrsa", "3072"]);
    const files = { key: made.stdout, message: MESSAGE };
    const spki =
      (await openssl(["pkey", "-in", "key", "-pubout", "-outform", "DER"], files)).stdout;
    const digest = ["dgst", "-sha384", "-sign", "key"];
    const pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt"];
    const signed = await openssl([...digest, "message"], files);
    assert.ok(made.ok && signed.ok, signed.text);

    await check(tpmtSignature(0x14, 0x0c, signed.stdout), spki);
    for (const salt of ["digest", "max"]) {
      const { stdout } = await openssl(
        [...digest, ...pss, `rsa_pss_saltlen:${salt}`, "message"],
        files,
      );
      await check(tpmtSignature(0x16, 0x0c, stdout), spki);
    }
  },
});
