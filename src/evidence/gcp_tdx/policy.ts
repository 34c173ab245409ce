/**
 * The `gcp-tdx` section of a policy.
 *
 * @module
 */

import { type Decoder, integer, list, object, oneOf, optional } from "../../core/decode.ts";
import { admits, ladder } from "../../core/direction.ts";
import type { LogDemands } from "../logs/judge_log.ts";
import { type TdxPolicy, tdxPolicy } from "../tdx/policy.ts";

/** What an appraisal demands. */
export interface GcpTdxPolicy extends LogDemands {
  /** Of the quote. */
  readonly tee: TdxPolicy;
}

/** Registers of a TD. */
const REGISTERS = 4;

/** Reads the section. */
export const gcpTdxPolicy: Decoder<GcpTdxPolicy> = object<GcpTdxPolicy>({
  tee: optional(
    tdxPolicy,
    tdxPolicy.decode({}, "tee"),
    "What the quote must show; MRTD need not be pinned where the firmware is endorsed",
  ),
  notInLog: optional(
    list(integer(0, REGISTERS - 1), REGISTERS),
    [],
    "RTMRs that need not be what the event log leads to, since they run on after the boot",
    admits<number>(
      [],
      (register) => `what the event log says of RTMR ${register} is not held against the quote`,
      // It holds the phase (protocol §3), which no firmware writes down and statements are held against.
      [3],
    ),
  ),
  secureBoot: optional(
    oneOf("require", "any"),
    "any",
    "Whether the event log must show that Secure Boot was on; not met where other events of RTMR 0 cannot be read, since the host chooses some of them",
    ladder({ require: null, any: null }),
  ),
  eventLog: optional(
    oneOf("require", "any"),
    "any",
    "Whether an event log must be given",
    ladder({ require: null, any: null }),
  ),
});
