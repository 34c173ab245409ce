/**
 * The `tpm` section of a policy: what an appraisal of TPM evidence demands.
 *
 * @module
 */

import {
  DecodeError,
  type Decoder,
  hex,
  integer,
  list,
  object,
  oneOf,
  optional,
  refined,
  text,
} from "../../core/decode.ts";
import { admits, byName, fixes, ladder, needs, pins } from "../../core/direction.ts";
import { REGISTERS } from "./registers.ts";
import { type PinnedRegisters, pinnedRegisters, registerLists, UNSET } from "./policy_registers.ts";
import type { Selection } from "./report.ts";

export type { PinnedRegisters } from "./policy_registers.ts";

/** What an appraisal demands. Null stands for "not pinned". */
export interface TpmPolicy {
  /** Accepted values of registers, hex, by bank and register. */
  readonly registers: PinnedRegisters;
  /** Registers that say what runs: each must be pinned in some bank. */
  readonly whatRuns: readonly number[];
  /** Exactly the registers that the quote must select. */
  readonly selection: readonly Selection[] | null;
  /** Registers that run on after the log was read, or that others extend without writing it down there. */
  readonly notInLog: readonly number[];
  /** Whether the key's certificate must be covered by revocation lists, where it names any. */
  readonly akRevocation: "required" | "skip";
  /** Whether the TPM must say that its clock never ran backwards. */
  readonly clock: "safe" | "any";
  /** Resets that the TPM must have counted. */
  readonly resetCount: number | null;
  /** Resumes that it must have counted since. */
  readonly restartCount: number | null;
  /** Accepted Qualified Names of the signing key, hex. */
  readonly qualifiedSigners: readonly string[] | null;
  /** Accepted Names of the signing key, hex. */
  readonly akNames: readonly string[] | null;
  /** Accepted versions of the TPM's firmware, 16 digits of hex. */
  readonly firmwareVersions: readonly string[] | null;
  /** Whether Secure Boot must have been on. */
  readonly secureBoot: "require" | "any";
  /** Whether an event log must be given. */
  readonly eventLog: "require" | "any";
}

/** Most values of one kind; a fleet of 500 machines fits four times. */
const MAX_VALUES = 2048;

/** PCR 4 is the boot loader or UKI that the firmware started, PCR 11 what systemd-stub measures of a UKI. */
const WHAT_RUNS: readonly number[] = [4, 11];

/** What they measure, to stand after their names. */
const MEASURES: Readonly<Record<number, string>> = {
  4: "so that any boot loader can have been started",
  11: "so that any kernel and initrd can have been started",
};

const COUNTER = integer(0, 0xffff_ffff);

/** A Name or a Qualified Name: hash algorithm, then hash. */
const names: Decoder<readonly string[]> = list(
  lowercase(
    "000[bB][0-9a-fA-F]{64}|000[cC][0-9a-fA-F]{96}|000[dD][0-9a-fA-F]{128}",
    "a Name in hex: 000b and SHA-256, 000c and SHA-384, or 000d and SHA-512",
  ),
  MAX_VALUES,
);
const registers: Decoder<readonly number[]> = list(integer(0, REGISTERS - 1), REGISTERS);

const section: Decoder<TpmPolicy> = object<TpmPolicy>({
  registers: optional(
    pinnedRegisters(MAX_VALUES),
    {},
    'Accepted values of registers by bank and register, or as a list of texts as "sha256:11=HEX"',
    byName(byName(pins())),
  ),
  whatRuns: optional(
    registers,
    WHAT_RUNS,
    "Registers that say what runs; nothing is trusted unless each of them is pinned in a bank of SHA-256 or better",
    needs(
      WHAT_RUNS,
      (register) =>
        `nothing pins PCR ${register}, ${MEASURES[register] ?? "so that it can be anything"}`,
    ),
  ),
  selection: optional(
    registerLists(),
    null,
    'Exactly the registers that the quote must select, one text a bank, as "sha256:0,4,11"',
    fixes(),
  ),
  notInLog: optional(
    registers,
    [],
    "Registers that need not be what the event log leads to, since they run on after the boot",
    admits<number>(
      [],
      (register) => `what the event log says of PCR ${register} is not held against the TPM`,
      // It holds the phase (protocol §3), which no firmware writes down and statements are held against.
      [15],
    ),
  ),
  akRevocation: optional(
    oneOf("required", "skip"),
    "required",
    "Whether revocation lists must be given where the certificates name them",
    ladder({ required: null, skip: "keys of TPMs that their issuer has revoked are accepted" }),
  ),
  clock: optional(
    oneOf("safe", "any"),
    "safe",
    "Whether the TPM must say that its clock never ran backwards; it does not for up to 70 minutes after it lost power",
    ladder({
      safe: null,
      any: "the TPM may have gone back in time, so that its counters do not show a boot in between",
    }),
  ),
  resetCount: optional(
    COUNTER,
    null,
    "Resets that the TPM must have counted: the boot that you enrolled",
    fixes(),
  ),
  restartCount: optional(COUNTER, null, "Resumes that the TPM must have counted since", fixes()),
  qualifiedSigners: optional(names, null, "Accepted Qualified Names of the key, hex", pins()),
  akNames: optional(
    names,
    null,
    "Accepted Names of the key, hex, as enrolment proved them",
    pins(),
  ),
  firmwareVersions: optional(
    list(hex(8), MAX_VALUES),
    null,
    "Accepted versions of the TPM's firmware, hex of 8 bytes each",
    pins(),
  ),
  secureBoot: optional(
    oneOf("require", "any"),
    "any",
    "Whether the event log must show that Secure Boot was on",
    ladder({ require: null, any: null }),
  ),
  eventLog: optional(
    oneOf("require", "any"),
    "any",
    "Whether an event log must be given",
    ladder({ require: null, any: null }),
  ),
});

/** Reads the section; defaults are the strict ones of the design §3. */
export const tpmPolicy: Decoder<TpmPolicy> = refined(section, (policy, path) => {
  refuseResettable(policy, path);
  refuseUnset(policy, path);
});

/** Registers that whoever may use the TPM sets to zeros (PC Client Platform TPM Profile §4.6): debug, application. */
const RESETTABLE: readonly number[] = [16, 23];

/** What can be set to zeros can be extended to any value that the policy pins. */
function refuseResettable({ whatRuns }: TpmPolicy, path: string): void {
  const found = whatRuns.find((register) => RESETTABLE.includes(register));
  if (found === undefined) return;
  throw new DecodeError(
    `${path === "" ? "" : `${path}.`}whatRuns`,
    "value",
    `names PCR ${found}, which any program with the TPM can reset and extend anew, so that it cannot say what runs`,
  );
}

/** A register that nobody extended says nothing about what runs, and so pins nothing. */
function refuseUnset({ registers, whatRuns }: TpmPolicy, path: string): void {
  for (const [bank, pinned] of Object.entries(registers)) {
    const unset = whatRuns.find((register) => pinned[register]?.some((value) => UNSET.test(value)));
    if (unset === undefined) continue;
    throw new DecodeError(
      `${path === "" ? "" : `${path}.`}registers.${bank}.${unset}`,
      "value",
      `pins PCR ${unset} to the value before anything was measured, which cannot say what runs; pin a measured value, or leave ${unset} out of whatRuns`,
    );
  }
}

function lowercase(pattern: string, form: string): Decoder<string> {
  const plain = text(pattern, form);
  return { schema: plain.schema, decode: (value, path) => plain.decode(value, path).toLowerCase() };
}
