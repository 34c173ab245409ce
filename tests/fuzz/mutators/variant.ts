/**
 * Whole evidence of variants: files changed, cut, exchanged for those of other
 * cases, or given in another's place; another statement, another question.
 *
 * @module
 */

import fc from "fast-check";
import type { Request } from "../../../mod.ts";
import { concat, equal } from "../../../src/core/bytes.ts";
import type { AnyTechnology, FilesByRole } from "../../../src/evidence/evidence.ts";
import { technologies } from "../../../src/evidence/registry.ts";
import type { Dice } from "../../bends/dice.ts";
import { questionOf } from "../../contracts/question.ts";
import { readVectors, type Vector } from "../../vectors.ts";
import { type Kind, kindOf, type NamedFiles } from "../kind.ts";
import { examineTrial } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { jsonSteps } from "./json_steps.ts";

/** Technologies that have kinds of their own. */
const ALONE: readonly string[] = ["sev-snp", "tdx", "tpm"];

/** Accepted evidence, with all that is known of its technology. */
interface Base {
  readonly technology: AnyTechnology;
  readonly vector: Vector;
  /** Other cases of the same technology, right and wrong. */
  readonly others: readonly Vector[];
}

let loaded: Promise<readonly Base[]> | undefined;

async function loadBases(): Promise<readonly Base[]> {
  const listed: readonly AnyTechnology[] = technologies.filter(({ id }) => !ALONE.includes(id));
  const all = await Promise.all(listed.map(async (technology) => {
    const others = await readVectors(technology.id);
    return others.filter(({ code }) => code === null).map((vector) => ({
      technology,
      vector,
      others,
    }));
  }));
  return all.flat();
}

/** A question on its way. */
interface Bent {
  readonly base: Base;
  readonly files: FilesByRole;
  readonly statement: Uint8Array | undefined;
  readonly nonce: Uint8Array;
}

const listOf = (file: FilesByRole[string]): readonly Uint8Array[] =>
  file === undefined ? [] : file instanceof Uint8Array ? [file] : file;

/** One of several files in place of another. */
function put(bent: Bent, role: string, at: number, file: Uint8Array): Bent {
  const old = bent.files[role];
  const given = Array.isArray(old) ? old.with(at, file) : file;
  return { ...bent, files: { ...bent.files, [role]: given } };
}

async function editFile(
  bent: Bent,
  dice: Dice,
  edit: (file: Uint8Array, dice: Dice) => Uint8Array | Promise<Uint8Array>,
): Promise<Bent> {
  const role = dice.pick(Object.keys(bent.files));
  const all = listOf(bent.files[role]);
  const at = dice.below(all.length);
  return put(bent, role, at, await edit(all[at] ?? new Uint8Array(), dice));
}

const STATEMENT_STEPS = jsonSteps({ raws: ['"serve"', '"member"', '"tdx"'], names: ["purpose"] });

const STEPS: StepTable<Bent> = {
  "bytes": (bent, dice) => editFile(bent, dice, anyByteStep),
  "bit": (bent, dice) =>
    editFile(bent, dice, (file) => {
      const at = dice.below(file.length);
      return file.map((byte, i) => i === at ? byte ^ 1 << dice.below(8) : byte);
    }),
  "exchange": (bent, dice) => {
    const other = dice.pick(bent.base.others);
    const role = dice.pick(Object.keys(bent.files));
    return { ...bent, files: { ...bent.files, [role]: other.files[role] } };
  },
  "exchange most": (bent, dice) => {
    const other = dice.pick(bent.base.others);
    const role = dice.pick(Object.keys(bent.files));
    return { ...bent, files: { ...other.files, [role]: bent.files[role] } };
  },
  "other role": (bent, dice) => {
    const [one, other] = [dice.pick(Object.keys(bent.files)), dice.pick(Object.keys(bent.files))];
    return { ...bent, files: { ...bent.files, [one]: bent.files[other] } };
  },
  "without": (bent, dice) => {
    const gone = dice.pick(Object.keys(bent.files));
    const left = Object.entries(bent.files).filter(([role]) => role !== gone);
    return { ...bent, files: Object.fromEntries(left) };
  },
  "several": (bent, dice) => {
    const role = dice.pick(Object.keys(bent.files));
    const all = listOf(bent.files[role]);
    return { ...bent, files: { ...bent.files, [role]: [...all, ...all] } };
  },
  "statement": async (bent, dice) => {
    const step = STATEMENT_STEPS[dice.pick(["canonical tree", "canonical tree", "bytes"])];
    if (bent.statement === undefined) throw new RangeError("There is no statement");
    return { ...bent, statement: await step?.(bent.statement, dice) };
  },
  "no statement": (bent) => ({ ...bent, statement: undefined }),
  "other statement": (bent, dice) => ({
    ...bent,
    statement: dice.pick(bent.base.others).statement,
  }),
  "nonce": (bent, dice) => ({ ...bent, nonce: dice.bytes(bent.nonce.length) }),
};

