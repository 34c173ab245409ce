/**
 * Evidence with collateral in its place: own before the evidence's, the
 * evidence's where there is no other, and none that is older than was seen.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError, RejectedError } from "../../src/core/errors.ts";
import type { CollateralItem } from "../../src/evidence/collateral.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { sevSnp } from "../../src/evidence/snp/mod.ts";
import { readCollateralUsed } from "../../src/verifier/collateral_used.ts";
import { type Completable, completeFiles } from "../../src/verifier/complete.ts";
import {
  assertFails,
  broken,
  bytesOf,
  DAY,
  found,
  HOUR,
  type Issue,
  issueOf,
  itemOf,
  says,
  START,
  type World,
  worldOf,
} from "./world.ts";

const NEW = issueOf({ sequence: "2" });
const OLD = issueOf({ sequence: "1" });
const report = new Uint8Array([1]);

/** A technology that needs things and takes files as it is told. */
function technologyOf(
  items: (files: FilesByRole) => readonly CollateralItem[],
  readFiles: (files: FilesByRole) => unknown = () => ({}),
): Completable {
  const collateral = ({ files }: { readonly files: FilesByRole }) => Promise.resolve(items(files));
  return { files: sevSnp.files, collateral, readFiles };
}

const technology = technologyOf(() => [itemOf()]);

function complete(world: World, files: FilesByRole, of: Completable = technology) {
  return completeFiles(of, files, world.collateral, world.terms());
}

/** The lists in files, as documents. */
function lists({ crls }: FilesByRole): readonly Uint8Array[] {
  return crls === undefined || crls instanceof Uint8Array ? [] : crls;
}

async function worldWith(issue: Issue): Promise<World> {
  const world = worldOf();
  world.answer = () => found(issue);
  await world.collateral.get(itemOf(), world.terms());
  return world;
}

Deno.test("completeFiles() puts own collateral in place of the evidence's, and says where it came from", async () => {
  const world = worldOf();
  world.answer = () => found(NEW);
  const { files, used, missing } = await complete(world, { report, crls: bytesOf(OLD) });
  assert.deepEqual(files, { report, crls: [bytesOf(NEW)] });
  assert.deepEqual(used, [{
    key: itemOf().key,
    title: itemOf().title,
    from: "vendor",
    issued: "2026-11-21T11:00:00.000Z",
    expires: "2026-12-21T12:00:00.000Z",
    confirmed: START.toISOString(),
    stale: null,
  }]);
  assert.deepEqual(missing, []);
  assert.deepEqual(readCollateralUsed(used), used, "a request takes it as it is");
});

Deno.test("completeFiles() keeps what the evidence brought where nobody gives it, and says so", async () => {
  const world = worldOf();
  world.answer = () => broken("unreachable");
  const { files, used } = await complete(world, { report, crls: bytesOf(OLD) });
  assert.deepEqual(lists(files), [bytesOf(OLD)]);
  assert.deepEqual([used[0]?.from, used[0]?.confirmed], ["evidence", null]);
  assert.match(used[0]?.stale ?? "", /unreachable/);
  assert.deepEqual(readCollateralUsed(used), used);
});

Deno.test("completeFiles() leaves out what the evidence brought where something newer was seen", async () => {
  const world = await worldWith(NEW);
  await world.store.remove("vendor", itemOf().key);
  world.answer = () => broken("unreachable");
  const { files, used, missing } = await complete(world, { report, crls: bytesOf(OLD) });
  assert.deepEqual([files, used], [{ report }, []]);
  assert.deepEqual(missing.map(({ error }) => error.code), ["collateral.unreachable"]);
  const same = await complete(world, { report, crls: bytesOf(NEW) });
  assert.deepEqual(lists(same.files), [bytesOf(NEW)]);
});

Deno.test("completeFiles() says what is stale", async () => {
  const world = await worldWith(NEW);
  world.pass(2 * DAY);
  world.answer = () => says(500);
  const { used } = await complete(world, { report });
  assert.equal(used[0]?.from, "cache");
  assert.equal(used[0]?.confirmed, START.toISOString());
  assert.match(used[0]?.stale ?? "", /500/);
});

Deno.test("completeFiles() leaves out what can change and is none, and says why", async () => {
  const world = worldOf();
  world.answer = () => broken("unreachable");
  const crls = new TextEncoder().encode("nobody signed this");
  const { files, used, missing } = await complete(world, { report, crls });
  assert.deepEqual([files, used, missing.length], [{ report }, [], 1]);
  assert.match(missing[0]?.error.message ?? "", /unreachable.*the document is another/);
});

