/**
 * Revocation lists of the authorities of a path (RFC 5280 §6.3).
 *
 * @module
 */

import { equal } from "../bytes.ts";
import type { CasemateError, ErrorFields } from "../errors.ts";
import { readAlgorithm } from "./algorithm.ts";
import { signatureText } from "./algorithm_text.ts";
import type { Named } from "./anchors.ts";
import { type Certificate, serialText } from "./certificate.ts";
import {
  checkForm,
  type Crl,
  type Envelope,
  findEntry,
  issuerText,
  MAX_CRL_BYTES,
  readCrl,
  readEnvelope,
} from "./crl.ts";
import { exactlyOne, type Place, refuseAt } from "./encoding.ts";
import {
  distributionPoint,
  EXTENSION,
  findExtension,
  issuingPoint,
  keyUsage,
} from "./extensions.ts";
import { Malformed, readIf, readOr } from "../malformed.ts";
import { momentText, type Window } from "./moment.ts";
import { nameText } from "./name.ts";
import { refuseCore } from "./refuse.ts";
import { signatureScheme } from "./signature_algorithm.ts";
import { VerifyingKey } from "./verifying_key.ts";
import { MAX_CERTIFICATES } from "./pool.ts";

/** Most lists: one of each certificate's issuer. */
const MAX_LISTS = MAX_CERTIFICATES;

/** What can be wrong with a list, or with what it says. */
export type ListFault = "issuer" | "signature" | "shape" | "revoked";

/** How a technology takes lists. */
export interface ListTerms {
  /** Where they are taken. */
  readonly place: Place;
  /** Gives the technology's refusal. */
  readonly refuse: (fault: ListFault, fields: ErrorFields) => CasemateError;
}

/** What a list says. */
export interface ListSummary {
  /** Issuer as RFC 4514 text. */
  readonly issuer: string;
  /** ISO 8601. */
  readonly thisUpdate: string;
  /** ISO 8601. */
  readonly nextUpdate: string;
  /** Revoked certificates. */
  readonly entries: number;
}

/** A list that was authenticated and does not revoke what its issuer certified here. */
export interface AuthenticList {
  /** What it says. */
  readonly list: ListSummary;
  /** When it may be used. */
  readonly window: Window;
  /** Name of its place for a person. */
  readonly input: string;
  /** Certificates of the path that it is about. */
  readonly subjects: readonly Named[];
}

/** A certificate of the path, and who issued it. */
interface Issued {
  readonly subject: Named;
  readonly issuer: Certificate;
}

/**
 * A place of an operation that takes lists.
 *
 * @param name Name for the person who gave the file.
 */
export function listPlace(name: string): Place {
  return { name, kind: "crl", limit: MAX_CRL_BYTES };
}

/**
 * Takes files apart as far as that costs nothing: not more than there may be,
 * each one list with its outermost parts.
 *
 * @param files The lists, each PEM or DER.
 * @param place Where they are taken.
 * @returns DER of each.
 * @throws {RejectedError} `x509.crl_malformed`, `x509.count`
 * @throws {InputError} `input.*`
 */
export function openLists(files: readonly Uint8Array[], place: Place): readonly Uint8Array[] {
  checkNumber(files, place);
  return files.map((file) => {
    const der = exactlyOne(file, place);
    readOr(() => readEnvelope(der), malformedAt(place));
    return der;
  });
}

/**
 * Authenticates lists and looks up in them what their issuers certified on the
 * path. Whether they are current is asked later.
 *
 * @param files The lists, each PEM or DER.
 * @param path From the certificate that is asked about to the root.
 * @param terms Place and refusals.
 * @throws {RejectedError} for each {@linkcode ListFault}, `x509.crl_malformed`, `x509.count`
 * @throws {InputError} `input.*`
 */
export async function verifyLists(
  files: readonly Uint8Array[],
  path: readonly Named[],
  terms: ListTerms,
): Promise<readonly AuthenticList[]> {
  checkNumber(files, terms.place);
  const issued = path.slice(1).flatMap(([, issuer], i): readonly Issued[] => {
    const subject = path[i];
    return subject === undefined ? [] : [{ subject, issuer }];
  });
  const lists: AuthenticList[] = [];
  for (const file of files) lists.push(await new ListReader(terms, issued).read(file));
  return lists;
}

function checkNumber({ length }: readonly Uint8Array[], { name }: Place): void {
  if (length <= MAX_LISTS) return;
  const counts = { limit: `${MAX_LISTS} lists`, actual: `${length} lists` };
  throw refuseCore("input.too_large", { input: name, ...counts });
}

