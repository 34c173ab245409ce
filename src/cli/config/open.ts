/**
 * Reads the configuration that a command names.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import { MAX_POLICY_BYTES } from "../../core/limits.ts";
import { checkConfig, type CheckedConfig } from "../../cluster/config/check.ts";
import { type ConfigText, parseConfig } from "../../cluster/config/parse.ts";
import type { ReadConfig } from "../../cluster/config/read.ts";
import type { Context } from "../context.ts";
import { fileName, FileReader } from "../input/files.ts";
import { renamed } from "../input/given.ts";

/** A configuration that was looked over. */
export interface OpenedConfig extends CheckedConfig {
  /** The file. */
  readonly text: ConfigText;
}

/**
 * Reads a file and looks it over.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param flag The flag or the argument, as errors name it.
 * @throws {InputError} `config.syntax` and those of files.
 */
export async function openConfig(
  { host }: Context,
  path: string,
  flag: string,
): Promise<OpenedConfig> {
  const { bytes } = await new FileReader(host.files).read(flag, path, MAX_POLICY_BYTES);
  try {
    const text = parseConfig(bytes, fileName(path));
    return { ...checkConfig(text, host.clock.now()), text };
  } catch (error) {
    throw error instanceof InputError ? renamed(error, error.message, flag) : error;
  }
}

/**
 * What a configuration says, which must be without errors.
 *
 * @param opened The configuration.
 * @param flag The flag or the argument, as errors name it.
 * @throws {InputError} `config.invalid`, naming the first error.
 */
export function requireValid({ text, problems, read }: OpenedConfig, flag: string): ReadConfig {
  if (read !== null) return read;
  const errors = problems.filter(({ level }) => level === "error");
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const where = first === undefined ? text.name : `${text.name}, line ${first.line}`;
  const message = `Cannot use ${where}: ${first?.key} ${first?.says}${more}`;
  const fields = { flag, file: text.name, key: first?.key ?? "", line: `${first?.line ?? 0}` };
  throw new InputError(message, { code: "config.invalid", fields });
}
