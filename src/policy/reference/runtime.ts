/**
 * Values of the register that holds the phase of the boot (protocol §3): PCR 15,
 * or RTMR 3 in SHA-384.
 *
 * @module
 */

import {
  DecodeError,
  type Decoder,
  hex,
  list,
  object,
  optional,
  record,
} from "../../core/decode.ts";
import type { RuntimeRegister } from "../../evidence/evidence.ts";
import type { Phase } from "../../evidence/statement/statement.ts";

/** Key of a section under which they stand, beside the keys of the policy. */
export const RUNTIME_KEY = "runtime";

/** A bank of the register. */
export type RuntimeBank = RuntimeRegister["bank"];

/** Accepted values, hex, by phase and bank. */
export type Runtime = Readonly<
  Partial<Record<Phase, Readonly<Partial<Record<RuntimeBank, readonly string[]>>>>>
>;

/** Most values of one bank: a fleet of 500 nodes fits four times. */
const MAX_VALUES = 2048;

const PHASES: Readonly<Record<Phase, true>> = { zero: true, cluster: true, member: true };

const isPhase = (name: string): name is Phase => Object.hasOwn(PHASES, name);

type Banks = Readonly<Partial<Record<RuntimeBank, readonly string[]>>>;

const banks = object<Readonly<Record<RuntimeBank, readonly string[] | null>>>({
  sha256: optional(list(hex(32), MAX_VALUES), null, "Accepted values in the bank of SHA-256, hex"),
  sha384: optional(list(hex(48), MAX_VALUES), null, "Accepted values in the bank of SHA-384, hex"),
});

const someBanks: Decoder<Banks> = {
  schema: { ...banks.schema, minProperties: 1 },
  decode(value, path) {
    const { sha256, sha384 } = banks.decode(value, path);
    if (sha256 === null && sha384 === null) {
      throw new DecodeError(path, "value", "expected values in sha256 or sha384, got none");
    }
    return { ...(sha256 === null ? {} : { sha256 }), ...(sha384 === null ? {} : { sha384 }) };
  },
};

/** Reads accepted values by phase and bank. */
export const runtimeDecoder: Decoder<Runtime> = record(
  Object.keys(PHASES).filter(isPhase),
  someBanks,
);
