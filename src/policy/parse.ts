/**
 * Policy text, YAML or JSON, to plain data.
 *
 * @module
 */

import { type Document, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { shortened } from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import { MAX_POLICY_BYTES } from "../core/limits.ts";

/**
 * Reads a YAML or JSON document strictly: one document, no duplicate keys, keys
 * of text alone, no aliases (which can blow up small files), no tags.
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
  const value = readDocument(decodeUtf8(bytes, name), name);
  if (value === null) throw syntaxError(name, "the document is empty", undefined);
  return value;
}

function readDocument(text: string, name: string): unknown {
  try {
    return toData(parseOne(text, name), name);
  } catch (cause) {
    // The library descends by calls, so that brackets alone can use up the stack.
    if (cause instanceof RangeError) throw syntaxError(name, "it is nested too deeply", cause);
    throw cause;
  }
}

function parseOne(text: string, name: string): Document.Parsed {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    schema: "core",
    strict: true,
    stringKeys: true,
    // The library compares each key with each other, and tells each of many errors with all before it: seconds for a long file.
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter,
    customTags: [],
    // Else sets, ordered maps and binary data are made, which are no plain data.
    resolveKnownTags: false,
  });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    const says = OWN_WORDS[problem.code] ?? problem.message.split("\n")[0];
    throw syntaxError(name, `${placeOf(lineCounter, problem.pos[0])}: ${says}`, problem);
  }
  refuseRepeatedKeys(document, name, lineCounter);
  return document;
}

/** Where the library tells its caller which function to call instead. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  "MULTIPLE_DOCS": "a second document begins, and only one is read",
};

function placeOf(lineCounter: LineCounter, offset: number): string {
  const { line, col } = lineCounter.linePos(offset);
  return `at line ${line}, column ${col}`;
}

function refuseRepeatedKeys(
  document: Document.Parsed,
  name: string,
  lineCounter: LineCounter,
): void {
  visit(document, {
    Map(_, { items }) {
      const known = new Set<unknown>();
      for (const { key } of items) {
        const plain = isScalar(key) ? key.value : key;
        if (known.has(plain)) {
          const word = JSON.stringify(shortened(String(plain)));
          const where = isScalar(key) && key.range ? key.range[0] : 0;
          const reason = `${placeOf(lineCounter, where)}: ${word} stands twice in one map`;
          throw syntaxError(name, reason, undefined);
        }
        known.add(plain);
      }
    },
  });
}

function toData(document: Document.Parsed, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
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

/** Longest reason, characters: the library's may repeat a whole line of the file. */
const MAX_REASON = 200;

function syntaxError(name: string, given: string, cause: unknown): InputError {
  const reason = given.length > MAX_REASON ? `${given.slice(0, MAX_REASON - 1)}…` : given;
  return new InputError(`Cannot read policy ${name}: ${reason}`, {
    code: "policy.syntax",
    fields: { policy: name },
    cause,
  });
}
