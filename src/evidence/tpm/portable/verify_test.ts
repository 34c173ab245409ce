import assert from "node:assert/strict";
import { concat, frame, fromHex, toHex } from "../../../core/bytes.ts";
import { RejectedError } from "../../../core/errors.ts";
import { signBytes } from "../../../lab/lab_key.ts";
import type { VerifiedQuote } from "../report.ts";
import { anchor, mintAk, mintIssuer, mintRoot, moment, NOW, rootKey } from "./authority_test.ts";
import { modulus, p256, p384, pointOf, rsa } from "./keys_test.ts";
import {
  AK_ATTRIBUTES,
  be,
  eccArea,
  halves,
  refused,
  rsaArea,
  run,
  selection,
  selections,
  sized,
  tpmtSignature,
  writeQuote,
} from "./marshal_test.ts";

const ZERO = new Uint8Array(32);
const ONES = new Uint8Array(32).fill(0xff);

/** A register's value as the operation takes it. */
function value(bank: number, register: number, bytes: Uint8Array): Uint8Array {
  return concat(be(bank, 2), be(register, 1), bytes);
}

/** Values of registers 0 and 23 of SHA-256. */
const VALUES = [value(0x0b, 0, ZERO), value(0x0b, 23, ONES)];

async function digest(hash: string, ...values: readonly Uint8Array[]): Promise<Uint8Array> {
  return sized(new Uint8Array(await crypto.subtle.digest(hash, concat(...values))));
}

const QUOTE = writeQuote({ digest: await digest("SHA-256", ZERO, ONES) });
const AREA = eccArea(pointOf(p256));

async function signed(quote: Uint8Array, hash = "SHA-256"): Promise<Uint8Array> {
  const raw = await signBytes(p256, { name: "ECDSA", hash }, quote);
  return tpmtSignature(0x18, hash === "SHA-256" ? 0x0b : 0x0c, ...halves(raw));
}

const SIGNATURE = await signed(QUOTE);

/** What is not the usual in a verification. */
interface Options {
  readonly quote?: Uint8Array;
  readonly signature?: Uint8Array;
  readonly key?: Uint8Array;
  readonly values?: readonly Uint8Array[];
  readonly certificates?: readonly Uint8Array[];
  readonly roots?: readonly Uint8Array[];
}

function verify(options: Options = {}): Promise<VerifiedQuote> {
  const { quote = QUOTE, signature = SIGNATURE, key = AREA, values = VALUES } = options;
  const lists = [values, options.certificates ?? [], [], options.roots ?? []];
  return run("tpm_verify", quote, signature, key, ...lists.map(frame), moment(NOW));
}

Deno.test("tpm_verify gives the quote, the key, and the values that were quoted alone", async () => {
  const more = [value(0x04, 3, new Uint8Array(20)), ...VALUES.toReversed(), value(0x0b, 1, ONES)];

  const found = await verify({ values: more });

  assert.deepEqual(found.signature, { scheme: "ecdsa", hash: "sha256" });
  assert.equal(found.key.spki, toHex(p256.spki));
  assert.equal(found.publicArea?.attributes.restricted, true);
  assert.equal(found.certificate, null);
  assert.deepEqual(found.registers, [
    { bank: "sha256", register: 0, value: "00".repeat(32) },
    { bank: "sha256", register: 23, value: "ff".repeat(32) },
  ]);
  assert.deepEqual(found.notQuoted, [
    { bank: "sha1", register: 3 },
    { bank: "sha256", register: 1 },
  ]);
  assert.deepEqual(Object.keys(found.quote).length, 6);
});

Deno.test("tpm_verify takes a bare key, and then has no public area", async () => {
  assert.equal((await verify({ key: p256.spki })).publicArea, null);
});

Deno.test("tpm_verify refuses values that were changed, are missing, repeated, or of another length", async () => {
  const { expected, actual } = await refused(
    "tpm.pcr_digest_mismatch",
    verify({ values: [value(0x0b, 0, ONES), value(0x0b, 23, ONES)] }),
  );
  assert.equal(expected, toHex(await digest("SHA-256", ZERO, ONES)).slice(4));
  assert.notEqual(actual, expected);
  assert.deepEqual(await refused("tpm.pcr_missing", verify({ values: VALUES.slice(0, 1) })), {
    register: "sha256:23",
  });
  const other = [value(0x0b, 0, ZERO), value(0x0c, 23, new Uint8Array(48))];
  await refused("tpm.pcr_missing", verify({ values: other }));
  const twice = [...VALUES, value(0x0b, 23, ONES)];
  assert.deepEqual(await refused("tpm.pcr_repeated", verify({ values: twice })), {
    register: "sha256:23",
  });
  assert.deepEqual(
    await refused("tpm.pcr_length", verify({ values: [value(0x0b, 0, ONES.subarray(1))] })),
    { register: "sha256:0", expected: "32 bytes", actual: "31 bytes" },
  );
});

Deno.test("tpm_verify refuses values that are cut elsewhere, though their digest is the same", async () => {
  const joined = concat(ZERO, ONES);
  const cut = [value(0x0b, 0, joined.subarray(0, 31)), value(0x0b, 23, joined.subarray(31))];
  await refused("tpm.pcr_length", verify({ values: cut }));
});

Deno.test("tpm_verify looks at the length of values that were not quoted, too", async () => {
  await refused("tpm.pcr_length", verify({ values: [...VALUES, value(0x04, 0, ZERO)] }));
});

