/**
 * Real quotes of TPMs as files, where they are.
 *
 * @module
 */

import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { corpusOf, noCorpus } from "../corpus.ts";
import { googleQuote } from "./known_mistakes/real.ts";

/** A quote. */
export interface RealQuote {
  /** The files. */
  readonly files: FilesByRole;
  /** Moment at which its certificates are in force. */
  readonly now: Date;
}

/** Any moment will do where nothing has a validity period. */
const ANY_TIME = new Date("2026-01-01T00:00:00Z");

/** Roles by the corpus's names for them. */
const ROLES = {
  tpmQuoteMsg: "tpm_quote_msg",
  tpmQuoteSig: "tpm_quote_sig",
  akPub: "ak_pub",
  pcrs: "pcrs",
} as const;

/** Quotes that are right: of Google, and of cases that bring all four files. */
export function realQuotes(): readonly RealQuote[] {
  if (noCorpus) return [];
  const google = (["sha1", "sha256", "sha384"] as const).map(googleQuote);
  const others = corpusOf(({ input, expected }) =>
    expected.verdict === "valid" &&
    Object.values(ROLES).every((role) => input.files[role] !== undefined)
  );
  return [
    ...google,
    ...[...others.values()].map(({ input: { files } }): RealQuote => ({
      files: Object.fromEntries(Object.entries(ROLES).map(([own, role]) => [own, files[role]])),
      now: ANY_TIME,
    })),
  ];
}
