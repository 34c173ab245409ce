/**
 * Certificates in the manner of x509-limbo: each place of the chains of SEV-SNP
 * and TDX, one thing wrong at a time, through both engines; and OpenSSL's word
 * on the same path, which must be the same unless the case says why.
 *
 * `deno task limbo` tries all and asks OpenSSL. `deno task test` asks OpenSSL
 * about right chains alone, and leaves out most of what the RSA of ARK and ASK
 * must sign, which is slow.
 *
 * @module
 */

import assert from "node:assert/strict";
import { noOpenssl } from "../../src/lab/openssl_test.ts";
import { isFull } from "./amount.ts";
import type { Expected, LimboCase } from "./case.ts";
import { ENCODINGS } from "./encodings.ts";
import { EXTENSIONS } from "./extensions.ts";
import { Differences, isPathForOpenssl, verdictOf } from "./judge.ts";
import { EC_KEYS, RSA_KEYS } from "./keys.ts";
import { SERIALS, TIMES } from "./numbers.ts";
import { type Place, snpPlaces, tdxPlaces } from "./place.ts";

/** Of the slow places, one case in so many is tried in `deno task test`. */
const FEW = 8;

const ALWAYS = [...ENCODINGS, ...SERIALS, ...TIMES, ...EXTENSIONS];
const ALL = [...ALWAYS, ...EC_KEYS, ...RSA_KEYS];

/** Cases of a place. */
function casesOf({ key, technology, rank }: Place): readonly LimboCase[] {
  const all = [...ALWAYS, ...(key === "EC" ? EC_KEYS : RSA_KEYS)];
  return all.filter(({ only, expected }) =>
    (only ?? technology) === technology && (typeof expected === "string" || rank in expected)
  );
}

function expectedOf({ expected }: LimboCase, { rank }: Place): Expected {
  const found = typeof expected === "string" ? expected : expected[rank];
  assert.ok(found);
  return found;
}

/** Judges one case in one place; says whether it was accepted. */
async function judge(one: LimboCase, place: Place, differences: Differences): Promise<boolean> {
  const what = `${place.name}, ${one.what} (${one.rule})`;
  const certificate = await one.edit(place.said);
  const verdict = await verdictOf((engine) => place.ask(engine, certificate), what);
  const expected = expectedOf(one, place);
  assert.equal(verdict, expected === "accepted" ? expected : place.codes[expected], what);
  const isAccepted = verdict === "accepted";
  if (!noOpenssl && (isFull || one.rule === "control")) {
    const byOpenssl = await isPathForOpenssl(place.path(certificate));
    differences.note(one.what, isAccepted, byOpenssl, what);
  }
  return isAccepted;
}

/** Judges all cases of a place, and tells the figures. */
async function judgeAll(
  place: Place,
  cases: readonly LimboCase[],
  differences: Differences,
): Promise<void> {
  let accepted = 0;
  for (const one of cases) if (await judge(one, place, differences)) accepted++;
  console.log(
    place.technology,
    place.name,
    accepted,
    "accepted,",
    cases.length - accepted,
    "refused",
  );
}

Deno.test("limbo: each case has a name of its own", () => {
  assert.equal(new Set(ALL.map(({ what }) => what)).size, ALL.length);
});

Deno.test("limbo: certificates of SEV-SNP and TDX", async (test) => {
  const differences = new Differences(ALL);
  for (const place of [...await snpPlaces(), ...await tdxPlaces()]) {
    const all = casesOf(place);
    const cases = isFull || place.key === "EC" ? all : all.filter((_, i) => i % FEW === 0);
    const name = `${place.technology} ${place.name}: ${cases.length} of ${all.length} cases`;
    await test.step(name, () => judgeAll(place, cases, differences));
  }
  if (!isFull || noOpenssl) return;
  differences.settle();
  console.log("OpenSSL says otherwise, and the case why:", differences.count, "cases");
});