Deno.test("tpm_verify refuses more values than there are registers, and calls strange ones a bug", async () => {
  const many = Array.from({ length: 193 }, () => value(0x0b, 0, ZERO));
  assert.deepEqual(await refused("input.too_large", verify({ values: many })), {
    input: "pcrs",
    limit: "192 values",
    actual: "193 values",
  });
  for (const item of [value(0x12, 0, ZERO), value(0x0b, 24, ZERO), be(0x0b, 2)]) {
    await assert.rejects(verify({ values: [item] }), /engine\.failed/);
  }
});

Deno.test("tpm_verify takes the digest by the hash of the signature", async () => {
  const quote = writeQuote({ digest: await digest("SHA-384", ZERO, ONES) });
  const key = eccArea(pointOf(p256), { scheme: fromHex("0018000c") });
  await verify({ quote, key, signature: await signed(quote, "SHA-384") });

  const ecdsa256 = await signed(quote);
  await refused("tpm.pcr_digest_mismatch", verify({ quote, signature: ecdsa256 }));
});

Deno.test("tpm_verify joins registers in the order of the banks, rising within each", async () => {
  const long = new Uint8Array(48).fill(5);
  const quote = writeQuote({
    selections: selections(selection(0x0c, 0x02), selection(0x0b, 0x09)),
    digest: await digest("SHA-256", long, ZERO, ONES),
  });
  const values = [value(0x0b, 3, ONES), value(0x0b, 0, ZERO), value(0x0c, 1, long)];
  const found = await verify({ quote, signature: await signed(quote), values });
  assert.deepEqual(found.registers.map(({ bank, register }) => `${bank} ${register}`), [
    "sha384 1",
    "sha256 0",
    "sha256 3",
  ]);
});

Deno.test("tpm_verify demands each attribute of an attestation key, and a scheme", async () => {
  const bits = { fixedTPM: 1, fixedParent: 4, sensitiveDataOrigin: 5, restricted: 16, sign: 18 };
  for (const [name, bit] of Object.entries(bits)) {
    const key = eccArea(pointOf(p256), { attributes: be(AK_ATTRIBUTES - 2 ** bit, 4) });
    const { reason } = await refused("tpm.public_attributes", verify({ key }));
    assert.equal(reason, `${name} is not set`);
  }
  const decrypts = eccArea(pointOf(p256), { attributes: be(AK_ATTRIBUTES + 2 ** 17, 4) });
  await refused("tpm.public_attributes", verify({ key: decrypts }));
  const open = eccArea(pointOf(p256), { scheme: be(0x10, 2) });
  await refused("tpm.public_algorithm", verify({ key: open }));
});

Deno.test("tpm_verify refuses another's signature, and one over other bytes", async () => {
  await refused("tpm.signature_mismatch", verify({ key: eccArea(negative()) }));
  const other = writeQuote({ firmware: ZERO.subarray(0, 8) });
  await refused("tpm.signature_mismatch", verify({ quote: other }));
  await refused("tpm.signature_algorithm", verify({ key: rsaArea(modulus) }));
  await refused("tpm.signature_algorithm", verify({ key: rsa.spki }));
});

/** A point of P-256 that is not the key's: its negative. */
function negative(): Uint8Array {
  const point = pointOf(p256);
  const prime = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
  const y = (prime - BigInt(`0x${toHex(point.subarray(33))}`)).toString(16).padStart(64, "0");
  return concat(point.subarray(0, 33), fromHex(y));
}

Deno.test("tpm_verify verifies the certificate of the key where it is given", async () => {
  const root = await mintRoot();
  const certificates = [await mintAk(), await mintIssuer(), root];
  const roots = [await anchor(root, rootKey)];

  const found = await verify({ certificates, roots });

  assert.equal(found.certificate?.key.spki, found.key.spki);
  assert.equal(found.certificate?.certificates.length, 3);
  const other = [await mintAk({ publicKey: p384.spki }), ...certificates.slice(1)];
  await refused("tpm.ak_key_mismatch", verify({ certificates: other, roots }));
  // The key is compared before anything else is said about the certificates.
  await refused("tpm.ak_key_mismatch", verify({ certificates: other, roots: [] }));
  await refused("tpm.root_unknown", verify({ certificates: certificates.slice(0, 1), roots }));
});

Deno.test("tpm_verify calls lists without certificates a bug", async () => {
  const lists = [VALUES, [], [Uint8Array.of(1)], []].map(frame);
  const ran = run("tpm_verify", QUOTE, SIGNATURE, AREA, ...lists, moment(NOW));
  await assert.rejects(ran, /engine\.failed/);
});

Deno.test("tpm_verify takes its steps in order: quote, key, certificate, signature, registers", async () => {
  const empty = new Uint8Array();
  const bad = be(0, 1);
  const fromStart = { quote: bad, key: bad, certificates: [bad], signature: bad, values: [] };
  await refused("tpm.attest_length", verify(fromStart));
  await refused("tpm.public_malformed", verify({ ...fromStart, quote: QUOTE }));
  const keyed = { ...fromStart, quote: QUOTE, key: AREA };
  await refused("input.encoding", verify(keyed));
  await refused("tpm.signature_malformed", verify({ ...keyed, certificates: [] }));
  await refused("input.empty", verify({ ...keyed, certificates: [], signature: empty }));
  await refused("tpm.pcr_missing", verify({ values: [] }));
});

Deno.test("tpm_verify refuses a quote with any bit flipped", async () => {
  for (let bit = 0; bit < 8 * QUOTE.length; bit += 7) {
    const quote = QUOTE.map((byte, i) => i === bit >> 3 ? byte ^ 1 << (bit & 7) : byte);
    await assert.rejects(verify({ quote }), RejectedError);
  }
});
