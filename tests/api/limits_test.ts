/**
 * How much a service takes on, and what it does with the rest.
 */
import { deepEqual, equal, rejects } from "node:assert/strict";
import { Bodies, MAX_BODY_BYTES } from "../../src/api/body.ts";
import { memoryLedger } from "../../src/api/ledger.ts";
import { Queue } from "../../src/api/queue.ts";
import { toHex } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import type { Engine } from "../../src/core/crypto.ts";
import { NOW } from "../lab_authority.ts";
import { envelopeOf, refused, verify } from "./asking.ts";
import { serviceLab } from "./lab.ts";
import { CLOCK, inProcess, partsOf } from "./world.ts";

const lab = await serviceLab(NOW);
const NONCE = new Uint8Array(32).fill(0x3c);

/** Longest wait for a body where something else is looked at: longer than any machine takes, ms. */
const PATIENCE = 600_000;

/** Something that work waits for. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((done) => open = () => done());
  return { opened, open: () => open() };
}

function posted(body: BodyInit, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request("https://x.example.org/", { method: "POST", body, headers });
}

/** A body that comes in pieces, with a pause after each. */
function streamed(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  pause?: Promise<void>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      await pause;
      controller.close();
    },
  });
}

Deno.test("Queue does its work in order, so much at once, and turns the rest away", async () => {
  const queue = new Queue({ underWay: 2, waiting: 2 });
  const gates = Array.from({ length: 4 }, gate);
  const order: number[] = [];
  const all = gates.map(({ opened }, i) =>
    queue.run(async () => {
      order.push(i);
      await opened;
      return i;
    })
  );
  deepEqual([queue.underWay, queue.waiting, queue.isFull], [2, 2, true]);
  await rejects(queue.run(() => Promise.resolve(9)), { code: "api.busy", retryable: true });
  for (const { open } of gates) open();
  deepEqual(await Promise.all(all), [0, 1, 2, 3]);
  deepEqual([order, queue.underWay, queue.waiting], [[0, 1, 2, 3], 0, 0]);
});

Deno.test("Queue gives the place of work that fails to the next", async () => {
  const queue = new Queue({ underWay: 1, waiting: 1 });
  const failing = queue.run(() => Promise.reject(new TypeError("x")));
  const next = queue.run(() => Promise.resolve("next"));
  await rejects(failing, TypeError);
  equal(await next, "next");
  equal(queue.underWay, 0);
});

Deno.test("Queue drops what nobody waits for any more, and keeps the order of the others", async () => {
  const queue = new Queue({ underWay: 1, waiting: 3 });
  const { opened, open } = gate();
  const first = queue.run(() => opened);
  const gone = new AbortController();
  let ran = false;
  const left = queue.run(() => Promise.resolve(ran = true), gone.signal);
  const last = queue.run(() => Promise.resolve("last"));
  gone.abort();
  await rejects(left, { code: "api.gone" });
  await rejects(queue.run(() => Promise.resolve(ran = true), AbortSignal.abort()), {
    code: "api.gone",
  });
  open();
  await first;
  equal(await last, "last");
  deepEqual([ran, queue.underWay, queue.waiting], [false, 0, 0]);
});

Deno.test("a service with all places taken answers 503 with Retry-After, then takes more", async () => {
  const { opened, open } = gate();
  const engine: Engine = {
    async run(operation, parts) {
      await opened;
      return await inlineEngine.run(operation, parts);
    },
  };
  const limits = { underWay: 1, waiting: 1, bodyTimeout: PATIENCE };
  const service = inProcess(partsOf(lab, { engine, limits }), lab);
  const body = { envelope: envelopeOf(await lab.mint(NONCE)), nonce: toHex(NONCE) };
  const taken = [verify(service, body), verify(service, body)];
  // Bodies are read before places are taken.
  while (!/_waiting 1$/m.test(await (await service.ask("/metrics")).text())) {
    await Promise.resolve();
  }

  const third = await verify(service, body);
  equal(third.headers.get("retry-after"), "1");
  await refused(third, 503, "api.busy");
  await refused(await service.ask("/readyz"), 503, "api.busy");
  equal((await service.ask("/healthz")).status, 200);
  open();
  deepEqual((await Promise.all(taken)).map(({ status }) => status), [200, 200]);
  equal((await verify(service, body)).status, 200);
});

Deno.test("Bodies reads one in pieces up to the limit, whatever its head says", async () => {
  const bodies = new Bodies(PATIENCE, CLOCK);
  const half = new Uint8Array(MAX_BODY_BYTES / 2).fill(1);
  const length = ({ length: bytes }: Uint8Array): Promise<number> => Promise.resolve(bytes);
  equal(await bodies.with(posted(streamed([half, half])), length), MAX_BODY_BYTES);
  const more = posted(streamed([half, half, Uint8Array.of(1)]));
  await rejects(bodies.with(more, length), { code: "api.body_too_large" });
  equal(await bodies.with(new Request("https://x.example.org/", { method: "POST" }), length), 0);
});