Deno.test("completeFiles() leaves what never changes where it is, to be refused with the reason", async () => {
  const world = worldOf();
  world.answer = () => broken("unreachable");
  const crls = new TextEncoder().encode("nobody signed this");
  const of = technologyOf(() => [itemOf({ immutable: true })]);
  assert.deepEqual((await complete(world, { report, crls }, of)).files, { report, crls });
});

Deno.test("completeFiles() lets no old list pass beside another, nor where it cannot be read for want of something else", async () => {
  const chain = itemOf({ path: "/vcek/v1/Milan/cert_chain", immutable: true, brought: () => null });
  const items = [itemOf(), itemOf({ needs: [chain] })];
  for (const item of items) {
    const world = await worldWith(NEW);
    await world.store.remove("vendor", item.key);
    world.answer = () => broken("unreachable");
    const crls = item.needs === undefined ? [bytesOf(OLD), bytesOf(OLD)] : bytesOf(OLD);
    const { files, missing } = await complete(world, { report, crls }, technologyOf(() => [item]));
    assert.deepEqual([files, missing.length], [{ report }, 1]);
  }
});

Deno.test("completeFiles() takes nothing from evidence that was issued longer ago than is allowed", async () => {
  const world = worldOf();
  world.answer = () => broken("unreachable");
  world.pass(7 * DAY);
  const { files, missing } = await complete(world, { report, crls: bytesOf(NEW) });
  assert.deepEqual(files, { report });
  assert.match(missing[0]?.error.message ?? "", /7 days are allowed/);
});

/** Two documents of one recovery, of which each answer has the number that is given. */
function recovery(
  world: World,
  numbers: Record<string, string>,
  chains: Record<string, string> = {},
) {
  const paths = ["/tdx/tcb", "/tdx/identity"] as const;
  const items = paths.map((path) => {
    const item = itemOf({
      service: "intel-pcs",
      path,
      series: "recovery",
      brought: () => null,
      roles: [path],
    });
    const read: CollateralItem["read"] = async (answer, context) => {
      const content = await item.read(answer, context);
      const chain = new TextEncoder().encode(chains[path] ?? "");
      return { ...content, files: { [path]: answer.body, chain } };
    };
    return { ...item, read };
  });
  world.answer = ({ url }) => {
    const path = new URL(url).pathname;
    return found(issueOf({ key: `intel-pcs${path}`, sequence: numbers[path] ?? "1" }));
  };
  return technologyOf(() => items);
}

Deno.test("completeFiles() asks again for what is of another recovery than its fellow", async () => {
  const world = worldOf();
  const numbers: Record<string, string> = {};
  const of = recovery(world, numbers);
  await complete(world, { report }, of);
  const [first] = await of.collateral?.({ engine: world.terms().engine, files: {} }) ?? [];
  assert.ok(first);
  Object.assign(numbers, { "/tdx/tcb": "2", "/tdx/identity": "2" });
  await world.collateral.get(first, world.terms(), { refresh: true });
  const asked = world.asked.length;
  const { used, missing } = await complete(world, { report }, of);
  assert.deepEqual([used.length, missing.length], [2, 0]);
  assert.deepEqual(used.map(({ from }) => from), ["vendor", "vendor"]);
  assert.equal(world.asked.length, asked + 2);
});

Deno.test("completeFiles() gives nothing of an older recovery than its fellow is of", async () => {
  const world = worldOf();
  const of = recovery(world, { "/tdx/tcb": "2" });
  const { files, used, missing } = await complete(world, { report }, of);
  assert.deepEqual(used.map(({ key }) => key), ["intel-pcs/tdx/tcb"]);
  assert.deepEqual(missing.map(({ key, error }) => [key, error.code]), [
    ["intel-pcs/tdx/identity", "collateral.outdated"],
  ]);
  assert.equal(files["/tdx/identity"], undefined);
});

Deno.test("completeFiles() asks again where certificates differ, but not for ever", async () => {
  const world = worldOf();
  const chains: Record<string, string> = { "/tdx/tcb": "a", "/tdx/identity": "b" };
  const of = recovery(world, {}, chains);
  const [first, second] = await of.collateral?.({ engine: world.terms().engine, files: {} }) ?? [];
  assert.ok(first && second);
  await world.collateral.get(first, world.terms());
  world.pass(HOUR);
  await world.collateral.get(second, world.terms());
  await complete(world, { report }, of);
  assert.equal(world.asked.length, 4);
  const { missing } = await complete(world, { report }, of);
  assert.deepEqual([world.asked.length, missing.length], [4, 0]);
});

