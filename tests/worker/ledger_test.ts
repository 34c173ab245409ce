/**
 * The ledger of nonces over a database, without workerd.
 */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { DurableNamespace } from "../../src/worker/bindings.ts";
import { durableLedger } from "../../src/worker/ledger.ts";
import { type DurableStorage, NonceLedger, SKEW } from "../../src/worker/nonce_ledger.ts";

/** Storage of one object, and when it wants to be woken. */
interface TestStorage extends DurableStorage {
  alarm: number | null;
  rows(): number;
}

function storage(): TestStorage {
  const database = new DatabaseSync(":memory:");
  return {
    alarm: null,
    rows: () => Number(database.prepare("SELECT count(*) AS n FROM spent").get()?.["n"]),
    sql: {
      exec(statement, ...values) {
        const bound = values.map((value) => typeof value === "number" ? value : String(value));
        const rows = database.prepare(statement).all(...bound);
        return { toArray: () => rows };
      },
    },
    getAlarm() {
      return Promise.resolve(this.alarm);
    },
    setAlarm(at) {
      this.alarm = at;
      return Promise.resolve();
    },
  };
}

/** Objects by name, as the platform has them. */
function namespace(): DurableNamespace & { readonly names: string[] } {
  const objects = new Map<unknown, NonceLedger>();
  const names: string[] = [];
  return {
    names,
    idFromName: (name) => (names.push(name), name),
    get(id) {
      const object = objects.get(id) ?? new NonceLedger({ storage: storage() });
      objects.set(id, object);
      return { fetch: (url, init) => object.fetch(new Request(url, init)) };
    },
  };
}

const LATER = new Date(Date.now() + 300_000);

Deno.test("durableLedger() takes each nonce once, of whichever object it is", async () => {
  const objects = namespace();
  const ledger = durableLedger(objects);
  for (let i = 0; i < 32; i++) {
    const nonce = new Uint8Array(32).fill(i * 8);
    assert.equal(await ledger.spend(nonce, LATER), true);
    assert.equal(await ledger.spend(nonce, LATER), false);
  }
  assert.equal(new Set(objects.names).size, 16);
});

Deno.test("durableLedger() tells an object that cannot be reached as api.nonces_unavailable", async () => {
  const answers: readonly (() => Promise<Response>)[] = [
    () => Promise.reject(new Error("Network connection lost.")),
    () => Promise.resolve(new Response(null, { status: 500 })),
    () => Promise.resolve(new Response(null, { status: 200 })),
  ];
  for (const fetch of answers) {
    const ledger = durableLedger({ idFromName: () => 0, get: () => ({ fetch }) });
    const refused = { code: "api.nonces_unavailable", retryable: true };
    await assert.rejects(ledger.spend(new Uint8Array(32), LATER), refused);
  }
});

const spend = (nonce: string, until: number): Request =>
  new Request(`https://ledger.invalid/spend/${nonce}/${until}`, { method: "POST" });

Deno.test("NonceLedger forgets what ran out a while ago, and wants to be woken for the rest", async () => {
  const kept = storage();
  const ledger = new NonceLedger({ storage: kept });
  const now = Date.now();
  const [old, recent, later] = ["0a", "0b", "0c"].map((pair) => pair.repeat(32));
  await ledger.fetch(spend(old ?? "", now - SKEW));
  assert.equal(kept.alarm, now);
  await ledger.fetch(spend(recent ?? "", now - SKEW + 30_000));
  await ledger.fetch(spend(later ?? "", now + 300_000));
  assert.equal(kept.alarm, now, "who wants to be woken earlier stays");

  kept.alarm = null;
  await ledger.alarm();
  assert.equal(kept.rows(), 2);
  assert.ok(Math.abs((kept.alarm ?? 0) - now - 60_000) < 5000, "not more often than each minute");
  assert.equal((await ledger.fetch(spend(recent ?? "", now))).status, 409);
});

Deno.test("NonceLedger with nothing left sleeps", async () => {
  const kept = storage();
  const ledger = new NonceLedger({ storage: kept });
  await ledger.fetch(spend("0a".repeat(32), Date.now() - SKEW));
  kept.alarm = null;
  await ledger.alarm();
  assert.deepEqual([kept.rows(), kept.alarm], [0, null]);
});

Deno.test("NonceLedger spends nothing for a path that is none", async () => {
  const kept = storage();
  const ledger = new NonceLedger({ storage: kept });
  for (
    const path of [
      "/",
      "/spend/0a/1",
      `/spend/${"0A".repeat(32)}/1`,
      `/spend/${"0a".repeat(32)}/-1`,
    ]
  ) {
    const response = await ledger.fetch(new Request(`https://ledger.invalid${path}`));
    assert.equal(response.status, 400);
  }
  assert.equal(kept.rows(), 0);
});
