/**
 * The chain in a quote: PCK certificate, its CA, Intel's root (SGX PCK
 * Certificate and CRL Profile Specification, chapter 1).
 *
 * @module
 */

import { signatureText } from "../../../core/portable/algorithm_text.ts";
import {
  checkMarks,
  chooseRoot,
  type Named,
  type PinnedRoot,
} from "../../../core/portable/anchors.ts";
import {
  type Certificate,
  readCertificate,
  summaryOf,
} from "../../../core/portable/certificate.ts";
import type { EcdsaKey } from "../../../core/portable/ecdsa.ts";
import { exactly, MAX_CHAIN_BYTES, type Place } from "../../../core/portable/encoding.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { commonName, nameText, shorten } from "../../../core/portable/name.ts";
import { checkAuthority, checkNames } from "../../../core/portable/shape.ts";
import type { Pck } from "../report.ts";
import {
  type Authority,
  type Ca,
  caOf,
  hasSigned,
  INTEL_NAMES,
  isRoot,
  isSignedByEcdsa,
  keyOf,
  readCertificates,
} from "./certificates.ts";
import { checkPck, readPck } from "./pck.ts";
import { refuseRoot, refuseTdx } from "./refuse.ts";

/** Where the certificates of a quote are taken. */
const PLACE: Place = { name: "quote", kind: "certificate", limit: MAX_CHAIN_BYTES };

/** Names in refusals, as the chain stands. */
const NAMES = ["PCK", "CA", "root"] as const;

/** A chain that is genuine; whether it is in force depends on the time. */
export interface Chain {
  /** Which CA issued the PCK certificate. */
  readonly ca: Ca;
  /** Whether the root is a lab's. */
  readonly lab: boolean;
  /** Root. */
  readonly root: Authority;
  /** CA. */
  readonly intermediate: Authority;
  /** PCK certificate. */
  readonly leaf: Certificate;
  /** Its key. */
  readonly key: EcdsaKey;
  /** What it certifies. */
  readonly pck: Pck;
}

/** The three certificates, where each must stand. */
interface Certificates {
  readonly leaf: Certificate;
  readonly ca: Certificate;
  readonly root: Certificate;
}

/**
 * Reads the first of the three certificates of a quote's certification data; the others are not looked at.
 *
 * @param data The certification data.
 * @throws {RejectedError} `x509.*`
 * @throws {InputError} `input.*`
 */
export function readLeaf(data: Uint8Array): Certificate {
  const [leaf = new Uint8Array()] = exactly(textOf(data), PLACE, NAMES.length);
  return readCertificate(leaf, NAMES[0]);
}

/** Quoting services write a C string, whose end is a byte of zero. */
function textOf(data: Uint8Array): Uint8Array {
  return data.subarray(0, data.findLastIndex((byte) => byte !== 0) + 1);
}

/**
 * Verifies a chain: pinned root, order, signatures, shapes, Intel's extension.
 * Signatures come before shapes, so that a chain of another form is told from a
 * broken one.
 *
 * @param data Certification data of the quote.
 * @param roots Pinned roots.
 * @throws {RejectedError} `tdx.root_*`, `tdx.lab_*`, `tdx.chain_*`, `tdx.pck_*`, `x509.*`
 * @throws {InputError} `input.*`
 */
export function verifyChain(data: Uint8Array, roots: readonly PinnedRoot[]): Chain {
  const all = readCertificates(textOf(data), PLACE, NAMES);
  const named = all.map((one, i): Named => [NAMES[i] ?? "", one]).reverse();
  const chosen = chooseRoot(roots, rootOf(all), named, refuseRoot);
  const { leaf, ca, root } = inOrder(all);
  for (const [name, certificate] of named) checkAlgorithm(name, certificate);
  const rootKey = keyAt("root", root);
  checkSignature("root", root, rootKey);
  const caKey = keyAt("CA", ca);
  checkSignature("CA", ca, rootKey);
  checkSignature("PCK", leaf, caKey);
  checkRoot(root);
  const kind = checkCa(ca, root);
  const key = checkPck(leaf, ca);
  return {
    ca: kind,
    lab: chosen.lab,
    root: { certificate: root, key: rootKey },
    intermediate: { certificate: ca, key: caKey },
    leaf,
    key,
    pck: readPck(leaf, kind),
  };
}

