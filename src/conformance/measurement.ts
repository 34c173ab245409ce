/**
 * Stage `verify-measurement`: what a measurement is called, and when two of
 * them say the same.
 *
 * @module
 */

import { toHex } from "../core/bytes.ts";
import { type Decoder, object, required } from "../core/decode.ts";
import type { Judged } from "./answer.ts";
import { anyText, items, nullable, schemaVersion } from "./read.ts";

/** Type of the measurement of an SEV-SNP guest: MEASUREMENT. */
export const SEV_TYPE = "https://tinfoil.sh/predicate/sev-snp-guest/v2";
/** Type of that of a trust domain: MRTD, RTMR 0 to 3. */
export const TDX_TYPE = "https://tinfoil.sh/predicate/tdx-guest/v2";
/** Type of one for both: MEASUREMENT, RTMR 1, RTMR 2. */
export const BOTH_TYPE = "https://tinfoil.sh/predicate/snp-tdx-multiplatform/v1";

/** Registers of each type. */
const COUNTS: Readonly<Record<string, number>> = { [SEV_TYPE]: 1, [TDX_TYPE]: 5, [BOTH_TYPE]: 3 };

/** RTMR 3 that nothing was measured into. */
const NOTHING = "0".repeat(96);

/** Most registers or machines of an input. */
export const MAX_ITEMS = 4096;

/** Registers of a type. */
export interface Measurement {
  /** What the registers are. */
  readonly type: string;
  /** Values, hex of any case. */
  readonly registers: readonly string[];
}

/** Reads a measurement. */
export const measurement: Decoder<Measurement> = object<Measurement>({
  type: required(anyText(), "Type"),
  registers: required(items(anyText(), MAX_ITEMS), "Registers"),
});

/** Input of `verify-measurement`. */
export interface MeasurementInput {
  /** Version of the contract. */
  readonly schema_version: "1";
  /** One measurement. */
  readonly source: Measurement;
  /** Another that must say the same; null where it is to be named alone. */
  readonly target: Measurement | null;
}

/** Reads it. */
export const measurementInput: Decoder<MeasurementInput> = object<MeasurementInput>({
  schema_version: schemaVersion,
  source: required(measurement, "One measurement"),
  target: { decoder: nullable(measurement), absent: { value: null }, says: "Another" },
});

/** Why measurements are rejected. */
export type MeasurementRejection =
  | "MEASUREMENT_TYPE_UNKNOWN"
  | "MEASUREMENT_REGISTER_COUNT_INVALID"
  | "MEASUREMENT_TYPE_COMBINATION_UNSUPPORTED"
  | "MEASUREMENT_MISMATCH"
  | "MEASUREMENT_RTMR3_NONZERO";

/**
 * Names a measurement, and says whether another is the same.
 *
 * @param input The measurements.
 */
export async function judgeMeasurement(
  { source, target }: Pick<MeasurementInput, "source" | "target">,
): Promise<Judged<MeasurementRejection>> {
  const wrong = misshapen(source) ?? (target === null ? null : misshapen(target)) ??
    (target === null ? null : difference(source, target));
  if (wrong !== null) return wrong;
  return {
    accepted: true,
    outputs: {
      source_fingerprint_hex: await fingerprint(source),
      target_fingerprint_hex: target === null ? null : await fingerprint(target),
    },
  };
}

/**
 * Name of a measurement: its register, or SHA-256 of type and registers.
 *
 * @param named The measurement.
 */
export async function fingerprint(named: Measurement): Promise<string> {
  const [first = "", ...more] = lower(named.registers);
  if (more.length === 0) return first;
  const text = new TextEncoder().encode(named.type + [first, ...more].join(""));
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", text)));
}

function misshapen({ type, registers }: Measurement): Judged<MeasurementRejection> | null {
  const count = Object.hasOwn(COUNTS, type) ? COUNTS[type] : undefined;
  if (count === undefined) return rejected("MEASUREMENT_TYPE_UNKNOWN", `type ${type}`);
  if (registers.length !== count) {
    const says = `${registers.length} registers, expected ${count}`;
    return rejected("MEASUREMENT_REGISTER_COUNT_INVALID", says);
  }
  const odd = lower(registers).findIndex((register) => !isRegister(register));
  return odd < 0
    ? null
    : rejected("MEASUREMENT_MISMATCH", `register ${odd} is not 48 bytes in hex`);
}

function difference(source: Measurement, target: Measurement): Judged<MeasurementRejection> | null {
  const [one, other] = [lower(source.registers), lower(target.registers)];
  if (source.type === target.type) return unlike(one, other);
  if (source.type === BOTH_TYPE) return fromBoth(one, other, target.type);
  if (target.type === BOTH_TYPE) return fromBoth(other, one, source.type);
  const says = `${source.type} and ${target.type} have nothing in common`;
  return rejected("MEASUREMENT_TYPE_COMBINATION_UNSUPPORTED", says);
}

/** MRTD and RTMR 0 are the machine's, and have a stage of their own. */
function fromBoth(
  [snp = "", rtmr1 = "", rtmr2 = ""]: readonly string[],
  registers: readonly string[],
  type: string,
): Judged<MeasurementRejection> | null {
  if (type === SEV_TYPE) return unlike([snp], registers);
  const wrong = unlike([rtmr1, rtmr2], registers.slice(2, 4));
  if (wrong !== null || registers[4] === NOTHING) return wrong;
  return rejected("MEASUREMENT_RTMR3_NONZERO", `RTMR 3 is ${registers[4]}`);
}

function unlike(
  one: readonly string[],
  other: readonly string[],
): Judged<MeasurementRejection> | null {
  const at = one.findIndex((register, i) => register !== other[i]);
  return at < 0 ? null : rejected("MEASUREMENT_MISMATCH", `${one[at]} is not ${other[at]}`);
}

/**
 * Registers as they are compared.
 *
 * @param registers Hex of any case.
 */
export function lower(registers: readonly string[]): readonly string[] {
  return registers.map((register) => register.toLowerCase());
}

function rejected<Code extends string>(code: Code, says: string): Judged<Code> {
  return { accepted: false, code, says };
}

/**
 * Whether text is a register: else two that are empty would be the same.
 *
 * @param text Text in lowercase.
 */
export function isRegister(text: string): boolean {
  return /^[0-9a-f]{96}$/.test(text);
}
