import assert from "node:assert/strict";
import { type Schema, Validator } from "@cfworker/json-schema";
import { ENVELOPE_FILES, envelopeArguments } from "./envelope_files.ts";
import { expectError, expectJsonError, withJson } from "./expect.ts";
import { type FakeFile, type Ran, runCli, type RunWith } from "./fake_host.ts";

const VERIFY = "evidence verify node.json @asked @terms";
const KEPT = `${VERIFY} --audit audit.json --html report.html`;

const kept = await runCli(envelopeArguments(KEPT), { files: ENVELOPE_FILES });
const bundle = kept.written.get("audit.json") ?? new Uint8Array();
const text = new TextDecoder().decode(bundle);
const { result } = JSON.parse(text);
const rootFlags = envelopeArguments("@root").join(" ");

const files: Readonly<Record<string, FakeFile>> = {
  ...ENVELOPE_FILES,
  "audit.json": bundle,
  "changed.json": text.replace('"verdict":"lab-trusted"', '"verdict":"trusted"'),
  "cut.json": text.slice(0, -1),
  "later.json": text.replace(/"v":1}$/, '"v":2}'),
  "old.html": "mine",
};

function run(line: string, options: RunWith = {}): Promise<Ran> {
  return runCli(line.split(" "), { files, ...options });
}

Deno.test("casemate evidence verify keeps a bundle and a page, and says so behind the verdict", () => {
  assert.equal(kept.exitCode, 0, kept.err);
  assert.match(kept.out, /^LAB-TRUSTED/);
  assert.match(kept.out, /Wrote the audit bundle audit\.json\n\nWrote the report report\.html\n$/);
  const page = new TextDecoder().decode(kept.written.get("report.html"));
  assert.match(page, /<h1>.*Lab-trusted<\/h1>/);
  assert.match(page, /casemate evidence verify node\.json/);
  assert.match(page, new RegExp(`--at ${result.time}`));
  assert.match(page, new RegExp(`casemate audit verify audit\\.json[^<]*${result.digests.policy}`));
  assert.doesNotMatch(page, /--audit |--html /);
});

Deno.test("casemate evidence verify -o json with a bundle prints the result alone", async () => {
  const line = withJson(envelopeArguments(KEPT));
  const ran = await runCli(line, { files: ENVELOPE_FILES });
  assert.deepEqual(JSON.parse(ran.out), result);
  assert.equal(new TextDecoder().decode(ran.written.get("audit.json")), text);
});

Deno.test("casemate evidence verify keeps what was refused, too", async () => {
  const line = `evidence verify node.json --nonce ${"5f".repeat(32)} @terms --audit no.json`;
  const ran = await runCli(envelopeArguments(line), { files: ENVELOPE_FILES });
  assert.equal(ran.exitCode, 3, ran.err);
  const again = await run(`audit verify no.json ${rootFlags}`, {
    files: { ...files, "no.json": ran.written.get("no.json") ?? "" },
  });
  assert.equal(again.exitCode, 3);
  assert.match(again.out, /^Confirmed[^]*REJECTED/);
});

Deno.test("casemate audit verify confirms, and tells what remains the bundle's word", async () => {
  const { digests, nonce } = result;
  const plain = await run(`audit verify audit.json ${rootFlags}`);
  const stated = await run(
    `audit verify audit.json ${rootFlags} --policy-digest ${digests.policy} --nonce ${nonce}`,
  );
  for (const { exitCode, out, err } of [plain, stated]) {
    assert.equal(exitCode, 0, err);
    assert.match(out, /^Confirmed: verified again[^]*LAB-TRUSTED[^]*Only the word of who wrote/);
  }
  assert.match(plain.out, /compare its digest/);
  assert.doesNotMatch(stated.out, /compare its digest/);
  assert.match(stated.out, /only once/);
});

Deno.test("casemate audit verify -o json has the result, and whether it is the same", async () => {
  const { out } = await run(`audit verify audit.json ${rootFlags} -o json`);
  const told = JSON.parse(out);
  assert.deepEqual([told.v, told.same, told.at, told.result], [1, true, null, result]);
  assert.ok(told.word.length > 0);
});

Deno.test("casemate audit verify --at judges anew and compares nothing", async () => {
  const { exitCode, out } = await run(`audit verify audit.json ${rootFlags} --at 2040-01-01`);
  assert.equal(exitCode, 3);
  const words = out.replaceAll(/\s+/g, " ");
  assert.match(
    words,
    /^Judged for another moment .* it was lab-trusted .* it is rejected\. REJECTED/,
  );
});

