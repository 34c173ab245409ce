import assert from "node:assert/strict";
import { type Schema, Validator } from "@cfworker/json-schema";
import {
  bindingOf,
  cmwExtension,
  openEnvelope,
  qualifyingDataOf,
  readEnvelope,
  readStatement,
  reportDataOf,
  runtimeRegisterOf,
  type Statement,
  writeCmwCbor,
  writeCmwJson,
  writeEnvelope,
  writeStatement,
} from "../../mod.ts";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { ENVELOPE_FORM, ROLES } from "../../src/evidence/envelope/form.ts";
import { STATEMENT_FORM } from "../../src/evidence/statement/form.ts";
import { VARIANTS } from "../../src/evidence/variants/table.ts";
import { CHANNEL_EXAMPLES, EXTENDED } from "./channel_examples.ts";
import { example, NAMES, PROTOCOL } from "./docs.ts";
import { envelopes, statements } from "./vectors.ts";

const bytesOf = (name: string): Uint8Array => fromHex(example(name));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const statement = utf8(example("statement"));
const read: Statement = readStatement(statement);
const binding = bindingOf(bytesOf("nonce"), statement);
const envelope = utf8(example("envelope"));
const files = readEnvelope(envelope).files;

/** What each example must be. */
const EXPECTED: Readonly<Record<string, string>> = {
  "statement": text(writeStatement(read)),
  "nonce": toHex(Uint8Array.from({ length: 32 }, (_, i) => i)),
  "binding": toHex(binding),
  "report-data": toHex(reportDataOf(binding, new Uint8Array())),
  "ak-name": `000b${"3a".repeat(32)}`,
  "report-data-with-ak": toHex(reportDataOf(binding, bytesOf("ak-name"))),
  "report": toHex(utf8("a report")),
  "quote-beside-report": toHex(qualifyingDataOf(binding, bytesOf("report"))),
  "quote-alone": toHex(qualifyingDataOf(binding, null)),
  ...EXTENDED,
  "sha256-zero": toHex(runtimeRegisterOf("sha256", { ...read, phase: "zero" })),
  "sha256-cluster": toHex(runtimeRegisterOf("sha256", { ...read, phase: "cluster" })),
  "sha256-member": toHex(runtimeRegisterOf("sha256", read)),
  "sha384-cluster": toHex(runtimeRegisterOf("sha384", { ...read, phase: "cluster" })),
  "sha384-member": toHex(runtimeRegisterOf("sha384", read)),
  "envelope": text(writeEnvelope(read.variant, statement, files)),
  "cmw-json": text(writeCmwJson(envelope)),
  "cmw-cbor": toHex(writeCmwCbor(envelope)),
  "extension-json": toHex(cmwExtension(envelope, "json").value),
  "extension-cbor": toHex(cmwExtension(envelope, "cbor").value),
  ...CHANNEL_EXAMPLES,
};

Deno.test("docs/protocol.md: each example is what the text says", () => {
  assert.deepEqual(NAMES, Object.keys(EXPECTED));
  for (const [name, expected] of Object.entries(EXPECTED)) {
    assert.equal(example(name), expected, name);
  }
});

Deno.test("docs/protocol.md: the envelope holds the statement and the report, in every form", () => {
  for (const form of [envelope, utf8(example("cmw-json")), bytesOf("cmw-cbor")]) {
    const opened = openEnvelope(form);
    assert.equal(text(opened.statement), example("statement"));
    assert.deepEqual(opened.files["report"], bytesOf("report"));
  }
});

/** Rows of the table behind a heading, cell by cell, without marks of code. */
function rowsAfter(heading: string): readonly (readonly string[])[] {
  const [, after = ""] = PROTOCOL.split(`\n${heading}\n`);
  const table = /^\|(?:.*\n\|)*.*$/m.exec(after)?.[0] ?? "";
  return table.split("\n").slice(2).map((row) =>
    row.split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("`", ""))
  );
}

Deno.test("docs/protocol.md: the table of report data is that of the variants", () => {
  const reportData = {
    "binding": "report data",
    "ak-and-binding": "report data with AK",
    "paravisor": "paravisor",
    "none": "–",
  };
  const qualifyingData = {
    "binding-and-report": "quote beside report",
    "binding-and-hcl": "quote beside HCL report",
    "binding": "quote alone",
    "document": "attestation document",
    "no-quote": "–",
  };
  const expected = Object.values(VARIANTS).map((facts) => [
    facts.id,
    reportData[facts.reportData],
    qualifyingData[facts.qualifyingData],
  ]);
  assert.deepEqual(rowsAfter("## 4. Report data and qualifying data"), expected);
});

Deno.test("docs/protocol.md names every member of statements and envelopes", () => {
  const members = rowsAfter("## 2. Statement").map(([name]) => name);
  assert.deepEqual(members, STATEMENT_FORM.schema["required"]);
  const [, section = ""] = PROTOCOL.split("\n## 6. Envelope\n");
  const roles = [...ROLES.tee, ...ROLES.vtpm, ...ROLES.instance, "quotes", "pcrs", "msg", "sig"];
  for (const role of roles) assert.match(section, new RegExp(`[\`"{]${role}[\`"]`), role);
});

async function schema(name: string): Promise<Validator> {
  const url = new URL(`../../docs/schemas/${name}`, import.meta.url);
  const parsed: Schema = JSON.parse(await Deno.readTextFile(url));
  return new Validator(parsed, "2020-12", false);
}

Deno.test("the schemas accept what the readers accept, and refuse the members that they refuse", async () => {
  const ofStatements = await schema("statement.v1.json");
  const ofEnvelopes = await schema("envelope.v1.json");
  const parse = (bytes: string): unknown => JSON.parse(text(fromHex(bytes)));
  for (const { says, bytes } of statements.cases) {
    assert.ok(ofStatements.validate(parse(bytes)).valid, says);
  }
  for (const { says, bytes, code } of statements.refusals) {
    if (code === "statement.member") {
      assert.ok(!ofStatements.validate(parse(bytes)).valid, says);
    }
  }
  for (const { says, envelope } of envelopes.cases) {
    assert.ok(ofEnvelopes.validate(parse(envelope)).valid, says);
  }
  // What members there may not be together is beyond the schema.
  const beyond = ["two event logs", "a document beside a quote"];
  for (const { says, bytes, code } of envelopes.refusals) {
    if (code !== "envelope.member" && code !== "envelope.version") continue;
    assert.equal(ofEnvelopes.validate(parse(bytes)).valid, beyond.includes(says), says);
  }
  assert.equal(ENVELOPE_FORM.schema["type"], "object");
});
