/**
 * Revocation lists of the authorities of a path (RFC 5280 §6.3).
 *
 * @module
 */

import { equal } from "../../../core/bytes.ts";
import type { ErrorFields } from "../../../core/errors.ts";
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
import { refuseCore } from "../../../core/portable/refuse.ts";
import { signatureScheme } from "../../../core/portable/signature_algorithm.ts";
import { VerifyingKey } from "../../../core/portable/verifying_key.ts";
import type { RevocationList } from "../report.ts";
import type { TpmCode } from "../codes.ts";
import { MAX_CERTIFICATES } from "./pool.ts";
import { refuseTpm } from "./refuse.ts";
import { PREFIXES, type Role } from "./role.ts";

/** Most lists: one of each certificate's issuer. */
const MAX_LISTS = MAX_CERTIFICATES;

/** A list that was authenticated and does not revoke what its issuer certified here. */
export interface AuthenticList {
  /** What it says. */
  readonly list: RevocationList;
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
 * Authenticates lists and looks up in them what their issuers certified on the
 * path. Whether they are current is asked later.
 *
 * @param files The lists, each PEM or DER.
 * @param path From the key's certificate to the root.
 * @param role What the key is.
 * @throws {RejectedError} `tpm.crl_issuer`, `tpm.crl_signature`, `tpm.crl_shape`,
 * `tpm.revoked`, `x509.crl_malformed`, `x509.count`
 * @throws {InputError} `input.*`
 */
export async function verifyLists(
  files: readonly Uint8Array[],
  path: readonly Named[],
  role: Role,
): Promise<readonly AuthenticList[]> {
  const place: Place = { name: `${PREFIXES[role]}-cert-crl`, kind: "crl", limit: MAX_CRL_BYTES };
  if (files.length > MAX_LISTS) {
    const counts = { limit: `${MAX_LISTS} lists`, actual: `${files.length} lists` };
    throw refuseCore("input.too_large", { input: place.name, ...counts });
  }
  const issued = path.slice(1).flatMap(([, issuer], i): readonly Issued[] => {
    const subject = path[i];
    return subject === undefined ? [] : [{ subject, issuer }];
  });
  const lists: AuthenticList[] = [];
  for (const file of files) lists.push(await new ListReader(place, issued).read(file));
  return lists;
}

/** Reads lists of one place. */
class ListReader {
  readonly #place: Place;
  readonly #issued: readonly Issued[];

  constructor(place: Place, issued: readonly Issued[]) {
    this.#place = place;
    this.#issued = issued;
  }

  async read(file: Uint8Array): Promise<AuthenticList> {
    const input = this.#place.name;
    const der = exactlyOne(file, this.#place);
    const issuer = await this.#authenticate(der);
    const crl = readOr(() => readCrl(der), this.#malformed);
    // All that the authority issued, whichever of its certificates stands on the path.
    const issued = this.#issued.filter((one) => isSame(one.issuer, issuer));
    const subjects = issued.map(({ subject }) => subject);
    const window = readOr(() => checkList(crl, subjects), this.#misshapen);
    for (const subject of subjects) this.#checkRevoked(crl, subject);
    const list: RevocationList = {
      issuer: nameText(crl.issuer),
      thisUpdate: momentText(window.from),
      nextUpdate: momentText(window.until),
      entries: crl.entries.length,
    };
    return { list, window, input, subjects };
  }

  /** Issuer, algorithm and signature, before anything that grows with the list. */
  async #authenticate(der: Uint8Array): Promise<Certificate> {
    const envelope = readOr(() => readEnvelope(der), this.#malformed);
    const issuers = this.#issuersOf(envelope);
    const algorithm = readOr(() => readAlgorithm(envelope.algorithm), this.#malformed);
    const scheme = signatureScheme(algorithm);
    if (scheme === undefined) {
      const reason = `it is signed with ${signatureText(algorithm)}`;
      throw this.#refuse("tpm.crl_signature", { reason });
    }
    const { signed: message, signature } = envelope;
    for (const issuer of issuers) {
      const key = VerifyingKey.read(issuer.key);
      if (await key.verifies(scheme, { message, signature })) return issuer;
    }
    throw this.#refuse("tpm.crl_signature");
  }

  /** Authorities of the name that may sign lists (§6.3.3 f). */
  #issuersOf(envelope: Envelope): readonly Certificate[] {
    const found = this.#issued.map(({ issuer }) => issuer).filter(({ subject, extensions }) =>
      equal(subject.der, envelope.issuer) && keyUsage(extensions)?.includes("cRLSign") !== false
    );
    if (found.length > 0) return found;
    throw this.#refuse("tpm.crl_issuer", { actual: issuerText(envelope) });
  }

  #checkRevoked(crl: Crl, [certificate, { serial }]: Named): void {
    const entry = findEntry(crl, serial);
    if (entry === undefined) return;
    const date = momentText(entry.date);
    throw this.#refuse("tpm.revoked", { certificate, serial: serialText(serial), date });
  }

  #refuse(code: TpmCode, fields: ErrorFields = {}): Error {
    return refuseTpm(code, { input: this.#place.name, ...fields });
  }

  readonly #malformed = (reason: string): Error =>
    refuseAt(this.#place, "x509.crl_malformed", { reason });

  readonly #misshapen = (reason: string): Error => this.#refuse("tpm.crl_shape", { reason });
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
 * @param path From the key's certificate to the root.
 * @param lists Lists that were used.
 */
export function isCovered(path: readonly Named[], lists: readonly AuthenticList[]): boolean {
  return path.slice(0, -1).every(([, certificate]) => {
    const point = findExtension(certificate.extensions, EXTENSION.distributionPoints);
    return point === undefined ||
      lists.some(({ subjects }) => subjects.some(([, one]) => one === certificate));
  });
}
