/**
 * Accepted sets of reference values: evidence meets one of them whole, or none.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { examine, type Request, type Result } from "../../mod.ts";
import { runtimeRegisterOf } from "../../src/evidence/statement/binding.ts";
import { readStatement } from "../../src/evidence/statement/read.ts";
import { toHex } from "../../src/core/bytes.ts";
import { azureSevSnp as technology } from "../../src/evidence/azure_sev_snp/mod.ts";
import { assertRefused, assertVerdict, shown } from "../result.ts";
import { questionOf } from "../contracts/question.ts";
import { readVectors, type Vector } from "../vectors.ts";

const vector = await vectorOf("join");
const whole = Object(vector.policy)["azure-sev-snp"];
const { tee: { idKeyDigests: [ID_KEY] }, vtpm: { registers: { sha256 }, ...vtpm } } = whole;

async function vectorOf(name: string): Promise<Vector> {
  const found = (await readVectors("azure-sev-snp")).find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no vector ${name} of azure-sev-snp`);
  return found;
}

/** What runs, as an attacker could mix it from releases: each of the three is in some set. */
interface Values {
  readonly idKey: string;
  readonly pcr4: string;
  readonly pcr11: string;
}

const TRUE: Values = { idKey: ID_KEY, pcr4: sha256[4][0], pcr11: sha256[11][0] };

const section = ({ idKey, pcr4, pcr11 }: Values): Readonly<Record<string, unknown>> => ({
  tee: { idKeyDigests: [idKey] },
  vtpm: { registers: { sha256: { "4": [pcr4], "11": [pcr11] } } },
});

const set = (name: string, values: Values, more: object = {}): object => ({
  name,
  "azure-sev-snp": { ...section(values), ...more },
});

const document = (sets: readonly object[], more: object = {}): object => ({
  version: 1,
  release: "casemate-1.4.0",
  issued: "2026-11-20T10:00:00Z",
  ...more,
  sets,
});

const POLICY = {
  version: 1,
  allowLab: true,
  acceptRoots: ["amd", "paravisor"],
  "azure-sev-snp": { vtpm },
};

function ask(reference: unknown, more: object = {}): Promise<Result> {
  const base = questionOf(technology, vector, {});
  return examine({ ...base, policy: POLICY, reference, ...more } as Request);
}

/** A value that is the true one, or another. */
const value = (own: string): fc.Arbitrary<string> =>
  fc.boolean().map((same) => same ? own : own.replace(/^../, own.startsWith("00") ? "01" : "00"));

const values: fc.Arbitrary<Values> = fc.record({
  idKey: value(TRUE.idKey),
  pcr4: value(TRUE.pcr4),
  pcr11: value(TRUE.pcr11),
});

const isTrue = (one: Values): boolean =>
  one.idKey === TRUE.idKey && one.pcr4 === TRUE.pcr4 && one.pcr11 === TRUE.pcr11;

Deno.test("a mixture of sets never passes: evidence that meets none whole is refused", async () => {
  const mixed = fc.array(values.filter((one) => !isTrue(one)), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(mixed, async (all) => {
      const result = await ask(document(all.map((one, at) => set(`${at}`, one))));
      assert.equal(result.verdict, "rejected", shown(result));
      assert.ok(result.findings.some(({ code }) => code === "reference.set_not_met"));
    }),
    { numRuns: 20 },
  );
  const halves = [{ ...TRUE, idKey: "ab".repeat(48) }, { ...TRUE, pcr11: "ab".repeat(32) }];
  const result = await ask(document(halves.map((one, at) => set(`${at}`, one))));
  assertRefused(result, "snp.id_key_mismatch");
});

Deno.test("one set that is met whole is enough, wherever it stands, and the result names it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(values, { maxLength: 4 }), fc.nat(4), async (others, at) => {
      const sets = others.map((one, i) => set(`${i}`, one));
      const result = await ask(document(sets.toSpliced(at, 0, set("true", TRUE))));
      assert.equal(result.verdict, "lab-trusted", shown(result));
      const first = others.slice(0, at).findIndex(isTrue);
      assert.equal(result.reference?.set, first < 0 ? "true" : `${first}`);
    }),
    { numRuns: 20 },
  );
});