function malformedAt(place: Place): (reason: string) => CasemateError {
  return (reason) => refuseAt(place, "x509.crl_malformed", { reason });
}

/** Reads lists of one place. */
class ListReader {
  readonly #terms: ListTerms;
  readonly #issued: readonly Issued[];
  readonly #malformed: (reason: string) => CasemateError;

  constructor(terms: ListTerms, issued: readonly Issued[]) {
    this.#terms = terms;
    this.#issued = issued;
    this.#malformed = malformedAt(terms.place);
  }

  async read(file: Uint8Array): Promise<AuthenticList> {
    const { place } = this.#terms;
    const der = exactlyOne(file, place);
    const issuer = await this.#authenticate(der);
    const crl = readOr(() => readCrl(der), this.#malformed);
    // All that the authority issued, whichever of its certificates stands on the path.
    const issued = this.#issued.filter((one) => isSame(one.issuer, issuer));
    const subjects = issued.map(({ subject }) => subject);
    const window = readOr(() => checkList(crl, subjects), this.#misshapen);
    for (const subject of subjects) this.#checkRevoked(crl, subject);
    const list: ListSummary = {
      issuer: nameText(crl.issuer),
      thisUpdate: momentText(window.from),
      nextUpdate: momentText(window.until),
      entries: crl.entries.length,
    };
    return { list, window, input: place.name, subjects };
  }

  /** Issuer, algorithm and signature, before anything that grows with the list. */
  async #authenticate(der: Uint8Array): Promise<Certificate> {
    const envelope = readOr(() => readEnvelope(der), this.#malformed);
    const issuers = this.#issuersOf(envelope);
    const algorithm = readOr(() => readAlgorithm(envelope.algorithm), this.#malformed);
    const scheme = signatureScheme(algorithm);
    if (scheme === undefined) {
      const reason = `it is signed with ${signatureText(algorithm)}`;
      throw this.#refuse("signature", { reason });
    }
    const { signed: message, signature } = envelope;
    for (const issuer of issuers) {
      const key = VerifyingKey.read(issuer.key);
      if (await key.verifies(scheme, { message, signature })) return issuer;
    }
    throw this.#refuse("signature");
  }

  /** Authorities of the name that may sign lists (§6.3.3 f). */
  #issuersOf(envelope: Envelope): readonly Certificate[] {
    const found = this.#issued.map(({ issuer }) => issuer).filter(({ subject, extensions }) =>
      equal(subject.der, envelope.issuer) && keyUsage(extensions)?.includes("cRLSign") !== false
    );
    if (found.length > 0) return found;
    throw this.#refuse("issuer", { actual: issuerText(envelope) });
  }

  #checkRevoked(crl: Crl, [certificate, { serial }]: Named): void {
    const entry = findEntry(crl, serial);
    if (entry === undefined) return;
    const date = momentText(entry.date);
    throw this.#refuse("revoked", { certificate, serial: serialText(serial), date });
  }

  #refuse(fault: ListFault, fields: ErrorFields = {}): CasemateError {
    const { place, refuse } = this.#terms;
    return refuse(fault, { input: place.name, ...fields });
  }

  readonly #misshapen = (reason: string): Error => this.#refuse("shape", { reason });
}

/** Whether two certificates are of one authority. */
function isSame(one: Certificate, other: Certificate): boolean {
  return equal(one.subject.der, other.subject.der) && equal(one.key.der, other.key.der);
}

/**
 * Checks that a list is whole, and is about some certificates: one of a
 * distribution point covers those that name it, and no others (§6.3.3 b 2).
 */
function checkList(crl: Crl, subjects: readonly Named[]): Window {
  const window = checkForm(crl);
  const point = issuingPoint(crl.extensions);
  if (point === null) return window;
  // A certificate with several points or other kinds of names is not known to be covered.
  const isCovering = subjects.every(([, { extensions }]) =>
    readIf(() => distributionPoint(extensions)) === point
  );
  if (isCovering) return window;
  throw new Malformed("it covers only certificates of another distribution point");
}

/**
 * Whether each certificate that says where its list lies is covered by one. The
 * root, which nobody revokes but who pinned it, is not asked.
 *
 * @param path From the certificate that is asked about to the root.
 * @param lists Lists that were used.
 */
export function isCovered(path: readonly Named[], lists: readonly AuthenticList[]): boolean {
  return path.slice(0, -1).every(([, certificate]) => {
    const point = findExtension(certificate.extensions, EXTENSION.distributionPoints);
    return point === undefined ||
      lists.some(({ subjects }) => subjects.some(([, one]) => one === certificate));
  });
}