/** The root wherever it stands, so that a chain in the wrong order is not taken for one under another root. */
function rootOf(all: readonly Certificate[]): Certificate {
  const root = all.findLast(isRoot) ?? all.at(-1);
  if (root === undefined) throw new TypeError("A chain has no certificate");
  return root;
}

function inOrder(all: readonly Certificate[]): Certificates {
  const [leaf, ca, root] = all;
  const isCa = ({ subject }: Certificate): boolean => caOf(commonName(subject)) !== undefined;
  const isOrdered = leaf !== undefined && ca !== undefined && root !== undefined &&
    !isRoot(leaf) && !isCa(leaf) && isCa(ca) && isRoot(root);
  if (isOrdered) return { leaf, ca, root };
  throw refuseTdx("tdx.chain_order", {
    expected: "PCK certificate, CA, root",
    actual: all.map(({ subject }) => shorten(nameText(subject))).join(" | "),
  });
}

function checkAlgorithm(certificate: string, found: Certificate): void {
  if (isSignedByEcdsa(found)) return;
  const actual = signatureText(found.algorithm);
  throw refuseTdx("tdx.chain_algorithm", { certificate, actual });
}

/**
 * Verifies a root alone: pinned, marked like a root of its kind, signed by itself, of Intel's shape.
 *
 * @param root The certificate.
 * @param roots Pinned roots.
 * @throws {RejectedError} `tdx.root_*`, `tdx.lab_*`, `tdx.chain_*`
 */
export function verifyRoot(
  root: Certificate,
  roots: readonly PinnedRoot[],
): Pick<Chain, "root" | "lab"> {
  const { lab } = chooseRoot(roots, root, [["root", root]], refuseRoot);
  checkAlgorithm("root", root);
  const key = keyAt("root", root);
  checkSignature("root", root, key);
  checkRoot(root);
  return { root: { certificate: root, key }, lab };
}

/**
 * Verifies a CA of PCK certificates under its root.
 *
 * @param ca The certificate.
 * @param under The root.
 * @returns Which CA it is, and its key.
 * @throws {RejectedError} `tdx.lab_*`, `tdx.chain_*`
 */
export function verifyCa(
  ca: Certificate,
  { root, lab }: Pick<Chain, "root" | "lab">,
): Authority & { readonly ca: Ca } {
  checkMarks(lab, [["CA", ca]], refuseRoot);
  checkAlgorithm("CA", ca);
  checkSignature("CA", ca, root.key);
  return { ca: checkCa(ca, root.certificate), certificate: ca, key: keyAt("CA", ca) };
}

function keyAt(name: string, certificate: Certificate): EcdsaKey {
  return readOr(() => keyOf(certificate), (reason) => misshapen(name, reason));
}

function checkSignature(certificate: string, found: Certificate, key: EcdsaKey): void {
  if (hasSigned(key, found)) return;
  const { subject, issuer } = summaryOf(found);
  throw refuseTdx("tdx.chain_signature", { certificate, subject, issuer });
}

/** Both sign certificates and lists. The root's path may be as long as it likes, or one. */
function checkRoot(root: Certificate): void {
  readOr(() => {
    checkNames(root, root, INTEL_NAMES.root);
    const pathLen = checkAuthority(root, ["keyCertSign", "cRLSign"]);
    if (pathLen !== null && pathLen !== 1) {
      throw new Malformed(`the path length is ${pathLen}`);
    }
  }, (reason) => misshapen("root", reason));
}

function checkCa(ca: Certificate, root: Certificate): Ca {
  return readOr(() => {
    const kind = caOf(commonName(ca.subject));
    if (kind === undefined) throw new Malformed("it is no PCK CA");
    checkNames(ca, root, INTEL_NAMES[kind]);
    const pathLen = checkAuthority(ca, ["keyCertSign", "cRLSign"]);
    if (pathLen !== 0) throw new Malformed("the path length is not 0");
    return kind;
  }, (reason) => misshapen("CA", reason));
}

function misshapen(certificate: string, reason: string): Error {
  return refuseTdx("tdx.chain_shape", { certificate, reason });
}
