/**
 * Which reference values a verdict of `trusted` needs: keys of a variant's
 * section for the registers that its table says must be pinned.
 *
 * @module
 */

import type { AnyTechnology } from "../../evidence/evidence.ts";

/** A key, and of registers by number which of them. */
export interface Pin {
  /** Register as the table of variants names it, as `PCR 11`. */
  readonly register: string;
  /** Key of the section, dotted. */
  readonly key: string;
  /** Number of the register inside of the key's value; null where the key is one register. */
  readonly number: string | null;
}

/** Registers that have a key of their own. */
const KEYS: Readonly<Record<string, string>> = {
  "MEASUREMENT": "measurements",
  "ID_KEY_DIGEST": "idKeyDigests",
  "MRTD": "mrTd",
  "RTMR 0": "rtmr0",
  "RTMR 1": "rtmr1",
  "RTMR 2": "rtmr2",
};

/**
 * What must be pinned for a verdict of `trusted`.
 *
 * @param technology The variant.
 * @throws {RangeError} where a register of the table has no key, which a test excludes.
 */
export function pinsOf(technology: AnyTechnology): readonly Pin[] {
  const { id, facts, references } = technology;
  if (facts === undefined) return defaultPins(technology);
  const pinned = facts.measurements.filter((measurement) => measurement.pinned);
  return pinned.map(({ register }) => {
    const number = /^PCR ([0-9]+)$/.exec(register)?.[1] ?? null;
    const last = number === null ? KEYS[register] : "registers";
    const key = references.find((one) => one === last || one.endsWith(`.${last}`));
    if (key !== undefined) return { register, key, number };
    throw new RangeError(`Cannot say which key of ${id} pins ${register}`);
  });
}

/** What is no variant has no table: by default its policy says which registers it needs. */
function defaultPins({ policy, references }: AnyTechnology): readonly Pin[] {
  const defaults: unknown = policy.decode({}, "");
  const whatRuns: unknown = Reflect.get(Object(defaults), "whatRuns");
  if (!Array.isArray(whatRuns) || !references.includes("registers")) return [];
  return whatRuns.map((number) => ({
    register: `PCR ${number}`,
    key: "registers",
    number: `${number}`,
  }));
}

/**
 * Whether a value pins a register.
 *
 * @param pin The register.
 * @param value The value of its key; undefined where the key is absent.
 */
export function isPinned({ number }: Pin, value: unknown): boolean {
  if (value === undefined || number === null) return value !== undefined;
  if (typeof value !== "object" || value === null) return false;
  // By number, or by bank and number.
  return Object.hasOwn(value, number) ||
    Object.values(value).some((bank) => Object.hasOwn(Object(bank), number));
}
