import assert from "node:assert/strict";
import { assertListed, type Deviation, type Ends, tally } from "./deviations.ts";

const both: Ends = { name: "a/same", ours: "accepted", theirs: "accepted" };
const known: Ends = { name: "a/known", ours: "snp.revoked", theirs: "accepted" };
const entry: Deviation = {
  oracle: "other",
  cases: "^a/known$",
  ours: "snp\\.revoked",
  theirs: "accepted",
  why: "It does not look",
};

function compare(ends: readonly Ends[], listed: readonly Deviation[], leastAccepted = 1): void {
  assertListed({ oracle: "other", ends, listed, expected: listed, leastAccepted });
}

Deno.test("assertListed() takes a difference that is listed, and two refusals whatever they say", () => {
  compare([both, known, { name: "a/bad", ours: "snp.unsigned", theirs: "no" }], [entry]);
});

Deno.test("assertListed() fails at a difference that is not listed, by name, by end or by words", () => {
  for (const change of [{ name: "a/known/2" }, { ours: "snp.revoked_too" }, { theirs: "accept" }]) {
    const other = { ...known, ...change };
    const differs = other.theirs === "accepted";
    const ends = differs ? [both, known, other] : [both, known, { ...other, ours: "accepted" }];
    assert.throws(() => compare(ends, [entry]), /are not explained/);
  }
});

Deno.test("assertListed() fails at an entry that no case meets", () => {
  assert.throws(() => compare([both], [entry]), /not met any more/);
  const alike = { ...known, theirs: "revoked" };
  assert.throws(() => compare([both, alike], [entry]), /not met any more/);
});

Deno.test("assertListed() fails where both accept too little, or accept something else", () => {
  assert.throws(() => compare([known], [entry]), /both accept 0/);
  const status = { name: "a/status", ours: "accepted UpToDate", theirs: "accepted Revoked" };
  assert.throws(() => compare([both, status], []), /1 are not explained/);
});

Deno.test("tally() counts each difference for the first entry that explains it", () => {
  assert.deepEqual(tally([entry, { ...entry, cases: "." }], [both, known, known]), [2, 0]);
});
