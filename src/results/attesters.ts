/**
 * Who attests in a piece of evidence: the processor, a TPM beside it, the event
 * log. Each has an appraisal of its own in a token, under the names that
 * consumers of Trustee's tokens look for.
 *
 * @module
 */

import type { Finding } from "../evidence/finding.ts";
import type { Result } from "./result.ts";

/** Labels of attesters, the one first that speaks for the whole node. */
export type AttesterLabel = "cpu0" | "vtpm0" | "enclave0" | "log0";

/** First parts of the ids of findings, and the attester that they are about; the others are about all of them. */
const OF_PREFIX: Readonly<Record<string, AttesterLabel>> = {
  snp: "cpu0",
  tdx: "cpu0",
  tpm: "vtpm0",
  hcl: "vtpm0",
  nitro: "vtpm0",
  logs: "log0",
};

/** Evidence that has the form of another's: documents of NitroTPMs and of enclaves are made alike. */
const INSTEAD: Readonly<Record<string, Readonly<Record<string, AttesterLabel>>>> = {
  "nitro-enclave": { nitro: "enclave0" },
};

const ORDER: readonly AttesterLabel[] = ["cpu0", "enclave0", "vtpm0", "log0"];

/** An attester and what was found about it. */
export interface Attester {
  /** Its label. */
  readonly label: AttesterLabel;
  /** Whether it is the one that speaks for the whole node. */
  readonly main: boolean;
  /** What was found about it. */
  readonly own: readonly Finding[];
  /** That, and what was found about all; for the main one everything. */
  readonly all: readonly Finding[];
}

/**
 * The attesters of a result, at least one.
 *
 * @param result What a verification said.
 */
export function attestersOf(
  { variant, findings }: Pick<Result, "variant" | "findings">,
): readonly Attester[] {
  const labelOf = (finding: Finding): AttesterLabel | undefined => {
    const [prefix = ""] = finding.id.split(".");
    return INSTEAD[variant]?.[prefix] ?? OF_PREFIX[prefix];
  };
  const present = ORDER.filter((label) => isPresent(findings.filter((f) => labelOf(f) === label)));
  // Of evidence that was refused at once nobody was examined: it is about whoever it claims to be.
  const known = ORDER.filter((label) => findings.some((finding) => labelOf(finding) === label));
  const labels = present.length > 0 ? present : known.slice(0, 1);
  return (labels.length > 0 ? labels : ORDER.slice(0, 1)).map((label, at) => {
    const own = findings.filter((finding) => labelOf(finding) === label);
    const shared = findings.filter((finding) => labelOf(finding) === undefined);
    const main = at === 0;
    return { label, main, own, all: main ? findings : [...own, ...shared] };
  });
}

/** A log that was not given has nothing but checks that were not done. */
function isPresent(own: readonly Finding[]): boolean {
  return own.some(({ kind }) => kind === "match" || kind === "mismatch");
}
