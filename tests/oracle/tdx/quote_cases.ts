/**
 * Quotes with something changed that nobody signs anew: bits, sizes, types,
 * scalars, and what stands behind and between the parts.
 *
 * @module
 */

import { concat } from "../../../src/core/bytes.ts";
import { changed, type TdxCase } from "./case.ts";
import {
  BAD_SCALARS,
  fieldsOf,
  otherSignature,
  type Parts,
  putTogether,
  type Sizes,
  takeApart,
  turned,
} from "./quote.ts";
import { Random } from "../random.ts";

/** Bits turned in each field. */
const FLIPS = 2;

/** Bits turned in the certification data. */
const CHAIN_FLIPS = 40;

/** Lengths at which the quote is cut. */
const CUTS = 24;

/**
 * All changed quotes of a case.
 *
 * @param base A case that verifies.
 */
export function quoteCases(base: TdxCase): readonly TdxCase[] {
  const parts = takeApart(base.input.quote);
  const rebuilt = (what: string, change: Partial<Parts>, sizes?: Sizes): TdxCase =>
    changed(base, what, { quote: putTogether({ ...parts, ...change }, sizes) });
  return [
    ...turnedCases(base),
    ...cutCases(base),
    ...signatureCases(parts).map(([what, change]) => rebuilt(what, change)),
    ...addedCases(parts).map(([what, change]) => rebuilt(what, change)),
    ...typeCases(parts).map(([what, change]) => rebuilt(what, change)),
    ...sizeCases(parts).map(([what, sizes]) => rebuilt(what, {}, sizes)),
  ];
}

function turnedCases(base: TdxCase): readonly TdxCase[] {
  const { quote } = base.input;
  const random = new Random(1);
  const fields = fieldsOf(quote);
  const flip = (name: string, at: number, size: number): TdxCase => {
    const bit = at * 8 + random.below(size * 8);
    return changed(base, `bit/${name}/${bit - at * 8}`, { quote: turned(quote, bit) });
  };
  const end = fields.reduce((last, { at, size }) => Math.max(last, at + size), 0);
  const { certification } = takeApart(quote);
  return [
    ...fields.flatMap(({ name, at, size }) =>
      Array.from({ length: FLIPS }, () => flip(name, at, size))
    ),
    ...Array.from({ length: CHAIN_FLIPS }, () => flip("chain", end, certification.length)),
  ];
}

function cutCases(base: TdxCase): readonly TdxCase[] {
  const { quote } = base.input;
  const random = new Random(2);
  const lengths = [0, 1, 47, 48, ...Array.from({ length: CUTS }, () => random.below(quote.length))];
  return lengths.map((length) => changed(base, `cut/${length}`, { quote: quote.slice(0, length) }));
}

type Changes = readonly (readonly [string, Partial<Parts>])[];

function signatureCases({ signature, qeReportSignature }: Parts): Changes {
  const bad = (["signature", "qeReportSignature"] as const).flatMap((name) => {
    const right = name === "signature" ? signature : qeReportSignature;
    return Object.entries(BAD_SCALARS).flatMap(([what, scalar]) =>
      [
        [`scalar/${name}.r/${what}`, { [name]: concat(scalar, right.subarray(32)) }],
        [`scalar/${name}.s/${what}`, { [name]: concat(right.subarray(0, 32), scalar) }],
      ] as const
    );
  });
  const [ofQuote, ofReport] = [otherSignature(signature), otherSignature(qeReportSignature)];
  return [
    ...bad,
    ["other-s/signature", { signature: ofQuote }],
    ["other-s/qeReportSignature", { qeReportSignature: ofReport }],
    ["other-s/both", { signature: ofQuote, qeReportSignature: ofReport }],
    ["exchanged-signatures", { signature: qeReportSignature, qeReportSignature: signature }],
  ];
}

/** Bytes that are appended somewhere. */
const ADDED: Readonly<Record<string, Uint8Array>> = {
  "one-zero": new Uint8Array(1),
  "zeros": new Uint8Array(70),
  "many-zeros": new Uint8Array(5000),
  "one": Uint8Array.of(1),
  "text": new TextEncoder().encode("-----BEGIN CERTIFICATE-----\n"),
};

function addedCases(parts: Parts): Changes {
  return Object.entries(ADDED).flatMap(([what, bytes]) =>
    [
      [`after-quote/${what}`, { trailing: bytes }],
      [`after-outer/${what}`, { afterOuter: bytes }],
      // In version 3 there is nothing around the certification data, so both are the same place.
      ...(parts.outerType === null
        ? []
        : [[`after-certification/${what}`, { afterCertification: bytes }] as const]),
    ] as const
  );
}

function typeCases(parts: Parts): Changes {
  const types = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0x105, 0xffff];
  return types.flatMap((type) => [
    ...(type === parts.certificationType
      ? []
      : [[`certification-type/${type}`, { certificationType: type }] as const]),
    ...(parts.outerType === null || type === parts.outerType
      ? []
      : [[`outer-type/${type}`, { outerType: type }] as const]),
  ]);
}

function sizeCases(parts: Parts): readonly (readonly [string, Sizes])[] {
  return Object.entries(sizesOf(parts)).flatMap(([name, size]) => {
    const wrong = {
      "zero": 0,
      "one-less": size - 1,
      "one-more": size + 1,
      "more": size + 64,
      "ffff": 0xffff,
      ...(name === "authenticationData" ? {} : { "7fffffff": 0x7fffffff, "ffffffff": 0xffffffff }),
    };
    return Object.entries(wrong).map(([what, value]) =>
      [`size/${name}/${what}`, { [name]: value }] as const
    );
  });
}

/** The true sizes. */
function sizesOf(parts: Parts): Sizes {
  const { authenticationData, certification, outerType } = parts;
  const inner = 384 + 64 + 2 + authenticationData.length + 6 + certification.length;
  return {
    signatureData: 128 + (outerType === null ? 0 : 6) + inner,
    ...(outerType === null ? {} : { outer: inner }),
    authenticationData: authenticationData.length,
    certification: certification.length,
  };
}