/** Files of which every byte is signed, or hashed into what is; all else may be written in several ways, or is optional. */
const BOUND: readonly string[] = [
  ...["report", "hclReport", "runtimeData", "tpmQuoteMsg", "document", "identityDocument"],
];

const sameFiles = (one: FilesByRole[string], other: FilesByRole[string]): boolean => {
  const [own, given] = [listOf(one), listOf(other)];
  return own.length === given.length && own.every((file, i) => equal(file, given[i] ?? file));
};

/**
 * Where an HCL report has the TD's own, which only its own platform can tell
 * from a forged one: nothing in it counts but what the quote repeats, unless the
 * TPM's quote names the HCL report as a whole, as it does with a statement.
 */
const TD_REPORT = { role: "hclReport", at: 32, end: 32 + 1024 } as const;

function withoutTd(file: FilesByRole[string]): readonly Uint8Array[] {
  const { at, end } = TD_REPORT;
  return listOf(file).map((one) => concat(one.subarray(0, at), one.subarray(end)));
}

/** What must not be accepted of a question that was bent. */
function objectionTo({ base: { vector }, files, statement, nonce }: Bent): string | null {
  if (!equal(nonce, vector.nonce)) return "it answers another nonce";
  if (!sameFiles(statement, vector.statement)) return "it is bound to another statement";
  const changed = BOUND.find((role) => {
    const [given, own] = [files[role], vector.files[role]];
    if (given === undefined) return false;
    const withoutTdReport = role === TD_REPORT.role && statement === undefined;
    return withoutTdReport ? !sameFiles(withoutTd(given), withoutTd(own)) : !sameFiles(given, own);
  });
  return changed === undefined ? null : `${changed} is another`;
}

function named({ files, statement }: Bent): NamedFiles {
  const all = Object.entries(files).flatMap(([role, file]) =>
    listOf(file).map((one, i) => [`${role}-${i}`, one] as const)
  );
  return Object.fromEntries(statement === undefined ? all : [...all, ["statement", statement]]);
}

interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

/** Evidence of variants. */
export const variant: Kind = kindOf<Given>({
  id: "variant",
  says: "evidence of variants, bent and put together anew",
  given: async () => {
    const known = await (loaded ??= loadBases());
    return fc.record({
      base: fc.nat(known.length - 1),
      steps: someSteps(STEPS, { "bytes": 4, "bit": 6, "exchange": 4 }),
    });
  },
  async judge({ base: number, steps }) {
    const base = (await (loaded ??= loadBases()))[number];
    if (base === undefined) throw new RangeError("There are no vectors");
    const { technology, vector } = base;
    const { files, nonce, statement } = vector;
    const bent = await takeSteps<Bent>(STEPS, { base, files, nonce, statement }, steps);
    const asked: Vector = {
      ...vector,
      files: bent.files,
      nonce: bent.nonce,
      statement: bent.statement,
    };
    const request: Request = questionOf(technology, asked);
    return await examineTrial({
      request,
      objection: () => objectionTo(bent),
      files: named(bent),
    });
  },
});
