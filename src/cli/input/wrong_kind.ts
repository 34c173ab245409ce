/**
 * Finds the file that is something else than its flag takes, after verification
 * refused the evidence: only then is it worth looking.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { CasemateError, InputError } from "../../core/errors.ts";
import type { Shown } from "../../core/shown.ts";
import { describeCertificates } from "../../core/x509.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { reasonOf } from "../explain.ts";
import { fileName, type GivenFile } from "./files.ts";
import { flagError } from "./given.ts";
import { recognise, seemsToBe } from "./recognise.ts";
import { titleOf } from "./title.ts";

/**
 * Throws where a file is known to belong to another flag, or where the evidence
 * itself is known to be something else.
 *
 * @param engine Verification engine.
 * @param technology Technology of the evidence; the first of its files is the evidence itself.
 * @param files The files.
 * @throws {InputError} `input.wrong_kind`, naming the flag.
 */
export async function refuseWrongKinds(
  engine: Engine,
  technology: AnyTechnology,
  files: readonly GivenFile[],
): Promise<void> {
  const evidence = `--${technology.files[0]?.flag ?? ""}`;
  for (const file of files) {
    const shown = await recogniseQuietly(engine, file);
    // A public key can be that of a TPM: its form does not tell.
    if (shown === null || shown.kind.endsWith("public-key")) continue;
    const owner = shown.usedBy?.split(" ").at(-1);
    if (owner === file.flag || (owner === undefined && file.flag !== evidence)) continue;
    const hint = owner === undefined ? "" : `; ${shown.usedBy} takes that`;
    const message = `Cannot use ${fileName(file.path)} for ${file.flag}: it seems to be ${
      titleOf(shown)
    }${hint}`;
    throw flagError("input.wrong_kind", message, file.flag);
  }
}

/** A damaged file keeps the flag that it was given to: the verdict says what is wrong with it. */
async function recogniseQuietly(engine: Engine, file: GivenFile): Promise<Shown | null> {
  try {
    return await recognise(engine, file.bytes);
  } catch (error) {
    if (error instanceof CasemateError) return null;
    throw error;
  }
}

/**
 * Throws where a lab root is something else than certificates.
 *
 * @param engine Verification engine.
 * @param files The lab roots.
 * @throws {InputError} naming the flag.
 */
export async function refuseBadRoots(engine: Engine, files: readonly GivenFile[]): Promise<void> {
  for (const { path, flag, bytes } of files) {
    try {
      await describeCertificates(engine, bytes);
    } catch (cause) {
      if (!(cause instanceof CasemateError)) throw cause;
      const seems = await seemsToBe(engine, bytes);
      const message = `Cannot use ${
        fileName(path)
      } for ${flag}: expected certificates; it seems to be ${seems}`;
      throw flagError("input.wrong_kind", message, flag, cause);
    }
  }
}

/**
 * What each file seems to be, beside its flag and path.
 *
 * @param engine Verification engine.
 * @param files The files.
 */
export async function describeFiles(
  engine: Engine,
  files: readonly GivenFile[],
): Promise<readonly (readonly [string, string])[]> {
  const rows: (readonly [string, string])[] = [];
  for (const file of files) {
    rows.push([file.flag, `${fileName(file.path)}: ${await seemsToBe(engine, file.bytes)}`]);
  }
  return rows;
}

/**
 * An error about one of the files as a sentence that names the file and its flag.
 *
 * @param engine Verification engine.
 * @param error What verification threw; its fields name a role, or an input of the engine.
 * @param technology Technology of the evidence.
 * @param files The files.
 * @returns The same error where it is about no file; with the flag alone where that file is missing.
 */
export async function withFlag(
  engine: Engine,
  error: InputError,
  technology: AnyTechnology,
  files: readonly GivenFile[],
): Promise<InputError> {
  const flag = flagOf(error, technology);
  const [file, ...others] = files.filter((candidate) => candidate.flag === flag);
  if (flag === null) return error;
  if (file === undefined) return missing(error, flag);
  // Of several files of one flag the engine does not say which.
  const about = others.length === 0 ? [file] : [file, ...others];
  const seems = await Promise.all(about.map(({ bytes }) => seemsToBe(engine, bytes)));
  const names = about.map(({ path }) => fileName(path)).join(" or ");
  const hint = seems[0]?.startsWith("damaged") === true
    ? ""
    : `; it seems to be ${seems.join(" or ")}`;
  const message = `Cannot use ${names} for ${flag}: ${reasonOf(error)}${hint}`;
  return new InputError(message, {
    code: error.code,
    fields: { ...error.fields, flag },
    cause: error,
  });
}

/** No file of that flag was given, which is what the error is about. */
function missing(error: InputError, flag: string): InputError {
  const { message, code, fields } = error;
  return new InputError(message, { code, fields: { ...fields, flag }, cause: error });
}

/** The flag whose role an error names; the engine's names of inputs are beginnings of roles. */
function flagOf(error: InputError, technology: AnyTechnology): string | null {
  const named = error.fields["role"] ?? error.fields["input"] ?? "";
  if (named === "") return null;
  const input = technology.files.find(({ role, flag }) => role === named || flag === named) ??
    technology.files.find(({ role, flag }) => role.startsWith(named) || named.startsWith(flag));
  return input === undefined ? null : `--${input.flag}`;
}
