/**
 * Finds the file that is something else than its flag takes, after verification
 * refused the evidence: only then is it worth looking.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { CasemateError, InputError } from "../../core/errors.ts";
import type { Shown } from "../../core/shown.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { fileName, type GivenFile } from "./files.ts";
import { flagError } from "./given.ts";
import { recognise, seemsToBe, titleOf } from "./recognise.ts";

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
    if (shown === null) continue;
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
 * The same error with the flag to look at, and with what its file seems to be.
 *
 * @param engine Verification engine.
 * @param error What verification threw; its fields name a role or an input of the engine.
 * @param technology Technology of the evidence.
 * @param files The files.
 */
export async function withFlag(
  engine: Engine,
  error: InputError,
  technology: AnyTechnology,
  files: readonly GivenFile[],
): Promise<InputError> {
  const named = error.fields["role"] ?? error.fields["input"] ?? "";
  const input = technology.files.find(({ role, flag }) => [role, flag].includes(named)) ??
    technology.files.find(({ role, flag }) =>
      named !== "" && (role.startsWith(named) || named.startsWith(flag))
    );
  if (input === undefined) return error;
  const flag = `--${input.flag}`;
  const own = files.filter((file) => file.flag === flag);
  const [only] = own;
  const seems = own.length === 1 && only !== undefined
    ? `; ${fileName(only.path)} seems to be ${await seemsToBe(engine, only.bytes)}`
    : "";
  return new InputError(error.message + seems, {
    code: error.code,
    fields: { ...error.fields, flag },
    cause: error,
  });
}
