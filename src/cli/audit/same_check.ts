/**
 * Command lines that come to the same result.
 *
 * @module
 */

import type { CheckCommand } from "../../report/report.ts";
import type { Result } from "../../results/result.ts";
import type { Given } from "../input/given.ts";
import { commandLine, type CommandPart } from "../../report/command_line.ts";
import {
  TOKEN_AUDIENCE_FLAG,
  TOKEN_FLAG,
  TOKEN_ISSUER_FLAG,
  TOKEN_KEY_FLAG,
  TOKEN_PROFILE_FLAG,
} from "../token/flags.ts";
import { AT_FLAG, AUDIT_FLAG, HTML_FLAG, OUTPUT_FLAG } from "../verify_flags.ts";

/** Width of a page's command lines, characters. */
const WIDTH = 78;

/** Flags that say where an answer goes, or are said anew. */
const LEFT_OUT: readonly string[] = [
  AT_FLAG,
  AUDIT_FLAG,
  HTML_FLAG,
  OUTPUT_FLAG,
  TOKEN_FLAG,
  TOKEN_KEY_FLAG,
  TOKEN_AUDIENCE_FLAG,
  TOKEN_ISSUER_FLAG,
  TOKEN_PROFILE_FLAG,
].map((flag) => `--${flag}`);

/**
 * The command line that was given, for the moment for which it was judged.
 *
 * @param given The flags.
 * @param result What came of it.
 */
export function sameLine(given: Given, { time }: Pick<Result, "time">): CheckCommand {
  const parts = given.typed().filter(([word = ""]) => !LEFT_OUT.includes(word));
  return {
    says: "From the files that were judged",
    line: commandLine([...parts, [`--${AT_FLAG}`, time]], WIDTH),
  };
}

/**
 * The command line that verifies a bundle again.
 *
 * @param path Path of the bundle.
 * @param policyDigest Digest of the policy, hex.
 */
export function auditLine(path: string, policyDigest: string): CheckCommand {
  const parts: readonly CommandPart[] = [
    ["casemate", "audit", "verify"],
    [path],
    ["--policy-digest", policyDigest],
  ];
  return {
    says: "From the audit bundle, offline; the digest is to be the one of your policy",
    line: commandLine(parts, WIDTH),
  };
}
