/**
 * The files that verification of a trust domain on Google Cloud takes.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { FileInput, FilesByRole } from "../evidence.ts";
import { FileTaker, refuseText } from "../files.ts";
import { ENDORSEMENT_FILES, type EndorsementFiles, endorsementFiles } from "../gce/files.ts";
import { readFiles as readQuote, TDX_FILES, type TdxFiles } from "../tdx/files.ts";

/** A quote with its collateral, the event log beside it, and who endorses the firmware. */
export interface GcpTdxFiles extends TdxFiles, EndorsementFiles {
  /** Event log of the same boot, CCEL. */
  readonly eventLog?: Uint8Array;
  /** ACPI table that points to it. */
  readonly ccelTable?: Uint8Array;
}

/** What the flags say. */
export const GCP_TDX_FILES: readonly FileInput[] = [
  ...TDX_FILES,
  {
    role: "eventLog",
    flag: "event-log",
    required: false,
    multiple: false,
    says: "event log of the same boot, /sys/firmware/acpi/tables/data/CCEL",
  },
  {
    role: "ccelTable",
    flag: "ccel-table",
    required: false,
    multiple: false,
    says: "ACPI table that points to it, /sys/firmware/acpi/tables/CCEL",
  },
  ...ENDORSEMENT_FILES,
];

/**
 * Reads the files by role.
 *
 * @param files The files.
 * @throws {InputError} `input.missing`, `input.encoding`, `input.value`
 */
export function readFiles(files: FilesByRole): GcpTdxFiles {
  const taker = new FileTaker(files, "a trust domain on Google Cloud");
  return { ...readQuote(files), ...logFiles(taker), ...endorsementFiles(taker) };
}

/** A table beside no log would be looked at by nothing. */
function logFiles(taker: FileTaker): Pick<GcpTdxFiles, "eventLog" | "ccelTable"> {
  const [eventLog, ccelTable] = [taker.maybe("eventLog"), taker.maybe("ccelTable")];
  if (eventLog !== undefined) {
    return {
      eventLog,
      ...(ccelTable === undefined ? {} : { ccelTable: refuseText(ccelTable, "ccelTable") }),
    };
  }
  if (ccelTable === undefined) return {};
  throw new InputError("Cannot use ccel-table without event-log: it says where that lies", {
    code: "input.missing",
    fields: { role: "eventLog", missing: "eventLog" },
  });
}
