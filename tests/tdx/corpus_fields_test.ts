/**
 * Parsed fields against those that other parsers found in the same real quotes and collateral.
 *
 * @module
 */

import assert from "node:assert/strict";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { tdx, type TdxFiles, verifySgxQuote } from "../../src/evidence/tdx/mod.ts";
import { corpus, noCorpus, overReal, realCase } from "./corpus.ts";
import { realAzureCase } from "./corpus_azure.ts";
import { type Evidence, ourFields } from "./corpus_fields.ts";

type Plain = Readonly<Record<string, unknown>>;

/** Facts that are not compared, by the start of their path. */
type Excuses = readonly (readonly [path: string, why: string])[];

/** Facts of the corpus that are no fields of quote and collateral. */
const NO_FIELDS: Excuses = [
  ["checks.", "results of checks, which the corpus runner judges"],
  ["quote.sig_ok", "result of a check: verification, which these tests call, demands it"],
  ["quote.ak_bound", "the same"],
  ["quote.qe_sig_ok", "the same"],
  ["quote.chain_ok", "the same"],
  ["tcb.module.identity_match", "the same"],
  ["qe_identity.mrsigner", "the same"],
  ["qe_identity.prodid", "the same"],
  ["qe_identity.misc", "the same"],
  ["qe_identity.attr", "the same"],
  ["ccel.", "the event log beside the quote, which another part will read"],
];

/** Facts that a refusal keeps to itself: where no TCB level fits, no evidence comes out. */
const NOT_TOLD_WHERE_REFUSED: Excuses = [
  ["tcb.module.id", "part of the evaluation of the TCB"],
  ["tcb.module.status", "the same"],
  ["qe_status", "the same"],
  ["qe_identity.status", "the same"],
];

/** Facts by their path, lists whole. */
function flat(value: unknown, path = ""): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flat(inner, path === "" ? key : `${path}.${key}`)
  );
}

/** A real quote with its collateral, and what others found in it. */
interface Described {
  readonly files: TdxFiles;
  readonly now: Date;
  readonly fields: Plain;
}

function describedBy(name: string): Described {
  const { files, now, entry } = realCase(name);
  return { files, now, fields: entry.expected.fields };
}

const cases: ReadonlyMap<string, () => Described> = new Map([
  ...[...corpus].flatMap(([name, { expected }]) =>
    "quote" in expected.fields ? [[name, () => describedBy(name)] as const] : []
  ),
  ...(noCorpus ? [] : [[realAzureCase.name, realAzureCase.read] as const]),
]);

/** What was verified; null where no TCB level fits, which alone is a reason here. */
async function verified({ files, now, fields }: Described): Promise<Evidence | null> {
  try {
    return await verifiedAs(fields, files, now);
  } catch (error) {
    assert.ok(error instanceof CasemateError, String(error));
    assert.equal(error.code, "tdx.tcb_level_not_found");
    return null;
  }
}

function verifiedAs(fields: Plain, files: TdxFiles, now: Date): Promise<Evidence> {
  const verify = fields["quote"] instanceof Object && "sgx" in fields["quote"]
    ? verifySgxQuote
    : tdx.verify;
  return verify(inlineEngine, files, { now, labRoots: [] });
}

/** Fewest fields of a case: an SGX quote whose PCK certificate is the Processor CA's. */
const FEWEST_FIELDS = 60;

/** Fields that only some quotes have; null where the corpus has none. */
const NOT_ALWAYS = [
  "quote.td.tee_tcb_svn2",
  "quote.td.mr_service_td",
  "quote.pck.platform_instance_id",
];

for (const [name, read] of cases) {
  Deno.test(`fields of ${name} are those that other parsers read`, async () => {
    const described = read();
    const { files, now, fields } = described;
    const whole = await verified(described);
    const alone = await verifiedAs(fields, { quote: files.quote }, now);
    const ours = new Map(flat(await ourFields(files, alone, whole)));
    const excused = whole === null ? [...NO_FIELDS, ...NOT_TOLD_WHERE_REFUSED] : NO_FIELDS;
    const all = new Map(flat(fields));
    const theirs = [...all].filter(([path]) => !excused.some(([start]) => path.startsWith(start)));
    assert.ok(theirs.length >= FEWEST_FIELDS, `${theirs.length} fields`);
    for (const [path, value] of theirs) assert.deepEqual(ours.get(path), value, path);
    for (const path of NOT_ALWAYS) if (!all.has(path)) assert.equal(ours.get(path) ?? null, null);
  });
}

Deno.test({
  ...overReal("fields of ten real quotes are compared, and nothing is excused in vain"),
  fn: () => {
    assert.equal(cases.size, 10);
    const paths = [...cases.values()].flatMap((read) => flat(read().fields)).map(([path]) => path);
    for (const [start] of [...NO_FIELDS, ...NOT_TOLD_WHERE_REFUSED]) {
      assert.ok(paths.some((path) => path.startsWith(start)), start);
    }
  },
});
