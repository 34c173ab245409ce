import assert from "node:assert/strict";
import fc from "fast-check";
import { technologies } from "../evidence/registry.ts";
import { anyChoice, anyPolicy, SETTINGS, withValue } from "../../tests/policies.ts";
import { diffPolicies } from "./diff.ts";
import { explainPolicy } from "./explain.ts";
import { lintPolicy } from "./lint.ts";
import { readPolicy, readWhole } from "./policy.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
/** Reading is slow beside fast-check's own work: each run reads all sections. */
const RUNS = { numRuns: 60 };

const whole = (document: unknown) => readWhole(document, technologies, "given", NOW);

/** What a policy comes to; which exceptions ended and how it is written is told, but counts for nothing. */
function counted(document: unknown) {
  const { exceptions: _told, document: _given, plain: _written, ...rest } = readPolicy(
    document,
    technologies,
    "given",
    NOW,
  );
  return rest;
}

Deno.test("settings of every kind have values to try", () => {
  const tried = SETTINGS.filter(({ values }) => values.length > 0);
  assert.ok(tried.length > 100, `${tried.length} settings`);
  assert.ok(tried.filter(({ key }) => key.costs !== undefined).length > 40);
});

Deno.test("a weaker setting that ended is the same as one that is not there", () => {
  fc.assert(
    fc.property(anyPolicy, anyChoice, (document, { setting: { key, path }, value }) => {
      const read = key.decoder.decode(value, "");
      fc.pre(key.costs !== undefined && key.costs(read) !== null);
      const long = { value, until: "2026-11-20" };

      const without = counted(withValue(document, path, undefined));
      assert.deepEqual(counted(withValue(document, path, long)), without);
      assert.notDeepEqual(counted(withValue(document, path, value)), without);
    }),
    RUNS,
  );
});

Deno.test("every valid policy is explained, whole and by variant, and looked over without errors", () => {
  fc.assert(
    fc.property(anyPolicy, fc.constantFrom(null, ...technologies), (document, technology) => {
      const variant = technology?.id ?? null;
      const { settings, exceptions } = explainPolicy(whole(document), technologies, {
        now: NOW,
        variant,
      });

      const keys = settings.map(({ key }) => key);
      for (const { key } of exceptions) assert.ok(keys.includes(key), key);
      for (const setting of settings) {
        assert.equal(setting.source === "policy" || setting.change === "same", true, setting.key);
      }
      const remarks = lintPolicy(document, technologies, NOW);
      assert.deepEqual(remarks.filter(({ level }) => level === "error"), []);
    }),
    RUNS,
  );
});

Deno.test("a policy differs in nothing from itself, and two differ the other way round", () => {
  const opposite = { stronger: "weaker", weaker: "stronger", other: "other" };
  fc.assert(
    fc.property(anyPolicy, anyPolicy, (one, other) => {
      assert.deepEqual(diffPolicies(whole(one), whole(one)), []);

      const there = diffPolicies(whole(one), whole(other));
      const back = new Map(
        diffPolicies(whole(other), whole(one)).map((difference) => [difference.key, difference]),
      );
      assert.equal(there.length, back.size);
      for (const { key, change, from, to } of there) {
        const mirrored = back.get(key);
        assert.equal(mirrored?.change, opposite[change], key);
        assert.deepEqual([mirrored?.from, mirrored?.to], [to, from]);
      }
    }),
    RUNS,
  );
});

Deno.test("what a difference calls weaker costs something, unless it only demands less", () => {
  fc.assert(
    fc.property(anyPolicy, (document) => {
      const defaults = whole({ version: 1 });
      for (const { key, change, costs } of diffPolicies(defaults, whole(document))) {
        if (change === "weaker") assert.notEqual(costs, null, key);
        if (change === "stronger") assert.equal(costs, null, key);
      }
    }),
    RUNS,
  );
});
