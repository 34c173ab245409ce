/**
 * Reports that say other things, and are signed rightly: each field on its own,
 * and all that is free at once.
 *
 * @module
 */

import { concat } from "../../../src/core/bytes.ts";
import { littleEndian } from "../../../src/lab/fields.ts";
import { signSnpReport } from "../../../src/lab/mod.ts";
import { Random } from "../random.ts";
import { planned, type PlannedCase, type SnpCase } from "./case.ts";
import { field, SIGNED_FIELDS, turned, withBytes, withNumber } from "./fields.ts";
import { leafKey, otherKey, type Platform } from "./lab.ts";

/** Bits turned in each field. */
const FLIPS = 5;

type Edit = (report: Uint8Array) => Uint8Array;

/**
 * A case whose report says something else and is signed with the leaf's key.
 *
 * @param base A case that verifies.
 * @param what What was done.
 * @param edit What is other.
 */
function signedAnew(base: SnpCase, what: string, edit: Edit): PlannedCase {
  return planned(base, `signed/${what}`, async () => ({
    report: await signSnpReport(edit(base.input.report), leafKey),
  }));
}

/**
 * All cases of a platform in which one field is other.
 *
 * @param base A case that verifies.
 */
export function signedReportCases(base: SnpCase): readonly PlannedCase[] {
  const random = new Random(21);
  const bits = SIGNED_FIELDS.flatMap(({ name, at, size }) =>
    Array.from({ length: FLIPS }, () => {
      const bit = random.below(size * 8);
      return signedAnew(base, `bit/${name}/${bit}`, (report) => turned(report, at * 8 + bit));
    })
  );
  return [
    ...bits,
    ...numberCases(base),
    ...policyCases(base),
    ...tcbCases(base),
    ...processorCases(base),
    ...chipCases(base),
    planned(base, "signed/with-another-key", async () => ({
      report: await signSnpReport(base.input.report, otherKey),
    })),
    signedAnew(base, "as-it-is", (report) => report),
  ];
}

/** Numbers that a field may take, and some that it may not. */
const NUMBERS: Readonly<Record<string, readonly (number | bigint)[]>> = {
  version: [0, 1, 2, 3, 4, 5, 6, 7, 255, 0x0200, 0x01000003],
  guestSvn: [0, 1, 0xffffffff],
  vmpl: [0, 1, 2, 3, 4, 0xff, 0xffffffff],
  signatureAlgorithm: [0, 1, 2, 3, 0x0101, 0xffffffff],
  platformInfo: [0n, 0x25n, 0x3fn, 0x7fn, 0xffn, 1n << 8n, (1n << 64n) - 1n],
  flags: Array.from({ length: 36 }, (_, i) => i),
  launchMitigations: [0n, 1n, 0x0bn, (1n << 64n) - 1n],
  currentMitigations: [0n, 1n, 0x0bn, (1n << 64n) - 1n],
};

function numberCases(base: SnpCase): readonly PlannedCase[] {
  return Object.entries(NUMBERS).flatMap(([name, values]) =>
    values.map((value) =>
      signedAnew(base, `${name}/${value}`, (report) => withNumber(report, name, value))
    )
  );
}

/** Guest policies (AMD 56860 §4.3): bit 17 is one, those from 26 on are zero. */
function policyCases(base: SnpCase): readonly PlannedCase[] {
  const bits = Array.from({ length: 28 }, (_, i) => i).filter((bit) => bit !== 17);
  const policies = [
    0n,
    0x20000n,
    ...bits.map((bit) => 0x20000n | 1n << BigInt(bit)),
    0x3ffffffn,
    1n << 63n | 0x20000n,
  ];
  return policies.map((policy) =>
    signedAnew(
      base,
      `policy/${policy.toString(16)}`,
      (report) => withNumber(report, "policy", policy),
    )
  );
}

/** Each byte of each TCB version, one more and at its highest. */
function tcbCases(base: SnpCase): readonly PlannedCase[] {
  return ["currentTcb", "reportedTcb", "committedTcb", "launchTcb"].flatMap((name) =>
    Array.from({ length: 8 }, (_, byte) => byte).flatMap((byte) => {
      const at = field(name).at + byte;
      const put = (what: string, change: (value: number) => number): PlannedCase =>
        signedAnew(
          base,
          `${name}/${byte}/${what}`,
          (report) => withBytes(report, at, Uint8Array.of(change(report[at] ?? 0))),
        );
      return [put("more", (value) => (value + 1) & 0xff), put("ff", () => 0xff)];
    })
  );
}

