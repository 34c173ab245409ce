import assert from "node:assert/strict";
import { InputError } from "../../core/errors.ts";
import { technologies } from "../../evidence/registry.ts";
import type { ReferenceDocument } from "./document.ts";
import { readReference } from "./read.ts";

const ONE = "11".repeat(48);
const TWO = "22".repeat(48);
const SNP = { measurements: [ONE] };

const LONG = {
  version: 1,
  release: "casemate-1.4.0",
  issued: "2026-11-20T10:00:00Z",
  notAfter: "2027-05-20T10:00:00Z",
  sets: [{ name: "1.4.0", "sev-snp": SNP }],
};

const read = (document: unknown): ReferenceDocument => readReference(document, technologies);

function refused(document: unknown): InputError {
  try {
    read(document);
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    assert.equal(error.fields["policy"], "reference");
    return error;
  }
  throw new Error(`accepted ${JSON.stringify(document)}`);
}

const inSet = (section: unknown, variant = "sev-snp"): object => ({
  ...LONG,
  sets: [{ name: "a", [variant]: section }],
});

Deno.test("readReference() takes one set without a name as it takes one with", () => {
  const short = read({ version: 1, "sev-snp": SNP });
  const long = read(LONG);
  assert.deepEqual([short.release, short.issued, short.sets[0]?.name], [null, null, null]);
  assert.deepEqual([long.release, long.sets[0]?.name], ["casemate-1.4.0", "1.4.0"]);
  assert.deepEqual(short.sets[0]?.sections, long.sets[0]?.sections);
});

Deno.test("readReference() refuses documents that have two meanings or none", () => {
  const { release, sets, ...rest } = LONG;
  const [set] = sets;
  const cases: readonly (readonly [what: string, document: unknown, code: string, says: RegExp])[] =
    [
      ["no release", { ...rest, sets }, "policy.value", /release is required/],
      ["no sets", { ...rest, release }, "policy.value", /sets is required/],
      ["an empty list", { ...LONG, sets: [] }, "policy.value", /sets expected a list/],
      [
        "33 sets",
        {
          ...LONG,
          sets: Array.from({ length: 33 }, (_, i) => ({ ...set, name: `${i}` })),
        },
        "policy.value",
        /sets expected a list of 1 to 32/,
      ],
      ["two of one name", { ...LONG, sets: [set, set] }, "policy.value", /name of another set/],
      ["a set of nothing", { ...LONG, sets: [{ name: "a" }] }, "policy.value", /nothing for any/],
      ["a set without a name", { ...LONG, sets: [{ "sev-snp": SNP }] }, "policy.value", /name is/],
      [
        "sections outside",
        { ...LONG, "sev-snp": SNP },
        "policy.unknown_key",
        /sev-snp must stand in one of the sets/,
      ],
      [
        "sets inside",
        { ...LONG, sets: [{ ...set, sets }] },
        "policy.unknown_key",
        /sets\[0\]\.sets/,
      ],
      ["another release", { ...LONG, release: "a\nb" }, "policy.value", /release/],
      ["a turned release", { ...LONG, release: "a\u202eb" }, "policy.value", /release/],
      ["half a character", { ...LONG, release: "a\ud800" }, "policy.value", /surrogate/],
      [
        "a day alone",
        { ...LONG, issued: "2026-11-20" },
        "policy.value",
        /issued expected a moment/,
      ],
      ["no such day", { ...LONG, issued: "2026-02-30T10:00:00Z" }, "policy.value", /calendar/],
      ["an end before", { ...LONG, notAfter: LONG.issued }, "policy.value", /not after issued/],
      ["another version", { ...LONG, version: 2 }, "policy.version", /version is not 1/],
      ["a version of text", { ...LONG, version: "1" }, "policy.version", /version is not 1/],
      ["a policy's key", { ...LONG, acceptRoots: ["none"] }, "policy.unknown_key", /acceptRoots/],
    ];
  for (const [what, document, code, says] of cases) {
    const error = refused(document);
    assert.equal(error.code, code, what);
    assert.match(error.message, says, what);
  }
});

Deno.test("readReference() looks at the sections of all variants, whichever is asked for", () => {
  const document = {
    ...LONG,
    sets: [{ name: "a", "sev-snp": SNP, tdx: { mrTd: ["short"] } }],
  };
  assert.match(refused(document).message, /sets\[0\]\.tdx\.mrTd\[0\] /);
});

