import assert from "node:assert/strict";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { NONCE_LIFETIME, NonceIssuer } from "../../src/channel/nonces.ts";
import { ReplaySet } from "../../src/channel/replay.ts";
import { type Purpose, PURPOSES } from "../../src/evidence/statement/statement.ts";
import vectors from "./crypto_vectors.json" with { type: "json" };

const SPKI = new Uint8Array(91).fill(9);

const USED = { code: "channel.nonce_used" };
const UNKNOWN = { code: "channel.nonce_unknown" };
const EXPIRED = { code: "channel.nonce_expired" };
const BUSY = { code: "channel.busy", retryable: true };

/** A server of one boot; its time is moved by hand. */
function server(change: { secret?: number; bootId?: string; capacity?: number } = {}) {
  const time = { now: 5000.75 };
  const nonces = new NonceIssuer({
    secret: new Uint8Array(32).fill(change.secret ?? 1),
    bootId: change.bootId ?? "b0".repeat(16),
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    monotonic: () => time.now,
    ...(change.capacity === undefined ? {} : { capacity: change.capacity }),
  });
  return { nonces, time };
}

Deno.test("a nonce is the MAC that the protocol's text gives in Python", async () => {
  for (const { secret, bootId, purpose, expiry, clientSpki, random, expected } of vectors.nonces) {
    const known = PURPOSES.find((name) => name === purpose) ?? assert.fail(purpose);
    const spki = clientSpki === "" ? null : fromHex(clientSpki);
    const nonces = new NonceIssuer({
      secret: fromHex(secret),
      bootId,
      random: { bytes: () => fromHex(random) },
      monotonic: () => expiry - NONCE_LIFETIME + 0.5,
    });
    const issued = await nonces.issue(known, spki);
    assert.deepEqual(issued, { nonce: expected, cookie: { expiry, random } });
    await nonces.redeem(expected, issued.cookie, known, spki);
  }
});

Deno.test("a nonce is taken once, of fifty at once by one", async () => {
  const { nonces } = server();
  const { nonce, cookie } = await nonces.issue("join", SPKI);
  const tries = Array.from({ length: 50 }, () => nonces.redeem(nonce, cookie, "join", SPKI));
  const outcomes = await Promise.allSettled(tries);
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  assert.equal(refused.length, 49);
  for (const { reason } of refused) assert.equal(reason.code, USED.code);
  await assert.rejects(nonces.redeem(nonce.toUpperCase(), cookie, "join", SPKI), USED);
});

Deno.test("a nonce is of one purpose, client, boot and server, and no byte of it or its cookie is another", async () => {
  const { nonces } = server();
  const { nonce, cookie } = await nonces.issue("join", SPKI);
  for (const purpose of PURPOSES.filter((name) => name !== "join")) {
    await assert.rejects(nonces.redeem(nonce, cookie, purpose, SPKI), UNKNOWN);
  }
  for (const spki of [null, new Uint8Array(), SPKI.subarray(1), new Uint8Array(91)]) {
    await assert.rejects(nonces.redeem(nonce, cookie, "join", spki), UNKNOWN);
  }
  for (const other of [server({ bootId: "b1".repeat(16) }), server({ secret: 2 })]) {
    await assert.rejects(other.nonces.redeem(nonce, cookie, "join", SPKI), UNKNOWN);
  }
  const later = { ...cookie, expiry: cookie.expiry + 1 };
  const redrawn = { ...cookie, random: toHex(new Uint8Array(16)) };
  for (const altered of [later, redrawn, { ...cookie, random: cookie.random.slice(2) }]) {
    await assert.rejects(nonces.redeem(nonce, altered, "join", SPKI), UNKNOWN);
  }
  const bytes = fromHex(nonce);
  for (let at = 0; at < bytes.length; at++) {
    const bent = Uint8Array.from(bytes, (byte, index) => index === at ? byte ^ 1 : byte);
    await assert.rejects(nonces.redeem(toHex(bent), cookie, "join", SPKI), UNKNOWN);
  }
  await assert.rejects(nonces.redeem(nonce.slice(2), cookie, "join", SPKI), UNKNOWN);
  await assert.rejects(nonces.redeem("", cookie, "join", SPKI), UNKNOWN);
  // None of all that has spent it.
  await nonces.redeem(nonce, cookie, "join", SPKI);
});

