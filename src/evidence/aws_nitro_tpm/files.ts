/**
 * The files that verification of an instance with NitroTPM takes.
 *
 * @module
 */

import type { FileInput, FilesByRole } from "../evidence.ts";
import { IDENTITY_FILES, type IdentityFiles, identityFiles } from "../ec2/files.ts";
import { FileTaker } from "../files.ts";
import { NITRO_FILES, type NitroFiles, readFiles as readDocument } from "../nitro/files.ts";

/** An attestation document, and whose instance it is. */
export interface AwsNitroTpmFiles extends NitroFiles, IdentityFiles {}

/** What the flags say. */
export const AWS_NITRO_TPM_FILES: readonly FileInput[] = [...NITRO_FILES, ...IDENTITY_FILES];

/**
 * Reads the files by role.
 *
 * @param files The files.
 * @throws {InputError} `input.missing`, `input.encoding`, `input.value`
 */
export function readFiles(files: FilesByRole): AwsNitroTpmFiles {
  const taker = new FileTaker(files, "an instance with NitroTPM");
  return { ...readDocument(files), ...identityFiles(taker) };
}
