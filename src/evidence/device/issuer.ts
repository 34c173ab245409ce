/**
 * Collecting the evidence of a variant on a node.
 *
 * @module
 */

import type { FilesByRole } from "../files_by_role.ts";
import type { Purpose } from "../statement/statement.ts";
import type { VariantId } from "../variants/facts.ts";
import type { NodeDevices } from "./devices.ts";

/** What evidence must answer. */
export interface IssueQuestion {
  /** The binding of statement and nonce, 64 bytes (protocol §4). */
  readonly binding: Uint8Array;
  /** What it is for: on Azure the runtime data answer every purpose but `serve`. */
  readonly purpose: Purpose;
}

/** Collects the evidence of one variant. */
export interface Issuer {
  /** The variant. */
  readonly variant: VariantId;
  /**
   * Collects evidence.
   *
   * @param devices What the node has.
   * @param question What it must answer.
   * @returns Files by the roles that the variant's own `readFiles` takes; collateral of vendors is among them only where the platform gave it.
   * @throws {UnavailableError} `device.*`, `tpm.*`
   * @throws {InputError} `tpm.bank_inactive`, `tpm.nv_not_certificate`
   */
  issue(devices: NodeDevices, question: IssueQuestion): Promise<FilesByRole>;
}
