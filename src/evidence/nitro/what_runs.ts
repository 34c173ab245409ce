/**
 * Judges the registers of a document.
 *
 * @module
 */

import type { Judgement } from "../judgement.ts";
import type { NitroCode } from "./codes.ts";
import { KINDS } from "./kind.ts";
import type { NitroPolicy } from "./policy.ts";
import type { NitroDocument } from "./report.ts";

/** A register that the policy pins, and what the document says of it. */
interface Pinned {
  readonly register: number;
  readonly accepted: readonly string[];
  /** Null where the document lacks it. */
  readonly actual: string | null;
}

/**
 * Judges the registers.
 *
 * @param document The verified document.
 * @param policy The section.
 */
export function judgeRegisters(
  document: NitroDocument,
  policy: NitroPolicy,
): readonly Judgement<NitroCode>[] {
  const pinned = pinnedOf(document, policy);
  return [
    judgeDebug(document, policy),
    ...pinned.map(judgePin),
    judgeWhatRuns(pinned, policy),
    ...judgeRest(document, pinned),
  ];
}

function pinnedOf({ registers }: NitroDocument, policy: NitroPolicy): readonly Pinned[] {
  const values = new Map(registers.map(({ register, value }) => [register, value]));
  return Object.entries(policy.registers).map(([number, accepted]) => {
    const register = Number(number);
    return { register, accepted, actual: values.get(register) ?? null };
  });
}

function matches({ actual, accepted }: Pinned): boolean {
  return actual !== null && accepted.includes(actual);
}

/** A document of debug mode is signed as any other, and has zeros where measurements should stand. */
function judgeDebug(
  { kind, registers }: NitroDocument,
  { whatRuns }: NitroPolicy,
): Judgement<NitroCode> {
  const asked = [...new Set([...KINDS[kind].measured, ...whatRuns])].sort((a, b) => a - b);
  const zero = registers.filter(({ register, value }) =>
    asked.includes(register) && /^0+$/.test(value)
  ).map(({ register }) => register);
  return {
    id: "nitro.debug",
    title: "Something was measured",
    link: "guest",
    holds: zero.length === 0,
    expected: `no zeros in PCR ${asked.join(", ")}`,
    actual: zero.length === 0 ? "no zeros" : `zeros in PCR ${zero.join(", ")}`,
    code: "nitro.debug",
    source: 'AWS, "Cryptographic attestation"',
  };
}

function judgePin(pin: Pinned): Judgement<NitroCode> {
  const { register, accepted, actual } = pin;
  return {
    id: `nitro.what-runs.${register}`,
    title: `PCR ${register}`,
    link: "guest",
    holds: matches(pin),
    expected: accepted.join(" or "),
    actual: actual ?? "not in the document",
    code: actual === null ? "nitro.register_missing" : "nitro.register_mismatch",
  };
}

/** Each register that says what runs must be pinned, and match. */
function judgeWhatRuns(
  pinned: readonly Pinned[],
  { whatRuns }: NitroPolicy,
): Judgement<NitroCode> {
  const needed = [...new Set(whatRuns)];
  const open = needed.filter((number) => !pinned.some(({ register }) => register === number));
  const wrong = pinned.find((pin) => needed.includes(pin.register) && !matches(pin));
  const mismatch = wrong?.actual === null ? "nitro.register_missing" : "nitro.register_mismatch";
  return {
    id: "nitro.what-runs",
    title: "What runs",
    link: "guest",
    holds: open.length > 0 ? null : wrong === undefined,
    expected: `PCR ${needed.join(", ")} pinned`,
    actual: open.length > 0
      ? `PCR ${open.join(", ")} not pinned`
      : wrong === undefined
      ? "pinned, and as expected"
      : `PCR ${wrong.register} differs`,
    code: open.length > 0 ? "nitro.registers_not_pinned" : mismatch,
  };
}

/** Registers that decide nothing, so that nobody takes them for judged. */
function judgeRest(
  { registers }: NitroDocument,
  pinned: readonly Pinned[],
): readonly Judgement<NitroCode>[] {
  const known = new Set(pinned.map(({ register }) => register));
  const rest = registers.filter(({ register }) => !known.has(register));
  if (rest.length === 0) return [];
  return [{
    id: "nitro.registers-not-pinned",
    title: "In the document, but not pinned",
    link: "guest",
    holds: null,
    required: false,
    expected: null,
    actual: `PCR ${rest.map(({ register }) => register).join(", ")}`,
    code: null,
  }];
}