Deno.test("readReference() unites values of one key, and refuses those that contradict each other", () => {
  const values = (...all: readonly unknown[]): unknown =>
    read(inSet({ minimumTcb: all.map((value) => ({ known: "published", value })) })).sets[0]
      ?.sections.get("sev-snp")?.[0]?.united;
  const genoa = { genoa: { reported: { snp: 27 } } };
  const both = { genoa: { reported: { snp: 27, tee: 1 } }, milan: { launch: { snp: 3 } } };
  assert.deepEqual(values(genoa, genoa), genoa);
  assert.deepEqual(
    values(genoa, { genoa: { reported: { tee: 1 } } }, { milan: { launch: { snp: 3 } } }),
    both,
  );
  const other = { known: "published", value: { genoa: { reported: { snp: 28 } } } };
  const error = refused(inSet({ minimumTcb: [{ known: "published", value: genoa }, other] }));
  assert.match(
    error.message,
    /minimumTcb\.genoa\.reported\.snp .*contradict each other: 27 and 28/,
  );
});

Deno.test("readReference() takes registers in both forms of a policy as one", () => {
  const ofTexts = { known: "computed", value: [`sha256:4=${"AA".repeat(32)}`] };
  const ofBanks = {
    known: "observed",
    value: { sha256: { 4: ["bb".repeat(32)], 0: ["00".repeat(32)] } },
  };
  const document = inSet({ registers: [ofTexts, ofBanks] }, "tpm");
  const united = read(document).sets[0]?.sections.get("tpm")?.[0]?.united;
  assert.deepEqual(united, {
    sha256: { 4: ["aa".repeat(32), "bb".repeat(32)], 0: ["00".repeat(32)] },
  });
});

Deno.test("readReference() refuses values whose origin is not told as it must be", () => {
  const value = [ONE];
  const cases: readonly (readonly [section: object, says: RegExp])[] = [
    [{ measurements: { value } }, /measurements\.known is required/],
    [{ measurements: { known: "computed" } }, /measurements\.value is required/],
    [{ measurements: { known: "guessed", value } }, /measurements\.known expected "computed"/],
    [
      { measurements: { known: "computed", from: "", value } },
      /measurements\.from is not one line/,
    ],
    [{ measurements: { known: "computed", until: 1, value } }, /measurements\.until is not known/],
    [
      { measurements: { known: "computed", value: ["ab"] } },
      /measurements\.value\[0\] expected 48/,
    ],
    [{ measurements: [{ known: "computed", value }, ONE] }, /measurements\[1\] expected an object/],
    [{ measurements: { known: "computed", value: { known: "given", value } } }, /expected a list/],
    [{ measurement: [ONE] }, /measurement is no reference value; did you mean measurements\?/],
    [{ vmpl: [3] }, /vmpl is no reference value; it belongs in the policy/],
    [{ runtime: { cluster: { sha256: ["00".repeat(32)] } } }, /no register of it holds the phase/],
  ];
  for (const [section, says] of cases) assert.match(refused(inSet(section)).message, says);
});

Deno.test("readReference() reads the runtime register where the variant has one", () => {
  const runtime = { member: { sha256: ["AA".repeat(32)], sha384: [TWO] } };
  const [found] =
    read(inSet({ runtime }, "azure-sev-snp")).sets[0]?.sections.get("azure-sev-snp") ??
      [];
  assert.deepEqual(found?.united, { member: { sha256: ["aa".repeat(32)], sha384: [TWO] } });
  for (
    const [wrong, says] of [
      [{}, /at least one of zero, cluster, member/],
      [{ joined: {} }, /joined/],
      [{ member: {} }, /sha256 or sha384/],
      [{ member: { sha1: ["00"] } }, /sha1 is not known/],
      [{ member: { sha256: [TWO] } }, /32 bytes in hex/],
    ] as const
  ) assert.match(refused(inSet({ runtime: wrong }, "azure-sev-snp")).message, says);
});

Deno.test("readReference() refuses what JSON cannot hold, and what no file could be", () => {
  let deep: unknown = [];
  for (let i = 0; i < 1000; i++) deep = [deep];
  const holes = new Array(2);
  class Values {
    get measurements(): readonly string[] {
      return [ONE];
    }
  }
  for (const section of [deep, { measurements: holes }, new Values(), new Map(), 1n, () => 1]) {
    assert.equal(refused({ version: 1, "sev-snp": section }).code, "policy.value");
  }
  for (const svn of [1.5, NaN, 2 ** 53]) {
    assert.equal(refused({ version: 1, "sev-snp": { minimumGuestSvn: svn } }).code, "policy.value");
  }
  const many = Array.from({ length: 200_000 }, () => ONE);
  assert.match(refused(inSet({ measurements: many })).message, /more than 100000 values/);
});
