/**
 * Writes pages and bundles.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { Host } from "../../core/ports.ts";
import { renderReport, type ReportOptions } from "../../report/report.ts";
import type { Result } from "../../results/result.ts";
import { allCodes } from "../code_table.ts";
import { renamed } from "../input/given.ts";

/** Where something is written. */
export interface Target {
  /** The flag as it is typed. */
  readonly flag: string;
  /** Path. */
  readonly path: string;
}

/**
 * Writes a file; that it cannot be written is told with the flag.
 *
 * @param host The machine.
 * @param target Where.
 * @param bytes What.
 * @throws {InputError} `input.unwritable`
 */
export async function writeNamed(
  { files }: Pick<Host, "files">,
  { flag, path }: Target,
  bytes: Uint8Array,
): Promise<void> {
  try {
    await files.write(path, bytes, false);
  } catch (cause) {
    throw cause instanceof InputError ? renamed(cause, cause.message, flag) : cause;
  }
}

/**
 * Draws a result and writes the page.
 *
 * @param host The machine.
 * @param target Where.
 * @param result What a verification said.
 * @param options Technology, and what else the page says.
 * @throws {InputError} `input.unwritable`
 */
export async function writePage(
  host: Pick<Host, "files" | "build">,
  target: Target,
  result: Result,
  options: Omit<ReportOptions, "codes" | "version">,
): Promise<void> {
  const { version } = host.build;
  const page = renderReport(result, { ...options, codes: allCodes(), version });
  await writeNamed(host, target, new TextEncoder().encode(page));
}
