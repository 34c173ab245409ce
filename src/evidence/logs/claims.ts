/**
 * What a log says, as far as a quote confirms its registers: claims of covered data, with who measured them.
 *
 * @module
 */

import { type AuthorityClaim, readAuthorities } from "./authorities.ts";
import { type BootLoaderClaim, readBootLoaderTexts } from "./boot_loader_texts.ts";
import { type BootServicesClaim, readBootServices } from "./boot_services.ts";
import { type CommandLineClaim, readCommandLine } from "./command_line.ts";
import type { Believed } from "./compare.ts";
import type { EventLog } from "./event_log.ts";
import { type ImageClaim, readImages } from "./images.ts";
import { type OwnerKeysClaim, readOwnerKeys } from "./owner_keys.ts";
import type { Found } from "./remark.ts";
import { readSecureBoot, type SecureBootClaim } from "./secure_boot.ts";
import { findSecureBootVariables } from "./secure_boot_variables.ts";
import { readSignatureDatabases, type SignatureDatabaseClaim } from "./signature_databases.ts";
import { TrustedEvents } from "./trusted_events.ts";
import { readUnifiedKernel, type UnifiedKernelClaim } from "./unified_kernel.ts";

/** Claims of a log. What is null or absent was not measured, or not so that it may be believed. */
export interface LogClaims {
  /** State of Secure Boot. */
  readonly secureBoot: SecureBootClaim | null;
  /** PK, KEK, db, dbx and their like. */
  readonly signatureDatabases: readonly SignatureDatabaseClaim[];
  /** Keys that vouched for what was booted. */
  readonly authorities: readonly AuthorityClaim[];
  /** Code of devices, and what the firmware ran itself. */
  readonly drivers: readonly ImageClaim[];
  /** What was booted, in order. */
  readonly applications: readonly ImageClaim[];
  /** Sections of a unified kernel image. */
  readonly unifiedKernel: UnifiedKernelClaim | null;
  /** The kernel's command line. */
  readonly commandLine: CommandLineClaim | null;
  /** What the boot loader did. */
  readonly bootLoader: BootLoaderClaim | null;
  /** The end of boot services. */
  readonly bootServicesExit: BootServicesClaim | null;
  /** Lists of the machine's owner. */
  readonly ownerKeys: readonly OwnerKeysClaim[];
}

/**
 * Reads the claims of a log. Data that cannot be read give a remark, and no claim.
 *
 * What is established: the claims of a register were measured into it, if the quote
 * that confirms it is genuine. What is not: that those who measured them said the
 * truth; each claim names them.
 *
 * @param log The log.
 * @param believed Registers that a quote confirms, as `compareReplay` names them.
 */
export async function readClaims(log: EventLog, believed: Believed): Promise<Found<LogClaims>> {
  const trusted = new TrustedEvents(log, believed);
  const variables = findSecureBootVariables(trusted);
  const secureBoot = readSecureBoot(variables.found);
  const databases = await readSignatureDatabases(variables.found);
  const kernel = readUnifiedKernel(trusted);
  const commandLine = readCommandLine(trusted, kernel.found);
  const bootServices = readBootServices(trusted);
  const parts = [variables, secureBoot, databases, kernel, commandLine, bootServices];
  const found: LogClaims = {
    secureBoot: secureBoot.found,
    signatureDatabases: databases.found,
    authorities: await readAuthorities(trusted),
    ...readImages(trusted),
    unifiedKernel: kernel.found,
    commandLine: commandLine.found,
    bootLoader: readBootLoaderTexts(trusted),
    bootServicesExit: bootServices.found,
    ownerKeys: readOwnerKeys(trusted),
  };
  return { found, remarks: parts.flatMap(({ remarks }) => remarks) };
}
