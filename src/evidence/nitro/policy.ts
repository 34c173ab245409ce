/**
 * What an appraisal of an attestation document demands: the section of a policy.
 *
 * @module
 */

import {
  DecodeError,
  type Decoder,
  integer,
  list,
  object,
  oneOf,
  optional,
  refined,
  text,
} from "../../core/decode.ts";
import { byName, ladder, needs, pins } from "../../core/direction.ts";
import { KINDS, type NitroKind } from "./kind.ts";
import { MAX_REGISTER, type NitroRegisters, pinnedRegisters } from "./policy_registers.ts";

/** What an appraisal demands. Null stands for "not pinned". */
export interface NitroPolicy {
  /** Accepted values of registers of SHA-384, hex, by register. */
  readonly registers: NitroRegisters;
  /** Registers that say what runs: each must be pinned, and none may be zero. */
  readonly whatRuns: readonly number[];
  /** Accepted modules, whole, or the instances that they belong to. */
  readonly modules: readonly string[] | null;
  /** Whether revocation lists must be given where the certificates name them. */
  readonly revocation: "require" | "if-given";
}

/** Most values of one kind; a fleet of 500 machines fits four times. */
const MAX_VALUES = 2048;

/**
 * Reads the section for a kind of document.
 *
 * @param kind Its kind.
 */
export function nitroPolicy(kind: NitroKind): Decoder<NitroPolicy> {
  return refined(sectionOf(kind), (policy, path) => {
    refuseSettable(policy, kind, path);
    refuseZero(policy, path);
  });
}

function sectionOf(kind: NitroKind): Decoder<NitroPolicy> {
  return object<NitroPolicy>({
    registers: optional(
      pinnedRegisters(MAX_VALUES),
      {},
      'Accepted values of registers by number, hex of 48 bytes each, or as a list of texts as "4=HEX"',
      byName(pins()),
    ),
    whatRuns: optional(
      list(integer(0, MAX_REGISTER), MAX_REGISTER + 1),
      KINDS[kind].whatRuns,
      "Registers that say what runs; nothing is trusted unless each of them is pinned",
      needs(
        KINDS[kind].whatRuns,
        (register) =>
          `nothing pins PCR ${register}, so that what it measures of what runs can be anything`,
      ),
    ),
    modules: optional(
      list(text("[A-Za-z0-9][A-Za-z0-9-]{2,255}", "an id as i-0123456789abcdef0"), MAX_VALUES),
      null,
      "Accepted ids of modules, or of the instances that they belong to",
      pins(),
    ),
    revocation: optional(
      oneOf("require", "if-given"),
      "if-given",
      "Whether revocation lists must be given where the document's certificates name them",
      ladder({ require: null, "if-given": null }),
    ),
  });
}

/** What runs could make such a register say whatever the policy pins. */
function refuseSettable({ whatRuns }: NitroPolicy, kind: NitroKind, path: string): void {
  const { settable, settableBecause } = KINDS[kind];
  const found = whatRuns.find((register) => settable.includes(register));
  if (found === undefined) return;
  throw new DecodeError(
    `${path === "" ? "" : `${path}.`}whatRuns`,
    "value",
    `names PCR ${found}, ${settableBecause}, so that it cannot say what runs`,
  );
}

/** Zeros are what debug mode shows, and what a register holds that nothing was measured into. */
function refuseZero({ registers, whatRuns }: NitroPolicy, path: string): void {
  const zero = whatRuns.find((register) =>
    registers[register]?.some((value) => /^0+$/.test(value))
  );
  if (zero === undefined) return;
  throw new DecodeError(
    `${path === "" ? "" : `${path}.`}registers.${zero}`,
    "value",
    `pins PCR ${zero} to zeros, which every enclave in debug mode shows, and every register that nothing was measured into`,
  );
}
