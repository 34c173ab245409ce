/**
 * The report of Azure's paravisor out of its TPM, and the question that it is
 * made to answer.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { Timer } from "../../core/ports.ts";
import { parseStrictJson } from "../../core/strict_json.ts";
import type { NodeDevices } from "../device/devices.ts";
import type { IssueQuestion } from "../device/issuer.ts";
import { deviceError, needed } from "../device/refused.ts";
import type { FilesByRole } from "../files_by_role.ts";
import { qualifyingDataOf } from "../statement/binding.ts";
import { azureKey } from "./azure_key.ts";
import { listHandles } from "./device/capability.ts";
import type { TpmDevice } from "./device/device.ts";
import { handleText } from "./device/entity.ts";
import { readNv, writeNv } from "./device/nv.ts";
import { defineNv } from "./device/nv_space.ts";
import { quoteOfNode } from "./node_quote.ts";

/** Where the report stands, and where what it shall answer is written (Microsoft, "Guest attestation for confidential VMs"). */
export const HCL_INDICES = { report: 0x01400001, userData: 0x01400002 } as const;

/** Bytes of user data. */
const USER_DATA_BYTES = 64;

/** Where a hardware report, the size of the runtime data and these stand. */
const HCL_PLACE = { hardware: 32, size: 1232, runtime: 1236 } as const;

/** Bytes of a TD report. */
const TD_REPORT_BYTES = 1024;

/** Waits until the report is read again, ms: the paravisor takes one to three seconds. */
const WAITS: readonly number[] = [200, 300, 500, 500, 1000, 1000, 1500, 2000, 3000, 5000];

/** The report and the quote that names it. */
export interface ParavisorFiles {
  /** What NV index 0x01400001 holds. */
  readonly hclReport: Uint8Array;
  /** Report and quote by role. */
  readonly files: FilesByRole;
}

/**
 * Collects the paravisor's report and a quote of its TPM. For every purpose but
 * `serve` the runtime data are made to answer the question: they are written,
 * and read again until they do.
 *
 * @param devices What the node has.
 * @param variant What it is for.
 * @param question What must be answered.
 * @throws {UnavailableError} `device.absent`, `device.platform_half`, `device.user_data_stale`, `device.answer`, `tpm.*`
 */
export async function issueParavisor(
  devices: NodeDevices,
  variant: string,
  { binding, purpose }: IssueQuestion,
): Promise<ParavisorFiles> {
  const tpm = needed(devices.tpm, variant, "TPM");
  const indices = await listHandles(tpm, "nv");
  if (!indices.includes(HCL_INDICES.report)) {
    const missing = `the paravisor's report at NV index ${handleText(HCL_INDICES.report)}`;
    const message = `Cannot use the TPM as a paravisor's: ${missing} is not there`;
    throw deviceError("device.platform_half", message, { present: "a TPM", missing });
  }
  const key = await azureKey(tpm);
  const hclReport = purpose === "serve"
    ? await readNv(tpm, HCL_INDICES.report)
    : await answering(tpm, devices.timer, binding, indices.includes(HCL_INDICES.userData));
  const quoted = await quoteOfNode(tpm, key, qualifyingDataOf(binding, hclReport), devices);
  return { hclReport, files: { hclReport, ...quoted } };
}

async function answering(
  tpm: TpmDevice,
  timer: Timer,
  binding: Uint8Array,
  isDefined: boolean,
): Promise<Uint8Array> {
  if (!isDefined) await defineNv(tpm, HCL_INDICES.userData, { size: USER_DATA_BYTES });
  await writeNv(tpm, HCL_INDICES.userData, binding);
  for (const wait of WAITS) {
    const report = await readNv(tpm, HCL_INDICES.report);
    if (userDataOf(report) === toHex(binding)) return report;
    await timer.wait(wait);
  }
  const message =
    "The paravisor did not put the question into its runtime data within 15 s of its being written";
  const fields = { index: handleText(HCL_INDICES.userData) };
  throw deviceError("device.user_data_stale", message, fields, true);
}

/** What the runtime data answer, lowercase hex; null where they answer nothing. */
function userDataOf(report: Uint8Array): string | null {
  const value: Readonly<Record<string, unknown>> = Object(runtimeOf(report));
  const given = value["user-data"];
  return typeof given === "string" ? given.toLowerCase() : null;
}

function runtimeOf(report: Uint8Array): unknown {
  const { size, runtime } = HCL_PLACE;
  if (report.length < runtime) throw malformed("it ends before its runtime data");
  const view = new DataView(report.buffer, report.byteOffset);
  const end = runtime + view.getUint32(size, true);
  if (end > report.length) throw malformed("its runtime data reach past its end");
  try {
    return parseStrictJson(report.subarray(runtime, end));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw malformed(cause.message);
    throw cause;
  }
}

/**
 * The TD report in a paravisor's report.
 *
 * @param hclReport The paravisor's report.
 * @throws {UnavailableError} `device.answer`
 */
export function tdReportOf(hclReport: Uint8Array): Uint8Array {
  const { hardware } = HCL_PLACE;
  if (hclReport.length < HCL_PLACE.runtime) throw malformed("it ends before its runtime data");
  return hclReport.slice(hardware, hardware + TD_REPORT_BYTES);
}

function malformed(reason: string): Error {
  const message = `Cannot read the paravisor's report: ${reason}`;
  return deviceError("device.answer", message, { reason });
}
