/**
 * SEV-SNP reports of versions 2, 3 and 5, changed field by field and signed
 * again by the leaf's key, so that they are judged and not only their signature.
 *
 * @module
 */

import fc from "fast-check";
import { concat, equal, toHex } from "../../../src/core/bytes.ts";
import { type MintedSnp, SIGNATURE_OFFSET, signSnpReport } from "../../../src/lab/mod.ts";
import { otherValue } from "../../bends/byte_edits.ts";
import type { Dice } from "../../bends/dice.ts";
import { mint, type Minting, requestFor } from "../../snp/ask.ts";
import { ORDER, scalarsOf, withScalars } from "../../snp/bytes_of.ts";
import { type Kind, kindOf } from "../kind.ts";
import { examineTrial } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { judgedDifferences, REPORT_FIELDS } from "./snp_fields.ts";
import { freedom } from "./snp_freedom.ts";

/** Evidence that mutation starts from. */
export const SNP_BASES: readonly Minting[] = [
  { version: 2, line: "Milan" },
  { version: 3 },
  { version: 5 },
  { version: 5, line: "Turin" },
  { version: 5, form: "VLEK" },
  { version: 3, line: "Milan", form: "VLEK" },
];

/** Milan's keys are known to be extractable; without this no mutation of it could be accepted wrongly. */
export const SNP_POLICY = { acceptCompromised: { milan: "2030-01-01" } } as const;

/** A report on its way. */
interface Bent {
  readonly minted: MintedSnp;
  readonly report: Uint8Array;
}

const signed = async ({ minted, report }: Bent, dice: Dice): Promise<Bent> => {
  const fits = report.length >= SIGNATURE_OFFSET + 144;
  if (!fits || dice.once(6)) return { minted, report };
  return { minted, report: await signSnpReport(report, minted.leafKey) };
};

function withField({ minted, report }: Bent, dice: Dice): Bent {
  const [, at, size] = dice.pick(REPORT_FIELDS);
  if (report.length < at + size) throw new RangeError("The field is gone");
  const copy = concat(report);
  copy.set(otherValue(report.subarray(at, at + size), dice), at);
  return { minted, report: copy };
}

/** R or S near the ends of their range, or the other S that means the same. */
function withOddScalars({ minted, report }: Bent, dice: Dice): Bent {
  if (report.length < SIGNATURE_OFFSET + 144) throw new RangeError("The signature is gone");
  const { r, s } = scalarsOf(report);
  const odd = [0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 384n - 1n, 2n ** 576n - 1n];
  const changes = [
    { r: dice.pick(odd) },
    { s: dice.pick(odd) },
    { s: ORDER - s % ORDER },
    { s: s + ORDER },
    { r: r + ORDER },
    { r: s, s: r },
  ];
  return { minted, report: withScalars(report, dice.pick(changes)) };
}

const STEPS: StepTable<Bent> = {
  "field": async (bent, dice) => await signed(withField(bent, dice), dice),
  "bytes": async ({ minted, report }, dice) =>
    await signed({ minted, report: await anyByteStep(report, dice) }, dice),
  "scalars": withOddScalars,
  "of another": async ({ minted }, dice) => {
    const { report } = await mint(dice.pick(SNP_BASES));
    return await signed({ minted, report }, dice);
  },
};

/** What may have been accepted. */
async function objectionTo({ minted, report }: Bent): Promise<string | null> {
  if (equal(minted.report, report)) return null;
  const differences = judgedDifferences(minted.report, report);
  const bound = differences.filter((name) => !freedom(name, minted.report, report));
  if (bound.length > 0) return `${bound.join(", ")} differ`;
  return await isSigned(minted, report) ? null : "the signature does not hold";
}

/** Asks WebCrypto, which neither engine uses for this. */
async function isSigned({ leafKey }: MintedSnp, report: Uint8Array): Promise<boolean> {
  const algorithm = { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" } as const;
  const key = await crypto.subtle.importKey("spki", leafKey.spki, algorithm, false, ["verify"]);
  const number = (at: number): Uint8Array => report.slice(at, at + 48).reverse();
  const raw = concat(number(SIGNATURE_OFFSET), number(SIGNATURE_OFFSET + 72));
  const rest = [...report.subarray(SIGNATURE_OFFSET + 48, SIGNATURE_OFFSET + 72)];
  const zeros = [...rest, ...report.subarray(SIGNATURE_OFFSET + 120)].every((byte) => byte === 0);
  const body = concat(report.subarray(0, SIGNATURE_OFFSET));
  return zeros && await crypto.subtle.verify(algorithm, key, raw, body);
}

/** What is made: evidence, and what is done to it. */
interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

/** SEV-SNP reports. */
export const snpReport: Kind = kindOf<Given>({
  id: "snp-report",
  says: "SEV-SNP reports of versions 2, 3 and 5",
  given: () =>
    Promise.resolve(fc.record({
      base: fc.nat(SNP_BASES.length - 1),
      steps: someSteps(STEPS, { "field": 5, "bytes": 2 }),
    })),
  async judge({ base, steps }) {
    const minted = await mint(SNP_BASES[base] ?? {});
    const bent = await takeSteps<Bent>(STEPS, { minted, report: minted.report }, steps);
    const files = { report: bent.report };
    const request = requestFor(minted, { files, policy: SNP_POLICY });
    const kept = { ...files, leaf: minted.der.leaf, ark: minted.der.ark };
    return await examineTrial({
      request: { ...request, policy: { ...Object(request.policy), version: 1 } },
      objection: () => objectionTo(bent),
      files: { ...kept, "measurement.txt": new TextEncoder().encode(toHex(minted.measurement)) },
    });
  },
});
