/**
 * The TPM of a paravisor: its attestation key stands in runtime data that a
 * hardware report is bound to, so that it has no certificate and needs none.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { RejectedError } from "../../core/errors.ts";
import type {
  AppraiseContext,
  Check,
  FileInput,
  FilesByRole,
  Freshness,
  Verified,
  VerifyContext,
} from "../evidence.ts";
import type { Finding, Root } from "../finding.ts";
import { HCL_AK } from "../hcl/checks.ts";
import type { HclEvidence } from "../hcl/open.ts";
import type { HclKey } from "../hcl/report.ts";
import { tell } from "../pairing/findings.ts";
import { qualifyingDataBeside } from "../statement/binding.ts";
import { appraise } from "./appraise.ts";
import { CERTIFICATE_CHECKS, LOG_CHECKS, TPM_CHECKS } from "./checks.ts";
import { readFiles, TPM_FILES, type TpmFiles } from "./files.ts";
import type { TpmPolicy } from "./policy.ts";
import type { TpmEvidence } from "./report.ts";
import { verify } from "./verify.ts";

/** What verification takes of a paravisor's TPM. */
export interface ParavisorTpmFiles
  extends Pick<TpmFiles, "tpmQuoteMsg" | "tpmQuoteSig" | "pcrs" | "eventLog"> {
  /** The attestation key, where its attributes are to be seen; must be the one in the runtime data. */
  readonly akPub?: Uint8Array;
}

const OF_CERTIFICATE = /^akCert/;

/** Ids of what a certificate would show. */
const CERTIFICATE_IDS: readonly string[] = CERTIFICATE_CHECKS.map(({ id }) => id);

/** What the flags say. */
export const PARAVISOR_TPM_FILES: readonly FileInput[] = TPM_FILES
  .filter(({ role }) => !OF_CERTIFICATE.test(role))
  .map((file) =>
    file.role === "akPub"
      ? {
        ...file,
        required: false,
        says: "attestation key, TPM2B_PUBLIC or TPMT_PUBLIC, to see its attributes; " +
          "it must be the one in the runtime data",
      }
      : file
  );

/** Steps of the quote. */
export const PARAVISOR_TPM_CHECKS: readonly Check[] = [
  ...TPM_CHECKS.filter(({ id }) => !CERTIFICATE_IDS.includes(id)),
  HCL_AK,
];

/** Ids of findings that a paravisor's word stands in for. */
export const NO_CERTIFICATE: readonly string[] = [...CERTIFICATE_IDS, "tpm.attributes"];

/** Stands for the key until the runtime data name it. */
const UNKNOWN_KEY = Uint8Array.of(0);

/**
 * Reads the files by role.
 *
 * @param files The files.
 * @throws {InputError} `input.missing`, `input.encoding`, `input.value`, `input.empty`, `input.too_large`
 */
export function readParavisorTpm(files: FilesByRole): ParavisorTpmFiles {
  const given = PARAVISOR_TPM_FILES.map(({ role }) => [role, files[role]] as const);
  const hasKey = files["akPub"] !== undefined;
  const { akPub, ...others } = readFiles({
    ...Object.fromEntries(given),
    ...(hasKey ? {} : { akPub: UNKNOWN_KEY }),
  });
  return hasKey ? { ...others, akPub } : others;
}

/**
 * Proves that the key which the runtime data name signed the quote.
 *
 * @param engine Verification engine.
 * @param files Quote, registers and log.
 * @param key The key that the runtime data name.
 * @param context Time.
 * @throws {RejectedError} `tpm.*`, `logs.*`, `hcl.key_mismatch`
 */
export async function verifyParavisorTpm(
  engine: Engine,
  files: ParavisorTpmFiles,
  key: HclKey,
  { now }: VerifyContext,
): Promise<Verified<TpmEvidence>> {
  const akPub = files.akPub ?? fromHex(key.spki);
  const proven = await verify(engine, { ...files, akPub }, { now, labRoots: [] });
  if (proven.key.spki === key.spki) return proven;
  const fields = { expected: key.spkiSha256, actual: proven.key.spkiSha256 };
  throw new RejectedError("The attestation key is not the one in the runtime data", {
    code: "hcl.key_mismatch",
    fields,
  });
}

/**
 * Ids of the steps that are passed by without a log.
 *
 * @param files The files.
 */
export function undoneOfTpm({ eventLog }: ParavisorTpmFiles): readonly string[] {
  return eventLog === undefined ? LOG_CHECKS.map(({ id }) => id) : [];
}

/** On whose word the quote rests, and what it names. */
export interface Beside {
  /** Root of the paravisor's word, at best. */
  readonly root: Root;
  /** The HCL report that the quote must name. */
  readonly hcl: HclEvidence;
}

/**
 * Judges the quote. Its attributes, where only the bare key is known, are the
 * paravisor's word like the key itself.
 *
 * @param proven What was verified.
 * @param policy The `vtpm` section.
 * @param context Time and question.
 * @param beside Root, and the HCL report.
 */
export function appraiseParavisorTpm(
  proven: TpmEvidence,
  policy: TpmPolicy,
  context: AppraiseContext,
  { root, hcl }: Beside,
): readonly Finding[] {
  const freshness = freshnessOf(context.freshness, hcl);
  // What the pairing holds was verified by the technology, above.
  const findings = appraise(proven as Verified<TpmEvidence>, policy, { ...context, freshness });
  return tell(findings, { root, without: CERTIFICATE_IDS, optional: ["tpm.attributes"] })
    .map((finding) =>
      finding.id === "tpm.attributes" ? { ...finding, actual: attributesOf(proven) } : finding
    );
}

function attributesOf({ publicArea }: TpmEvidence): string {
  return publicArea === null
    ? "not shown: the runtime data name the bare key"
    : "by its public area, whose key the runtime data name";
}

/** With a statement the quote names the HCL report; of one that was given in parts its hash is not known. */
function freshnessOf(freshness: Freshness, { sha256 }: HclEvidence): Freshness {
  if (freshness.kind !== "statement") return freshness;
  if (sha256 === null) return { kind: "none" };
  return { kind: "nonce", bytes: qualifyingDataBeside(freshness.binding, fromHex(sha256)) };
}
