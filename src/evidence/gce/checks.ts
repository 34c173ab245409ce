/**
 * Steps that are Google Compute Engine's own.
 *
 * @module
 */

import type { CodeEntry } from "../../core/code_entry.ts";
import type { Check } from "../evidence.ts";
import { GCE_CODES } from "./codes.ts";

/** Which instance the attestation key's certificate is of. */
export const GCE_INSTANCE: Check = {
  id: "gce.instance",
  link: "key",
  title: "Certificate says which instance it is of",
  source: "Google Cloud, extension 1.3.6.1.4.1.11129.2.1.21",
};

/** Whether Google endorses firmware. */
export const GCE_ENDORSEMENT: Check = {
  id: "gce.endorsement",
  link: "platform",
  title: "Firmware endorsement signed",
  source: "google/gce-tcb-verifier, VMLaunchEndorsement",
};

/** Whether the table that points to the event log is one. */
export const GCE_CCEL_TABLE: Check = {
  id: "gce.ccel-table",
  link: "guest",
  title: "Table of the event log",
  source: "ACPI 6.5 §5.2.34",
};

/** Findings about the instance. */
export const OF_INSTANCE: readonly string[] = [
  GCE_INSTANCE.id,
  "gce.project",
  "gce.zone",
  "gce.instance-name",
  "gce.production",
];

/** Findings about the firmware. */
export const OF_FIRMWARE: readonly string[] = [GCE_ENDORSEMENT.id, "gce.firmware"];

/** Findings about the event log of a trust domain. */
export const OF_TD_LOG: readonly string[] = [GCE_CCEL_TABLE.id, "logs.log", "gce.secure-boot"];

/**
 * Codes of some findings: a variant has no others.
 *
 * @param ids Ids of the findings.
 */
export function gceCodesOf(...ids: readonly string[]): Readonly<Record<string, CodeEntry>> {
  return Object.fromEntries(
    Object.entries<CodeEntry>(GCE_CODES).filter(([, { check }]) =>
      check !== null && ids.includes(check)
    ),
  );
}
