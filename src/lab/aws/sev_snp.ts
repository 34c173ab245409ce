/**
 * Mints evidence of instances with SEV-SNP and NitroTPM.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { plainHash } from "../../core/labelled_hash.ts";
import { reportDataOf } from "../../evidence/statement/binding.ts";
import { type MintedSnp, mintSnp, type MintSnpOptions } from "../snp/mod.ts";
import type { AwsSnpAuthority } from "./authority.ts";
import { LAB_REGION } from "./identity.ts";
import {
  documentFiles,
  identityFiles,
  type MintAwsNitroTpmOptions,
  mintDocument,
  type MintedAws,
  travelling,
} from "./nitro_tpm.ts";
import { answerOf } from "./options.ts";

/** Minted evidence of an instance with SEV-SNP. */
export interface MintedAwsSnp extends MintedAws {
  /** The report with all that was minted for it. */
  readonly report: MintedSnp;
}

/** Provider as AWS's VLEKs name it. */
export const LAB_AWS_CSP: string = `CN=cc-${LAB_REGION}.amazonaws.com`;

/** What evidence of an instance with SEV-SNP is minted by. */
export interface MintAwsSevSnpOptions extends MintAwsNitroTpmOptions {
  /** Report data where there is no statement; default none. */
  readonly reportData?: Uint8Array;
  /** What the report is minted by otherwise: form of its key, provider, bends. */
  readonly report?: Omit<MintSnpOptions, "now" | "reportData">;
  /** What the user data are in place of the report's SHA-256; null writes none. */
  readonly userData?: Uint8Array | null;
}

/**
 * Mints evidence of an instance with SEV-SNP and NitroTPM that verifies under
 * the lab's roots, unless bent.
 *
 * @param authority Who signs.
 * @param options Time, nonce, statement, bends.
 */
export async function mintAwsSevSnp(
  authority: AwsSnpAuthority,
  options: MintAwsSevSnpOptions,
): Promise<MintedAwsSnp> {
  const answered = await answerOf(options);
  const { binding: nonce, registers, statement } = answered;
  const { now, bends = {} } = options;
  const reportData = statement === null
    ? options.reportData ?? new Uint8Array()
    : reportDataOf(nonce, new Uint8Array());
  const own = { form: "VLEK", cspId: LAB_AWS_CSP, ...options.report } as const;
  const report = await mintSnp(authority.amd, { ...own, now, reportData });
  const userData = options.userData === undefined
    ? plainHash("sha256", report.report)
    : options.userData;
  const document = await mintDocument(authority, { now, nonce, registers, userData }, bends);
  const files = {
    report: report.report,
    leaf: report.der.leaf,
    chainAskArk: concat(report.der.intermediate, report.der.ark),
    crls: [report.der.crl],
    ...documentFiles(document),
    ...await identityFiles(authority, now, bends),
  };
  return {
    files,
    ...travelling("aws-sev-snp", answered, files),
    root: report.root + document.root,
    document,
    report,
  };
}
