/**
 * Revocation lists of the authorities of a path (RFC 5280 §6.3).
 *
 * @module
 */

import { equal } from "../../../core/bytes.ts";
import { readAlgorithm } from "../../../core/portable/algorithm.ts";
import { signatureText } from "../../../core/portable/algorithm_text.ts";
import type { Named } from "../../../core/portable/anchors.ts";
import { type Certificate, serialText } from "../../../core/portable/certificate.ts";
import {
  checkForm,
  type Crl,
  type Envelope,
  findEntry,
  issuerText,
  MAX_CRL_BYTES,
  readCrl,
  readEnvelope,
} from "../../../core/portable/crl.ts";
import { exactlyOne, type Place, refuseAt } from "../../../core/portable/encoding.ts";
import {
  distributionPoint,
  EXTENSION,
  findExtension,
  issuingPoint,
  keyUsage,
} from "../../../core/portable/extensions.ts";
import { Malformed, readIf, readOr } from "../../../core/portable/malformed.ts";
import { momentText, type Window } from "../../../core/portable/moment.ts";
import { nameText } from "../../../core/portable/name.ts";
import { signatureScheme } from "../../../core/portable/signature_algorithm.ts";
import { VerifyingKey } from "../../../core/portable/verifying_key.ts";
import type { RevocationList } from "../report.ts";
import { refuseTpm } from "./refuse.ts";

const PLACE: Place = { name: "crl", kind: "crl", limit: MAX_CRL_BYTES };

const malformed = (reason: string): Error => refuseAt(PLACE, "x509.crl_malformed", { reason });
const misshapen = (reason: string): Error => refuseTpm("tpm.crl_shape", { reason });

/** A list that was authenticated and does not revoke what its issuer certified here. */
export interface AuthenticList {
  /** What it says. */
  readonly list: RevocationList;
  /** When it may be used. */
  readonly window: Window;
  /** The certificate that it is about. */
  readonly subject: Certificate;
}

/** An authority of the path, and the certificate that it issued there. */
interface Issuer {
  readonly certificate: Certificate;
  readonly issued: Named;
}

/**
 * Authenticates a list and looks up in it what its issuer certified on the path.
 * Whether it is current is asked later.
 *
 * @param file The list, PEM or DER.
 * @param path From the key's certificate to the root.
 * @throws {RejectedError} `tpm.crl_issuer`, `tpm.crl_signature`, `tpm.crl_shape`,
 * `tpm.revoked`, `x509.crl_malformed`, `x509.count`
 * @throws {InputError} `input.*`
 */
export async function verifyList(
  file: Uint8Array,
  path: readonly Named[],
): Promise<AuthenticList> {
  const der = exactlyOne(file, PLACE);
  const envelope = readOr(() => readEnvelope(der), malformed);
  const { issued } = await authenticate(envelope, issuersOf(envelope, path));
  const crl = readOr(() => readCrl(der), malformed);
  const [name, subject] = issued;
  const window = readOr(() => {
    checkScope(crl, subject);
    return checkForm(crl);
  }, misshapen);
  checkRevoked(crl, name, subject);
  const list: RevocationList = {
    issuer: nameText(crl.issuer),
    thisUpdate: momentText(window.from),
    nextUpdate: momentText(window.until),
    entries: crl.entries.length,
  };
  return { list, window, subject };
}

/** Authorities of the name that may sign lists (§6.3.3 f). */
function issuersOf(envelope: Envelope, path: readonly Named[]): readonly Issuer[] {
  const found = path.flatMap((issued, i): readonly Issuer[] => {
    const certificate = path[i + 1]?.[1];
    if (certificate === undefined || !equal(certificate.subject.der, envelope.issuer)) return [];
    return keyUsage(certificate.extensions)?.includes("cRLSign") === false
      ? []
      : [{ certificate, issued }];
  });
  if (found.length > 0) return found;
  throw refuseTpm("tpm.crl_issuer", { actual: issuerText(envelope) });
}

/** The issuer whose key has signed a list; before anything that grows with it. */
async function authenticate(envelope: Envelope, issuers: readonly Issuer[]): Promise<Issuer> {
  const algorithm = readOr(() => readAlgorithm(envelope.algorithm), malformed);
  const scheme = signatureScheme(algorithm);
  if (scheme === undefined) throw misshapen(`it is signed with ${signatureText(algorithm)}`);
  const { signed: message, signature } = envelope;
  for (const issuer of issuers) {
    const key = VerifyingKey.read(issuer.certificate.key);
    if (await key.verifies(scheme, { message, signature })) return issuer;
  }
  throw refuseTpm("tpm.crl_signature", { issuer: issuerText(envelope) });
}

/** A list of one distribution point covers the certificates that name it, and no others (§6.3.3 b 2). */
function checkScope(crl: Crl, subject: Certificate): void {
  const point = issuingPoint(crl.extensions);
  if (point === null) return;
  // A certificate with several points or other kinds of names is not known to be covered.
  if (readIf(() => distributionPoint(subject.extensions)) === point) return;
  throw new Malformed("it covers only certificates of another distribution point");
}

function checkRevoked(crl: Crl, certificate: string, { serial }: Certificate): void {
  const entry = findEntry(crl, serial);
  if (entry === undefined) return;
  throw refuseTpm("tpm.revoked", {
    certificate,
    serial: serialText(serial),
    date: momentText(entry.date),
  });
}

/**
 * Whether each certificate that says where its list lies is covered by one. The
 * root, which nobody revokes but who pinned it, is not asked.
 *
 * @param path From the key's certificate to the root.
 * @param lists Lists that were used.
 */
export function isCovered(path: readonly Named[], lists: readonly AuthenticList[]): boolean {
  return path.slice(0, -1).every(([, certificate]) => {
    const point = findExtension(certificate.extensions, EXTENSION.distributionPoints);
    return point === undefined || lists.some(({ subject }) => subject === certificate);
  });
}
