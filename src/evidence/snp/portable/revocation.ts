/**
 * Revocation lists of a chain (57230 §2.3, RFC 5280 §6.3). AMD's are issued by the ARK.
 *
 * @module
 */

import { readAlgorithm } from "../../../core/portable/algorithm.ts";
import type { Named } from "../../../core/portable/anchors.ts";
import { type Certificate, serialText } from "../../../core/portable/certificate.ts";
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
import { exactlyOne, type Place, refuseAt } from "../../../core/portable/encoding.ts";
import { distributionPoint, issuingPoint } from "../../../core/portable/extensions.ts";
import { readOr } from "../../../core/malformed.ts";
import { momentText, positionIn, type Window } from "../../../core/portable/moment.ts";
import { nameText, shorten } from "../../../core/portable/name.ts";
import { isPssSha384, type RsaKey } from "../../../core/portable/rsa_pss.ts";
import type { RevocationList } from "../report.ts";
import { type Form, FORM_NAMES } from "./leaf.ts";
import { refuseSnp } from "./refuse.ts";

const PLACE: Place = { name: "crl", kind: "crl", limit: MAX_CRL_BYTES };

/** A list that was authenticated and covers the chain. */
export interface AuthenticList {
  /** What it says. */
  readonly list: RevocationList;
  /** When it may be used. */
  readonly window: Window;
}

/** Whom a list has to be about. */
export interface Subject {
  /** The certificates that it may revoke, with their names. */
  readonly all: readonly Named[];
  /** Intermediate. */
  readonly ask: Certificate;
  /** Root. */
  readonly ark: Certificate;
  /** The root's key. */
  readonly arkKey: RsaKey;
  /** Form of the chain. */
  readonly form: Form;
}

const malformed = (reason: string): Error => refuseAt(PLACE, "x509.crl_malformed", { reason });
const misshapen = (reason: string): Error => refuseSnp("snp.crl_shape", { reason });

/**
 * Authenticates a list and looks the chain's certificates up in it. Whether it
 * is current is left to {@linkcode checkCurrent}.
 *
 * @param file The list, PEM or DER.
 * @param subject Whom it has to be about.
 * @throws {RejectedError} `snp.crl_issuer`, `snp.crl_shape`, `snp.crl_signature`,
 * `snp.crl_scope`, `snp.revoked`, `x509.crl_malformed`, `x509.count`
 * @throws {InputError} `input.*`
 */
export async function verifyList(file: Uint8Array, subject: Subject): Promise<AuthenticList> {
  const der = exactlyOne(file, PLACE);
  await authenticate(der, subject);
  const crl = readOr(() => readCrl(der), malformed);
  const window = readOr(() => checkForm(crl), misshapen);
  const scope = checkScope(crl, subject);
  checkRevoked(crl, subject);
  const list: RevocationList = {
    number: readOr(() => crlNumber(crl), misshapen),
    thisUpdate: momentText(window.from),
    nextUpdate: momentText(window.until),
    scope,
    revoked: crl.entries.length,
    sha256: fingerprintOf(der),
  };
  return { list, window };
}

/** Issuer, algorithm and signature, before anything that grows with the list. */
async function authenticate(der: Uint8Array, { ark, arkKey }: Subject): Promise<void> {
  const envelope = readOr(() => readEnvelope(der), malformed);
  const actual = foreignIssuer(envelope, ark.subject);
  if (actual !== undefined) {
    throw refuseSnp("snp.crl_issuer", { expected: nameText(ark.subject), actual });
  }
  const algorithm = readOr(() => readAlgorithm(envelope.algorithm), malformed);
  if (!isPssSha384(algorithm)) throw misshapen("it is not signed with AMD's algorithm");
  if (!await arkKey.verifies(envelope.signed, envelope.signature)) {
    throw refuseSnp("snp.crl_signature");
  }
}

/**
 * The list must come from the point that the intermediate names, so that a
 * VCEK's list cannot stand in for a VLEK's (RFC 5280 §6.3.3 b 2).
 */
function checkScope(crl: Crl, { ask, form }: Subject): string | null {
  const actual = readOr(() => issuingPoint(crl.extensions), misshapen);
  if (actual === null) return null;
  const expected = readOr(
    () => distributionPoint(ask.extensions),
    (reason) => refuseSnp("snp.chain_shape", { certificate: FORM_NAMES[form].issuer, reason }),
  );
  if (expected === actual) return actual;
  throw refuseSnp("snp.crl_scope", {
    expected: expected ?? "a list of everything the ARK issues",
    actual: shorten(actual),
  });
}

function checkRevoked(crl: Crl, { all }: Subject): void {
  for (const [certificate, { serial }] of all) {
    const entry = findEntry(crl, serial);
    if (entry === undefined) continue;
    throw refuseSnp("snp.revoked", {
      certificate,
      serial: serialText(serial),
      date: momentText(entry.date),
    });
  }
}

/**
 * Refuses a list from the future or past its next update.
 *
 * @param list The list.
 * @param now The moment.
 * @throws {RejectedError} `snp.crl_not_yet_valid`, `snp.crl_expired`
 */
export function checkCurrent({ list, window }: AuthenticList, now: number): void {
  const { thisUpdate, nextUpdate } = list;
  switch (positionIn(window, now)) {
    case "within":
      return;
    case "before":
      throw refuseSnp("snp.crl_not_yet_valid", { thisUpdate, now: momentText(now) });
    case "after":
      throw refuseSnp("snp.crl_expired", { nextUpdate, now: momentText(now) });
  }
}
