/**
 * From our codes to those of the contract. Each of our codes stands in a table,
 * so that a new one does not compile before somebody said what it is there.
 *
 * @module
 */

import { type CasemateError, type ErrorFields, InputError, RejectedError } from "../core/errors.ts";
import type { Finding } from "../evidence/finding.ts";
import type { Judged } from "./answer.ts";

/** What a refusal says beside its code. */
export type Detail = ErrorFields;

/**
 * A code of the contract; how it follows from the details; or null where the
 * contract does not ask for what was found open.
 */
export type Word<Code extends string> = Code | ((detail: Detail) => Code) | null;

/** Words by our codes. */
export type Words<Ours extends string, Code extends string> = Readonly<Record<Ours, Word<Code>>>;

/**
 * Codes that any technology can end with. Those of class `input` are met here
 * where evidence holds something else than it says, as a certificate that is none.
 */
export type SharedCode =
  | "input.empty"
  | "input.too_large"
  | "input.encoding"
  | "input.wrong_kind"
  | "input.value"
  | "x509.malformed"
  | "x509.crl_malformed"
  | "x509.count"
  | "freshness.not_checked"
  | "engine.disagreement";

/**
 * Runs a verification and gives its refusal in the contract's words.
 *
 * @param words The table.
 * @param verify The verification.
 * @returns What it gave, or the refusal.
 * @throws what is no refusal: a mistake of the program is no verdict.
 */
export async function refusedOr<Code extends string, T>(
  words: Readonly<Record<string, Word<Code>>>,
  verify: () => Promise<T>,
): Promise<T | Judged<Code>> {
  try {
    return await verify();
  } catch (error) {
    if (!(error instanceof RejectedError || error instanceof InputError)) throw error;
    const code = wordOf(words, error.code, error.fields);
    if (code === null) throw error;
    return { accepted: false, code, says: saysError(error) };
  }
}

/**
 * The first required finding that stands against the evidence, in the contract's words.
 *
 * @param words The table.
 * @param findings What an appraisal found.
 * @returns The rejection; null where nothing does.
 */
export function objection<Code extends string>(
  words: Readonly<Record<string, Word<Code>>>,
  findings: readonly Finding[],
): Judged<Code> | null {
  for (const { kind, required, code: ours, title, actual, expected } of findings) {
    if (!required || ours === null || (kind !== "mismatch" && kind !== "unchecked")) continue;
    const code = wordOf(words, ours, { actual: actual ?? "", expected: expected ?? "" });
    if (code === null) continue;
    const says = `${ours}: ${title}: ${actual ?? "not known"}, expected ${expected ?? "otherwise"}`;
    return { accepted: false, code, says };
  }
  return null;
}

function wordOf<Code extends string>(
  words: Readonly<Record<string, Word<Code>>>,
  ours: string,
  detail: Detail,
): Code | null {
  const word = Object.hasOwn(words, ours) ? words[ours] : undefined;
  if (word === undefined) throw new TypeError(`No word of the contract stands for ${ours}`);
  return typeof word === "function" ? word(detail) : word;
}

function saysError(error: CasemateError): string {
  const fields = Object.entries(error.fields).map(([name, value]) => `${name} ${value}`).join(", ");
  return fields === "" ? error.code : `${error.code}: ${fields}`;
}
