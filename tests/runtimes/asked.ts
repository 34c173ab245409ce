/**
 * What all runtimes are asked, and what the source answers in this process.
 *
 * @module
 */

import { inlineEngine } from "../../mod.ts";
import * as library from "../../mod.ts";
import { readEventLog } from "../../src/evidence/logs/mod.ts";
import { exportAmdAuthority } from "../../src/lab/mod.ts";
import { labAuthority } from "../lab_authority.ts";
import { BOTH_SHARE, FULL, PORTABLE_SHARE, SHARE } from "./amount.ts";
import { answer, type Asked, labelsOf, type Minting } from "./answer.ts";
import { makeCases } from "./cases.ts";
import { corpusLogs } from "./corpus_cases.ts";
import { envelopeCases } from "./envelope_cases.ts";
import type { RuntimeCase } from "./suite.ts";

/** Questions with the answers that every runtime must give. */
export interface Question {
  /** What is asked. */
  readonly asked: Asked;
  /** JSON text of each answer. */
  readonly answers: readonly string[];
  /** Name of each question. */
  readonly labels: readonly string[];
  /** The same after one case more, which is not the one that its name says: whoever compares the answers must find it. */
  readonly withOdd: Asked;
  /** Answer that the odd one should have if it were what it is called, and its name. */
  readonly odd: { readonly text: string; readonly label: string };
}

let question: Promise<Question> | undefined;

/** The question, made once for all tests of a process. */
export function theQuestion(): Promise<Question> {
  question ??= makeQuestion();
  return question;
}

async function makeQuestion(): Promise<Question> {
  const cases = withEngines([...await makeCases(SHARE), ...await envelopeCases(FULL)]);
  const asked = { cases, logs: corpusLogs() };
  const answers = await answer({ library, engine: inlineEngine, readEventLog }, asked);
  const labels = labelsOf(asked);
  const trusted = answers.findIndex((text) => text.includes('"verdict":"lab-trusted"'));
  const [right, text, label] = [cases[trusted], answers[trusted], labels[trusted]];
  if (right === undefined || text === undefined || label === undefined) {
    throw new Error("Nothing is trusted");
  }
  const odd: RuntimeCase = { ...right, nonce: btoa("another nonce") };
  return {
    asked,
    answers,
    labels,
    withOdd: { ...asked, cases: [odd, ...cases] },
    odd: { text, label },
  };
}

/**
 * Cases in WASM; some with the portable engine too, which is slower, and a few
 * with both. `task test:engines` puts every question to both.
 */
function withEngines(cases: readonly RuntimeCase[]): readonly RuntimeCase[] {
  return cases.flatMap((one, i) => [
    one,
    ...(i % PORTABLE_SHARE === 0 ? [{ ...one, engine: "portable" as const }] : []),
    ...(i % BOTH_SHARE === 0 ? [{ ...one, engine: "both" as const }] : []),
  ]);
}

/** What runtimes mint with: in full they make keys themselves. */
export async function theMinting(): Promise<Minting> {
  return { amd: FULL ? null : await exportAmdAuthority(await labAuthority()) };
}
