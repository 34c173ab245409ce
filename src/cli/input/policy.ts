/**
 * Puts together the policy: the file, and the flags that set single keys.
 *
 * @module
 */

import { DecodeError, type Decoder } from "../../core/decode.ts";
import { InputError } from "../../core/errors.ts";
import { MAX_POLICY_BYTES } from "../../core/limits.ts";
import type { AnyTechnology, PolicyFlag } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import { readPolicy } from "../../policy/policy.ts";
import { BUNDLE_FLAG } from "../collateral/flags.ts";
import { fileName, type FileReader } from "./files.ts";
import { LAB_ROOT_FLAG, OWNER_KEY_FLAG, POLICY_FLAG, REFERENCE_FLAG } from "../verify_flags.ts";
import { POLICY_KINDS, readOwn } from "../kinds/own.ts";
import { refuseOtherTerms } from "../kinds/own_terms.ts";
import { flagError, type Given, renamed } from "./given.ts";

type Document = Readonly<Record<string, unknown>>;

/**
 * Reads the policy as plain data, checked.
 *
 * @param given The flags.
 * @param technology Technology whose flags count.
 * @param reader Reads the file.
 * @throws {InputError} `policy.*` for the file, `input.value` for a flag, `input.conflict` where both set a key.
 */
export async function readGivenPolicy(
  given: Given,
  technology: AnyTechnology,
  reader: FileReader,
): Promise<Document> {
  const document = await readDocument(given, reader);
  let section = asDocument(document[technology.id]);
  let flagged = false;
  for (const flag of technology.flags.filter((one) => given.knows(one.flag))) {
    const texts = textsOf(flag, given);
    if (texts.length === 0) continue;
    const path = flag.key.split(".");
    refuseBoth(hasPath(section, path), `--${flag.flag}`, `${technology.id}.${flag.key}`);
    section = withPath(section, path, readFlag(flag, texts, technology));
    flagged = true;
  }
  if (given.texts(LAB_ROOT_FLAG).length > 0) refuseForbiddenLab(document);
  const hasSection = flagged || Object.hasOwn(document, technology.id);
  return { ...document, ...(hasSection ? { [technology.id]: section } : {}) };
}

/**
 * Reads reference values; what they say is the verifier's to judge. Where the
 * owner's key is given they must be signed with it.
 *
 * @param given The flags.
 * @param reader Reads the files.
 * @throws {InputError} `policy.syntax`, `reference.unsigned`, `reference.owner_unknown` and those of files.
 * @throws {RejectedError} `dsse.*` where somebody else signed them.
 */
export async function readGivenReference(
  given: Given,
  reader: FileReader,
): Promise<{ readonly reference?: unknown }> {
  const path = given.text(REFERENCE_FLAG);
  if (path === undefined) {
    refuseIdleKey(given);
    return {};
  }
  const { readReferenceFor } = await import("../reference/file.ts");
  const { readOwnerKeys } = await import("../collateral/key_files.ts");
  const keys = await readOwnerKeys(given, reader);
  return { reference: await readReferenceFor(reader, `--${REFERENCE_FLAG}`, path, keys) };
}

/** A key that nothing is held to would seem to have been asked for. */
function refuseIdleKey(given: Given): void {
  if (given.maybe(OWNER_KEY_FLAG) === undefined || given.maybe(BUNDLE_FLAG) !== undefined) return;
  const flag = `--${OWNER_KEY_FLAG}`;
  const message =
    `Cannot use ${flag} alone: give what it must have signed, --${REFERENCE_FLAG} or --${BUNDLE_FLAG}`;
  throw flagError("input.missing", message, flag);
}

function withFlag(cause: unknown, flag: string): unknown {
  return cause instanceof InputError ? renamed(cause, cause.message, flag) : cause;
}

function textsOf(flag: PolicyFlag, given: Given): readonly string[] {
  if (flag.multiple) return given.texts(flag.flag);
  const text = given.text(flag.flag);
  return text === undefined ? [] : [text];
}

/** Whether a document has a key, which may be inside of other keys. */
function hasPath(document: Document, [key = "", ...rest]: readonly string[]): boolean {
  if (!Object.hasOwn(document, key)) return false;
  return rest.length === 0 || hasPath(asDocument(document[key]), rest);
}

/** The document with a value at a key, which may be inside of other keys. */
function withPath(
  document: Document,
  [key = "", ...rest]: readonly string[],
  value: unknown,
): Document {
  const inner = rest.length === 0 ? value : withPath(asDocument(document[key]), rest, value);
  return { ...document, [key]: inner };
}

async function readDocument(given: Given, reader: FileReader): Promise<Document> {
  const path = given.text(POLICY_FLAG);
  if (path === undefined) return { version: 1 };
  const flag = `--${POLICY_FLAG}`;
  const place = { flag, limit: MAX_POLICY_BYTES, kinds: POLICY_KINDS };
  return await readOwn(reader, path, place, async (file) => {
    const { parsePolicyText } = await import("../../policy/parse.ts");
    try {
      const document = parsePolicyText(file.bytes, fileName(path));
      await refuseOtherTerms(file, document, POLICY_KINDS);
      readPolicy(document, technologies, fileName(path));
      return asDocument(document);
    } catch (cause) {
      throw withFlag(cause, flag);
    }
  });
}

function asDocument(value: unknown): Document {
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** `--lab-root` asks for lab evidence, which a policy that forbids it in so many words contradicts; the policy itself stays as its file has it. */
function refuseForbiddenLab(document: Document): void {
  const said = document["allowLab"];
  const forbids = said === false || asDocument(said)["value"] === false;
  refuseBoth(forbids, `--${LAB_ROOT_FLAG}`, "allowLab: false");
}

function refuseBoth(both: boolean, flag: string, key: string): void {
  if (!both) return;
  const message =
    `Cannot use ${flag} with this policy: the policy file says ${key} already, and one of them would be ignored`;
  throw flagError("input.conflict", message, `${flag}, --${POLICY_FLAG}`);
}

/** Reads a flag as the policy section would, so that the error can name the flag. */
function readFlag(flag: PolicyFlag, texts: readonly string[], technology: AnyTechnology): unknown {
  const values = texts.map((text) => flag.number && /^[0-9]+$/.test(text) ? Number(text) : text);
  const value = flag.multiple ? values : values[0];
  const decoder: Decoder<unknown> = technology.policy;
  try {
    decoder.decode(withPath({}, flag.key.split("."), value), "");
    return value;
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw flagError(
      "input.value",
      `Cannot use --${flag.flag}: ${cause.message}`,
      `--${flag.flag}`,
      cause,
    );
  }
}
