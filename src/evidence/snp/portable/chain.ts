/**
 * A leaf, its intermediate and its root, verified together with their revocation lists.
 *
 * @module
 */

import { CURVE_P384, pointOf } from "../../../core/portable/algorithm.ts";
import { signatureText } from "../../../core/portable/algorithm_text.ts";
import {
  chooseRoot,
  type Named,
  type PinnedRoot,
  type RootFault,
} from "../../../core/portable/anchors.ts";
import {
  type Certificate,
  readCertificate,
  summaryOf,
} from "../../../core/portable/certificate.ts";
import { ECDSA_P384, EcdsaKey } from "../../../core/portable/ecdsa.ts";
import {
  exactly,
  exactlyOne,
  MAX_CHAIN_BYTES,
  type Place,
} from "../../../core/portable/encoding.ts";
import type { CasemateError, ErrorFields } from "../../../core/errors.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { momentText, positionIn } from "../../../core/portable/moment.ts";
import { nameText } from "../../../core/portable/name.ts";
import { isPssSha384, RsaKey } from "../../../core/portable/rsa_pss.ts";
import type { CertificateSummary } from "../../../core/x509.ts";
import type { SnpCode } from "../codes.ts";
import type { SnpLeaf } from "../report.ts";
import { type Form, FORM_NAMES, formOfLeaf, LEAF_PLACE, readLeaf } from "./leaf.ts";
import { findLine, type Line, LINE_NAMES } from "../line.ts";
import { refuseSnp } from "./refuse.ts";
import { type AuthenticList, verifyList } from "./revocation.ts";
import { checkArk, checkAsk, checkLeaf, formOfAsk, lineOfArk } from "./shape.ts";

const CHAIN_PLACE: Place = { name: "chain", kind: "certificate", limit: MAX_CHAIN_BYTES };

const ROOT_CODES = {
  "unknown": "snp.root_unknown",
  "mismatch": "snp.root_mismatch",
  "lab-on-vendor-path": "snp.lab_on_vendor_path",
  "lab-extension-missing": "snp.lab_extension_missing",
} as const satisfies Record<string, SnpCode>;

/** Everything that a chain is verified with, except the time. */
export interface ChainInput {
  /** The VCEK or VLEK, PEM or DER. */
  readonly leaf: Uint8Array;
  /** ASK or ASVK, then ARK; PEM or DER. */
  readonly chain: Uint8Array;
  /** Revocation lists, each PEM or DER. */
  readonly crls: readonly Uint8Array[];
  /** Pinned roots. */
  readonly roots: readonly PinnedRoot[];
}

/** The three certificates. */
interface Certificates {
  readonly leaf: Certificate;
  readonly ask: Certificate;
  readonly ark: Certificate;
}

/** A chain that is genuine; whether it is in force depends on the time. */
export interface Chain {
  /** Product line. */
  readonly line: Line;
  /** Whether the root is a lab's. */
  readonly lab: boolean;
  /** What the leaf certifies. */
  readonly leaf: SnpLeaf;
  /** The leaf's key. */
  readonly key: EcdsaKey;
  /** The intermediate. */
  readonly ask: CertificateSummary;
  /** The root. */
  readonly ark: CertificateSummary;
  /** Lists that do not revoke any of the three. */
  readonly crls: readonly AuthenticList[];
  /** The three with their names, root first. */
  readonly named: readonly Named[];
}

/**
 * Verifies a chain: pinned root, signatures, shapes, the leaf's extensions,
 * revocation. Signatures come before shapes, so that a chain of another product
 * is told from a broken one.
 *
 * @param input The chain.
 * @throws {RejectedError} `snp.chain_*`, `snp.root_*`, `snp.lab_*`, `snp.*_signature`,
 * `snp.leaf_*`, `snp.crl_*`, `snp.revoked`, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function verifyChain(input: ChainInput): Promise<Chain> {
  const certificates = readCertificates(input);
  const { leaf, ask, ark } = certificates;
  checkOrder(certificates);
  const stated = named(certificates, formOfLeaf(leaf) ?? formOfAsk(ask));
  const root = chooseRoot(input.roots, ark, stated, refuseRoot);
  const arkKey = await verifySignatures(certificates, stated);
  const line = lineOf(ark, root);
  checkArk(ark, line.name);
  const form = checkAsk(ask, ark, line.name);
  checkLeaf(leaf, ask, form);
  const key = readKey(leaf, form);
  const certified = readLeaf(leaf, form, line);
  const all = named(certificates, form);
  const crls: AuthenticList[] = [];
  for (const crl of input.crls) crls.push(await verifyList(crl, { all, ask, ark, arkKey, form }));
  return {
    line,
    lab: root.lab,
    leaf: certified,
    key,
    ask: summaryOf(ask),
    ark: summaryOf(ark),
    crls,
    named: all,
  };
}

/** An intermediate and its root, which are genuine; whether they are in force depends on the time. */
export interface Issuers {
  /** Product line. */
  readonly line: Line;
  /** Form of the leaves that the intermediate issues. */
  readonly form: Form;
  /** Intermediate. */
  readonly ask: Certificate;
  /** Root. */
  readonly ark: Certificate;
  /** The root's key. */
  readonly arkKey: RsaKey;
}

