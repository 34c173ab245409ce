import assert from "node:assert/strict";
import { InputError } from "../../core/errors.ts";
import type { FilesByRole } from "../evidence.ts";
import { readEnvelope, writeEnvelope } from "./envelope.ts";
import { MAX_ENVELOPE_BYTES } from "./form.ts";

const STATEMENT = new TextEncoder().encode("a statement");
const file = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes);
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Every role in some envelope. */
const ALL: Readonly<Record<string, FilesByRole>> = {
  "sev-snp": { report: file(1), leaf: file(2), chainAskArk: file(3), crls: [file(4), file(5)] },
  "gcp-tdx": {
    ...{ quote: file(1), tcbInfo: file(2), qeIdentity: file(3), tcbChain: file(4) },
    ...{ pckCrl: file(5), pckCrlChain: file(6), rootCrl: file(7), eventLog: file(8) },
    firmwareEndorsement: file(9),
  },
  "azure-tdx": {
    ...{ hclReport: file(1), tdQuote: file(2), akPub: file(3), eventLog: file(4) },
    tpmQuoteMsg: [file(5), file(6)],
    tpmQuoteSig: [file(7), file(8)],
    pcrs: json({ sha256: { "0": "ab".repeat(32), "15": "cd".repeat(32) } }),
    akCert: file(9),
    akCertIssuers: [file(10)],
    akCertCrls: [file(11)],
  },
  "aws-sev-snp": {
    ...{ report: file(1), document: file(2), eventLog: file(3) },
    ...{ identityDocument: file(4), identitySignature: file(5) },
  },
  "nothing": {},
};

function assertRefused(bytes: Uint8Array, code: string, member?: string): void {
  assert.throws(() => readEnvelope(bytes), (error: unknown) => {
    assert.ok(error instanceof InputError, String(error));
    assert.equal(error.code, code, error.message);
    if (member !== undefined) assert.equal(error.fields["member"], member);
    return true;
  });
}

Deno.test("readEnvelope() gives every file that writeEnvelope() took, under its role", () => {
  for (const [variant, files] of Object.entries(ALL)) {
    const read = readEnvelope(writeEnvelope(variant, STATEMENT, files));
    assert.deepEqual(read, { variant, statement: STATEMENT, files });
  }
});

Deno.test("writeEnvelope() puts an event log where its variant has it, and nothing where nothing is", () => {
  const members = (files: FilesByRole): unknown =>
    JSON.parse(new TextDecoder().decode(writeEnvelope("a", file(0), files)));
  const head = { v: 1, variant: "a", statement: "AA" };
  assert.deepEqual(members({ eventLog: file(0) }), { ...head, tee: { eventLog: "AA" } });
  assert.deepEqual(members({ eventLog: file(0), report: file(0) }), {
    ...head,
    tee: { report: "AA", eventLog: "AA" },
  });
  assert.deepEqual(members({ eventLog: file(0), report: file(0), akPub: file(0) }), {
    ...head,
    tee: { report: "AA" },
    vtpm: { akPub: "AA", eventLog: "AA" },
  });
  assert.deepEqual(members({ crls: [], tpmQuoteMsg: [], report: undefined }), head);
  assert.deepEqual(members({ crls: file(0), tpmQuoteMsg: file(1), tpmQuoteSig: [file(2)] }), {
    ...head,
    tee: { crls: ["AA"] },
    vtpm: { quotes: [{ msg: "AQ", sig: "Ag" }] },
  });
});

Deno.test("writeEnvelope() refuses what no envelope has a place for", () => {
  const cases: readonly (readonly [FilesByRole, string])[] = [
    [{ akCertRoots: [file(1)] }, "akCertRoots"],
    [{ labRoots: file(1) }, "labRoots"],
    [{ Report: file(1) }, "Report"],
    [{ report: [file(1), file(2)] }, "report"],
    [{ report: file() }, "tee.report"],
    [{ tpmQuoteMsg: file(1) }, "vtpm.quotes"],
    [{ tpmQuoteSig: [file(1)] }, "vtpm.quotes"],
    [{ tpmQuoteMsg: [file(1), file(2)], tpmQuoteSig: [file(1)] }, "vtpm.quotes"],
    [{ document: file(1), akPub: file(2) }, "vtpm.akPub"],
    [{ document: file(1), tpmQuoteMsg: file(2), tpmQuoteSig: file(2) }, "vtpm.quotes"],
    [{ pcrs: json({ sha256: { "24": "ab".repeat(32) } }) }, "sha256.24"],
    [{ pcrs: json({ sha256: { "0": "AB".repeat(32) } }) }, "sha256.0"],
    [{ pcrs: json({ sha384: { "0": "ab".repeat(32) } }) }, "sha384.0"],
    [{ crls: Array.from({ length: 5 }, () => file(1)) }, "tee.crls"],
  ];
  for (const [files, member] of cases) {
    assert.throws(() => writeEnvelope("a", STATEMENT, files), (error: unknown) => {
      assert.ok(error instanceof InputError, String(error));
      assert.deepEqual([error.code, error.fields["member"]], ["envelope.member", member]);
      return true;
    });
  }
  const raw = { pcrs: new TextEncoder().encode("sha256:\n") };
  assert.throws(() => writeEnvelope("a", STATEMENT, raw), { code: "envelope.member" });
  const large = { report: new Uint8Array(400 * 1024) };
  assert.throws(() => writeEnvelope("a", STATEMENT, large), { code: "input.too_large" });
  assert.throws(() => writeEnvelope("A", STATEMENT, {}), { code: "envelope.member" });
  assert.throws(() => writeEnvelope("a", file(), {}), { code: "envelope.member" });
});