Deno.test("Bodies ends the wait for a body that does not come, and keeps nobody waiting after it", async () => {
  const { opened, open } = gate();
  const slow = posted(streamed([Uint8Array.of(0x7b)], opened));
  await rejects(new Bodies(20, CLOCK).with(slow, () => Promise.resolve()), {
    code: "api.body_timeout",
  });
  open();
});

Deno.test("Bodies tells a body that breaks off from one that ends", async () => {
  const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(Uint8Array.of(1));
      controller.error(new Error("the connection ended"));
    },
  });
  const work = new Bodies(PATIENCE, CLOCK).with(posted(broken), () => Promise.resolve());
  await rejects(work, { code: "api.body_incomplete" });
});

Deno.test("Bodies holds so much at once and no more, and gives the room back", async () => {
  const bodies = new Bodies(PATIENCE, CLOCK);
  const { opened, open } = gate();
  const whole = new Uint8Array(MAX_BODY_BYTES);
  const read = gate();
  let count = 0;
  const held = Array.from({ length: 64 }, () =>
    bodies.with(posted(whole), () => {
      if (++count === 64) read.open();
      return opened;
    }));
  await read.opened;
  await rejects(bodies.with(posted("x"), () => Promise.resolve()), { code: "api.busy" });
  open();
  await Promise.all(held);
  equal(await bodies.with(posted(whole), ({ length }) => Promise.resolve(length)), MAX_BODY_BYTES);
});

Deno.test("Bodies lets the one that is on its way for the longest time make room, and none that is there", async () => {
  const bodies = new Bodies(PATIENCE, CLOCK);
  const { opened, open } = gate();
  const working = gate();
  const most = new Uint8Array(MAX_BODY_BYTES);
  const there = bodies.with(posted(most), () => {
    working.open();
    return opened;
  });
  await working.opened;
  // Each a byte short of what it said, so that it waits for the rest.
  const cut: number[] = [];
  const slow = Array.from({ length: 63 }, async (_, i) => {
    const pieces = [most.subarray(1)];
    const read = bodies.with(posted(streamed(pieces, opened)), () => Promise.resolve());
    await read.catch((error) => {
      deepEqual([error.code, error.retryable], ["api.busy", true]);
      cut.push(i);
    });
  });
  const length = ({ length: bytes }: Uint8Array): Promise<number> => Promise.resolve(bytes);
  for (let again = 1; again <= 5; again++) {
    equal(await bodies.with(posted(most), length), MAX_BODY_BYTES);
  }
  open();
  await Promise.all([there, ...slow]);
  deepEqual(cut, [0]);
});

Deno.test("Bodies forgets in time the room of a request that its platform ended in the middle", async () => {
  let time = 0;
  const bodies = new Bodies(PATIENCE, { now: () => new Date(time) });
  const whole = new Uint8Array(MAX_BODY_BYTES);
  const read = gate();
  let count = 0;
  for (let i = 0; i < 64; i++) {
    void bodies.with(posted(whole), () => {
      if (++count === 64) read.open();
      return new Promise<void>(() => {});
    });
  }
  await read.opened;
  const length = ({ length: bytes }: Uint8Array): Promise<number> => Promise.resolve(bytes);
  await rejects(bodies.with(posted("x"), length), { code: "api.busy" });
  time = 120_000;
  equal(await bodies.with(posted(whole), length), MAX_BODY_BYTES);
});

Deno.test("a body too slow is told to the client, and others are answered meanwhile", async () => {
  const limits = { underWay: 1, waiting: 1, bodyTimeout: 200 };
  const service = inProcess(partsOf(lab, { limits }), lab);
  const { opened, open } = gate();
  const slow = service.ask("/v1/verify", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: streamed([Uint8Array.of(0x7b)], opened),
  });
  const body = { envelope: envelopeOf(await lab.mint(NONCE)), nonce: toHex(NONCE) };
  equal((await verify(service, body)).status, 200);
  await refused(await slow, 408, "api.body_timeout");
  open();
});

Deno.test("memoryLedger() takes each nonce once, of however many at once", async () => {
  const ledger = memoryLedger(CLOCK);
  const until = new Date(NOW.getTime() + 1000);
  const first = await Promise.all(Array.from({ length: 50 }, () => ledger.spend(NONCE, until)));
  deepEqual(first.filter((one) => one), [true]);
  equal(await ledger.spend(new Uint8Array(32), until), true);
});

Deno.test("memoryLedger() remembers to the end of the last moment, and then makes room", async () => {
  let now = NOW.getTime();
  const ledger = memoryLedger({ now: () => new Date(now) }, 2);
  const until = new Date(now + 500);
  await ledger.spend(NONCE, until);
  await ledger.spend(new Uint8Array(32), new Date(now + 5000));
  now += 499;
  equal(await ledger.spend(NONCE, until), false);
  await rejects(ledger.spend(new Uint8Array(32).fill(1), until), { code: "api.nonces_full" });
  now += 1502;
  equal(await ledger.spend(new Uint8Array(32).fill(1), new Date(now + 1)), true);
  equal(await ledger.spend(new Uint8Array(32), new Date(NOW.getTime() + 5000)), false);
});
