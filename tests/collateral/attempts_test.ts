/**
 * How a service is asked, and what becomes of each answer that is none.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.ts";
import {
  type Answerer,
  assertFails,
  broken,
  found,
  HOUR,
  issueOf,
  itemOf,
  says,
  START,
  worldOf,
} from "./world.ts";

const item = itemOf();
/** Of a service whose pace nobody knows, so that time passes by retries alone. */
const plain = itemOf({ service: "intel-pcs", path: "/sgx/certification/v4/pckcrl?ca=platform" });

/** What goes wrong, its code, and how often it is tried. */
const FAULTS: readonly (readonly [string, Answerer, string, number])[] = [
  ["nobody there", () => broken("unreachable"), "collateral.unreachable", 4],
  ["silence", () => broken("timeout"), "collateral.timeout", 4],
  ["half of an answer", () => broken("cut_short"), "collateral.cut_short", 4],
  ["an answer without end", () => broken("too_large"), "collateral.too_large", 1],
  ["500", () => says(500), "collateral.server_error", 4],
  ["502", () => says(502), "collateral.server_error", 4],
  ["400", () => says(400), "collateral.refused", 1],
  ["403", () => says(403), "collateral.refused", 1],
  ["404", () => says(404), "collateral.not_found", 1],
  ["204", () => says(204), "collateral.refused", 1],
  ["206", () => ({ ...found(), status: 206 }), "collateral.refused", 1],
  ["301", () => says(301, { location: "https://elsewhere.example/" }), "collateral.redirected", 1],
  ["307", () => says(307, { location: "/crl" }), "collateral.redirected", 1],
  ["another document", () => found(issueOf({ key: "x" })), "collateral.wrong_content", 1],
  ["a page", () => ({ ...found(), body: new Uint8Array(9) }), "collateral.wrong_content", 1],
  ["too much", () => ({ ...found(), body: new Uint8Array(1001) }), "collateral.too_large", 1],
];

for (const [what, answer, code, attempts] of FAULTS) {
  Deno.test(`get() tells ${what} with ${code}, after ${attempts} requests, and keeps nothing`, async () => {
    const world = worldOf();
    world.answer = answer;
    await assertFails(world.collateral.get(plain, world.terms()), code);
    assert.equal(world.asked.length, attempts);
    assert.deepEqual(await world.store.list(), []);
    assert.ok(
      world.asked.every(({ url }) => url.startsWith("https://api.trustedservices.intel.com/")),
    );
  });
}

Deno.test("get() tries again after a failure that passes", async () => {
  const world = worldOf();
  const key = plain.key;
  world.answer = () => world.asked.length < 3 ? broken("cut_short") : found(issueOf({ key }));
  assert.equal((await world.collateral.get(plain, world.terms())).from, "vendor");
  assert.equal(world.asked.length, 3);
});

Deno.test("get() ends at its deadline", async () => {
  const world = worldOf({ deadline: 30_000, timeout: 20_000 });
  const limits: number[] = [];
  world.answer = ({ timeout }) => {
    limits.push(timeout);
    world.pass(timeout);
    return broken("timeout");
  };
  await assertFails(world.collateral.get(plain, world.terms()), "collateral.timeout");
  assert.equal(limits[0], 20_000);
  assert.equal(limits.length, 2, "the rest of the time is for a second one");
  assert.ok(world.clock.now().getTime() - START.getTime() <= 30_000);
});

Deno.test("get() tries once where it can go on, and not again for five minutes", async () => {
  const world = worldOf();
  await world.collateral.get(item, world.terms());
  world.answer = () => says(500);
  world.pass(13 * HOUR);
  for (let i = 0; i < 3; i++) await world.collateral.get(item, world.terms());
  assert.equal(world.asked.length, 2);
  world.pass(300_000);
  await world.other().get(item, world.terms());
  assert.equal(world.asked.length, 3);
});

Deno.test("get() remembers for ten minutes what a service does not have, in all processes", async () => {
  const world = worldOf();
  world.answer = () => says(404);
  await assertFails(world.collateral.get(item, world.terms()), "collateral.not_found");
  world.pass(599_000);
  await assertFails(world.other().get(item, world.terms()), "collateral.not_found");
  assert.equal(world.asked.length, 1);
  world.answer = () => found();
  await world.other().get(item, world.terms(), { refresh: true });
  assert.equal(world.asked.length, 2, "who insists is not told what was remembered");
  world.pass(1);
  await world.other().get(item, world.terms());
});