Deno.test("readEnvelope() refuses what is no strict JSON, another version, and what is too large", () => {
  const good = new TextDecoder().decode(writeEnvelope("a", STATEMENT, ALL["sev-snp"] ?? {}));
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  for (
    const bad of [
      ...["", good.slice(1), `${good},`, good.replace('"v":1', '"v":1,"v":1'), `\ufeff${good}`],
      good.replace('"leaf"', '"report":"AQ","leaf"'),
    ]
  ) assertRefused(bytes(bad), "envelope.syntax");
  assertRefused(file(0x22, 0xff, 0x22), "envelope.syntax");
  for (const version of ["2", "0", "-1", "1.5"]) {
    assertRefused(bytes(good.replace('"v":1', `"v":${version}`)), "envelope.version");
    assertRefused(bytes(good.replace('"v":1', `"v":${version},"x":1`)), "envelope.version");
  }
  assertRefused(bytes(" ".repeat(MAX_ENVELOPE_BYTES + 1)), "input.too_large");
  const spaced = bytes(good.replace("{", "{".padEnd(MAX_ENVELOPE_BYTES - good.length + 1)));
  assert.equal(spaced.length, MAX_ENVELOPE_BYTES);
  assert.equal(readEnvelope(spaced).variant, "a");
});

Deno.test("readEnvelope() refuses members that are missing, unknown, empty or of another form", () => {
  const head = { v: 1, variant: "a", statement: "AA" };
  const cases: readonly (readonly [unknown, string])[] = [
    ...[null, 1, "a", []].map((value) => [value, ""] as const),
    ...["v", "variant", "statement"].map((name) => [{ ...head, [name]: undefined }, name] as const),
    [{ ...head, v: "1" }, "v"],
    [{ ...head, v: null }, "v"],
    [{ ...head, variant: "A" }, "variant"],
    [{ ...head, variant: "a/b" }, "variant"],
    ...["", "A", "AA==", "A+", "AB", " AA", 1, ["AA"], {}].map((value) =>
      [{ ...head, statement: value }, "statement"] as const
    ),
    [{ ...head, statement: "A".repeat(24_000) }, "statement"],
    ...["tee", "vtpm", "instance"].flatMap((part) =>
      [{}, [], null, "AA", 1].map((value) => [{ ...head, [part]: value }, part] as const)
    ),
    ...["tee", "vtpm", "instance", "x"].flatMap((part) =>
      [{ x: "AA" }].map((value) =>
        [{ ...head, [part]: value }, part === "x" ? "x" : `${part}.x`] as const
      )
    ),
    [{ ...head, tee: { akPub: "AA" } }, "tee.akPub"],
    [{ ...head, tee: { report: ["AA"] } }, "tee.report"],
    [{ ...head, tee: { report: "" } }, "tee.report"],
    [{ ...head, tee: { crls: "AA" } }, "tee.crls"],
    [{ ...head, tee: { crls: [] } }, "tee.crls"],
    [{ ...head, tee: { crls: ["AA", "AB"] } }, "tee.crls[1]"],
    [{ ...head, vtpm: { akCertRoots: ["AA"] } }, "vtpm.akCertRoots"],
    [{ ...head, vtpm: { quotes: [] } }, "vtpm.quotes"],
    [{ ...head, vtpm: { quotes: [{ msg: "AA" }] } }, "vtpm.quotes[0].sig"],
    [{ ...head, vtpm: { quotes: [{ msg: "AA", sig: "AA", x: 1 }] } }, "vtpm.quotes[0].x"],
    [{ ...head, vtpm: { pcrs: {} } }, "vtpm.pcrs"],
    [{ ...head, vtpm: { pcrs: { sha256: {} } } }, "vtpm.pcrs.sha256"],
    [{ ...head, vtpm: { pcrs: { sha256: { "00": "ab".repeat(32) } } } }, "vtpm.pcrs.sha256.00"],
    [{ ...head, vtpm: { pcrs: { md5: { "0": "ab".repeat(16) } } } }, "vtpm.pcrs.md5"],
    [
      { ...head, tee: { eventLog: "AA" }, vtpm: { eventLog: "AA" } },
      "tee.eventLog",
    ],
    [{ ...head, vtpm: { document: "AA", akCert: "AA" } }, "vtpm.akCert"],
  ];
  for (const [value, member] of cases) assertRefused(json(value), "envelope.member", member);
});
