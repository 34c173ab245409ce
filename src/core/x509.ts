/**
 * Certificates and revocation lists as a person sees them. Nothing here is verified.
 *
 * @module
 */

import { fromHex } from "./bytes.ts";
import type { Engine } from "./crypto.ts";
import { RejectedError } from "./errors.ts";
import type { Shown, ShownRow, ShownSection } from "./shown.ts";

/** What a certificate says of itself. */
export interface CertificateSummary {
  /** Subject as RFC 4514 text. */
  readonly subject: string;
  /** Issuer as RFC 4514 text. */
  readonly issuer: string;
  /** Serial number, hex, without leading zero bytes. */
  readonly serial: string;
  /** Start of validity, ISO 8601, UTC. */
  readonly notBefore: string;
  /** End of validity, ISO 8601, UTC. */
  readonly notAfter: string;
  /** SHA-256 of the whole DER. */
  readonly sha256: string;
  /** SHA-256 of the SubjectPublicKeyInfo. */
  readonly spkiSha256: string;
}

/** A certificate, described. */
export interface DescribedCertificate {
  /** Tells certificates from lists. */
  readonly kind: "certificate";
  /** Names, dates and digests. */
  readonly summary: CertificateSummary;
  /** X.509 version, 1 to 3. */
  readonly version: number;
  /** Algorithm it is signed with. */
  readonly signatureAlgorithm: string;
  /** Algorithm of its key. */
  readonly keyAlgorithm: string;
  /** Basic constraints: may issue certificates. */
  readonly isCa: boolean;
  /** Basic constraints: how many intermediates may follow. */
  readonly pathLen: number | null;
  /** Key usages by their RFC 5280 names. */
  readonly keyUsage: readonly string[];
  /** URI of its revocation list. */
  readonly crlDistributionPoint: string | null;
  /** All extensions. */
  readonly extensions: readonly {
    readonly oid: string;
    readonly critical: boolean;
    readonly bytes: number;
  }[];
  /** Whether it carries the lab mark. */
  readonly lab: boolean;
}

/** A revocation list, described. */
export interface DescribedCrl {
  /** Tells certificates from lists. */
  readonly kind: "crl";
  /** Issuer as RFC 4514 text. */
  readonly issuer: string;
  /** Time of issue, ISO 8601, UTC. */
  readonly thisUpdate: string;
  /** Time by which the next is due. */
  readonly nextUpdate: string | null;
  /** CRL number, hex. */
  readonly number: string | null;
  /** URI of the issuing distribution point. */
  readonly scope: string | null;
  /** Serial numbers, hex, at most 100. */
  readonly revoked: readonly string[];
  /** How many there are. */
  readonly revokedCount: number;
  /** SHA-256 of the DER. */
  readonly sha256: string;
  /** Algorithm it is signed with. */
  readonly signatureAlgorithm: string;
}

/** An extension of a certificate, as the engine reads it. */
export interface CertificateExtension {
  /** Whether who does not know it must refuse the certificate. */
  readonly critical: boolean;
  /** Contents of its value, mostly DER, hex. */
  readonly value: string;
}

/** One item of a PEM or DER file. */
export type DescribedItem = DescribedCertificate | DescribedCrl;

/**
 * Reads all certificates and revocation lists of a file.
 *
 * @param engine Verification engine.
 * @param bytes PEM or DER.
 * @throws {RejectedError} `x509.malformed`, `x509.crl_malformed`
 * @throws {InputError} `input.encoding`, `input.empty`, `input.too_large`
 */
export async function describeX509(
  engine: Engine,
  bytes: Uint8Array,
): Promise<readonly DescribedItem[]> {
  // The engine answers with this shape; tests hold it.
  const answer = await engine.run("x509_describe", [bytes]) as {
    readonly items: readonly DescribedItem[];
  };
  return answer.items;
}

/**
 * The same for a file that must hold certificates only.
 *
 * @param engine Verification engine.
 * @param bytes PEM or DER.
 * @throws {RejectedError} `x509.count` when there is none, or something else.
 */
