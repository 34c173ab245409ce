/**
 * A configuration as text: plain data, and where each key stands.
 *
 * @module
 */

import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { InputError } from "../../core/errors.ts";
import { parsePolicyText } from "../../policy/parse.ts";

/** A place in the text. */
export interface Position {
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
}

/** Text that was read. */
export interface ConfigText {
  /** What to call it, as its path. */
  readonly name: string;
  /** Plain data. */
  readonly value: unknown;
  /**
   * Where a key stands; of one that is not there, the key above it that is.
   *
   * @param path Dotted, as `nodeGroups.worker.max` or `custodians.keys[1]`.
   */
  readonly positionOf: (path: string) => Position;
}

/**
 * Reads YAML strictly: one document, no key twice, no aliases, no tags.
 *
 * @param bytes UTF-8.
 * @param name What to call it in errors, as its path.
 * @throws {InputError} `config.syntax`, `input.too_large`, naming file and line.
 */
export function parseConfig(bytes: Uint8Array, name: string): ConfigText {
  const value = strictly(bytes, name);
  const lineCounter = new LineCounter();
  // It was read strictly before; here only the places are wanted.
  const document = parseDocument(new TextDecoder().decode(bytes), {
    schema: "core",
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter,
  });
  return {
    name,
    value,
    positionOf(path) {
      const { line, col } = lineCounter.linePos(offsetOf(document, partsOf(path)));
      return { line, column: col };
    },
  };
}

function strictly(bytes: Uint8Array, name: string): unknown {
  try {
    return parsePolicyText(bytes, name);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const reason = error.message.replace(/^Cannot (?:read|use) policy [^]*?: /, "");
    const line = /line ([0-9]+)/.exec(reason)?.[1];
    const fields = { file: name, ...(line === undefined ? {} : { line }) };
    const code = error.code === "policy.syntax" ? "config.syntax" : error.code;
    const message = `Cannot read configuration ${name}: ${reason}`;
    throw new InputError(message, { code, fields, cause: error });
  }
}

/** `a.b[1]` as a, b, 1. Names of groups have no dots; those of other maps may, and are tried whole. */
function partsOf(path: string): readonly string[] {
  return path === "" ? [] : path.replaceAll(/\[([0-9]+)\]/g, ".$1").split(".");
}

function offsetOf(document: Document.Parsed, parts: readonly string[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (let at = 0; at < parts.length;) {
    const found = childOf(node, parts.slice(at));
    if (found === undefined) return offset;
    offset = found.offset;
    node = found.node;
    at += found.taken;
  }
  return offset;
}

interface Child {
  readonly node: unknown;
  readonly offset: number;
  readonly taken: number;
}

function childOf(node: unknown, rest: readonly string[]): Child | undefined {
  if (isSeq(node)) return itemOf(node.items[Number(rest[0])]);
  if (!isMap(node)) return undefined;
  for (let taken = 1; taken <= rest.length; taken++) {
    const name = rest.slice(0, taken).join(".");
    const pair = node.items.find((item) =>
      isPair(item) && isScalar(item.key) && String(item.key.value) === name
    );
    if (pair !== undefined && isScalar(pair.key)) {
      return { node: pair.value, offset: pair.key.range?.[0] ?? 0, taken };
    }
  }
  return undefined;
}

function itemOf(item: unknown): Child | undefined {
  if (!isScalar(item) && !isMap(item) && !isSeq(item)) return undefined;
  return { node: item, offset: item.range?.[0] ?? 0, taken: 1 };
}
