/**
 * Whether Secure Boot was on (UEFI 2.10 §32.3, PFP §3.3.4.8).
 *
 * @module
 */

import type { Found } from "./remark.ts";
import type { MeasuredVariables } from "./secure_boot_variables.ts";
import type { Origin } from "./trusted_events.ts";

/** State of Secure Boot when the firmware handed over. */
export interface SecureBootClaim extends Origin {
  /** Whether the firmware checked what it booted. */
  readonly enabled: boolean;
}

/**
 * Reads the variable SecureBoot: one byte, 0 or 1; without data it is not set.
 *
 * @param measured Variables that the firmware measured.
 * @returns Null where it was not measured exactly once, or holds something else.
 */
export function readSecureBoot(measured: MeasuredVariables): Found<SecureBootClaim | null> {
  const variable = measured.once.get("SecureBoot");
  if (variable === undefined) return { found: null, remarks: [] };
  const { register } = measured.place;
  const { event, value } = variable;
  const [byte = 0] = value;
  if (value.length > 1 || byte > 1) {
    return {
      found: null,
      remarks: [{ kind: "variable-malformed", register, event: event.number }],
    };
  }
  const claim: SecureBootClaim = {
    enabled: byte === 1,
    register,
    events: [event.number],
    by: "firmware",
    handedOver: false,
    complete: measured.complete,
  };
  return { found: claim, remarks: [] };
}