Deno.test("completeFiles() waits no longer for all of it than for one thing", async () => {
  const world = worldOf();
  world.answer = () => says(429, { "retry-after": "50" });
  const items = [1, 2, 3, 4].map((i) => itemOf({ path: `/vcek/v1/Milan/${i}` }));
  const { missing } = await complete(world, { report }, technologyOf(() => items));
  assert.equal(missing.length, 4);
  assert.ok(world.clock.now().getTime() - START.getTime() <= 60_000);
  const short = worldOf({ patience: 5000 });
  short.answer = () => broken("unreachable");
  await complete(short, { report }, technologyOf(() => items));
  assert.ok(short.clock.now().getTime() - START.getTime() <= 5000);
});

Deno.test("completeFiles() asks again with what it got, until nothing else is needed", async () => {
  const list = itemOf();
  const leaf = itemOf({
    path: "/vcek/v1/Milan/leaf",
    immutable: true,
    read: ({ body }) =>
      Promise.resolve({
        files: { leaf: body },
        issued: START,
        expires: new Date(START.getTime() + DAY),
        sequence: null,
        root: "a".repeat(64),
      }),
  });
  const of = technologyOf((files) => files["leaf"] === undefined ? [leaf] : [leaf, list]);
  const world = worldOf();
  world.answer = () => found(NEW);
  const { files, used } = await complete(world, { report }, of);
  assert.deepEqual(Object.keys(files).sort(), ["crls", "leaf", "report"]);
  assert.deepEqual(used.map(({ key }) => key), [leaf.key, list.key]);
});

Deno.test("completeFiles() joins lists of one role", async () => {
  const other = itemOf({ path: "/vcek/v1/Genoa/crl" });
  const world = worldOf();
  world.answer = ({ url }) => found(issueOf({ key: `amd-kds${new URL(url).pathname}` }));
  const { files } = await complete(world, { report }, technologyOf(() => [itemOf(), other]));
  assert.equal(lists(files).length, 2);
});

Deno.test("completeFiles() gives no half of what is taken only whole", async () => {
  const other = itemOf({ path: "/vcek/v1/Genoa/crl" });
  const whole = (files: FilesByRole): void => {
    if (![0, 2].includes(lists(files).length)) {
      throw new InputError("Cannot take one of two", { code: "input.missing" });
    }
  };
  const world = worldOf();
  world.answer = ({ url }) => url.includes("Genoa") ? says(404) : found();
  const of = technologyOf(() => [itemOf(), other], whole);
  const { files, used, missing } = await complete(world, { report }, of);
  assert.deepEqual([files, used], [{ report }, []]);
  assert.deepEqual(missing.map(({ key }) => key), [other.key]);
});

Deno.test("completeFiles() says why where nothing can be verified without it", async () => {
  const world = worldOf();
  world.answer = () => broken("timeout");
  const needsLeaf = technologyOf(() => [itemOf()], ({ crls }) => {
    if (crls === undefined) throw new InputError("Cannot do without", { code: "input.missing" });
  });
  await assertFails(complete(world, { report }, needsLeaf), "collateral.timeout");
});

Deno.test("completeFiles() asks nothing for evidence that is none, nor for what needs nothing", async () => {
  const world = worldOf();
  const none: Completable = {
    ...technology,
    collateral: () => Promise.reject(new RejectedError("no report", { code: "snp.malformed" })),
  };
  assert.deepEqual((await complete(world, { report }, none)).files, { report });
  const { collateral: _, ...without } = technology;
  assert.deepEqual((await complete(world, { report }, without)).files, { report });
  assert.equal(world.asked.length, 0);
});

Deno.test("completeFiles() gives texts of anybody to a result as one line", async () => {
  const world = worldOf();
  world.pass(HOUR);
  world.answer = () => found(NEW);
  const titled = technologyOf(() => [itemOf({ title: `two\nlines\u001b[31m${"x".repeat(900)}` })]);
  const { used } = await complete(world, { report }, titled);
  assert.deepEqual(readCollateralUsed(used), used);
});

Deno.test("a request refuses collateral of another form", () => {
  const good = {
    key: "a",
    title: "b",
    from: "cache",
    issued: START.toISOString(),
    expires: START.toISOString(),
    confirmed: null,
    stale: null,
  };
  assert.deepEqual(readCollateralUsed([good]), [good]);
  assert.deepEqual(readCollateralUsed(undefined), []);
  const wrong: readonly unknown[] = [
    "cache",
    {},
    [{ ...good, more: 1 }],
    [{ ...good, issued: "today" }],
    [{ ...good, title: "two\nlines" }],
    [{ ...good, key: "" }],
    Array.from({ length: 33 }, () => good),
  ];
  for (const given of wrong) {
    assert.throws(
      () => readCollateralUsed(given),
      (error) => error instanceof InputError && error.code === "input.value",
    );
  }
});
