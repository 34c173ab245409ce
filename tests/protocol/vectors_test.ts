import assert from "node:assert/strict";
import {
  bindingOf,
  CasemateError,
  cmwExtension,
  openEnvelope,
  qualifyingDataOf,
  readCmw,
  readEnvelope,
  readStatement,
  reportDataOf,
  runtimeRegisterOf,
  writeCmwCbor,
  writeCmwJson,
  writeEnvelope,
  writeStatement,
} from "../../mod.ts";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { ENVELOPE_CODES } from "../../src/evidence/envelope/codes.ts";
import { STATEMENT_CODES } from "../../src/evidence/statement/codes.ts";
import { bindings, envelopes, statements } from "./vectors.ts";

interface Refused {
  readonly says: string;
  readonly bytes: string;
  readonly code: string;
}

function assertRefused(all: readonly Refused[], read: (bytes: Uint8Array) => unknown): void {
  for (const { says, bytes, code } of all) {
    assert.throws(() => read(fromHex(bytes)), (error: unknown) => {
      assert.ok(error instanceof CasemateError, String(error));
      assert.equal(error.code, code, `${says}: ${error.message}`);
      return true;
    }, says);
  }
}

Deno.test("vectors of statements: bytes, members and refusals", () => {
  for (const { says, statement, bytes } of statements.cases) {
    assert.equal(toHex(writeStatement(statement)), bytes, says);
    assert.deepEqual(readStatement(fromHex(bytes)), statement, says);
  }
  assertRefused(statements.refusals, readStatement);
});

Deno.test("vectors of bindings, report data and qualifying data", () => {
  for (const given of bindings.bindings) {
    const binding = bindingOf(fromHex(given.nonce), fromHex(given.statement));
    const report = given.report === null ? null : fromHex(given.report);
    assert.equal(toHex(binding), given.binding);
    assert.equal(toHex(reportDataOf(binding, fromHex(given.akName))), given.reportData);
    assert.equal(toHex(qualifyingDataOf(binding, report)), given.qualifyingData);
  }
});

Deno.test("vectors of runtime registers in both banks", () => {
  for (const { statement, sha256, sha384 } of bindings.registers) {
    const read = readStatement(fromHex(statement));
    assert.equal(toHex(runtimeRegisterOf("sha256", read)), sha256);
    assert.equal(toHex(runtimeRegisterOf("sha384", read)), sha384);
  }
});

Deno.test("vectors of envelopes: every form, both ways", () => {
  for (const given of envelopes.cases) {
    const files = Object.fromEntries(
      Object.entries(given.files).map(([role, file]) =>
        [role, typeof file === "string" ? fromHex(file) : file.map(fromHex)] as const
      ),
    );
    const { variant } = given;
    const [statement, envelope] = [fromHex(given.statement), fromHex(given.envelope)];
    const opened = { variant, statement, files };
    assert.equal(toHex(writeEnvelope(variant, statement, files)), given.envelope, given.says);
    assert.equal(toHex(writeCmwJson(envelope)), given.cmwJson);
    assert.equal(toHex(writeCmwCbor(envelope)), given.cmwCbor);
    assert.equal(toHex(cmwExtension(envelope, "json").value), given.extensionJson);
    assert.equal(toHex(cmwExtension(envelope, "cbor").value), given.extensionCbor);
    assert.deepEqual(readEnvelope(envelope), opened);
    for (const form of [given.envelope, given.cmwJson, given.cmwCbor]) {
      assert.deepEqual(openEnvelope(fromHex(form)), opened);
    }
  }
  assertRefused(envelopes.refusals, readEnvelope);
  assertRefused(envelopes.cmwRefusals, readCmw);
});

Deno.test("vectors have a refusal of every code that a reader gives", () => {
  const all = [...statements.refusals, ...envelopes.refusals, ...envelopes.cmwRefusals];
  const seen = new Set(all.map(({ code }) => code));
  const ofReaders = Object.entries(STATEMENT_CODES)
    .filter(([, { check }]) => check === "statement.form").map(([code]) => code);
  // Which variants there are, and whether a certificate carries anything, no reader of bytes knows.
  const elsewhere = ["envelope.variant", "envelope.absent"];
  const ofEnvelopes = Object.keys(ENVELOPE_CODES).filter((code) => !elsewhere.includes(code));
  assert.deepEqual([...seen].sort(), [...ofReaders, ...ofEnvelopes].sort());
});
