import assert from "node:assert/strict";
import { fromHex } from "../../src/core/bytes.ts";
import { makeHpkeKey, openRequest, type SealContext, sealRequest } from "../../src/channel/hpke.ts";
import { isLowOrder } from "../../src/channel/low_order.ts";

const P = 2n ** 255n - 19n;

/** A number as u-coordinates are written. */
function u(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number(value >> BigInt(8 * index) & 0xffn));
}

/** The two of order 8. */
const ORDER_EIGHT = [
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
];

const LOW = [0n, 1n, ...ORDER_EIGHT, P - 1n, P, P + 1n];
const HIGH_BIT = 2n ** 255n;

const CONTEXT: SealContext = {
  purpose: "join",
  serverNonce: new Uint8Array(32),
  clientNonce: new Uint8Array(32),
  serverStatement: new Uint8Array(32),
  clientStatement: new Uint8Array(32),
  method: "POST",
  path: "/v1/join",
};

/** u of twice the point, on the curve or its twist: (u² - 1)² / 4u(u² + 486662u + 1); null for the neutral element. */
function doubled(value: bigint): bigint | null {
  const square = value * value % P;
  const below = 4n * value % P * ((square + 486662n * value + 1n) % P) % P;
  if (below === 0n) return null;
  return (square - 1n) ** 2n % P * inverse(below) % P;
}

function inverse(value: bigint): bigint {
  let [result, base, exponent] = [1n, value, P - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = result * base % P;
    base = base * base % P;
  }
  return result;
}

Deno.test("the points of the table are those whose order divides eight", () => {
  for (const value of LOW) {
    let point: bigint | null = value % P;
    for (let times = 0; times < 3 && point !== null; times++) point = doubled(point);
    assert.equal(point, null, String(value));
    assert.ok(isLowOrder(u(value)));
    assert.ok(isLowOrder(u(value + HIGH_BIT)), "the highest bit is not read");
  }
  // The base point, and neighbours of each.
  for (
    const value of [9n, 2n, ...ORDER_EIGHT.flatMap((one) => [one - 1n, one + 1n]), P - 2n, P + 2n]
  ) {
    assert.ok(!isLowOrder(u(value)), String(value));
  }
});

Deno.test("keys with which everybody knows the secret are refused wherever one is taken", async () => {
  // Told by this program's own table, before the platform has a say.
  const fields = { reason: "it gives a secret that everybody knows" };
  const refused = { name: "RejectedError", code: "channel.sealed", fields };
  const [own, client] = await Promise.all([makeHpkeKey(), makeHpkeKey()]);
  const { enc, ciphertext } = await sealRequest(own.publicKey, client, CONTEXT, new Uint8Array(3));
  for (const value of LOW.flatMap((one) => [one, one + HIGH_BIT])) {
    const low = u(value);
    await assert.rejects(sealRequest(low, client, CONTEXT, new Uint8Array(3)), refused);
    await assert.rejects(sealRequest(low, null, CONTEXT, new Uint8Array(3)), refused);
    await assert.rejects(openRequest(own, client.publicKey, CONTEXT, low, ciphertext), refused);
    await assert.rejects(openRequest(own, null, CONTEXT, low, ciphertext), refused);
    await assert.rejects(openRequest(own, low, CONTEXT, enc, ciphertext), refused);
  }
});

Deno.test("this platform refuses them by itself as well", async () => {
  const { privateKey } = await makeHpkeKey();
  for (const value of LOW) {
    const key = await crypto.subtle.importKey("raw", fromU(value), "X25519", true, []);
    await assert.rejects(
      crypto.subtle.deriveBits({ name: "X25519", public: key }, privateKey, 256),
    );
  }
});

function fromU(value: bigint): Uint8Array<ArrayBuffer> {
  return fromHex(Array.from(u(value), (byte) => byte.toString(16).padStart(2, "0")).join(""));
}
