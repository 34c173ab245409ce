import assert from "node:assert/strict";
import { OF_JOINER, OF_MEMBER, OF_NEWCOMER } from "../../../tests/statements.ts";
import { RejectedError } from "../../core/errors.ts";
import { MAX_STATEMENT_BYTES, readStatement, writeStatement } from "./read.ts";
import type { Statement } from "./statement.ts";

const ALL: readonly Statement[] = [OF_MEMBER, OF_JOINER, OF_NEWCOMER];

function assertRefused(text: string | Uint8Array, code: string, fields?: object): void {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  assert.throws(() => readStatement(bytes), (error: unknown) => {
    assert.ok(error instanceof RejectedError, String(error));
    assert.equal(error.code, code, error.message);
    assert.deepEqual({ ...error.fields, ...fields }, error.fields);
    return true;
  });
}

/** Text of a statement with some members changed; undefined leaves one out. */
function textOf(change: object, statement: Statement = OF_MEMBER): string {
  const entries = Object.entries({ ...statement, ...change });
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : 1)));
}

Deno.test("readStatement() gives what writeStatement() wrote", () => {
  for (const statement of ALL) {
    assert.deepEqual(readStatement(writeStatement(statement)), statement);
    assert.equal(new TextDecoder().decode(writeStatement(statement)), textOf({}, statement));
  }
});

Deno.test("readStatement() refuses what is no strict JSON in UTF-8", () => {
  const text = textOf({});
  for (
    const bad of [
      ...["", "null,", text.slice(0, -1), `${text}{}`, `\ufeff${text}`, "[".repeat(16_000)],
      ...[text.replace('"v":1', '"v":1,"v":1'), text.replace('"v":1', '"v":1,"\\u0076":1')],
      ...[text.replace('"v":1', '"v":9007199254740993')],
    ]
  ) assertRefused(bad, "statement.encoding");
  assertRefused(Uint8Array.of(0x22, 0xff, 0x22), "statement.encoding");
  assertRefused(" ".repeat(MAX_STATEMENT_BYTES + 1), "statement.encoding", {
    actual: "16385 bytes",
  });
});

Deno.test("readStatement() refuses each member that is missing", () => {
  for (const member of Object.keys(OF_MEMBER)) {
    assertRefused(textOf({ [member]: undefined }), "statement.member", { member });
  }
});

Deno.test("readStatement() refuses each member that is null, unknown or of another form", () => {
  const refused: Readonly<Record<keyof Statement, readonly unknown[]>> = {
    v: [0, 2, "1", true],
    purpose: ["", "Serve", "attest", 1],
    variant: ["", "-a", ".a", "A", "a/b", "a_b", "ä", "a".repeat(64), "a\n", ["a"]],
    audience: ["", "batch ", "BATCH", "a1".repeat(31), "A1".repeat(32), "a1".repeat(33)],
    requestDigest: ["0", "a1".repeat(31), "a1".repeat(48), "A1".repeat(32)],
    clusterId: ["0", "c2".repeat(31), "C2".repeat(32), "g2".repeat(32)],
    manifestDigest: ["0", "d3".repeat(31), "D3".repeat(32)],
    manifestSequence: [-1, 1.5, "7", 9007199254740992, [7]],
    role: ["-a", "A", "a".repeat(64), "a b", 1],
    nodeName: [".a", "A", "a".repeat(64), "a\u0000", 1],
    bootId: ["", "b4".repeat(15), "b4".repeat(17), "B4".repeat(16)],
    tlsSpki: ["", "3", "30A0", "30".repeat(1025), "0x30"],
    hpkeKey: ["", "f6".repeat(31), "F6".repeat(32)],
    phase: ["", "Member", "one", 3],
    logHead: ["0", "07".repeat(31), "0A".repeat(32)],
  };
  for (const [member, values] of Object.entries(refused)) {
    for (const value of [...values, null, {}]) {
      const code = value === 9007199254740992 ? "statement.encoding" : "statement.member";
      assertRefused(textOf({ [member]: value }), code, code.endsWith("member") ? { member } : {});
    }
  }
  for (const member of ["Purpose", "x", "__proto__", "constructor"]) {
    const text = textOf({}).replace("{", `{${JSON.stringify(member)}:1,`);
    assertRefused(text, "statement.member", { member });
  }
  for (const text of ["null", "1", '"a"', "[]", "{}"]) assertRefused(text, "statement.member");
});

Deno.test("readStatement() takes the longest and the shortest of each form", () => {
  const wide = {
    ...OF_MEMBER,
    variant: "a".repeat(63),
    role: "0",
    nodeName: `${"a".repeat(62)}-`,
    manifestSequence: Number.MAX_SAFE_INTEGER,
    tlsSpki: "00".repeat(1024),
    audience: "batch",
  };
  assert.deepEqual(readStatement(writeStatement(wide)), wide);
  const narrow = { ...OF_MEMBER, tlsSpki: "30", logHead: "", manifestSequence: 1 };
  assert.deepEqual(readStatement(writeStatement(narrow)), narrow);
});

Deno.test("readStatement() refuses every second form of the same statement", () => {
  const text = textOf({});
  const backwards = JSON.stringify(
    Object.fromEntries(Object.entries(OF_MEMBER).sort(([a], [b]) => a < b ? 1 : -1)),
  );
  for (
    const second of [
      ...[`${text}\n`, ` ${text}`, text.replace(",", ", "), text.replace(":", ": "), backwards],
      ...[
        text.replace(":7,", ":7.0,"),
        text.replace(":7,", ":7e0,"),
        text.replace(":7,", ":70e-1,"),
      ],
      ...[text.replace('"serve"', '"\\u0073erve"'), text.replace('"role"', '"\\u0072ole"')],
    ]
  ) {
    assert.notEqual(second, text);
    assertRefused(second, "statement.not_canonical");
  }
  assertRefused(textOf({ ...OF_NEWCOMER }).replace(":0,", ":-0,"), "statement.not_canonical");
});

Deno.test("readStatement() refuses members that contradict each other", () => {
  const digest = "99".repeat(32);
  const cases: readonly (readonly [Statement, object])[] = [
    [OF_NEWCOMER, { clusterId: digest }],
    [OF_JOINER, { clusterId: "" }],
    [OF_MEMBER, { clusterId: "" }],
    [OF_MEMBER, { role: "" }],
    [OF_MEMBER, { nodeName: "" }],
    [OF_MEMBER, { manifestDigest: "" }],
    [OF_MEMBER, { manifestSequence: 0 }],
    [OF_JOINER, { role: "worker" }],
    [OF_JOINER, { nodeName: "a" }],
    [OF_JOINER, { manifestSequence: 1 }],
    [OF_MEMBER, { requestDigest: digest }],
    [OF_JOINER, { audience: "batch" }],
  ];
  for (const [statement, change] of cases) {
    assertRefused(textOf(change, statement), "statement.inconsistent");
    assert.throws(() => writeStatement({ ...statement, ...change }), RangeError);
  }
});

Deno.test("writeStatement() refuses what no reader takes", () => {
  for (
    const change of [
      ...[{ v: 2 }, { tlsSpki: "" }, { role: "A" }, { manifestSequence: 1.5 }, { extra: 1 }],
      ...[{ purpose: undefined }, { hpkeKey: null }, { audience: "\ud800" }],
    ]
  ) {
    // Callers in plain JavaScript may give anything.
    const bad = { ...OF_MEMBER, ...change } as unknown as Statement;
    assert.throws(() => writeStatement(bad), RangeError, JSON.stringify(change));
  }
});