/** Bundles that are refused: command line, exit code, and what is told. */
const REFUSED: readonly (readonly [string, number, RegExp])[] = [
  [`audit verify changed.json ${rootFlags}`, 3, /at verdict: it has "trusted".*audit\.differs/],
  ["audit verify audit.json", 3, /of a lab.*audit\.lab/],
  [`audit verify audit.json ${rootFlags} --policy-digest ${"00".repeat(32)}`, 3, /audit\.policy/],
  [`audit verify audit.json ${rootFlags} --nonce 00`, 3, /another question.*audit\.nonce/],
  [`audit report changed.json ${rootFlags} --out new.html`, 3, /audit\.differs/],
];

for (const [line, exit, told] of REFUSED) {
  Deno.test(`casemate refuses: ${line.slice(0, 60)}`, async () => {
    const ran = await run(line);
    assert.equal(ran.exitCode, exit);
    assert.match(ran.err.replaceAll(/\s+/g, " "), told);
    assert.equal(ran.out, "");
    assert.equal(ran.written.size, 0);
  });
}

/** Command lines that cannot be followed, with what is told. */
const WRONG: readonly (readonly [string, ...string[]])[] = [
  ["audit verify nowhere.json", "nowhere.json", "input.unreadable"],
  ["audit verify cut.json", "cut.json", "audit.malformed"],
  ["audit verify later.json", "later.json", "audit.version"],
  ["audit show node.json", "casemate evidence verify takes that", "input.wrong_kind"],
  ["audit verify audit.json --policy-digest 00", "32 bytes", "input.value"],
  [
    "audit verify audit.json --owner-key audit.json",
    "casemate audit verify takes that",
    "input.wrong_kind",
  ],
  ["audit report audit.json", "--out", "input.missing"],
  [`audit report audit.json ${rootFlags} --out old.html`, "--out", "input.unwritable"],
];

for (const [line, ...err] of WRONG) {
  Deno.test(`casemate ${line.slice(0, 60)} is one sentence with code and flag`, async () => {
    const wanted = { name: line, line, exit: 2, err };
    expectError(await run(line), wanted);
    expectJsonError(await runCli(withJson(line.split(" ")), { files }), wanted);
  });
}

Deno.test("casemate evidence verify tells no verdict where the record cannot be written", async () => {
  for (const flag of ["--audit", "--html"]) {
    const ran = await runCli(envelopeArguments(`${VERIFY} ${flag} old.html`), { files });
    assert.equal(ran.exitCode, 2);
    assert.equal(ran.out, "");
    assert.match(ran.err, new RegExp(`look at {5}${flag}\\n`));
  }
});

Deno.test("casemate audit report writes a page that names what is the bundle's word", async () => {
  const ran = await run(`audit report audit.json ${rootFlags} --out new.html`);
  assert.equal(ran.exitCode, 0, ran.err);
  assert.match(ran.out, /^Wrote new\.html, a report of a verification that ended lab-trusted\.\n$/);
  const page = new TextDecoder().decode(ran.written.get("new.html"));
  assert.match(page, /Only the word of who gave it[^]*compare its digest/);
});

Deno.test("casemate audit show and verify keep within 40 columns", async () => {
  const lines = ["audit show audit.json", `audit verify audit.json ${rootFlags}`];
  for (const line of lines) {
    const { out, err } = await run(line, { width: 40 });
    const long = `${out}${err}`.split("\n").filter((one) => [...one].length > 40);
    assert.deepEqual(long, [], line);
  }
});

Deno.test("casemate answers as in golden/audit_show.txt", async () => {
  const line = "audit show audit.json";
  const { out, err } = await run(line);
  const golden = new URL("./golden/audit_show.txt", import.meta.url);
  const answer = `$ casemate ${line}\n${out}${err}`;
  if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(golden, answer);

  assert.equal(answer, await Deno.readTextFile(golden));
});

Deno.test("a bundle is as its published schema says, and with another member it is not", async () => {
  const url = new URL("../../docs/schemas/audit.v1.json", import.meta.url);
  const schema: Schema = JSON.parse(await Deno.readTextFile(url));
  const validator = new Validator(schema, "2020-12", false);
  const plain = JSON.parse(text);

  assert.deepEqual(validator.validate(plain).errors, []);
  assert.equal(validator.validate({ ...plain, more: 1 }).valid, false);
});