Deno.test("no byte moves from one field of a nonce to the next", async () => {
  const { nonces } = server();
  const { nonce, cookie } = await nonces.issue("join", fromHex("aabb"));
  const moved = { ...cookie, random: `bb${cookie.random}` };
  await assert.rejects(nonces.redeem(nonce, moved, "join", fromHex("aa")), UNKNOWN);
});

Deno.test("a nonce lives for a minute of the clock that never goes back", async () => {
  const { nonces, time } = server();
  const { nonce, cookie } = await nonces.issue("renew", null);
  assert.equal(cookie.expiry, 5000 + NONCE_LIFETIME);
  time.now = cookie.expiry - 0.25;
  await nonces.redeem(nonce, cookie, "renew", null);
  const other = server();
  const second = await other.nonces.issue("renew", null);
  other.time.now = second.cookie.expiry;
  await assert.rejects(other.nonces.redeem(second.nonce, second.cookie, "renew", null), EXPIRED);
});

Deno.test("time that passes while a nonce is looked at counts", async () => {
  const { nonces, time } = server();
  const { nonce, cookie } = await nonces.issue("renew", null);
  const first = nonces.redeem(nonce, cookie, "renew", null);
  time.now = cookie.expiry + 2000;
  await assert.rejects(first, EXPIRED);
});

Deno.test("a full server takes no nonce, and forgets none that lives", async () => {
  const { nonces, time } = server({ capacity: 3 });
  const issued = await Promise.all(
    Array.from({ length: 4 }, () => nonces.issue("join", null)),
  );
  const [first, , , last] = issued;
  assert.ok(first && last);
  for (const { nonce, cookie } of issued.slice(0, 3)) {
    await nonces.redeem(nonce, cookie, "join", null);
  }
  await assert.rejects(nonces.redeem(last.nonce, last.cookie, "join", null), BUSY);
  await assert.rejects(nonces.redeem(first.nonce, first.cookie, "join", null), USED);
  time.now = last.cookie.expiry - 0.5;
  await assert.rejects(nonces.redeem(last.nonce, last.cookie, "join", null), BUSY);
  await assert.rejects(nonces.redeem(first.nonce, first.cookie, "join", null), USED);
  time.now = last.cookie.expiry + 1000;
  const fresh = await nonces.issue("join", null);
  await nonces.redeem(fresh.nonce, fresh.cookie, "join", null);
  await assert.rejects(nonces.redeem(first.nonce, first.cookie, "join", null), EXPIRED);
});

Deno.test("secrets of another length make no issuer", () => {
  const parts = { bootId: "b0", random: { bytes: () => new Uint8Array(16) }, monotonic: () => 0 };
  for (const length of [0, 31, 33]) {
    assert.throws(() => new NonceIssuer({ ...parts, secret: new Uint8Array(length) }), RangeError);
  }
});

Deno.test("a replay set keeps every name until its end, whatever the order of ends", () => {
  const set = new ReplaySet(1000);
  const names = new Map<string, number>();
  let seed = 7;
  for (let now = 0; now < 20_000; now += 50) {
    seed = seed * 1103515245 + 12345 & 0x7fffffff;
    const end = now + 1 + seed % 9000;
    const name = `n${now}`;
    assert.equal(set.spend(name, end, now), true);
    names.set(name, end);
    for (const [known, ends] of names) {
      if (ends <= now) names.delete(known);
      else assert.equal(set.spend(known, ends, now), false, `${known} at ${now}`);
    }
  }
  assert.ok(set.size < names.size + 25, `${set.size} names are kept of ${names.size} that live`);
});

Deno.test("purposes that are not the protocol's make no nonce that any of it takes", async () => {
  const { nonces } = server();
  const { nonce, cookie } = await nonces.issue("join", null);
  // Beside the type, as a message that was not decoded would.
  const foreign: readonly string[] = ["", "Join", "join\0", "joinx"];
  for (const purpose of foreign) {
    await assert.rejects(nonces.redeem(nonce, cookie, purpose as Purpose, null), UNKNOWN);
  }
});
