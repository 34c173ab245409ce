/**
 * Certificates that are others, missing, in another order, written otherwise
 * or with bits turned; nobody signs them anew.
 *
 * @module
 */

import { concat } from "../../../src/core/bytes.ts";
import { pem } from "../../../src/lab/mod.ts";
import { certificatesOf, pemOf } from "../tdx/der.ts";
import { Random } from "../random.ts";
import { planned, type PlannedCase, type SnpCase } from "./case.ts";
import { turned } from "./fields.ts";

/** Bits turned in each certificate. */
const FLIPS = 12;

/** The certificates of a case, DER. */
interface Certificates {
  readonly leaf: Uint8Array;
  readonly ask: Uint8Array;
  readonly ark: Uint8Array;
}

/**
 * The certificates of a case.
 *
 * @param base The case.
 */
export function certificatesIn({ name, input }: SnpCase): Certificates {
  const [ask, ark] = certificatesOf(input.chain);
  const [leaf = input.leaf] = certificatesOf(input.leaf);
  if (ask === undefined || ark === undefined) throw new Error(`${name} has no chain`);
  return { leaf, ask, ark };
}

/**
 * All cases in which certificates are others.
 *
 * @param base A case that verifies.
 */
export function chainCases(base: SnpCase): readonly PlannedCase[] {
  const certificates = certificatesIn(base);
  return [
    ...orderCases(base, certificates),
    ...textCases(base, certificates),
    ...leafCases(base, certificates),
    ...bitCases(base, certificates),
  ];
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function orderCases(base: SnpCase, { leaf, ask, ark }: Certificates): readonly PlannedCase[] {
  const chains: Readonly<Record<string, readonly Uint8Array[]>> = {
    "as-it-is": [ask, ark],
    "reversed": [ark, ask],
    "none": [],
    "ask-alone": [ask],
    "ark-alone": [ark],
    "ask-twice": [ask, ask],
    "ark-twice": [ark, ark],
    "ask-ask-ark": [ask, ask, ark],
    "ask-ark-ark": [ask, ark, ark],
    "leaf-first": [leaf, ask, ark],
    "leaf-last": [ask, ark, leaf],
    "leaf-for-ask": [leaf, ark],
    "leaf-for-ark": [ask, leaf],
  };
  return Object.entries(chains).map(([what, chain]) =>
    planned(base, `chain/${what}`, () => ({ chain: bytes(pemOf(chain)) }))
  );
}

function textCases(base: SnpCase, { leaf, ask, ark }: Certificates): readonly PlannedCase[] {
  const [first, second] = [pemOf([ask]), pemOf([ark])];
  const chains: Readonly<Record<string, string>> = {
    "crlf": (first + second).replaceAll("\n", "\r\n"),
    "no-last-newline": (first + second).trimEnd(),
    "blank-line-last": `${first}${second}\n`,
    "blank-line-between": `${first}\n${second}`,
    "text-before": `subject=ASK\n${first}${second}`,
    "text-between": `${first}subject=ARK\n${second}`,
    "text-after": `${first}${second}end\n`,
    "nul-after": `${first}${second}\0`,
    "header": first.replace("-----\n", "-----\nProc-Type: 4\n\n") + second,
    "other-label": first.replaceAll("CERTIFICATE", "X509 CRL") + second,
    "no-end": first + second.replace(/-----END.*/s, ""),
  };
  const leaves: Readonly<Record<string, Uint8Array>> = {
    "pem": bytes(pemOf([leaf])),
    "pem-crlf": bytes(pemOf([leaf]).replaceAll("\n", "\r\n")),
    "pem-and-more": bytes(pemOf([leaf, ask])),
    "pem-text-before": bytes(`text\n${pemOf([leaf])}`),
    "pem-text-after": bytes(`${pemOf([leaf])}text\n`),
    "pem-other-label": bytes(pem("X509 CRL", leaf)),
    "der-and-byte": concat(leaf, new Uint8Array(1)),
    "der-twice": concat(leaf, leaf),
    "der-cut": leaf.slice(0, -1),
  };
  return [
    ...Object.entries(chains).map(([what, text]) =>
      planned(base, `chain-text/${what}`, () => ({ chain: bytes(text) }))
    ),
    ...Object.entries(leaves).map(([what, file]) =>
      planned(base, `leaf-text/${what}`, () => ({ leaf: file }))
    ),
  ];
}

function leafCases(base: SnpCase, { ask, ark }: Certificates): readonly PlannedCase[] {
  const { report } = base.input;
  const files = { none: new Uint8Array(), ask, ark, report };
  return Object.entries(files).map(([what, leaf]) =>
    planned(base, `leaf/${what}`, () => ({ leaf }))
  );
}

function bitCases(
  base: SnpCase,
  { leaf, ask, ark }: Certificates,
): readonly PlannedCase[] {
  const random = new Random(31);
  const bits = (der: Uint8Array): readonly number[] =>
    Array.from({ length: FLIPS }, () => random.below(der.length) * 8 + random.below(8));
  const chain = (...ders: readonly Uint8Array[]): Uint8Array => bytes(pemOf(ders));
  return [
    ...bits(leaf).map((bit) =>
      planned(base, `certificate-bit/leaf/${bit}`, () => ({ leaf: turned(leaf, bit) }))
    ),
    ...bits(ask).map((bit) =>
      planned(base, `certificate-bit/ask/${bit}`, () => ({ chain: chain(turned(ask, bit), ark) }))
    ),
    ...bits(ark).map((bit) =>
      planned(base, `certificate-bit/ark/${bit}`, () => ({ chain: chain(ask, turned(ark, bit)) }))
    ),
  ];
}

/**
 * Cases with parts of other cases: reports, leaves, chains, and all but the report.
 *
 * @param base A case that verifies.
 * @param others Cases whose parts are taken.
 */
export function swappedCases(
  base: SnpCase,
  others: readonly SnpCase[],
): readonly PlannedCase[] {
  return others.filter(({ name }) => name !== base.name).flatMap(({ name, input }) => {
    const of = name.replaceAll("/", "-");
    const { report, leaf, chain } = input;
    return [
      planned(base, `report-of/${of}`, () => ({ report })),
      planned(base, `leaf-of/${of}`, () => ({ leaf })),
      planned(base, `chain-of/${of}`, () => ({ chain })),
      planned(base, `certificates-of/${of}`, () => ({ leaf, chain })),
    ];
  });
}
