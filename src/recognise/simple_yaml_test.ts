import assert from "node:assert/strict";
import fc from "fast-check";
import { parsePolicyText } from "../policy/parse.ts";
import { parseSimpleYaml } from "./simple_yaml.ts";

/** What the library reads; undefined where it refuses. */
function known(text: string): unknown {
  try {
    return parsePolicyText(new TextEncoder().encode(text), "it");
  } catch {
    return undefined;
  }
}

function read(text: string): unknown {
  try {
    return parseSimpleYaml(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

Deno.test("parseSimpleYaml() reads what policies are written in", () => {
  const text = `# A policy.
version: 1
acceptRoots: [amd, intel]   # makers
allowLab: { value: true, until: 2026-12-31, because: "a test: of \\"it\\"" }
sev-snp:
  measurements:
  - '5f5f'
  - "a # b"
  minimumTcb: {microcode: 21, snp: 8}
  empty: []
sets:
  - name: one
    tdx:
      mrTd: [ab, cd]
  -
    name: two words
last:
`;
  assert.deepEqual(parseSimpleYaml(text), known(text));
});

Deno.test("parseSimpleYaml() refuses what it does not read, and says the line", () => {
  for (
    const [text, line] of [
      ["a: 1\nb: |\n  text", 2],
      ["a: &x 1\nb: *x", 1],
      ["a: 1\na: 2", 2],
      ["a: 12e5", 1],
      ["a: 0x10", 1],
      ["a: True", 1],
      ["a: ~", 1],
      ["a:\n\tb: 1", 2],
      ["a: !!int 1", 1],
      ["a: {b: 1, b: 2}", 1],
      ["a: [1,\n 2]", 1],
      ["a: b: c", 1],
      ["a: b\n  c: d", 2],
      ["- a\nb: c", 2],
      ["a: 1\n---\nb: 2", 2],
    ] as const
  ) {
    assert.throws(() => parseSimpleYaml(text), new RegExp(`^SyntaxError: line ${line}: `), text);
  }
  assert.throws(() => parseSimpleYaml("# nothing\n"), SyntaxError);
  assert.throws(() => parseSimpleYaml(`a: ${"[".repeat(1000)}`), SyntaxError);
});

Deno.test("parseSimpleYaml() never reads what YAML reads in another way", () => {
  const pieces = [
    "a",
    "b",
    "key",
    "- ",
    "-",
    ": ",
    ":",
    "\n",
    "\n  ",
    "\n    ",
    " ",
    "1",
    "007",
    "-3",
    "1.5",
    "1e3",
    "true",
    "True",
    "null",
    "~",
    "no",
    '"',
    "'",
    '"x y"',
    "'it''s'",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "#",
    " # c",
    "\t",
    "*",
    "&a ",
    "!",
    "|",
    ">",
    "%",
    "@",
    "`",
    "?",
    "? ",
    "\\",
    "ü",
    "\u2028",
    "--- ",
    "0x1f",
    "2026-01-02",
    ".",
    "..",
    "+1",
    "=",
    "<<: ",
    "version: 1\n",
    "__proto__",
    "\r\n",
  ];
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((parts) =>
    parts.join("").trimEnd()
  );
  fc.assert(
    fc.property(text, (text) => {
      const ours = read(text);
      if (ours !== undefined && ours !== null) {
        assert.deepEqual(ours, known(text), JSON.stringify(text));
      }
    }),
    { numRuns: 4000 },
  );
});

Deno.test("parseSimpleYaml() reads what the tests' policies and examples are", () => {
  const samples = [
    "version: 1\n",
    "version: 1\nadmitVariants: [azure-sev-snp, gcp-tdx]\n",
    "version: 1\ntdx:\n  tcb:\n    accept: [UpToDate]\n  mrTd:\n    - value: ab\n      known: built\n      from: https://example.org/x\n",
  ];
  for (const text of samples) {
    assert.notEqual(read(text), undefined);
    assert.deepEqual(read(text), known(text));
  }
});