export async function describeCertificates(
  engine: Engine,
  bytes: Uint8Array,
): Promise<readonly DescribedCertificate[]> {
  const items = await describeX509(engine, bytes);
  const certificates = items.flatMap((item) => item.kind === "certificate" ? [item] : []);
  if (certificates.length === 0 || certificates.length !== items.length) {
    const actual = `${certificates.length} certificates of ${items.length} items`;
    throw new RejectedError(`Cannot read certificates: ${actual}`, {
      code: "x509.count",
      fields: { actual },
    });
  }
  return certificates;
}

/**
 * Finds an extension of a certificate, of which nothing is verified.
 *
 * @param engine Verification engine.
 * @param certificate One certificate, PEM or DER.
 * @param id Identifier of the extension, dotted.
 * @returns Contents of its value, mostly DER; null where the certificate does not have it.
 * @throws {RejectedError} `x509.malformed`, `x509.count`
 * @throws {InputError} `input.encoding`, `input.empty`, `input.too_large`, `input.wrong_kind`
 */
export async function readExtension(
  engine: Engine,
  certificate: Uint8Array,
  id: string,
): Promise<{ readonly critical: boolean; readonly value: Uint8Array } | null> {
  const parts = [certificate, new TextEncoder().encode(id)];
  // The engine answers with this shape; tests hold it.
  const found = await engine.run("x509_extension", parts) as CertificateExtension | null;
  return found === null ? null : { critical: found.critical, value: fromHex(found.value) };
}

/**
 * Describes a PEM or DER file for a person.
 *
 * @param items What {@linkcode describeX509} read.
 */
export function showX509(items: readonly DescribedItem[]): Shown {
  const crls = items.filter((item) => item.kind === "crl").length;
  const kind = crls === 0
    ? "x509-certificates"
    : crls === items.length
    ? "x509-crl"
    : "x509-bundle";
  const parts = [count(items.length - crls, "X.509 certificate"), count(crls, "revocation list")];
  const title = `${parts.filter((part) => part !== "").join(", ")} (not verified)`;
  const sections = items.map((item) =>
    item.kind === "crl" ? crlSection(item) : certificateSection(item)
  );
  return { kind, title, usedBy: null, sections };
}

function count(number: number, name: string): string {
  if (number === 0) return "";
  return number === 1 ? `1 ${name}` : `${number} ${name}s`;
}

function certificateSection(item: DescribedCertificate): ShownSection {
  const { summary } = item;
  const ca = item.isCa
    ? `may issue certificates, path length ${item.pathLen ?? "unlimited"}`
    : "may not issue certificates";
  const rows: readonly ShownRow[] = [
    { name: "issuer", value: summary.issuer },
    { name: "serial", value: summary.serial },
    { name: "valid", value: `${summary.notBefore} to ${summary.notAfter}` },
    { name: "key", value: item.keyAlgorithm, meaning: ca },
    { name: "key usage", value: item.keyUsage.join(", ") || "none stated" },
    { name: "signed with", value: item.signatureAlgorithm },
    { name: "revocation list", value: item.crlDistributionPoint ?? "none named" },
    { name: "sha256", value: summary.sha256 },
    { name: "spki sha256", value: summary.spkiSha256 },
    ...(item.lab
      ? [{
        name: "lab mark",
        value: "present",
        meaning: "made by a lab: proves nothing about hardware",
      }]
      : []),
  ];
  return { title: `Certificate ${summary.subject}`, rows };
}

function crlSection(item: DescribedCrl): ShownSection {
  const listed = item.revoked.join(", ") + (item.revokedCount > item.revoked.length ? ", …" : "");
  const rows: readonly ShownRow[] = [
    { name: "issued", value: item.thisUpdate },
    { name: "next due", value: item.nextUpdate ?? "not stated" },
    { name: "number", value: item.number ?? "none" },
    { name: "scope", value: item.scope ?? "all certificates of its issuer" },
    {
      name: "revoked",
      value: `${item.revokedCount} certificates`,
      ...(listed === "" ? {} : { meaning: `serials ${listed}` }),
    },
    { name: "signed with", value: item.signatureAlgorithm },
    { name: "sha256", value: item.sha256 },
  ];
  return { title: `Revocation list of ${item.issuer}`, rows };
}
