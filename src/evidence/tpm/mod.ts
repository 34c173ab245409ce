/**
 * TPM 2.0: quotes over registers, with the key's certificate and the event log.
 *
 * @module
 */

import type { CodeEntry } from "../../core/code_entry.ts";
import type { Operations } from "../../core/portable/engine.ts";
import type { PolicyFlag, Technology } from "../evidence.ts";
import { LOGS_CODES } from "../logs/codes.ts";
import { tellClaims } from "../logs/tell.ts";
import { appraise, QUALIFYING_DATA_BYTES, rootOf } from "./appraise.ts";
import { TPM_CHECKS } from "./checks.ts";
import { TPM_CODES } from "./codes.ts";
import { readFiles, TPM_FILES, type TpmFiles } from "./files.ts";
import { type TpmPolicy, tpmPolicy } from "./policy.ts";
import { TPM_PROVES } from "./proves.ts";
import type { TpmEvidence } from "./report.ts";
import { show } from "./show.ts";
import { undone, verify } from "./verify.ts";

export type {
  AuthorityClaim,
  Bank,
  BelievedDigests,
  BootLoaderClaim,
  BootLoaderText,
  BootServicesClaim,
  CommandLineClaim,
  ComparedRegister,
  Covered,
  DatabaseName,
  EventLog,
  ImageClaim,
  ListedCertificate,
  LogClaims,
  LogEvent,
  LogFormat,
  LogHeader,
  LogsCode,
  Measurer,
  Origin,
  OwnerKeysClaim,
  QuotedRegister,
  Registers,
  Remark,
  RemarkKind,
  ReplayState,
  SectionClaim,
  SecureBootClaim,
  SignatureDatabaseClaim,
  UnifiedKernelClaim,
  VariableName,
} from "../logs/mod.ts";
export type { TpmCode } from "./codes.ts";
export type { TpmFiles } from "./files.ts";
export type { PinnedRegisters, TpmPolicy } from "./policy.ts";
export type {
  CertifiedKey,
  ClockInfo,
  Hierarchy,
  ObjectAttributes,
  PcrBank,
  PublicArea,
  Quote,
  RegisterValue,
  RevocationList,
  Selection,
  SignatureScheme,
  StrongHash,
  TpmEvidence,
  TpmIdentity,
  TpmKey,
  TpmLog,
  TpmLogEvent,
  VerifiedQuote,
} from "./report.ts";

/** Codes of quotes and of logs. */
const CODES: Readonly<Record<string, CodeEntry>> = { ...TPM_CODES, ...LOGS_CODES };

/**
 * TPM 2.0 as the rest of the program sees it.
 *
 * @example Verify a quote with its event log, minted by the lab, and read what was booted
 * ```ts
 * import { inlineEngine } from "@casemate/casemate";
 * import { createTpmAuthority, mintTpm } from "@casemate/casemate/lab";
 * import { tpm } from "@casemate/casemate/tpm";
 *
 * const now = new Date();
 * const nonce = crypto.getRandomValues(new Uint8Array(32));
 * // In earnest these files come from the node, and the root from who certifies its TPM.
 * const minted = await mintTpm(await createTpmAuthority({ now }), { now, nonce });
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * const files = tpm.readFiles({
 *   tpmQuoteMsg: minted.quote,
 *   tpmQuoteSig: minted.signature,
 *   akPub: minted.akPublic,
 *   pcrs: bytes(JSON.stringify(minted.pcrs)),
 *   eventLog: minted.eventLog,
 *   akCert: bytes(minted.akCertificate),
 *   akCertIssuers: [bytes(minted.issuers)],
 *   akCertCrls: minted.crls.map(bytes),
 * });
 *
 * // Says who signed which registers. To trust it, ask `verify` with a policy that pins them.
 * const proven = await tpm.verify(inlineEngine, files, { now, labRoots: [bytes(minted.root)] });
 * console.log(proven.quote.qualifyingData, proven.registers.find(({ register }) => register === 11));
 * for (const { digests } of proven.log?.claims.applications ?? []) console.log(digests.sha256);
 * ```
 */
export const tpm: Technology<"tpm", TpmFiles, TpmEvidence, TpmPolicy> = {
  id: "tpm",
  command: "tpm",
  title: "TPM 2.0",
  trustedMeans: "Measured",
  reportDataBytes: QUALIFYING_DATA_BYTES,
  padsNonce: false,
  references: ["registers", "firmwareVersions"],
  productLines: [],
  files: TPM_FILES,
  flags: [
    pin("pcr", "registers", "BANK:N=HEX", "accepted value of a register, as sha256:11=HEX"),
    pin(
      "pcr-selection",
      "selection",
      "BANK:N,N",
      "exactly the registers that the quote must select, as sha256:0-7,11",
    ),
    pin("qualified-signer", "qualifiedSigners", "HEX", "accepted Qualified Name of the key"),
    pin("ak-name", "akNames", "HEX", "accepted Name of the key, as enrolment proved it"),
  ],
  checks: TPM_CHECKS,
  codes: CODES,
  policy: tpmPolicy,
  proves: TPM_PROVES,
  readFiles,
  verify,
  undone,
  root: rootOf,
  appraise,
  tell: ({ log }) => log === null ? [] : tellClaims(log.claims, "pcr"),
  show,
  portable,
};

async function portable(): Promise<Operations> {
  const [quotes, logs] = await Promise.all([
    import("./portable/mod.ts"),
    import("../logs/portable/mod.ts"),
  ]);
  return { ...quotes.operations, ...logs.operations };
}

function pin(flag: string, key: string, value: string, says: string): PolicyFlag {
  return { flag, key, value, multiple: true, number: false, says };
}
