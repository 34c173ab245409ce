/**
 * Roots of trust that the caller pins, and the choice among them.
 *
 * @module
 */

import { toHex } from "../bytes.ts";
import type { CasemateError, ErrorFields } from "../errors.ts";
import { type Certificate, summaryOf } from "./certificate.ts";
import { argumentsOf, misuse, unframe } from "./frame.ts";
import { isMarked, isRightlyMarked } from "./lab_mark.ts";
import { utf8Of } from "./values.ts";

/** Most roots that a caller may pin. */
const MAX_ANCHORS = 16;
/** Fields of an anchor. */
const FIELDS = 4;
/** Bytes of a fingerprint. */
const FINGERPRINT_BYTES = 32;

/** A pinned root. */
export interface PinnedRoot {
  /** What the technology calls it, as a product line; may be empty. */
  readonly label: string;
  /** SHA-256 of the root certificate's DER, hex. */
  readonly certificate: string;
  /** SHA-256 of the root's SubjectPublicKeyInfo, hex. */
  readonly key: string;
  /** Whether it is a lab's, which must not be mistaken for the vendor. */
  readonly lab: boolean;
}

/** What can be wrong with a root. */
export type RootFault =
  /** No pinned root has this key. */
  | "unknown"
  /** A pinned root has this key and another certificate. */
  | "mismatch"
  /** A lab's certificate, and the root is not one of a lab. */
  | "lab-on-vendor-path"
  /** A certificate under a lab's root that lacks the mark. */
  | "lab-extension-missing";

/** A certificate with its name for a person. */
export type Named = readonly [name: string, certificate: Certificate];

/** How a technology refuses a root. */
export type RefuseRoot = (fault: RootFault, fields: ErrorFields) => CasemateError;

/**
 * Reads a list of roots; each is four fields: label, SHA-256 of the
 * certificate, SHA-256 of the key, one byte of flags.
 *
 * @param framed The list.
 * @throws {Error} where it is anything else, since it comes from the calling code.
 */
export function readRoots(framed: Uint8Array): readonly PinnedRoot[] {
  return unframe(framed, MAX_ANCHORS).map(readRoot);
}

function readRoot(item: Uint8Array): PinnedRoot {
  const none = new Uint8Array();
  const fields = argumentsOf(unframe(item, FIELDS), FIELDS);
  const [label = none, certificate = none, key = none, flags = none] = fields;
  const text = utf8Of(label);
  const [flag] = flags;
  const isWrong = text === undefined || certificate.length !== FINGERPRINT_BYTES ||
    key.length !== FINGERPRINT_BYTES || flags.length !== 1 || flag === undefined || flag > 1;
  if (isWrong) throw misuse("an anchor is wrong");
  return { label: text, certificate: toHex(certificate), key: toHex(key), lab: flag === 1 };
}

/**
 * Finds the pinned root that is a chain's root, certificate and key both, and
 * keeps lab and vendor apart.
 *
 * @param roots The pinned roots.
 * @param root The chain's root.
 * @param all All certificates of the chain, the root among them.
 * @param refuse Gives the technology's refusal.
 * @throws {RejectedError} for each {@linkcode RootFault}.
 */
export function chooseRoot(
  roots: readonly PinnedRoot[],
  root: Certificate,
  all: readonly Named[],
  refuse: RefuseRoot,
): PinnedRoot {
  const { subject, sha256, spkiSha256 } = summaryOf(root);
  const same = roots.filter(({ certificate, key }) => certificate === sha256 && key === spkiSha256);
  // A root that was given twice counts as the vendor's, so that nobody gets a lab's verdict for it by mistake.
  const chosen = same.find(({ lab }) => !lab) ?? same[0];
  if (chosen !== undefined) {
    checkMarks(chosen.lab, all, refuse);
    return chosen;
  }
  if (!roots.some(({ lab }) => lab)) checkMarks(false, all, refuse);
  const sameKey = roots.find(({ key }) => key === spkiSha256);
  throw sameKey === undefined
    ? refuse("unknown", { root: subject, actual: sha256 })
    : refuse("mismatch", { expected: sameKey.certificate, actual: sha256 });
}

/**
 * Demands the mark in all certificates under a lab's root, and in none under another.
 *
 * @param lab Whether the root is a lab's.
 * @param all The certificates.
 * @param refuse Gives the technology's refusal.
 * @throws {RejectedError} for `lab-on-vendor-path` and `lab-extension-missing`.
 */
export function checkMarks(lab: boolean, all: readonly Named[], refuse: RefuseRoot): void {
  const wrong = all.find(([, one]) => lab ? !isRightlyMarked(one) : isMarked(one));
  if (wrong === undefined) return;
  const [certificate] = wrong;
  throw refuse(lab ? "lab-extension-missing" : "lab-on-vendor-path", { certificate });
}