/**
 * Verifies an intermediate and its root alone, as they are fetched: pinned root,
 * signatures, shapes.
 *
 * @param chain ASK or ASVK, then ARK; PEM or DER.
 * @param roots Pinned roots.
 * @throws {RejectedError} `snp.chain_*`, `snp.root_*`, `snp.lab_*`, `snp.ark_signature`, `snp.ask_signature`, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function verifyIssuers(
  chain: Uint8Array,
  roots: readonly PinnedRoot[],
): Promise<Issuers> {
  const pair = readIssuers(chain);
  const { ask, ark } = pair;
  checkOrder(pair);
  const all: readonly Named[] = [["ARK", ark], [FORM_NAMES[formOfAsk(ask)].issuer, ask]];
  const root = chooseRoot(roots, ark, all, refuseRoot);
  checkAlgorithms(all);
  const arkKey = await verifyIssuerSignatures(pair);
  const line = lineOf(ark, root);
  checkArk(ark, line.name);
  return { line, form: checkAsk(ask, ark, line.name), ask, ark, arkKey };
}

function refuseRoot(fault: RootFault, fields: ErrorFields): CasemateError {
  return refuseSnp(ROOT_CODES[fault], fields);
}

function readCertificates({ leaf, chain }: ChainInput): Certificates {
  const leafDer = exactlyOne(leaf, LEAF_PLACE);
  const [ask, ark] = splitIssuers(chain);
  return { leaf: readCertificate(leafDer, "leaf"), ...readPair(ask, ark) };
}

function readIssuers(chain: Uint8Array): Pick<Certificates, "ask" | "ark"> {
  return readPair(...splitIssuers(chain));
}

function splitIssuers(chain: Uint8Array): readonly [ask: Uint8Array, ark: Uint8Array] {
  const none = new Uint8Array();
  const [ask = none, ark = none] = exactly(chain, CHAIN_PLACE, 2);
  return [ask, ark];
}

function readPair(ask: Uint8Array, ark: Uint8Array): Pick<Certificates, "ask" | "ark"> {
  return { ask: readCertificate(ask, "ASK"), ark: readCertificate(ark, "ARK") };
}

function named({ leaf, ask, ark }: Certificates, form: Form): readonly Named[] {
  return [["ARK", ark], [FORM_NAMES[form].issuer, ask], [form, leaf]];
}

/** AMD's KDS serves ASK first; the other way round is the commonest mistake. */
function checkOrder({ ask, ark }: Pick<Certificates, "ask" | "ark">): void {
  if (lineOfArk(ask) === undefined || lineOfArk(ark) !== undefined) return;
  throw refuseSnp("snp.chain_order", {
    first: nameText(ask.subject),
    second: nameText(ark.subject),
  });
}

/** One algorithm, three signatures; gives the root's key for the lists. */
async function verifySignatures(
  { leaf, ask, ark }: Certificates,
  all: readonly Named[],
): Promise<RsaKey> {
  checkAlgorithms(all);
  const issuer = FORM_NAMES[formOfAsk(ask)].issuer;
  const arkKey = await verifyIssuerSignatures({ ask, ark });
  const askKey = await readRsaKey(ask, issuer);
  await verifyOne(askKey, leaf, { code: "snp.leaf_signature", signer: issuer });
  return arkKey;
}

function checkAlgorithms(all: readonly Named[]): void {
  for (const [certificate, { algorithm }] of all) {
    if (algorithm !== undefined && isPssSha384(algorithm)) continue;
    throw refuseSnp("snp.chain_algorithm", { certificate, actual: signatureText(algorithm) });
  }
}

async function verifyIssuerSignatures(
  { ask, ark }: Pick<Certificates, "ask" | "ark">,
): Promise<RsaKey> {
  const arkKey = await readRsaKey(ark, "ARK");
  await verifyOne(arkKey, ark, { code: "snp.ark_signature", signer: "ARK" });
  await verifyOne(arkKey, ask, { code: "snp.ask_signature", signer: "ARK" });
  return arkKey;
}

async function readRsaKey({ key }: Certificate, certificate: string): Promise<RsaKey> {
  try {
    return await RsaKey.read(key);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw refuseSnp("snp.chain_shape", { certificate, reason: error.message });
  }
}

async function verifyOne(
  key: RsaKey,
  certificate: Certificate,
  { code, signer }: { readonly code: SnpCode; readonly signer: string },
): Promise<void> {
  if (await key.verifies(certificate.signed, certificate.signature)) return;
  const { subject, issuer } = summaryOf(certificate);
  throw refuseSnp(code, { subject, issuer, "verified with": signer });
}

/** The line is the pinned root's: neither the report nor the leaf has a say in it. */
function lineOf(ark: Certificate, root: PinnedRoot): Line {
  const line = findLine(root.label === "" ? lineOfArk(ark) ?? "" : root.label);
  if (line !== undefined) return line;
  throw refuseSnp("snp.chain_shape", {
    certificate: "ARK",
    expected: LINE_NAMES,
    actual: nameText(ark.subject),
  });
}

function readKey(leaf: Certificate, form: Form): EcdsaKey {
  return readOr(
    () => EcdsaKey.read(pointOf(leaf.key, CURVE_P384), ECDSA_P384),
    (reason) => refuseSnp("snp.leaf_shape", { certificate: form, reason }),
  );
}

/**
 * Refuses a moment outside of any certificate's validity.
 *
 * @param chain The chain.
 * @param now The moment.
 * @throws {RejectedError} `snp.certificate_expired`, `snp.certificate_not_yet_valid`
 */
export function checkValidity(chain: Chain, now: number): void {
  for (const [certificate, { window }] of chain.named) {
    const position = positionIn(window, now);
    if (position === "within") continue;
    const isEarly = position === "before";
    const [bound, limit] = isEarly ? ["notBefore", window.from] : ["notAfter", window.until];
    throw refuseSnp(isEarly ? "snp.certificate_not_yet_valid" : "snp.certificate_expired", {
      certificate,
      [bound]: momentText(limit),
      now: momentText(now),
    });
  }
}
