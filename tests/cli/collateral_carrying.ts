/**
 * Collateral carried in bundles.
 *
 * @module
 */

import assert from "node:assert/strict";
import { BUNDLE_TYPE, readBundle, writeBundle } from "../../src/collateral/bundle.ts";
import { readDsse, signDsse } from "../../src/core/dsse.ts";
import { readSigningKey } from "../../src/core/signing_key.ts";
import { NOW } from "../lab_authority.ts";
import {
  FILES,
  golden,
  type Machine,
  machine,
  nobody,
  stocked,
  vendors,
} from "./collateral_world.ts";
import { expectCase, expectError } from "./expect.ts";

const { kds } = vendors;
const DAY = 86_400_000;

async function exported(one: Machine): Promise<void> {
  const flags = "--key owner.key --lab-root amd.der --out amd.json";
  const ran = await one.run(`collateral export ${flags}`);
  assert.equal(ran.exitCode, 0, ran.err);
  assert.match(ran.out, /holds +3 of what is kept\n/);
}

Deno.test("casemate collateral export and import carry it to where no network is", async () => {
  const one = await stocked();
  await exported(one);
  const bundle = one.files.get("amd.json") ?? "";
  const away = machine(nobody);
  away.files.set("amd.json", bundle);

  const line = "collateral import amd.json --owner-key owner.pub --lab-root amd.der";
  await golden("import", await away.run(line), line);
  const verifying = await away.run("@snp --collateral cache");
  assert.equal(verifying.exitCode, 0, verifying.out + verifying.err);
});

Deno.test("casemate evidence verify --bundle needs no cache, and keeps nothing", async () => {
  const one = await stocked();
  await exported(one);
  const away = machine(nobody);
  away.files.set("amd.json", one.files.get("amd.json") ?? "");

  const ran = await away.run("@snp --bundle amd.json --owner-key owner.pub -o json");

  assert.equal(ran.exitCode, 0, ran.out + ran.err);
  const used: readonly { readonly from: string }[] = JSON.parse(ran.out).collateral;
  assert.deepEqual(used.map(({ from }) => from), ["bundle", "bundle", "bundle"]);
  assert.match((await away.run("collateral show")).out, /^Nothing is kept/);
});

Deno.test("casemate collateral import holds a bundle to its signer", async () => {
  const one = await stocked();
  await exported(one);
  await one.run("collateral export --unsigned --lab-root amd.der --out plain.json");
  const refused: readonly (readonly [string, number, string])[] = [
    ["amd.json --owner-key stranger.pub", 3, "dsse.key"],
    ["amd.json", 2, "collateral.bundle_unsigned"],
    ["plain.json", 2, "collateral.bundle_unsigned"],
    ["plain.json --owner-key owner.pub", 2, "collateral.bundle_unsigned"],
    ["plain.json --unsigned --owner-key owner.pub", 2, "input.conflict"],
    ["report.bin --unsigned", 2, "input.wrong_kind"],
    ["owner.pub --owner-key owner.pub", 2, "input.wrong_kind"],
  ];
  for (const [line, exit, code] of refused) {
    const ran = await one.run(`collateral import ${line} --lab-root amd.der`);
    expectError(ran, { name: line, line, exit, err: [code] });
  }
  for (const file of ["amd.json", "plain.json"]) {
    const away = machine();
    away.files.set(file, one.files.get(file) ?? "");
    const ran = await away.run(`collateral import ${file} --unsigned --lab-root amd.der -o json`);
    assert.equal(ran.exitCode, 0, ran.out + ran.err);
    const [first] = JSON.parse(ran.out).items;
    // Nobody's word: the day of issue.
    assert.equal(first.confirmed, first.issued);
  }
});

Deno.test("casemate collateral import takes what holds of a bundle, and tells what does not", async () => {
  const one = await stocked();
  await exported(one);
  const file = one.files.get("amd.json");
  assert.ok(file instanceof Uint8Array);
  const { made, items } = readBundle(readDsse(file, "amd.json").payload, "amd.json");
  const bent = items.map((item) =>
    item.key.endsWith("/crl")
      ? {
        ...item,
        answer: {
          ...item.answer,
          body: item.answer.body.map((byte, at) => at === 60 ? byte ^ 1 : byte),
        },
      }
      : item
  );
  const unknown = {
    key: "amd-kds/vcek/v9/crl",
    answer: { body: new Uint8Array(1), headers: {} },
    confirmed: made,
  };
  const key = await readSigningKey(new TextEncoder().encode(String(FILES["owner.key"])));
  const payload = writeBundle({ made, items: [...bent, unknown] });
  const away = machine();
  away.files.set("bent.json", await signDsse(BUNDLE_TYPE, payload, [key]));

  const ran = await away.run(
    "collateral import bent.json --owner-key owner.pub --lab-root amd.der",
  );

  expectCase(ran, {
    name: "",
    line: "",
    exit: 3,
    out: [
      "✔ VCEK of Genoa",
      "✘ Revocation list of Genoa",
      "✘ amd-kds/vcek/v9/crl",
      "2 of 4 are kept",
    ],
  });
});

Deno.test("casemate collateral import refuses what is older than what was seen, and keeps the newer", async () => {
  const one = await stocked();
  await exported(one);
  const { number, issued } = kds.state;
  const now = new Date(NOW.getTime() + DAY);
  kds.state.number = number + 1;
  kds.state.issued = now;
  try {
    const fetched = await one.run("collateral fetch --lab-root amd.der", { now });
    assert.equal(fetched.exitCode, 0, fetched.out + fetched.err);
  } finally {
    Object.assign(kds.state, { number, issued });
  }

  const ran = await one.run("collateral import amd.json --owner-key owner.pub --lab-root amd.der", {
    now,
  });
  const verifying = await one.run(
    "@snp --bundle amd.json --owner-key owner.pub --collateral cache -o json",
    { now },
  );

  assert.equal(ran.exitCode, 3, ran.out);
  assert.match(ran.out, /collateral\.rollback[^]*2 of 3 are kept/);
  assert.equal(verifying.exitCode, 0, verifying.out + verifying.err);
  const list = JSON.parse(verifying.out).collateral.find(({ key }: { key: string }) =>
    key.endsWith("crl")
  );
  assert.equal(list.issued, now.toISOString());
});
