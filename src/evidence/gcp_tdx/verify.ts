/**
 * Establishes that Intel silicon made a quote of a trust domain on Google Cloud,
 * what the event log says of its registers, and which firmware Google endorses.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { inRoles } from "../roles.ts";
import type { Check, Verified, VerifyContext } from "../evidence.ts";
import { type CcelTable, readCcelTable, refuseLongerLog } from "../gce/ccel_table.ts";
import { GCE_CCEL_TABLE, GCE_ENDORSEMENT } from "../gce/checks.ts";
import { undoneOfEndorsement, verifyEndorsement } from "../gce/endorse.ts";
import type { GceEndorsement } from "../gce/mod.ts";
import { LOG_CHECKS } from "../logs/checks.ts";
import { type ComparedLog, readComparedLog } from "../logs/compared_log.ts";
import { tdx, type TdxEvidence } from "../tdx/mod.ts";
import type { GcpTdxFiles } from "./files.ts";

/** What is proven of a trust domain on Google Cloud. */
export interface GcpTdxEvidence {
  /** The quote. */
  readonly tee: TdxEvidence;
  /** The event log beside it; null where none was given. */
  readonly log: ComparedLog | null;
  /** The table that points to the log; null where none was given. It is nobody's word. */
  readonly ccelTable: CcelTable | null;
  /** Which firmware Google endorses; null where no endorsement was given. */
  readonly firmware: GceEndorsement | null;
}

/** Steps, in the order in which they are done. */
export const GCP_TDX_CHECKS: readonly Check[] = [
  ...tdx.checks,
  GCE_CCEL_TABLE,
  ...LOG_CHECKS,
  GCE_ENDORSEMENT,
];

/**
 * Proves the quote, and reads what stands beside it.
 *
 * Whether the log leads to the registers, and whether the firmware is one that
 * is endorsed, is appraised.
 *
 * @param engine Verification engine.
 * @param files The files.
 * @param context Time and lab roots.
 * @throws {RejectedError} `tdx.*`, `logs.*`, `gce.*`, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function verify(
  engine: Engine,
  files: GcpTdxFiles,
  context: VerifyContext,
): Promise<Verified<GcpTdxEvidence>> {
  const tee = await tdx.verify(engine, files, context);
  const evidence: GcpTdxEvidence = {
    tee,
    ccelTable: tableOf(files),
    log: await logOf(engine, files, tee),
    firmware: await verifyEndorsement(engine, files, context),
  };
  return evidence as Verified<GcpTdxEvidence>;
}

function tableOf({ ccelTable, eventLog }: GcpTdxFiles): CcelTable | null {
  if (ccelTable === undefined) return null;
  const table = readCcelTable(ccelTable);
  if (eventLog !== undefined) refuseLongerLog(table, eventLog);
  return table;
}

/** A TD has one bank, of SHA-384. */
async function logOf(
  engine: Engine,
  { eventLog }: GcpTdxFiles,
  { quote }: TdxEvidence,
): Promise<ComparedLog | null> {
  if (eventLog === undefined) return null;
  const registers = quote.body.rtmrs.map((value, register) =>
    ({ bank: "sha384", register, value }) as const
  );
  const asked = readComparedLog(engine, eventLog, "rtmr", registers);
  return await inRoles(asked, { "event log": "eventLog" });
}

/**
 * Ids of the steps that are passed by for want of input.
 *
 * @param files The files.
 */
export function undone(files: GcpTdxFiles): readonly string[] {
  return [
    ...tdx.undone(files),
    ...(files.ccelTable === undefined ? [GCE_CCEL_TABLE.id] : []),
    ...(files.eventLog === undefined ? LOG_CHECKS.map(({ id }) => id) : []),
    ...undoneOfEndorsement(files),
  ];
}
