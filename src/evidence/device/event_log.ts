/**
 * The log of a boot beside evidence.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { FilesByRole } from "../files_by_role.ts";
import type { NodeDevices } from "./devices.ts";

/** Largest log; verifiers take no larger one. */
const MAX_BYTES = 1024 * 1024;

/**
 * The log of a trust domain; nothing where the kernel shows none: quotes hold without it.
 *
 * @param devices Files, and where the log is.
 * @throws {InputError} `input.too_large`
 */
export async function tdEventLog(
  { files, eventLogs: { td } }: Pick<NodeDevices, "files" | "eventLogs">,
): Promise<FilesByRole> {
  if (td === null) return {};
  try {
    return { eventLog: await files.read(td, MAX_BYTES) };
  } catch (error) {
    if (error instanceof InputError && error.code === "input.unreadable") return {};
    throw error;
  }
}
