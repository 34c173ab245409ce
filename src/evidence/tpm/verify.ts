/**
 * Establishes that a key signed a quote, that the registers are those that were
 * quoted, who vouches for the key, and what the event log says of the registers.
 *
 * Bytes and mathematics are the engine's; this file says which roots are
 * trusted and turns the answers into facts or a refusal.
 *
 * @module
 */

import { frame, uint64 } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { InputError } from "../../core/errors.ts";
import { frameAnchors } from "../anchors.ts";
import type { Verified, VerifyContext } from "../evidence.ts";
import { readComparedLog } from "../logs/compared_log.ts";
import { CERTIFICATE_CHECKS, LOG_CHECKS } from "./checks.ts";
import { type QuoteFiles, quotesOf, TPM_FILES, type TpmFiles } from "./files.ts";
import { readPcrs } from "./pcrs.ts";
import { hierarchyOf } from "./qualified_name.ts";
import { encodeRegisters } from "./registers.ts";
import { uniteQuotes } from "./quotes.ts";
import type { TpmEvidence, VerifiedQuote } from "./report.ts";
import { type Roots, rootsOf, unreadableRole } from "./roots.ts";

/** What belongs to every quote of a key. */
type KeyFiles = Omit<TpmFiles, "tpmQuoteMsg" | "tpmQuoteSig">;

/** Roots and time of a verification. */
export interface Terms extends Roots {
  /** Moment at which everything must be valid. */
  readonly now: Date;
}

/** Roles by the names that the engine has for its parts. */
const ROLES: Readonly<Record<string, string>> = {
  "quote": "tpmQuoteMsg",
  "signature": "tpmQuoteSig",
  "key": "akPub",
  "ak-pub": "akPub",
  "pcrs": "pcrs",
  "certificates": "akCert",
  "ak-cert": "akCert",
  "crl": "akCertCrls",
  "ak-cert-crl": "akCertCrls",
  "event log": "eventLog",
};

/**
 * Proves that a key signed a quote over registers with these values; with
 * certificates also who vouches for the key, with a log what led to the values.
 *
 * Leaves values, attributes of a bare key, freshness, and whether the log leads
 * to the registers at all unjudged: pass the result to `appraise`. Without a
 * certificate nothing here shows that the key lives in a TPM.
 *
 * @param engine Verification engine.
 * @param files Quote, key, registers and what belongs to them, as `readFiles` gives them.
 * @param context Time and lab roots.
 * @throws {RejectedError} `tpm.*`, `logs.*` and `x509.*` codes of class `rejected`.
 * @throws {InputError} `input.*` for files that are something else, or a certificate without a root.
 */
export async function verify(
  engine: Engine,
  files: TpmFiles,
  context: VerifyContext,
): Promise<Verified<TpmEvidence>> {
  const { akCert, akCertIssuers = [], akCertRoots = [] } = files;
  const papers = { certificate: akCert, issuers: akCertIssuers, roots: akCertRoots };
  const roots = await rootsOf(engine, papers, context);
  return await verifyUnder(engine, files, { ...roots, now: context.now });
}

/**
 * The same under roots of the caller's choice: for corpora and oracles.
 *
 * @param engine Verification engine.
 * @param files The files.
 * @param terms Roots that are trusted, and no others; time.
 */
export async function verifyUnder(
  engine: Engine,
  files: TpmFiles,
  terms: Terms,
): Promise<Verified<TpmEvidence>> {
  const [one, ...others] = quotesOf(files);
  const first = await named(engine, files, verifyQuote(engine, one, files, terms));
  const further = await verifyFurther(engine, others, files, terms);
  const verified = uniteQuotes(first, further);
  const { publicArea, quote, registers } = verified;
  const hierarchy = publicArea === null
    ? null
    : await hierarchyOf(publicArea, quote.qualifiedSigner);
  const log = files.eventLog === undefined
    ? null
    : await named(engine, files, readComparedLog(engine, files.eventLog, "pcr", registers));
  const evidence: TpmEvidence = { ...verified, hierarchy, log };
  return evidence as Verified<TpmEvidence>;
}

async function verifyQuote(
  engine: Engine,
  { quote, signature }: QuoteFiles,
  files: KeyFiles,
  { anchors, certificates, now }: Terms,
): Promise<VerifiedQuote> {
  const { akCert, akCertIssuers = [], akCertCrls = [] } = files;
  // The engine answers with this shape or with a rejection, which `run` throws; tests hold the shape.
  return await engine.run("tpm_verify", [
    quote,
    signature,
    files.akPub,
    frame(encodeRegisters(readPcrs(files.pcrs))),
    frame(akCert === undefined ? [] : [akCert, ...akCertIssuers, ...certificates]),
    frame(akCertCrls),
    frameAnchors(anchors),
    uint64(Math.floor(now.getTime() / 1000)),
  ]) as VerifiedQuote;
}

/** The same key signed them, so that its certificate need not be looked at again. */
async function verifyFurther(
  engine: Engine,
  quotes: readonly QuoteFiles[],
  { akPub, pcrs }: KeyFiles,
  { now }: Terms,
): Promise<readonly VerifiedQuote[]> {
  const verified: VerifiedQuote[] = [];
  const bare = { akPub, pcrs };
  // One after the other, so that of several refusals the first is told.
  for (const quote of quotes) {
    const asked = verifyQuote(engine, quote, bare, { anchors: [], certificates: [], now });
    verified.push(await named(engine, bare, asked));
  }
  return verified;
}

/** The engine names its parts; a caller knows the roles. */
async function named<T>(engine: Engine, files: KeyFiles, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const known = error instanceof InputError ? ROLES[error.fields["input"] ?? ""] : undefined;
    if (!(error instanceof InputError) || known === undefined) throw error;
    const role = known === "akCert" ? await unreadableRole(engine, files) : known;
    const flag = TPM_FILES.find((file) => file.role === role)?.flag ?? role;
    throw new InputError(`${error.message} (${flag})`, {
      code: error.code,
      fields: { ...error.fields, role },
      cause: error,
    });
  }
}

/**
 * Ids of the steps that are passed by without certificate, lists or log.
 *
 * @param files The files.
 */
export function undone(files: TpmFiles): readonly string[] {
  const { akCert, akCertCrls = [], eventLog } = files;
  return [
    ...(akCert === undefined ? CERTIFICATE_CHECKS.map(({ id }) => id) : []),
    ...(akCert !== undefined && akCertCrls.length === 0 ? ["tpm.ak-revocation"] : []),
    ...(eventLog === undefined ? LOG_CHECKS.map(({ id }) => id) : []),
  ];
}
