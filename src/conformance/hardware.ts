/**
 * Stage `verify-hardware-measurements`: which machine a trust domain runs on.
 *
 * @module
 */

import { type Decoder, object, required } from "../core/decode.ts";
import type { Judged } from "./answer.ts";
import {
  isRegister,
  lower,
  MAX_ITEMS,
  type Measurement,
  measurement,
  TDX_TYPE,
} from "./measurement.ts";
import { anyText, items, schemaVersion } from "./read.ts";

/** Machines are told by MRTD and RTMR 0. */
export interface Hardware {
  /** Its name. */
  readonly id: string;
  /** MRTD. */
  readonly mrtd: string;
  /** RTMR 0. */
  readonly rtmr0: string;
}

/** Input of `verify-hardware-measurements`. */
export interface HardwareInput {
  /** Version of the contract. */
  readonly schema_version: "1";
  /** Measurement of a trust domain. */
  readonly enclave_measurement: Measurement;
  /** Machines that it may run on. */
  readonly hardware_measurements: readonly Hardware[];
}

/** Reads it. */
export const hardwareInput: Decoder<HardwareInput> = object<HardwareInput>({
  schema_version: schemaVersion,
  enclave_measurement: required(measurement, "Measurement of a trust domain"),
  hardware_measurements: required(
    items(
      object<Hardware>({
        id: required(anyText(), "Name"),
        mrtd: required(anyText(), "MRTD"),
        rtmr0: required(anyText(), "RTMR 0"),
      }),
      MAX_ITEMS,
    ),
    "Machines",
  ),
});

/** Why no machine fits. */
export type HardwareRejection =
  | "HARDWARE_NO_MATCH"
  | "ENCLAVE_MEASUREMENT_TYPE_INVALID"
  | "ENCLAVE_REGISTER_COUNT_INVALID";

/**
 * The first machine with the MRTD and the RTMR 0 of a trust domain.
 *
 * @param input Measurement and machines.
 */
export function judgeHardware(
  { enclave_measurement: { type, registers }, hardware_measurements: machines }: HardwareInput,
): Judged<HardwareRejection> {
  if (type !== TDX_TYPE) return rejected("ENCLAVE_MEASUREMENT_TYPE_INVALID", `type ${type}`);
  const [mrtd, rtmr0, ...others] = lower(registers);
  if (mrtd === undefined || rtmr0 === undefined || others.length !== 3) {
    const says = `${registers.length} registers, expected 5`;
    return rejected("ENCLAVE_REGISTER_COUNT_INVALID", says);
  }
  const known = isRegister(mrtd) && isRegister(rtmr0);
  const found = machines.find((machine) =>
    known && machine.mrtd.toLowerCase() === mrtd && machine.rtmr0.toLowerCase() === rtmr0
  );
  if (found === undefined) {
    return rejected("HARDWARE_NO_MATCH", `none of ${machines.length} machines`);
  }
  return {
    accepted: true,
    outputs: { matched_id: found.id, matched_mrtd: mrtd, matched_rtmr0: rtmr0 },
  };
}

function rejected(code: HardwareRejection, says: string): Judged<HardwareRejection> {
  return { accepted: false, code, says };
}
