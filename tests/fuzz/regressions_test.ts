/**
 * What fuzzing has found, kept small.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, InputError, RejectedError, type Request } from "../../mod.ts";
import { writeBundle } from "../../src/audit/bundle.ts";
import { confirmBundle } from "../../src/audit/confirm.ts";
import { readBundle } from "../../src/audit/read.ts";
import { concat, fromHex } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { tdx } from "../../src/evidence/tdx/mod.ts";
import { parsePolicyText } from "../../src/policy/parse.ts";
import { readPolicy } from "../../src/policy/policy.ts";
import { recognise } from "../../src/cli/input/recognise.ts";
import { fileOf, vectorOf } from "../contracts/change.ts";
import { questionOf } from "../contracts/question.ts";
import { askBoth, portableEngine } from "../portable/strict.ts";
import { readVectors } from "../vectors.ts";

const vectors = new Map((await readVectors("tdx")).map((vector) => [vector.name, vector]));
const vector = vectorOf(vectors, "v4-platform");

const asFile = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The code of a request with members replaced by what its type does not allow. */
async function codeWith(members: Readonly<Record<string, unknown>>): Promise<string> {
  const request: unknown = { ...questionOf(tdx, vector), ...members };
  const error = await examine(request as Request).then(String, (error: unknown) => error);
  return error instanceof InputError ? error.code : String(error);
}

Deno.test("examine() refuses what only looks like bytes by an InputError", async () => {
  const quote = fileOf(vector, "quote");
  const lookalikes = [new Proxy(quote, {}), Object.create(Uint8Array.prototype)];
  for (const bytes of lookalikes) {
    const evidence = { ...vector.files, quote: bytes };
    assert.equal(await codeWith({ evidence }), "input.missing");
    assert.equal(await codeWith({ evidence: { ...vector.files, tcbInfo: bytes } }), "input.value");
    assert.equal(await codeWith({ expect: { nonce: bytes } }), "input.value");
    assert.equal(await codeWith({ labRoots: [bytes] }), "input.value");
  }
});

Deno.test("examine() refuses a moment that is none, or that no certificate can write, by a RangeError", async () => {
  const moments = [
    Object.create(Date.prototype),
    new Proxy(new Date(), {}),
    new Date(NaN),
    new Date(-1),
    new Date("+010000-01-01T00:00:00Z"),
    new Date(8.64e15),
  ];
  for (const now of moments) assert.match(await codeWith({ now }), /^RangeError: Cannot verify/);
});

Deno.test("examine() refuses a variant that has no text by an InputError", async () => {
  const moved = new Uint8Array(4);
  structuredClone(moved, { transfer: [moved.buffer] });
  for (const variant of [Object.create(null), new Proxy(new Date(), {}), moved, Symbol("tdx")]) {
    assert.equal(await codeWith({ variant }), "input.unknown");
  }
});

Deno.test("errors repeat the beginning of a long word alone", async () => {
  const long = "x".repeat(100_000);
  const requests = [{ variant: long }, { evidence: { [long]: 1 } }, { policy: { [long]: 1 } }];
  for (const members of requests) {
    const request: unknown = { ...questionOf(tdx, vector), ...members };
    await assert.rejects(examine(request as Request), (error) => {
      assert.ok(error instanceof InputError);
      const fields = Object.values(error.fields).join();
      return error.message.length < 1000 && fields.length < 1000;
    });
  }
});

const policyCode = (text: string): string => {
  try {
    readPolicy(parsePolicyText(asFile(text), "p.yaml"), technologies, "p.yaml");
    return "none";
  } catch (error) {
    return error instanceof InputError ? error.code : String(error);
  }
};

Deno.test("parsePolicyText() refuses what is nested too deeply, keys that are no text, and keys that stand twice", () => {
  const deep = ["[".repeat(100_000), "- ".repeat(100_000), '{"a":'.repeat(40_000)];
  for (const text of deep) assert.equal(policyCode(text), "policy.syntax", text.slice(0, 10));
  for (const text of ["? {version: 1}\n: 1\n", "? [a]\n: 1\n", "version: 1\n1: a\n"]) {
    assert.match(policyCode(text), /^policy\.(syntax|unknown_key)$/, text);
  }
  const twice = [
    "version: 1\nversion: 1\n",
    'version: 1\n"version": 1\n',
    "version: 1\ntdx: {debug: allow, debug: forbid}\n",
  ];
  for (const text of twice) assert.equal(policyCode(text), "policy.syntax", text);
});

Deno.test("parsePolicyText() takes no tags but those of plain data", () => {
  for (const text of ["!!set {version}", "!!omap [version: 1]", "tdx: !!binary aGk=", "a: !x 1"]) {
    assert.equal(policyCode(`${text}\n`), "policy.syntax", text);
  }
  assert.equal(policyCode("version: !!int 1\n"), "none");
});

Deno.test("parsePolicyText() tells the first of many mistakes with its place, and the key that stands twice", () => {
  const message = (text: string): string => {
    try {
      return String(parsePolicyText(asFile(text), "p.yaml"));
    } catch (error) {
      return error instanceof InputError ? error.message : String(error);
    }
  };
  const commas = message(`version: 1\ntdx: {${",".repeat(20_000)}}\n`);
  assert.match(commas, /p\.yaml: at line 2, column \d+: /);
  assert.ok(message(`!${"x".repeat(60_000)} 1`).length < 1000);
  assert.match(message("version: 1\ntdx: 1\ntdx: 1\n"), /"tdx" stands twice in one map$/);
});

Deno.test("both engines name the same entry of a certificate table where several are repeated", async () => {
  const entries = ["a406b4c003a8524997433fb6014cd0ae", "79b3b74aacbbe44fa02f05aef327c782"]
    .map((guid) => concat(fromHex(guid), fromHex("d200000001000000")));
  const [one = new Uint8Array(), other = new Uint8Array()] = entries;
  const table = concat(one, other, other, one, new Uint8Array(24 + 100));
  const engines = [inlineEngine, await portableEngine()] as const;
  await assert.rejects(askBoth(engines, "snp_certificate_table", [table]), {
    code: "snp.certificate_table",
    fields: { reason: "an entry is repeated", entry: "c0b406a4-a803-4952-9743-3fb6014cd0ae" },
  });
});

Deno.test("whatever is shown of a file says that it is not verified, certificates and lists too", async () => {
  for (const role of tdx.files.map(({ role }) => role)) {
    const shown = await recognise(inlineEngine, fileOf(vector, role));
    assert.match(shown?.title ?? "", /\(not verified\)$/, role);
  }
});

Deno.test("a difference in an audit bundle is told without the long name that it stands under", async () => {
  const request = questionOf(tdx, vector);
  const bundle = readBundle(writeBundle(request, await examine(request), { casemate: "1" }), "a");
  const result = { ...bundle.result, claims: { ["x".repeat(100_000)]: 1 } };
  const known = { labRoots: request.labRoots ?? [] };
  const confirmed = confirmBundle(inlineEngine, { ...bundle, result }, known, "1");
  await assert.rejects(confirmed, (error) => {
    assert.ok(error instanceof RejectedError && error.code === "audit.differs");
    return error.message.length < 1000 && String(error.fields["path"]).length < 200;
  });
});
