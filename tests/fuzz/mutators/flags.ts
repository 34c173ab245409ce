/**
 * Command lines of `evidence verify` and `evidence show` with anything in the
 * place of flags and values: never a mistake of the program, never success but
 * for what is right.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { fromHex } from "../../../src/core/bytes.ts";
import { LAB_STATEMENT, labAuthorities, mintVariant } from "../../../src/lab/mod.ts";
import { FILES as OF_PIECES, toArguments } from "../../cli/evidence_files.ts";
import { type FakeFile, runCli } from "../../cli/fake_host.ts";
import { labAuthority, NOW } from "../../lab_authority.ts";
import { editText } from "../../bends/byte_edits.ts";
import type { Dice } from "../../bends/dice.ts";
import { type Kind, kindOf } from "../kind.ts";
import { timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";

/** The nonce that the envelope answers. */
const NONCE = "6e".repeat(32);

const minted = await mintVariant("sev-snp", labAuthorities(NOW, { amd: await labAuthority() }), {
  now: NOW,
  nonce: fromHex(NONCE),
  statement: LAB_STATEMENT,
});

const FILES: Readonly<Record<string, FakeFile>> = {
  ...OF_PIECES,
  "envelope.json": minted.envelope,
  "statement.json": minted.statement,
  "reference.json": JSON.stringify({ version: 1, "sev-snp": minted.reference }),
  "roots.pem": minted.roots,
};

const ENVELOPE_LINE = `evidence verify envelope.json --nonce ${NONCE} --reference reference.json ` +
  "--lab-root roots.pem";

/** Lines that are right. */
const LINES: readonly string[] = [
  "evidence verify snp @files @pin",
  "evidence verify snp @files @pin --engine both",
  "evidence verify snp @files @nonce",
  "evidence verify snp @files --profile crypto-only",
  "evidence verify tdx @td @pins",
  "evidence verify tdx @td @pins -o json",
  ENVELOPE_LINE,
  `${ENVELOPE_LINE} --purpose serve --cluster-id ${LAB_STATEMENT.clusterId}`,
  "evidence show report.bin",
  "evidence show quote.bin -o json",
];

/** Words that stand in the place of others. */
const WORDS: readonly string[] = [
  ...[
    "",
    "-",
    "--",
    "-o",
    "--nonce",
    "--nonce=",
    "--nonce=00",
    "--report-data",
    "--at",
    "--policy",
  ],
  ...[
    "--lab-root",
    "--engine",
    "--profile",
    "--measurement",
    "--help",
    "--version",
    "--no-freshness",
    "--statement",
    "--reference",
    "--variant",
    "--cluster-id",
    "--role",
    "--purpose",
  ],
  ...[
    "json",
    "text",
    "yaml",
    "both",
    "portable",
    "snp",
    "tdx",
    "verify",
    "show",
    "lab",
    "codes",
    "serve",
    "sev-snp",
  ],
  ...["ab", "AB ", "0xab", "ab".repeat(48), "ab".repeat(64), "0".repeat(128), "a".repeat(100_000)],
  ...[
    "2026-11-21",
    "2026-11-21T12:00:00Z",
    "9999-12-31",
    "0000-01-01",
    "10000-01-01",
    "now",
    "1e9",
  ],
  ...["__proto__", "constructor", "\u0000", "\u001b[2J", "\u202e", "\ud800", "*", "@files", "NaN"],
  ...Object.keys(FILES),
];

type Line = readonly string[];

const spliced = (line: Line, dice: Dice, removed: number, ...words: readonly string[]): Line => {
  const copy = [...line];
  copy.splice(dice.below(line.length + 1), removed, ...words);
  return copy;
};

const STEPS: StepTable<Line> = {
  "replace": (line, dice) => spliced(line, dice, 1, dice.pick(WORDS)),
  "insert": (line, dice) => spliced(line, dice, 0, dice.pick(WORDS)),
  "remove": (line, dice) => spliced(line, dice, dice.pick([1, 1, 2])),
  "repeat": (line, dice) => {
    const at = dice.below(line.length);
    return spliced(line, dice, 0, ...line.slice(at, at + 2));
  },
  "edit": (line, dice) => {
    const at = dice.below(line.length);
    return line.map((word, i) => i === at ? editText(word, dice) : word);
  },
};

/** Success is told by exit code 0; with lab evidence the root must have been given. */
function objectionTo(line: Line, out: string): string | null {
  const shows = [
    "--help",
    "-h",
    "--version",
    "-V",
    "help",
    "show",
    "codes",
    "version",
    "completions",
  ];
  if (line.some((word) => shows.includes(word) || word.startsWith("-h"))) return null;
  if (!line.includes("verify")) return null;
  if (!/lab-trusted|genuine|Usage/i.test(out)) return "it succeeds without a verdict";
  return line.some((word) => /lab-root|intel-root/.test(word)) ? null : "no root was given";
}

// deno-lint-ignore no-control-regex -- they are what is looked for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

interface Given {
  readonly line: number;
  readonly steps: readonly Step[];
}

/** Command lines. */
export const flags: Kind = kindOf<Given>({
  id: "flags",
  says: "command lines of `evidence verify` and `evidence show`",
  given: () =>
    Promise.resolve(fc.record({
      line: fc.nat(LINES.length - 1),
      steps: someSteps(STEPS, { "replace": 3, "edit": 3 }),
    })),
  async judge({ line, steps }) {
    const args = await takeSteps(STEPS, toArguments(LINES[line] ?? ""), steps);
    const kept = { "line.json": new TextEncoder().encode(JSON.stringify(args)) };
    return await timed(async () => {
      const { exitCode, out, err } = await runCli(args, { files: FILES });
      assert.ok([0, 2, 3, 4, 6].includes(exitCode), `exit code ${exitCode}: ${err || out}`);
      assert.doesNotMatch(out + err, CONTROLS);
      if (exitCode === 0) assert.equal(objectionTo(args, out), null, out.slice(0, 300));
      return `exit code ${exitCode}`;
    }, kept);
  },
});
