/**
 * Reads the policy file that a command names.
 *
 * @module
 */

import { MAX_POLICY_BYTES } from "../../core/limits.ts";
import { parsePolicyText } from "../../policy/parse.ts";
import type { Context } from "../context.ts";
import { fileName, FileReader } from "../input/files.ts";
import { readMoment } from "../input/moment.ts";
import { type Place, POLICY_KINDS, readOwn } from "../kinds/own.ts";
import { refuseOtherTerms } from "../kinds/own_terms.ts";

/** A policy file, read as text. */
export interface PolicyFile {
  /** What to call it. */
  readonly name: string;
  /** Its content as plain data. */
  readonly value: unknown;
}

const PLACE: Place = { flag: "FILE", limit: MAX_POLICY_BYTES, kinds: POLICY_KINDS };

/** The defaults, where no file is named. */
export const DEFAULTS: PolicyFile = { name: "the strict defaults", value: { version: 1 } };

/**
 * Reads files in turn; standard input can be one of them.
 *
 * @param context The machine.
 * @param paths The paths.
 * @throws {InputError} `policy.syntax`, `input.wrong_kind` and those of files.
 */
export async function readPolicyFiles(
  { host }: Context,
  ...paths: readonly string[]
): Promise<readonly PolicyFile[]> {
  const reader = new FileReader(host.files);
  const files: PolicyFile[] = [];
  for (const path of paths) {
    files.push(
      await readOwn(reader, path, PLACE, async (file) => {
        const name = fileName(path);
        const value = parsePolicyText(file.bytes, name);
        await refuseOtherTerms(file, value, POLICY_KINDS);
        return { name, value };
      }),
    );
  }
  return files;
}

/**
 * The moment for which a policy is looked at.
 *
 * @param context The machine.
 * @param at The flag `--at`; undefined is now.
 */
export function momentOf({ host }: Context, at: string | undefined): Date {
  return at === undefined ? host.clock.now() : readMoment(at, "--at");
}
