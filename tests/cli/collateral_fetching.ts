/**
 * Collateral fetched, kept and used.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Fault } from "../fakes/vendor.ts";
import { NOW } from "../lab_authority.ts";
import { golden, machine, nobody, stocked, vendors } from "./collateral_world.ts";
import { expectCase } from "./expect.ts";

const { kds, pcs } = vendors;
const DAY = 86_400_000;

/** Lets a vendor fail while something is done. */
async function failing<T>(fault: Fault, work: () => Promise<T>): Promise<T> {
  kds.fault = fault;
  pcs.fault = fault;
  try {
    return await work();
  } finally {
    kds.fault = null;
    pcs.fault = null;
  }
}

Deno.test("casemate collateral fetch asks the vendors once, and show says what is kept", async () => {
  const one = machine();
  const before = kds.asked.length;
  const line = "collateral fetch report.bin --lab-root amd.der";

  await golden("fetch", await one.run(line), line);
  assert.equal(kds.asked.length - before, 3);
  await one.run(line);
  assert.equal(kds.asked.length - before, 3);
  await golden("show", await one.run("collateral show"), "collateral show");
});

Deno.test("casemate collateral fetch --refresh asks again for what can change", async () => {
  const one = await stocked();
  const before = kds.asked.length;

  await one.run("collateral fetch --refresh --lab-root amd.der");

  assert.deepEqual(kds.asked.slice(before), ["/vcek/v1/Genoa/crl"]);
});

Deno.test("casemate collateral fetch takes keys of things, and tells each that fails", async () => {
  const missing = `amd-kds/vcek/v1/Genoa/${
    "c2".repeat(64)
  }?blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=84`;
  const line =
    `collateral fetch --lab-root amd.der --item ${missing} --item amd-kds/vcek/v1/Genoa/crl`;

  const ran = await machine().run(line);
  const json = JSON.parse((await machine().run(`${line} -o json`)).out);

  expectCase(ran, {
    name: "",
    line,
    exit: 4,
    out: [
      "✘ VCEK of Genoa chip c2c2",
      "collateral.not_found",
      "✔ Revocation list",
      "1 of 2 are kept",
    ],
  });
  assert.deepEqual(
    json.items.map(({ from, error }: { from?: string; error?: { code: string } }) =>
      error?.code ?? from
    ),
    ["collateral.not_found", "vendor"],
  );
});

Deno.test("casemate collateral fetch tells one reason for several things once", async () => {
  await failing({ kind: "status", status: 500 }, async () => {
    const { exitCode, out } = await machine().run("collateral fetch report.bin --lab-root amd.der");

    assert.equal(exitCode, 4);
    assert.equal(out.match(/collateral\.server_error/g)?.length, 1);
    assert.equal(out.match(/waits for +ASK and ARK of Genoa\n/g)?.length, 2);
    assert.match(out, /\n0 of 3 are kept\n$/);
  });
});

const VERIFIED: readonly (readonly [string, string])[] = [["@snp", "amd"], ["@tdx", "intel"]];

for (const [evidence] of VERIFIED) {
  Deno.test(`casemate evidence verify ${evidence} --collateral fetch, then cache, needs no file`, async () => {
    const one = machine();

    const fetched = await one.run(`${evidence} --collateral fetch`);
    const cached = await one.run(`${evidence} --collateral cache -o json`, { http: nobody });

    assert.equal(fetched.exitCode, 0, fetched.out + fetched.err);
    assert.match(
      fetched.out,
      /^LAB-TRUSTED[^]*\nCollateral\n[^]*from +the vendor; confirmed at that time/,
    );
    assert.equal(cached.exitCode, 0, cached.out + cached.err);
    const { collateral, verdict } = JSON.parse(cached.out);
    assert.equal(verdict, "lab-trusted");
    assert.deepEqual(
      new Set(collateral.map(({ from }: { from: string }) => from)),
      new Set(["cache"]),
    );
  });

  Deno.test(`casemate evidence verify ${evidence} with an empty cache cannot examine trust`, async () => {
    const { exitCode, out, err } = await machine().run(`${evidence} --collateral cache`);

    assert.deepEqual([exitCode === 0, exitCode === 3], [false, false], out + err);
    assert.match(out + err, /collateral\.offline/);
  });
}

