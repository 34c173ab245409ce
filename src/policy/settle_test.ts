import assert from "node:assert/strict";
import { InputError } from "../core/errors.ts";
import { technologies } from "../evidence/registry.ts";
import { readPolicy } from "./policy.ts";

const NOW = new Date("2026-11-21T12:00:00Z");

function read(document: object, now = NOW) {
  return readPolicy({ version: 1, ...document }, technologies, "given", now);
}

function refused(document: object): InputError {
  try {
    read(document);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error(`accepted ${JSON.stringify(document)}`);
}

const debugUntil = (until: string, because?: string) => ({
  "sev-snp": { debug: { value: "allow", until, ...(because === undefined ? {} : { because }) } },
});

Deno.test("readPolicy() takes a weaker setting with its end and its reason, and says what it costs", () => {
  const { sections, exceptions } = read(debugUntil("2027-01-31", "migration of the build farm"));

  assert.deepEqual(
    sections["sev-snp"],
    read({ "sev-snp": { debug: "allow" } }).sections["sev-snp"],
  );
  assert.deepEqual(exceptions, [{
    key: "sev-snp.debug",
    value: "allow",
    costs: "whoever controls the host can read and change the memory",
    until: "2027-01-31",
    ended: false,
    because: "migration of the build farm",
  }]);
});

Deno.test("readPolicy() lets a setting count to the last moment of its day in UTC, and no longer", () => {
  const at = (time: string) => {
    const { sections, exceptions } = read(debugUntil("2026-11-21"), new Date(time));
    assert.equal(exceptions.length, 1);
    const counts = JSON.stringify(sections["sev-snp"]).includes('"debug":"allow"');
    assert.equal(exceptions[0]?.ended, !counts);
    return counts;
  };

  assert.equal(at("2026-11-21T23:59:59.999Z"), true);
  assert.equal(at("2026-11-22T00:00:00Z"), false);
});

Deno.test("readPolicy() without a moment takes no setting that has an end", () => {
  const document = {
    version: 1,
    ...debugUntil("9999-12-31"),
    allowLab: { value: true, until: "9999-12-31" },
  };
  const { sections, allowLab, exceptions } = readPolicy(document, technologies, "given");

  assert.deepEqual(sections, read({}).sections);
  assert.equal(allowLab, false);
  assert.deepEqual(exceptions.map(({ ended }) => ended), [true, true]);
});

Deno.test("readPolicy() never ends what is stronger than the default, or the default itself", () => {
  const until = "2020-01-31";
  const { sections, acceptRoots, exceptions } = read({
    acceptRoots: { value: ["amd"], until },
    "tdx": { trailingBytes: { value: "forbid", until }, debug: { value: "forbid", until } },
  });

  assert.deepEqual(acceptRoots, ["amd"]);
  const plain = read({ tdx: { trailingBytes: "forbid" } });
  assert.deepEqual(sections, plain.sections);
  assert.deepEqual(exceptions, []);
});

Deno.test("readPolicy() takes the long form in parts of pairings, and of whole lists", () => {
  const { sections, exceptions } = read({
    "azure-tdx": {
      tee: { tcbStatuses: { value: ["UpToDate", "OutOfDate"], until: "2026-12-31" } },
      vtpm: { clock: { value: "any", until: "2026-11-20" } },
    },
  });

  const plain = read({ "azure-tdx": { tee: { tcbStatuses: ["UpToDate", "OutOfDate"] } } });
  assert.deepEqual(sections, plain.sections);
  assert.deepEqual(exceptions.map(({ key, ended }) => [key, ended]), [
    ["azure-tdx.tee.tcbStatuses", false],
    ["azure-tdx.vtpm.clock", true],
  ]);
});

Deno.test("readPolicy() refuses long forms that are none", () => {
  const debug = (debug: unknown) => refused({ "sev-snp": { debug } });
  const wrong: readonly (readonly [unknown, string, RegExp])[] = [
    [{ value: "allow", untill: "2027-01-31" }, "policy.unknown_key", /debug\.untill .*"until"/],
    [{ value: "alow", until: "2027-01-31" }, "policy.value", /sev-snp\.debug\.value /],
    [{ value: "alow", until: "2020-01-31" }, "policy.value", /sev-snp\.debug\.value /],
    [{ value: "allow", until: "2027-02-30" }, "policy.value", /debug\.until /],
    [{ value: "allow", until: "2027-01-31T00:00:00Z" }, "policy.value", /debug\.until /],
    [{ until: "2027-01-31" }, "policy.value", /debug\.value is required/],
    [{ value: "allow", because: "" }, "policy.value", /debug\.because /],
    [{ value: "allow", because: "a\nb" }, "policy.value", /debug\.because /],
    [{ value: "allow", because: "a\u202eb" }, "policy.value", /debug\.because /],
    [{ value: "allow", because: "x".repeat(201) }, "policy.value", /debug\.because /],
    [{ value: { value: "allow" }, until: "2027-01-31" }, "policy.value", /debug\.value /],
  ];
  for (const [form, code, says] of wrong) {
    const error = debug(form);
    assert.equal(error.code, code, JSON.stringify(form));
    assert.match(error.message, says);
  }
});

Deno.test("readPolicy() refuses a long form where nothing can be weaker", () => {
  const error = refused({ "sev-snp": { smt: { value: "forbid", until: "2027-01-31" } } });
  assert.equal(error.code, "policy.value");
  assert.match(error.message, /sev-snp\.smt expected "allow" or "forbid", got an object/);
});

Deno.test("readPolicy() checks what stands in the long form together with the rest", () => {
  const error = refused({ tpm: { whatRuns: { value: [4, 16], until: "2027-01-31" } } });
  assert.equal(error.code, "policy.value");
  assert.match(error.message, /names PCR 16/);
});

Deno.test("readPolicy() gives a compromised line the earlier of its own day and of the setting's", () => {
  const ends = (document: object) =>
    read(document).exceptions.map(({ value, until, ended }) => ({ value, until, ended }));

  const milan = { milan: "2027-01-31" };
  const value = "milan 2027-01-31";
  assert.deepEqual(ends({ acceptCompromised: milan }), [
    { value, until: "2027-01-31", ended: false },
  ]);
  assert.deepEqual(ends({ acceptCompromised: { value: milan, until: "2026-12-31" } }), [
    { value, until: "2026-12-31", ended: false },
  ]);
  const both = { milan: "2026-01-31", genoa: "2027-01-31" };
  assert.deepEqual(
    ends({ acceptCompromised: both }).map(({ until, ended }) => [until, ended]),
    [["2027-01-31", false]],
    "one line still counts",
  );
  assert.deepEqual(ends({ acceptCompromised: { milan: "2026-01-31" } }), [
    { value: "milan 2026-01-31", until: "2026-01-31", ended: true },
  ]);
});
