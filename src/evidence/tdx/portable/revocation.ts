/**
 * Revocation lists of the PCK CA and of the root (SGX PCK Certificate and CRL
 * Profile Specification, chapter 2; RFC 5280 §6.3).
 *
 * @module
 */

import { readAlgorithm } from "../../../core/portable/algorithm.ts";
import type { Named } from "../../../core/portable/anchors.ts";
import { serialText } from "../../../core/portable/certificate.ts";
import {
  checkForm,
  type Crl,
  crlNumber,
  findEntry,
  foreignIssuer,
  MAX_CRL_BYTES,
  readCrl,
  readEnvelope,
} from "../../../core/portable/crl.ts";
import { fingerprintOf } from "../../../core/portable/digest.ts";
import { ECDSA_P256, isEcdsa } from "../../../core/portable/ecdsa.ts";
import { exactlyOne, type Place, refuseAt } from "../../../core/portable/encoding.ts";
import { EXTENSION, findExtension } from "../../../core/portable/extensions.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { momentText, type Window } from "../../../core/portable/moment.ts";
import { nameText } from "../../../core/portable/name.ts";
import type { TdxRevocationList } from "../report.ts";
import type { Authority } from "./certificates.ts";
import { refuseTdx } from "./refuse.ts";

/** Where the lists are taken. */
export const CRL_PLACES: Readonly<Record<"pck" | "root", Place>> = {
  pck: { name: "pck-crl", kind: "crl", limit: MAX_CRL_BYTES },
  root: { name: "root-crl", kind: "crl", limit: MAX_CRL_BYTES },
};

/** A list that was authenticated and revokes none of those that it was asked about. */
export interface AuthenticList {
  /** What it says. */
  readonly list: TdxRevocationList;
  /** When it may be used. */
  readonly window: Window;
}

/** Whom a list is of, and whom it is about. */
export interface ListSubject {
  /** Where it is taken. */
  readonly place: Place;
  /** Who must have issued it. */
  readonly issuer: Authority;
  /** Certificates that it must not revoke. */
  readonly subjects: readonly Named[];
}

/**
 * Authenticates a list as its issuer's and looks certificates up in it. Whether
 * it is current is asked later.
 *
 * @param file The list, PEM or DER.
 * @param about Whom it is of, and whom it is about.
 * @throws {RejectedError} `tdx.crl_issuer`, `tdx.crl_signature`, `tdx.crl_shape`,
 * `tdx.revoked`, `x509.crl_malformed`, `x509.count`
 * @throws {InputError} `input.*`
 */
export function verifyList(file: Uint8Array, about: ListSubject): AuthenticList {
  const input = about.place.name;
  const der = exactlyOne(file, about.place);
  authenticate(der, about);
  const crl = readOr(
    () => readCrl(der),
    (reason) => refuseAt(about.place, "x509.crl_malformed", { reason }),
  );
  const found = readOr(
    () => describe(crl),
    (reason) => refuseTdx("tdx.crl_shape", { input, reason }),
  );
  checkRevoked(crl, about);
  return found;
}

/** Issuer, algorithm and signature, before anything that grows with the list. */
function authenticate(der: Uint8Array, { place, issuer }: ListSubject): void {
  const input = place.name;
  const malformed = (reason: string): Error => refuseAt(place, "x509.crl_malformed", { reason });
  const envelope = readOr(() => readEnvelope(der), malformed);
  const { subject } = issuer.certificate;
  const actual = foreignIssuer(envelope, subject);
  if (actual !== undefined) {
    throw refuseTdx("tdx.crl_issuer", { input, expected: nameText(subject), actual });
  }
  const algorithm = readOr(() => readAlgorithm(envelope.algorithm), malformed);
  if (!isEcdsa(algorithm, ECDSA_P256)) {
    const reason = "it is not signed with Intel's algorithm";
    throw refuseTdx("tdx.crl_shape", { input, reason });
  }
  if (issuer.key.verifiesDer(envelope.signed, envelope.signature)) return;
  throw refuseTdx("tdx.crl_signature", { input });
}

/** Intel's lists are whole: one with a distribution point would leave some certificates out. */
function describe(crl: Crl): AuthenticList {
  const window = checkForm(crl);
  if (findExtension(crl.extensions, EXTENSION.issuingPoint) !== undefined) {
    throw new Malformed("it covers only a part of its issuer's certificates");
  }
  const list: TdxRevocationList = {
    issuer: nameText(crl.issuer),
    number: crlNumber(crl),
    thisUpdate: momentText(window.from),
    nextUpdate: momentText(window.until),
    revoked: crl.entries.length,
    sha256: fingerprintOf(crl.der),
  };
  return { list, window };
}

function checkRevoked(crl: Crl, { place, subjects }: ListSubject): void {
  for (const [certificate, { serial }] of subjects) {
    const entry = findEntry(crl, serial);
    if (entry === undefined) continue;
    throw refuseTdx("tdx.revoked", {
      input: place.name,
      certificate,
      serial: serialText(serial),
      date: momentText(entry.date),
    });
  }
}