Deno.test("casemate evidence verify asks for the TCB recovery that the command line names", async () => {
  const { standard, early } = pcs.state;
  const asked: readonly (readonly [string, string])[] = [
    ["early", "update=early"],
    [String(standard), `tcbEvaluationDataNumber=${standard}`],
    [String(early), `tcbEvaluationDataNumber=${early}`],
  ];
  for (const [recovery, query] of asked) {
    const ran = await machine().run(`@tdx --collateral fetch --tcb-recovery ${recovery} -o json`);

    assert.equal(ran.exitCode, 0, ran.out + ran.err);
    const keys: readonly string[] = JSON.parse(ran.out).collateral.map(({ key }: { key: string }) =>
      key
    );
    assert.equal(keys.filter((key) => key.endsWith(query)).length, 2, keys.join(" "));
  }
});

const FAULTS: readonly Fault[] = [
  { kind: "hang" },
  { kind: "cut" },
  { kind: "half" },
  { kind: "empty" },
  { kind: "garbage" },
  { kind: "oversized" },
  { kind: "redirect", to: "http://elsewhere/" },
  { kind: "status", status: 429, retryAfter: "3600" },
  { kind: "status", status: 404 },
  { kind: "status", status: 500 },
];

for (const fault of FAULTS) {
  const name = "status" in fault ? `${fault.kind} ${fault.status}` : fault.kind;
  Deno.test(`casemate evidence verify --collateral fetch: ${name} is neither trusted nor rejected`, async () => {
    await failing(fault, async () => {
      for (const [evidence] of VERIFIED) {
        const { exitCode, out, err } = await machine().run(`${evidence} --collateral fetch`);
        assert.equal(exitCode, 4, out + err);
      }
    });
  });
}

Deno.test("casemate evidence verify --timeout says how long it waits for vendors, and it tells while it does", async () => {
  await failing({ kind: "status", status: 429, retryAfter: "8" }, async () => {
    const usual = await machine().run("@snp --collateral fetch");
    const short = await machine().run("@snp --collateral fetch --timeout 7s");

    assert.deepEqual([usual.exitCode, short.exitCode], [4, 4]);
    const waits = usual.err.match(/Waiting 8 seconds: .*\(60 seconds in all, --timeout\)/g);
    assert.ok(waits !== null && 8 * waits.length <= 60, usual.err);
    assert.doesNotMatch(short.err, /Waiting/);
    assert.match(short.err, /collateral\.throttled/);
  });
});

Deno.test("casemate evidence verify goes on from the cache for 7 days without vendors, and says why", async () => {
  const one = await stocked();
  await failing({ kind: "status", status: 500 }, async () => {
    const later = await one.run("@snp --collateral fetch", {
      now: new Date(NOW.getTime() + 6 * DAY),
    });
    const late = await one.run("@snp --collateral fetch", {
      now: new Date(NOW.getTime() + 8 * DAY),
    });
    const longer = await one.run("@snp --collateral fetch --max-age 30d", {
      now: new Date(NOW.getTime() + 8 * DAY),
    });

    assert.equal(later.exitCode, 0, later.out + later.err);
    assert.match(
      later.out,
      /from +the cache; confirmed 6 days before\n[^]*not renewed +AMD KDS is out of order/,
    );
    assert.equal(late.exitCode, 4, late.out + late.err);
    assert.match(late.out, /collateral\.stale/);
    assert.equal(longer.exitCode, 0, longer.out + longer.err);
  });
});

Deno.test("casemate evidence verify keeps what came with the evidence where nothing else is to be had", async () => {
  const one = await stocked();
  const line = "@snp --leaf leaf.der --collateral cache";

  const ran = await one.run(line, { http: nobody });

  assert.equal(ran.exitCode, 0, ran.out + ran.err);
});
