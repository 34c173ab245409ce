/**
 * `casemate policy digest FILE`: the digest by which results name a policy.
 *
 * @module
 */

import { technologies } from "../../evidence/registry.ts";
import { readPolicy } from "../../policy/policy.ts";
import { documentDigest } from "../../verifier/digests.ts";
import type { Context, Format } from "../context.ts";
import { printableJson } from "../output/printable.ts";
import { DEFAULTS, readPolicyFiles } from "../policy/read_file.ts";

/**
 * Prints the digest, 64 digits of hex.
 *
 * @param context The machine.
 * @param path The policy; undefined is that of the strict defaults.
 * @param format Form of the answer.
 * @throws {InputError} `policy.*` and those of files.
 */
export async function digestPolicy(
  context: Context,
  path: string | undefined,
  format: Format,
): Promise<void> {
  const [file = DEFAULTS] = path === undefined ? [] : await readPolicyFiles(context, path);
  // What is no policy has no digest that a result could name.
  readPolicy(file.value, technologies, file.name);
  const digest = documentDigest(file.value);
  const { terminal } = context.host;
  terminal.out(
    format === "json" ? `${printableJson({ v: 1, policy: file.name, digest })}\n` : `${digest}\n`,
  );
}
