/**
 * The policies of a service, with what goes with them.
 *
 * @module
 */

import type { RegisteredPolicy } from "../../api/parts.ts";
import { MAX_POLICY_BYTES } from "../../core/limits.ts";
import type { AnyTechnology, FileInput, FilesByRole } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import { parsePolicyText } from "../../policy/parse.ts";
import { readPolicy } from "../../policy/policy.ts";
import { readOwnerKeys, withFlag } from "../collateral/key_files.ts";
import { fileName, type FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { POLICY_KINDS, readOwn } from "../kinds/own.ts";
import { refuseOtherTerms } from "../kinds/own_terms.ts";
import { readReferenceFor } from "../reference/file.ts";
import { OWNER_KEY_FLAG, POLICY_FLAG, REFERENCE_FLAG } from "../verify_flags.ts";
import { BELIEVE_FLAG } from "./flags.ts";

/**
 * Reads them.
 *
 * @param given The flags.
 * @param reader Reads files.
 * @throws {InputError} naming the flag.
 */
export async function readPolicies(
  given: Given,
  reader: FileReader,
): Promise<readonly RegisteredPolicy[]> {
  const paths = given.texts(POLICY_FLAG);
  refuseAlone(given, paths.length);
  const policies: unknown[] = [];
  for (const path of paths) policies.push(await readOne(reader, path));
  const references = await readReferences(given, reader);
  const believed = await readBelieved(given, reader);
  return policies.map((policy, at) => ({
    policy,
    reference: references.length === 1 ? references[0] : references[at],
    ...(believed === undefined ? {} : { believed }),
  }));
}

async function readOne(reader: FileReader, path: string): Promise<unknown> {
  const flag = `--${POLICY_FLAG}`;
  const place = { flag, limit: MAX_POLICY_BYTES, kinds: POLICY_KINDS };
  return await readOwn(reader, path, place, (file) =>
    withFlag(flag, async () => {
      const document = parsePolicyText(file.bytes, fileName(path));
      await refuseOtherTerms(file, document, POLICY_KINDS);
      readPolicy(document, technologies, fileName(path));
      return document;
    }));
}

async function readReferences(given: Given, reader: FileReader): Promise<readonly unknown[]> {
  const keys = await readOwnerKeys(given, reader);
  const flag = `--${REFERENCE_FLAG}`;
  const references: unknown[] = [];
  for (const path of given.texts(REFERENCE_FLAG)) {
    references.push(await readReferenceFor(reader, flag, path, keys));
  }
  return references;
}

/** What is given for policies where there are none would seem to have been heard. */
function refuseAlone(given: Given, policies: number): void {
  const references = given.texts(REFERENCE_FLAG).length;
  const stray = [REFERENCE_FLAG, BELIEVE_FLAG].find((flag) => given.texts(flag).length > 0);
  if (policies === 0 && stray !== undefined) {
    const message = `Cannot use --${stray} without --${POLICY_FLAG}: it goes with a policy`;
    throw flagError("input.missing", message, `--${POLICY_FLAG}`);
  }
  if (given.has(OWNER_KEY_FLAG) && references === 0) {
    const message =
      `Cannot use --${OWNER_KEY_FLAG} alone: give what it must have signed, --${REFERENCE_FLAG}`;
    throw flagError("input.missing", message, `--${OWNER_KEY_FLAG}`);
  }
  if (references <= 1 || references === policies) return;
  const message =
    `Cannot tell which of ${references} reference values goes with which of ${policies} policies: give one for all, or one for each`;
  throw flagError("input.conflict", message, `--${REFERENCE_FLAG}, --${POLICY_FLAG}`);
}

async function readBelieved(given: Given, reader: FileReader): Promise<FilesByRole | undefined> {
  const flag = `--${BELIEVE_FLAG}`;
  const believed: Record<string, Uint8Array[]> = {};
  for (const text of given.texts(BELIEVE_FLAG)) {
    const [, role = "", path = ""] = /^([A-Za-z]+)=(.+)$/s.exec(text) ?? [];
    refuseUnknownRole(role, text);
    const { bytes } = await reader.read(flag, path);
    (believed[role] ??= []).push(bytes);
  }
  const entries = Object.entries(believed);
  return entries.length === 0 ? undefined : Object.fromEntries(entries.map(inForm));
}

function inForm([role, files]: [string, Uint8Array[]]): [string, Uint8Array | Uint8Array[]] {
  if (rootInputs().some((input) => input.role === role && input.multiple)) return [role, files];
  const [file] = files;
  if (files.length === 1 && file !== undefined) return [role, file];
  throw flagError(
    "input.conflict",
    `Cannot use --${BELIEVE_FLAG} ${role} twice`,
    `--${BELIEVE_FLAG}`,
  );
}

function rootInputs(): readonly FileInput[] {
  const all: readonly AnyTechnology[] = technologies;
  return all.flatMap(({ files }) => files.filter(({ believed }) => believed === true));
}

function refuseUnknownRole(role: string, text: string): void {
  const known = [...new Set(rootInputs().map((input) => input.role))];
  if (known.includes(role)) return;
  const message = `Cannot use --${BELIEVE_FLAG} ${
    JSON.stringify(text)
  }: expected ROLE=FILE with one of ${known.join(", ")}`;
  throw flagError("input.value", message, `--${BELIEVE_FLAG}`);
}
