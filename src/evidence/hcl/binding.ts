/**
 * What ties the parts of Azure's evidence to each other: the hardware report to
 * the runtime data, and these to the attestation key.
 *
 * @module
 */

import { RejectedError } from "../../core/errors.ts";
import type { HclKey, HclRuntime } from "./report.ts";

/** Name of the attestation key in the runtime data. */
const AK = "HCLAkPub";

/** What the paravisor says that it may do: nothing else, or it could sign what is no quote. */
const AK_OPERATIONS = ["sign"] as const;

/**
 * Establishes that a hardware report is bound to the runtime data: its report
 * data begin with their hash, and nothing follows. Without the zeros somebody
 * else's bytes could stand there.
 *
 * @param reportData Report data of the verified hardware report, 64 bytes, hex.
 * @param runtime The runtime data.
 * @throws {RejectedError} `hcl.runtime_data_mismatch`
 */
export function checkRuntimeData(reportData: string, { hash }: HclRuntime): void {
  const expected = hash.padEnd(reportData.length, "0");
  if (reportData === expected) return;
  throw new RejectedError("The hardware report is not bound to these runtime data", {
    code: "hcl.runtime_data_mismatch",
    fields: { expected, actual: reportData },
  });
}

/**
 * The attestation key that the runtime data name. That only the paravisor's TPM
 * has it is the paravisor's word.
 *
 * @param runtime The runtime data; the engine refuses two keys of one name.
 * @throws {RejectedError} `hcl.key_missing`, `hcl.key_attributes`
 */
export function attestationKeyOf({ keys }: HclRuntime): HclKey {
  const key = keys.find(({ kid }) => kid === AK);
  if (key === undefined) {
    const fields = { expected: AK, actual: keys.map(({ kid }) => kid).join(", ") };
    throw new RejectedError(`The runtime data have no key ${AK}`, {
      code: "hcl.key_missing",
      fields,
    });
  }
  const actual = key.keyOps.join(", ");
  const expected = AK_OPERATIONS.join(", ");
  if (actual === expected) return key;
  throw new RejectedError(`${AK} may be used for other things than signing`, {
    code: "hcl.key_attributes",
    fields: { kid: AK, expected, actual },
  });
}