Deno.test("get() asks for other things where there is no such thing, and for what is kept first", async () => {
  const second = itemOf({ path: "/vcek/v1/Genoa/crl" });
  const asked = itemOf({ instead: [second] });
  const world = worldOf();
  world.answer = ({ url }) =>
    url.endsWith("Genoa/crl") ? found(issueOf({ key: second.key })) : says(404);
  assert.equal((await world.collateral.get(asked, world.terms())).key, second.key);
  assert.equal(world.asked.length, 2);
  world.pass(700_000);
  const got = await world.other({ offline: true }).get(asked, world.terms());
  assert.deepEqual([got.key, world.asked.length], [second.key, 2]);
  world.answer = () => says(404);
  world.pass(13 * HOUR);
  assert.equal((await world.collateral.get(asked, world.terms())).key, second.key);
});

Deno.test("get() asks once for many who want the same at once", async () => {
  const world = worldOf();
  const other = world.other();
  const sources = Array.from({ length: 20 }, (_, i) => i % 2 === 0 ? world.collateral : other);
  const all = await Promise.all(sources.map((source) => source.get(item, world.terms())));
  assert.equal(all.length, 20);
  assert.equal(world.asked.length, 2, "once for each process of this test; time stands still");
});

Deno.test("get() has what is needed for the reading first", async () => {
  const chain = itemOf({ path: "/vcek/v1/Milan/cert_chain", kind: "chain", immutable: true });
  const seen: number[] = [];
  const list = itemOf({
    needs: [chain],
    read: (answer, context) => {
      seen.push(context.needed.length);
      return item.read(answer, context);
    },
  });
  const world = worldOf();
  world.answer = ({ url }) => found(issueOf({ key: `amd-kds${new URL(url).pathname}` }));
  await world.collateral.get(list, world.terms());
  assert.deepEqual(seen, [1]);
  assert.deepEqual(world.asked.map(({ url }) => url.split("/").at(-1)), ["cert_chain", "crl"]);
});

Deno.test("get() asks for what several things need once for one question, and again for the next", async () => {
  const chain = itemOf({ service: "intel-pcs", path: "/chain", immutable: true });
  const world = worldOf();
  world.answer = () => says(403);
  const terms = world.terms();
  for (const path of ["/a", "/b", "/c"]) {
    const get = world.collateral.get(itemOf({ path, needs: [chain] }), terms);
    await assertFails(get, "collateral.refused");
  }
  assert.equal(world.asked.length, 1);
  await assertFails(world.collateral.get(chain, world.terms()), "collateral.refused");
  world.pass(60_000);
  await assertFails(world.collateral.get(chain, terms), "collateral.refused");
  assert.equal(world.asked.length, 3);
});

Deno.test("get() asks the operator's mirror in the vendor's place, and says so", async () => {
  const world = worldOf({ bases: { "amd-kds": "http://mirror.example:8080/kds/" } });
  const got = await world.collateral.get(item, world.terms());
  assert.equal(world.asked[0]?.url, "http://mirror.example:8080/kds/vcek/v1/Milan/crl");
  assert.deepEqual([got.from, got.source], [
    "http://mirror.example:8080/kds",
    "http://mirror.example:8080/kds",
  ]);
});

Deno.test("get() asks at no path but those of items", async () => {
  const paths = ["//evil.example/crl", "/../crl", "/a/..", "@evil.example", "/a b", "/%2e%2e/a"];
  for (const path of [...paths, "/a#b", "", "/vcek\\evil", "/a?b?c"]) {
    const world = worldOf();
    await assert.rejects(world.collateral.get(itemOf({ path }), world.terms()), TypeError, path);
    assert.equal(world.asked.length, 0);
  }
});

for (
  const address of [
    "mirror.example",
    "ftp://mirror.example",
    "https://user@mirror.example",
    "https://mirror.example/?a",
    "https://mirror.example/#a",
    "file:///etc",
    "",
  ]
) {
  Deno.test(`createCollateral() refuses ${JSON.stringify(address)} as a mirror`, () => {
    assert.throws(
      () => worldOf({ bases: { "intel-pcs": address } }),
      (error) => error instanceof InputError && error.code === "collateral.base",
    );
  });
}
