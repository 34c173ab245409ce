/**
 * Reports and quotes that are not of one machine, or not of one moment.
 *
 * @module
 */

import {
  type GcpSnpAuthorities,
  generateLabKey,
  type MintedGcpSnp,
  mintGcpSevSnp,
  type MintGcpSnpOptions,
} from "../../../src/lab/mod.ts";
import { joining } from "../azure/question.ts";
import type { MintedCase } from "../source.ts";

/** Evidence with one thing wrong. */
export interface BentSnp extends Pick<MintedCase, "name" | "says" | "code" | "absent"> {
  /** The evidence. */
  readonly evidence: MintedGcpSnp;
  /** Roles of the files that the bend is in, and `statement`. */
  readonly files: readonly string[];
}

const REPORT = ["report", "leaf"] as const;
const QUOTE = ["tpmQuoteMsg", "tpmQuoteSig"] as const;
const KEY = ["akPub", "akCert"] as const;

/**
 * What is crossed.
 *
 * @param from Who issues.
 * @param minted The evidence that is right.
 * @param options What that was minted by.
 */
export async function crossed(
  from: GcpSnpAuthorities,
  minted: MintedGcpSnp,
  options: MintGcpSnpOptions,
): Promise<readonly BentSnp[]> {
  const keys = minted.vtpm.quotes[0].keys;
  const { leafKey } = minted.snp;
  const again = (other: Partial<MintGcpSnpOptions>): Promise<MintedGcpSnp> =>
    mintGcpSevSnp(from, {
      ...options,
      ...other,
      tpm: { keys, ...options.tpm, ...other.tpm },
      snp: { ...options.snp, leafKey, ...other.snp },
    });
  // Another VM of the same project, genuine in each part.
  const other = await mintGcpSevSnp(from, {
    ...options,
    snp: { hwid: crypto.getRandomValues(new Uint8Array(64)) },
  });
  return [...ofTwo(other), ...await ofOne(again, other), await ofSoftware(again, keys)];
}

function ofTwo(other: MintedGcpSnp): readonly BentSnp[] {
  return [
    {
      name: "bent-report-of-another",
      says: "The report is of another VM, for the same question",
      code: "snp.report_data_mismatch",
      evidence: other,
      files: REPORT,
    },
    {
      name: "bent-quote-of-another",
      says: "Quote and key are of another VM, for the same question",
      code: "snp.report_data_mismatch",
      evidence: other,
      files: [...QUOTE, ...KEY],
    },
  ];
}

type Again = (other: Partial<MintGcpSnpOptions>) => Promise<MintedGcpSnp>;

async function ofOne(again: Again, other: MintedGcpSnp): Promise<readonly BentSnp[]> {
  return [
    {
      name: "bent-quote-beside-another",
      says: "The VM's own quote was made beside another report",
      code: "tpm.qualifying_data_mismatch",
      evidence: await again({ reportInQuote: other.snp.report }),
      files: QUOTE,
    },
    {
      name: "bent-report-without-key",
      says: "The report is bound to the statement, and to no key",
      code: "snp.report_data_mismatch",
      evidence: await again({ akNameInReport: new Uint8Array() }),
      files: ["report", ...QUOTE],
    },
    {
      name: "bent-variant",
      says: "The statement speaks of a variant that proves less",
      code: "statement.variant_mismatch",
      evidence: await again({ statement: joining("gcp-sev-es") }),
      files: ["report", ...QUOTE, "statement"],
    },
    {
      name: "bent-phase",
      says: "PCR 15 has not come as far as the statement says",
      code: "statement.phase_mismatch",
      evidence: await again({ phase: { phase: "zero", clusterId: "" } }),
      files: ["report", ...QUOTE, "pcrs"],
    },
    {
      name: "bent-endorsement-other",
      says: "Google endorses another firmware than was launched",
      code: "gce.endorsement_mismatch",
      evidence: await again({ endorsed: new Uint8Array(48).fill(0xee) }),
      files: ["firmwareEndorsement"],
    },
  ];
}

/** The guest itself quotes with a key in software, and binds its report to that. */
async function ofSoftware(
  again: Again,
  keys: MintedGcpSnp["vtpm"]["quotes"][0]["keys"],
): Promise<BentSnp> {
  const ak = await generateLabKey("P-256");
  return {
    name: "bent-software-key",
    says: "A key in software quotes, named by the report and certified by nobody",
    code: "gce.instance_missing",
    evidence: await again({ tpm: { keys: { ...keys, ak } } }),
    files: ["report", ...QUOTE, "akPub"],
    absent: ["akCert", "akCertIssuers", "akCertCrls"],
  };
}
