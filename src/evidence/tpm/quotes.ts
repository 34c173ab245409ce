/**
 * Several quotes of one TPM, each over other banks, as one.
 *
 * @module
 */

import { RejectedError } from "../../core/errors.ts";
import type { Quote, TpmEvidence, VerifiedQuote } from "./report.ts";

/** What does not change between quotes that are asked for in one go, by its name in the specification. */
const COMMON: readonly (readonly [name: string, of: (quote: Quote) => string])[] = [
  ["qualifiedSigner", ({ qualifiedSigner }) => qualifiedSigner],
  ["extraData", ({ qualifyingData }) => qualifyingData],
  ["resetCount", ({ clock }) => String(clock.resetCount)],
  ["restartCount", ({ clock }) => String(clock.restartCount)],
  ["firmwareVersion", ({ firmwareVersion }) => firmwareVersion],
];

/** What quotes come to together. */
type United = Omit<TpmEvidence, "hierarchy" | "log">;

/**
 * Verified quotes of one key as one: their registers united.
 *
 * Quotes of two boots, or for two questions, would make up a state that never
 * was; a bank that is quoted twice would leave open which value counts.
 *
 * @param first The first, with the key's certificate.
 * @param further The others.
 * @throws {RejectedError} `tpm.quotes_differ`, `tpm.bank_repeated`
 */
export function uniteQuotes(first: VerifiedQuote, further: readonly VerifiedQuote[]): United {
  for (const { quote } of further) refuseOther(first.quote, quote);
  const all = [first, ...further];
  refuseRepeated(all.flatMap(({ quote }) => quote.selections.map(({ bank }) => bank)));
  const registers = all.flatMap((one) => one.registers);
  const quoted = new Set(registers.map(({ bank, register }) => `${bank}:${register}`));
  return {
    ...first,
    registers,
    notQuoted: first.notQuoted.filter(({ bank, register }) => !quoted.has(`${bank}:${register}`)),
    furtherQuotes: further.map(({ quote }) => quote),
  };
}

function refuseOther(first: Quote, other: Quote): void {
  const differing = COMMON.find(([, of]) => of(first) !== of(other));
  if (differing === undefined) return;
  const [field, of] = differing;
  const fields = { field, expected: of(first), actual: of(other) };
  throw new RejectedError(
    `Cannot take the quotes together: ${field} is ${fields.actual}, in the first ${fields.expected}`,
    { code: "tpm.quotes_differ", fields },
  );
}

function refuseRepeated(banks: readonly string[]): void {
  const bank = banks.find((one, i) => banks.indexOf(one) < i);
  if (bank === undefined) return;
  throw new RejectedError(`Cannot take the quotes together: two are over the bank ${bank}`, {
    code: "tpm.bank_repeated",
    fields: { bank },
  });
}
