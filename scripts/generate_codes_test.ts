import { deepEqual, equal, match, throws } from "node:assert/strict";
import { renderPage, renderRust, renderTypeScript } from "./codes/render.ts";
import { type CodeTable, readTable, refuseShared } from "./codes/table.ts";
import { formatTypeScript } from "./format.ts";
import { firstDifference } from "./generated.ts";

const ENTRY = { class: "rejected", check: "snp.chain", says: "It is wrong", remedy: "Mend it" };

/** A table of `src/evidence/snp` with entries that differ from a good one. */
function table(entries: Readonly<Record<string, Readonly<Record<string, unknown>>>>): CodeTable {
  const whole = Object.entries(entries).map(([code, entry]) => [code, { ...ENTRY, ...entry }]);
  return readTable("src/evidence/snp", JSON.stringify(Object.fromEntries(whole)));
}

Deno.test("readTable() keeps the order and the entries", () => {
  const { entries } = table({ "snp.b_c": {}, "snp.a": { check: null } });

  deepEqual([...entries.keys()], ["snp.b_c", "snp.a"]);
  equal(entries.get("snp.a")?.check, null);
});

Deno.test("readTable() refuses what is not as it should be", () => {
  const bent: readonly (readonly [RegExp, () => unknown])[] = [
    [/prefix must be snp/, () => table({ "tdx.a": {} })],
    [/not of the form/, () => table({ "snp.A": {} })],
    [/not of the form/, () => table({ "snp": {} })],
    [/unknown class/, () => table({ "snp.a": { class: "fatal" } })],
    [/unknown class/, () => table({ "snp.a": { class: "toString" } })],
    [/`check` must be null/, () => table({ "snp.a": { check: "Chain" } })],
    [/unknown key/, () => table({ "snp.a": { hint: "x" } })],
    [/without a full stop/, () => table({ "snp.a": { says: "It is wrong." } })],
    [/without a full stop/, () => table({ "snp.a": { remedy: "a\nb" } })],
    [/without blanks/, () => table({ "snp.a": { remedy: "" } })],
    [/defined twice/, () => readTable("src/core", `{"input.a": {}, "input.a": {}}`)],
    [/prefix must be input, policy/, () => readTable("src/core", `{"snp.a": {}}`)],
    [/not an object/, () => readTable("src/core", "[]")],
    [/not an object/, () => readTable("src/core", `{"input.a": 1}`)],
  ];
  for (const [message, act] of bent) throws(act, message);
});

Deno.test("refuseShared() refuses a code that two folders define", () => {
  const one = table({ "snp.a": {} });

  throws(() => refuseShared([one, { ...one, folder: "src/core" }]), /snp\.a: defined in/);
});

Deno.test("renderRust() has what is rejected and input, and nothing else", () => {
  const rust = renderRust(table({
    "snp.a_b": {},
    "snp.c": { class: "unavailable" },
    "snp.d": { class: "platform-only" },
    "snp.e": { class: "input" },
  }));

  match(rust, / {4}\/\/\/ `snp\.a_b`: It is wrong\.\n {4}AB,\n\}/);
  match(rust, /Self::AB => "snp\.a_b",\n {8}\}/);
});

Deno.test("renderRust() names the codes of the core whole", () => {
  const input = { ...ENTRY, class: "input", check: null };
  const core = readTable("src/core", JSON.stringify({ "input.too_large": input }));

  match(renderRust(core), /Self::InputTooLarge => "input\.too_large"/);
});

Deno.test("renderTypeScript() is formatted TypeScript with the path to the core", async () => {
  const text = await formatTypeScript(renderTypeScript(table({ "snp.a": {}, "snp.b": {} })));

  match(text, /from "\.\.\/\.\.\/core\/code_entry\.ts";/);
  match(text, /export type SnpCode =\s+\| "snp\.a"\s+\| "snp\.b";/);
  match(text, /SNP_CODES: Readonly<Record<SnpCode, CodeEntry>> = \{/);
});

Deno.test("renderPage() shows the exit code and escapes the bars of the table", () => {
  const page = renderPage([table({ "snp.a": { says: "a | b", class: "unavailable" } })]);

  match(page, /\| `snp\.a` \| 4 \| a \\\| b \| Mend it \|/);
});

Deno.test("firstDifference() names the line", () => {
  equal(firstDifference("a\nb", "a\nc"), `line 2 is "b", should be "c"`);
  equal(firstDifference("a\nb", "a"), `line 2 is "b", should be "absent"`);
  equal(firstDifference("", "a"), "missing or empty");
});