/** Families and models: those that are sold, their neighbours, and others. */
function processorCases(base: SnpCase): readonly PlannedCase[] {
  const families = [0, 0x17, 0x19, 0x1a, 0x1b];
  const models = [0, 1, 2, 0x0f, 0x10, 0x11, 0x12, 0x1f, 0x20, 0x50, 0x90, 0xa0, 0xaf, 0xb0];
  return families.flatMap((family) =>
    models.map((model) =>
      signedAnew(
        base,
        `cpuid/${family.toString(16)}-${model.toString(16)}`,
        (report) => withBytes(report, field("cpuid").at, Uint8Array.of(family, model, 1)),
      )
    )
  );
}

/** Chip ids: masked, of another chip, in another length, with something behind. */
function chipCases(base: SnpCase): readonly PlannedCase[] {
  const { at, size } = field("chipId");
  const chips: Readonly<Record<string, Uint8Array>> = {
    "masked": new Uint8Array(size),
    "other": new Uint8Array(size).fill(1),
    "of-8": concat(new Uint8Array(8).fill(0x5a), new Uint8Array(56)),
    "of-8-other": concat(new Uint8Array(8).fill(0x5b), new Uint8Array(56)),
    "of-8-and-one": concat(new Uint8Array(8).fill(0x5a), new Uint8Array(55), Uint8Array.of(1)),
    "of-64": new Uint8Array(size).fill(0x5a),
    "of-64-last-other": concat(new Uint8Array(63).fill(0x5a), Uint8Array.of(0x5b)),
  };
  return Object.entries(chips).map(([what, chip]) =>
    signedAnew(base, `chip/${what}`, (report) => withBytes(report, at, chip))
  );
}

/** Fields of bytes that nothing is said of. */
const FREE = [
  "familyId",
  "imageId",
  "reportData",
  "measurement",
  "hostData",
  "idKeyDigest",
  "authorKeyDigest",
  "reportId",
  "reportIdMa",
  "guestSvn",
  "currentVersion",
  "committedVersion",
];

/**
 * Reports in which all that a verifier leaves free is drawn by lot: all are
 * right.
 *
 * @param base A case that verifies.
 * @param platform Whose it is.
 * @param count How many.
 */
export function drawnCases(
  base: SnpCase,
  { line, version }: Platform,
  count: number,
): readonly PlannedCase[] {
  const random = new Random(22);
  const tcb = line === "Turin" ? [0, 1, 2, 3, 7] : [0, 1, 6, 7];
  return Array.from({ length: count }, (_, i) => {
    const edits: readonly Edit[] = [
      ...FREE.map((name): Edit => {
        const bytes = random.bytes(field(name).size);
        return (report) => withBytes(report, field(name).at, bytes);
      }),
      ...["currentTcb", "committedTcb", "launchTcb"].map((name): Edit => {
        const bytes = random.bytes(8).map((byte, at) => tcb.includes(at) ? byte : 0);
        return (report) => withBytes(report, field(name).at, bytes);
      }),
      number(random, "policy", 9, (drawn) => BigInt(drawn) << 17n | 0x20000n | 0x0137n),
      number(random, "vmpl", 2, (drawn) => drawn),
      number(random, "platformInfo", 6, (drawn) => drawn),
      ...(version < 5 ? [] : [
        number(random, "launchMitigations", 16, (drawn) => drawn),
        number(random, "currentMitigations", 16, (drawn) => drawn),
      ]),
    ];
    const all: Edit = (report) => edits.reduce((changed, edit) => edit(changed), report);
    return signedAnew(base, `drawn/${i}`, all);
  });
}

function number(
  random: Random,
  name: string,
  bits: number,
  as: (drawn: number) => number | bigint,
): Edit {
  const { at, size } = field(name);
  const bytes = littleEndian(as(random.below(2 ** bits)), size);
  return (report) => withBytes(report, at, bytes);
}
