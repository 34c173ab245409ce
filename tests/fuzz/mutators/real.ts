/**
 * Real evidence, where it is there, with one of its files bent as bytes and text:
 * nobody can sign it again, so all that has a meaning must be refused.
 *
 * @module
 */

import fc from "fast-check";
import type { Request } from "../../../mod.ts";
import type { Entry } from "../../../scripts/corpus/manifest.ts";
import { equal, toHex } from "../../../src/core/bytes.ts";
import type { FilesByRole } from "../../../src/evidence/evidence.ts";
import type { TechnologyId } from "../../../src/evidence/registry.ts";
import { corpus as snpCorpus, realCase as realSnp } from "../../snp/corpus.ts";
import { corpus as tdxCorpus, realCase as realTdx } from "../../tdx/corpus.ts";
import { placesOf } from "../../tdx/bytes_of.ts";
import { meansTheSame } from "../../tdx/meaning.ts";
import { type Kind, kindOf } from "../kind.ts";
import { examineTrial } from "../properties.ts";
import { someSteps, type Step, takeSteps } from "../steps.ts";
import { BYTE_STEPS } from "./bytes.ts";
import { plainItems } from "./x509_papers.ts";

/** A case. */
interface Real {
  readonly variant: TechnologyId;
  readonly files: FilesByRole;
  readonly now: Date;
}

/** Cases that are right and have a time, in the order of their names. */
function realCases(): readonly Real[] {
  const of = (variant: TechnologyId, names: Iterable<string>): readonly Real[] =>
    [...names].sort().map((name) => {
      const { files, now } = variant === "tdx" ? realTdx(name) : realSnp(name);
      return { variant, files: { ...files }, now };
    });
  // A bend may undo what is wrong with a case.
  const right = (corpus: ReadonlyMap<string, Entry>): readonly string[] =>
    [...corpus].filter(([, { input, expected }]) =>
      expected.verdict === "valid" && input.verifyAt !== null
    ).map(([name]) => name);
  return [...of("sev-snp", right(snpCorpus)), ...of("tdx", right(tdxCorpus))];
}

/** Whether a file in place of a case's own means the same. */
function isSame({ variant, files }: Real, role: string, other: Uint8Array): boolean {
  const own = files[role];
  if (!(own instanceof Uint8Array)) return false;
  if (equal(own, other)) return true;
  if (variant === "sev-snp") {
    return role !== "report" && toHex(plainItems(own)) === toHex(plainItems(other));
  }
  const asVector = { name: "", files, policy: {}, labRoots: [], nonce: own, now: new Date(0) };
  // With signatures alone, what follows a quote is told and not judged.
  const whole = role === "quote" ? other.subarray(0, placesOf(own).end) : other;
  return meansTheSame({ ...asVector, verdict: "trusted", code: null }, role, whole);
}

interface Given {
  readonly real: number;
  readonly role: number;
  readonly steps: readonly Step[];
}

const cases = realCases();

/** Real evidence; without it the kind has nothing to run over, and is not among the others. */
export const real: readonly Kind[] = cases.length === 0 ? [] : [kindOf<Given>({
  id: "real",
  says: "real evidence, bent",
  given: () =>
    Promise.resolve(fc.record({
      real: fc.nat(cases.length - 1),
      role: fc.nat(9),
      steps: someSteps(BYTE_STEPS, { "bytes": 6, "text": 2 }),
    })),
  async judge({ real, role, steps }) {
    const one = cases[real] ?? cases[0];
    if (one === undefined) throw new RangeError("There is no real evidence");
    const given = Object.entries(one.files).filter(([, file]) => file instanceof Uint8Array);
    const [name, own] = given[role % given.length] ?? ["", undefined];
    if (!(own instanceof Uint8Array)) throw new RangeError("A case has no file");
    const bent = await takeSteps(BYTE_STEPS, own, steps);
    const { variant, now } = one;
    const request: unknown = {
      variant,
      evidence: { ...one.files, [name]: bent },
      now,
      profile: "crypto-only",
    };
    return await examineTrial({
      // Roles are the technology's own.
      request: request as Request,
      objection: () => isSame(one, name, bent) ? null : `${name} differs`,
      files: { [name]: bent },
    });
  },
})];
