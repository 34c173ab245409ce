/**
 * Roots of attestation keys' certificates. None is built in: each cloud and
 * each TPM vendor has its own, and who is believed is the operator's to say.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { CasemateError, InputError, RejectedError } from "../../core/errors.ts";
import { type CertificateSummary, describeCertificates } from "../../core/x509.ts";
import { type Anchor, withLabRoots } from "../anchors.ts";
import type { VerifyContext } from "../evidence.ts";
import { MAX_ROOTS, type TpmFiles } from "./files.ts";

/** Roots that are trusted for a key's certificate. */
export interface Roots {
  /** Their digests, which decide. */
  readonly anchors: readonly Anchor[];
  /** Files with their certificates, of which a path can end in one. */
  readonly certificates: readonly Uint8Array[];
}

/** Certificate of a key, and those that may lead from it to a root. */
export interface Papers {
  /** The key's own; absent where there is none. */
  readonly certificate: Uint8Array | undefined;
  /** Those between it and the root. */
  readonly issuers: readonly Uint8Array[];
  /** Roots that the operator believes. */
  readonly roots: readonly Uint8Array[];
}

/** Lab roots, and whose certificate it is: an attestation or an endorsement key's, as errors name the files. */
export interface RootsOptions extends Pick<VerifyContext, "labRoots"> {
  /** Default `ak`. */
  readonly of?: "ak" | "ek";
}

/** A root, and what it says of itself. */
interface Root {
  readonly file: Uint8Array;
  readonly summary: CertificateSummary;
}

/**
 * Roots that are trusted for the key's certificate.
 *
 * @param engine Verification engine.
 * @param papers The certificates.
 * @param options Lab roots, and whose certificate it is.
 * @throws {InputError} `input.missing` where a certificate is given and no root, `input.wrong_kind` for a root that is another's issue or a lab's, `input.encoding` for what is no certificate, `input.value` for too many.
 */
export async function rootsOf(
  engine: Engine,
  papers: Papers,
  { labRoots, of = "ak" }: RootsOptions,
): Promise<Roots> {
  if (papers.certificate === undefined) return { anchors: [], certificates: [] };
  if (papers.roots.length + labRoots.length === 0) {
    const role = `${of}CertRoots`;
    throw new InputError(
      `Cannot verify ${of}-cert: ${of}-cert-root is not given, and no root is built in`,
      { code: "input.missing", fields: { role, missing: role } },
    );
  }
  const read = await Promise.all(papers.roots.map((file) => readRoots(engine, file, of)));
  const roots = read.flat();
  if (roots.length > MAX_ROOTS) {
    throw refuse(of, "input.value", `there are more than ${MAX_ROOTS}`);
  }
  const anchors = await withLabRoots(engine, roots.map(anchorOf), labRoots);
  return { anchors, certificates: [...await named(engine, papers, roots), ...labRoots] };
}

/**
 * Of several roots those that the certificates name, since a path has room for
 * few certificates. A name decides nothing else.
 */
async function named(
  engine: Engine,
  { certificate, issuers }: Papers,
  roots: readonly Root[],
): Promise<readonly Uint8Array[]> {
  const all = [...new Set(roots.map(({ file }) => file))];
  if (certificate === undefined || all.length < 2) return all;
  const given = await Promise.all(
    [certificate, ...issuers].map((file) => issuersIn(engine, file)),
  );
  // What cannot be read is the engine's to refuse, in its turn.
  if (given.includes(null)) return all;
  const names = new Set(given.flatMap((found) => found ?? []));
  return roots.filter(({ summary }) => names.has(summary.subject)).map(({ file }) => file);
}

/**
 * Role of the certificate that cannot be read, since the engine takes all of them as one list.
 *
 * @param engine Verification engine.
 * @param files The files.
 */
export async function unreadableRole(
  engine: Engine,
  { akCert, akCertIssuers = [] }: Pick<TpmFiles, "akCert" | "akCertIssuers">,
): Promise<"akCert" | "akCertIssuers"> {
  if (akCert === undefined || await issuersIn(engine, akCert) === null) return "akCert";
  const issuers = await Promise.all(akCertIssuers.map((file) => issuersIn(engine, file)));
  return issuers.includes(null) ? "akCertIssuers" : "akCert";
}

async function issuersIn(engine: Engine, file: Uint8Array): Promise<readonly string[] | null> {
  try {
    const certificates = await describeCertificates(engine, file);
    return certificates.map(({ summary }) => summary.issuer);
  } catch (error) {
    if (error instanceof CasemateError) return null;
    throw error;
  }
}

async function readRoots(
  engine: Engine,
  file: Uint8Array,
  of: "ak" | "ek",
): Promise<readonly Root[]> {
  const certificates = await describeCertificates(engine, file).catch((cause: unknown) => {
    if (cause instanceof RejectedError) throw refuse(of, "input.wrong_kind", cause.message, cause);
    if (cause instanceof InputError) {
      throw refuse(of, cause.code, cause.fields["reason"] ?? cause.message, cause);
    }
    throw cause;
  });
  // Under its own flag, a lab's root would pass for the provider's.
  if (certificates.some(({ lab }) => lab)) {
    throw refuse(of, "input.wrong_kind", "it is a lab's, which --lab-root takes");
  }
  // The engine has a root sign itself, and would call one that does not damaged.
  const below = certificates.find(({ summary }) => summary.subject !== summary.issuer);
  if (below !== undefined) {
    const { subject, issuer } = below.summary;
    throw refuse(
      of,
      "input.wrong_kind",
      `${subject} is no root, since ${issuer} issued it; give that one, and this as ${of}-cert-issuer`,
    );
  }
  const parts = partsOf(file);
  // Where the parts are not the certificates, each stands for the whole file.
  const isSplit = parts.length === certificates.length;
  return certificates.map(({ summary }, i) => ({
    file: (isSplit ? parts[i] : undefined) ?? file,
    summary,
  }));
}

/** The certificates of a PEM file one by one; a DER file has one. */
function partsOf(file: Uint8Array): readonly Uint8Array[] {
  const blocks = new TextDecoder().decode(file).match(PEM_BLOCK);
  return blocks?.map((block) => new TextEncoder().encode(block)) ?? [file];
}

/** A certificate in PEM (RFC 7468 §5). */
const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function anchorOf({ summary }: Root): Anchor {
  return {
    line: "",
    certificateSha256: summary.sha256,
    spkiSha256: summary.spkiSha256,
    lab: false,
  };
}

/** The root is the operator's own file: what is wrong with it is an input error, not a verdict on the evidence. */
function refuse(of: "ak" | "ek", code: string, problem: string, cause?: unknown): InputError {
  const fields = { role: `${of}CertRoots`, reason: problem };
  return new InputError(`Cannot use ${of}-cert-root: ${problem}`, { code, fields, cause });
}
