/**
 * Policy text, YAML or JSON, to plain data.
 *
 * @module
 */

import { parseDocument } from "yaml";
import { InputError } from "../core/errors.ts";
import { MAX_POLICY_BYTES } from "../core/limits.ts";

/**
 * Reads a YAML or JSON document strictly: one document, no duplicate keys, no
 * aliases (which can blow up small files), no tags.
 *
 * @param bytes The text, UTF-8.
 * @param name What to call it in errors, as its path.
 * @throws {InputError} `policy.syntax`, `input.too_large`, naming document and line.
 */
export function parsePolicyText(bytes: Uint8Array, name: string): unknown {
  if (bytes.length > MAX_POLICY_BYTES) {
    const fields = {
      policy: name,
      expected: `at most ${MAX_POLICY_BYTES} bytes`,
      actual: `${bytes.length} bytes`,
    };
    throw new InputError(`Cannot use policy ${name}: ${fields.actual}, ${fields.expected}`, {
      code: "input.too_large",
      fields,
    });
  }
  const document = parseDocument(decodeUtf8(bytes, name), {
    schema: "core",
    strict: true,
    uniqueKeys: true,
    customTags: [],
  });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) throw syntaxError(name, problem.message.split("\n")[0] ?? "", problem);
  const value = toData(document, name);
  if (value === null) throw syntaxError(name, "the document is empty", undefined);
  return value;
}

function toData(document: ReturnType<typeof parseDocument>, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw syntaxError(name, "aliases are not taken", cause);
  }
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw syntaxError(name, "it is not UTF-8 text", cause);
  }
}

function syntaxError(name: string, reason: string, cause: unknown): InputError {
  return new InputError(`Cannot read policy ${name}: ${reason}`, {
    code: "policy.syntax",
    fields: { policy: name },
    cause,
  });
}