Deno.test("the order of sets changes nothing but which of equals is named", async () => {
  const told = ({ verdict, code, roots, says, findings }: Result): object => ({
    verdict,
    code,
    roots,
    says,
    required: findings.map(({ id, kind }) => `${id} ${kind}`).sort(),
  });
  const sets = fc.array(values, { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(sets, async (all) => {
      const named = all.map((one, at) => set(`${at}`, one));
      const [one, other] = [document(named), document(named.toReversed())];
      const [forth, back] = [await ask(one), await ask(other)];
      assert.equal(forth.verdict, back.verdict);
      if (forth.reference?.set === back.reference?.set) assert.deepEqual(told(forth), told(back));
    }),
    { numRuns: 15 },
  );
});

Deno.test("a document of one set says what the short form says", async () => {
  const OWN = /^reference\./;
  const told = (result: Result): object => ({
    ...result,
    digests: null,
    reference: result.reference?.origins,
    findings: result.findings.filter(({ id }) => !OWN.test(id)),
  });
  await fc.assert(
    fc.asyncProperty(values, async (one) => {
      const short = await ask({ version: 1, "azure-sev-snp": section(one) });
      const long = await ask(document([set("only", one)]));
      assert.deepEqual(told(long), told(short));
      assert.deepEqual([short.reference?.set, long.reference?.set], [null, "only"]);
    }),
    { numRuns: 10 },
  );
});

Deno.test("a set is met or not by its own values, whatever else is wrong with the evidence", async () => {
  const other = set("other", { ...TRUE, pcr4: "ab".repeat(32) });
  const stale = { expect: { nonce: new Uint8Array(32).fill(1) } };
  const result = await ask(document([other, set("true", TRUE)]), stale);
  assert.equal(result.verdict, "rejected");
  const finding = result.findings.find(({ id }) => id === "reference.set");
  const told = [finding?.kind, finding?.expected, finding?.actual];
  assert.deepEqual(told, ["match", "other or true", "true"]);
});

Deno.test("a set that pins less is not taken where another is met whole", async () => {
  const less = { name: "less", "azure-sev-snp": { tee: { idKeyDigests: [TRUE.idKey] } } };
  const alone = await ask(document([less]));
  assert.equal(alone.verdict, "platform-only", shown(alone));
  const both = await ask(document([less, set("true", TRUE)]));
  assert.deepEqual([both.verdict, both.reference?.set], ["lab-trusted", "true"]);
});

Deno.test("reference values count from their issue to their end", async () => {
  const sets = [set("true", TRUE)];
  const day = (text: string): object => ({ now: new Date(text) });
  const ending = document(sets, { notAfter: "2026-11-21T12:00:00Z" });
  assert.equal((await ask(ending)).verdict, "lab-trusted", "the last moment is one of them");
  assertRefused(await ask(ending, day("2026-11-21T12:00:01Z")), "reference.expired");
  const later = document(sets, { issued: "2026-11-21T12:10:00Z" });
  assert.equal((await ask(later)).verdict, "lab-trusted", "clocks differ");
  assertRefused(await ask(document(sets, { issued: "2026-11-21T12:10:01Z" })), "reference.future");
});

Deno.test("observed values are said before the verdict, computed ones are not", async () => {
  const known = (how: string): object => ({
    tee: { idKeyDigests: { known: how, from: "the image", value: [TRUE.idKey] } },
  });
  const warned = await ask(document([set("true", TRUE, known("observed"))]));
  assert.match(
    warned.warnings.join(),
    /Reference values of true were observed, not computed \(tee\.idKeyDigests\)/,
  );
  const quiet = await ask(document([set("true", TRUE, known("computed"))]));
  assert.deepEqual(quiet.warnings.filter((text) => /observed/.test(text)), []);
  assert.deepEqual(quiet.reference, {
    release: "casemate-1.4.0",
    set: "true",
    owner: null,
    origins: [
      { key: "tee.idKeyDigests", known: "computed", from: "the image" },
      { key: "vtpm.registers", known: "given", from: null },
    ],
  });
});

Deno.test("the runtime register is held against the phase of the statement", async () => {
  const statement = readStatement(vector.statement ?? new Uint8Array());
  const own = toHex(runtimeRegisterOf("sha256", statement));
  const runtime = (value: string, phase: string = statement.phase): object =>
    document([set("true", TRUE, { runtime: { [phase]: { sha256: [value] } } })]);
  assert.equal((await ask(runtime(own))).verdict, "lab-trusted");
  assertRefused(await ask(runtime("ab".repeat(32))), "reference.runtime_mismatch");
  assertRefused(await ask(runtime(own, "zero")), "reference.runtime_mismatch");
  const other = document([
    set("true", TRUE, { runtime: { [statement.phase]: { sha384: ["ab".repeat(48)] } } }),
  ]);
  const result = await ask(other);
  assertVerdict(result, "platform-only", "reference.runtime_not_quoted");
  const { kind, code } = result.findings.find(({ id }) => id === "reference.set") ?? {};
  assert.deepEqual([kind, code], ["unchecked", "reference.set_open"], "not claimed unseen");
});

Deno.test("without values for the variant there is nothing to be held against", async () => {
  const other = document([{ name: "a", tdx: { mrTd: ["ab".repeat(48)] } }]);
  await assert.rejects(ask(other), { code: "input.missing" });
  const crypto = await ask(document([set("true", TRUE)]), { profile: "crypto-only" });
  assert.deepEqual([crypto.outcome, crypto.reference], ["genuine", null]);
});
