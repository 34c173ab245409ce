/**
 * The lab's keys: made anew, or read from a file of an earlier run.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../../core/limits.ts";
import type { Host } from "../../core/ports.ts";
import {
  type AmdAuthority,
  createAmdAuthority,
  createIntelAuthority,
  createTpmAuthority,
  importAmdAuthority,
  importIntelAuthority,
  importTpmAuthority,
  type IntelAuthority,
  LAB_LINES,
  type TpmAuthority,
} from "../../lab/mod.ts";
import { FileReader } from "../input/files.ts";
import { flagError, renamed } from "../input/given.ts";

/** Product line where none is named: one whose real keys are not known to be broken. */
const DEFAULT_LINE = "Genoa";

/**
 * The authority that issues SEV-SNP evidence: of the file, or a new one, which takes seconds.
 *
 * @param host The machine.
 * @param options File, and product line.
 * @throws {InputError} naming `--authority`, and `--line` where it contradicts the file.
 */
export async function amdAuthorityFor(
  host: Host,
  options: { readonly authority?: string | undefined; readonly line?: string | undefined },
): Promise<AmdAuthority> {
  const line = LAB_LINES.find((known) => known === options.line) ?? DEFAULT_LINE;
  if (options.authority === undefined) {
    host.terminal.err("Making the lab's keys (RSA-4096), which takes some seconds...\n");
    return await createAmdAuthority({ line, now: host.clock.now() });
  }
  const authority = await readAuthority(host, options.authority, importAmdAuthority);
  if (options.line === undefined || authority.line === line) return authority;
  const message =
    `Cannot use --line ${line} with --authority ${options.authority}: its keys are for ${authority.line}`;
  throw flagError("input.conflict", message, "--line, --authority");
}

/**
 * The authority that issues TDX evidence: of the file, or a new one.
 *
 * @param host The machine.
 * @param path The file; undefined makes a new one.
 * @throws {InputError} naming `--authority`.
 */
export async function intelAuthorityFor(
  host: Host,
  path: string | undefined,
): Promise<IntelAuthority> {
  return path === undefined
    ? await createIntelAuthority({ now: host.clock.now() })
    : await readAuthority(host, path, importIntelAuthority);
}

/**
 * The authority that certifies keys of TPMs: of the file, or a new one.
 *
 * @param host The machine.
 * @param path The file; undefined makes a new one.
 * @throws {InputError} naming `--authority`.
 */
export async function tpmAuthorityFor(host: Host, path: string | undefined): Promise<TpmAuthority> {
  return path === undefined
    ? await createTpmAuthority({ now: host.clock.now() })
    : await readAuthority(host, path, importTpmAuthority);
}

async function readAuthority<Authority>(
  host: Host,
  path: string,
  read: (stored: unknown) => Promise<Authority>,
): Promise<Authority> {
  const flag = "--authority";
  const { bytes } = await new FileReader(host.files).read(flag, path, MAX_FILE_BYTES);
  try {
    return await read(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw flagError("input.encoding", `Cannot read ${path}: it is not JSON`, flag, cause);
    }
    throw cause instanceof InputError ? renamed(cause, `${cause.message} in ${path}`, flag) : cause;
  }
}
