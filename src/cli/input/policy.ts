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
import { fileName, type FileReader } from "./files.ts";
import { LAB_ROOT_FLAG, POLICY_FLAG } from "../verify_flags.ts";
import { flagError, type Given } from "./given.ts";

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
  const section = asDocument(document[technology.id]);
  const flagged = technology.flags.flatMap((flag): readonly (readonly [string, unknown])[] => {
    const texts = flag.multiple
      ? given.texts(flag.flag)
      : [given.text(flag.flag)].filter((text) => text !== undefined);
    if (texts.length === 0) return [];
    refuseBoth(Object.hasOwn(section, flag.key), `--${flag.flag}`, `${technology.id}.${flag.key}`);
    return [[flag.key, readFlag(flag, texts, technology)]];
  });
  const labels = given.texts(LAB_ROOT_FLAG).length === 0 ? {} : allowLab(document);
  const merged = flagged.length === 0 ? section : { ...section, ...Object.fromEntries(flagged) };
  const hasSection = flagged.length > 0 || Object.hasOwn(document, technology.id);
  return { ...document, ...labels, ...(hasSection ? { [technology.id]: merged } : {}) };
}

async function readDocument(given: Given, reader: FileReader): Promise<Document> {
  const path = given.text(POLICY_FLAG);
  if (path === undefined) return { version: 1 };
  const flag = `--${POLICY_FLAG}`;
  const { bytes } = await reader.read(flag, path, MAX_POLICY_BYTES);
  const { parsePolicyText } = await import("../../policy/parse.ts");
  try {
    const document = parsePolicyText(bytes, fileName(path));
    readPolicy(document, technologies, fileName(path));
    return asDocument(document);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(cause.message, {
      code: cause.code,
      fields: { ...cause.fields, flag },
      cause,
    });
  }
}

function asDocument(value: unknown): Document {
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** `--lab-root` asks for lab evidence; a policy that forbids it in so many words contradicts it. */
function allowLab(document: Document): Document {
  refuseBoth(document["allowLab"] === false, `--${LAB_ROOT_FLAG}`, "allowLab: false");
  return { allowLab: true };
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
    decoder.decode({ [flag.key]: value }, "");
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
