/**
 * Everything that is wrong with a policy document, not the first of it alone.
 *
 * @module
 */

import { dated, DecodeError, type Decoder, joinPath, type Key } from "../core/decode.ts";
import { isLong, isObject } from "./settle.ts";

/**
 * All errors of a document.
 *
 * @param value The document, anything.
 * @param decoder The decoder of policies.
 * @param path Where it stands; empty at the top.
 */
export function problemsIn(
  value: unknown,
  decoder: Decoder<unknown>,
  path = "",
): readonly DecodeError[] {
  const { keys } = decoder;
  if (keys === undefined || !isObject(value)) return problemOf(value, decoder, path);
  const known: Record<string, unknown> = {};
  const problems: DecodeError[] = [];
  for (const [name, member] of Object.entries(value)) {
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
    const found = key === undefined
      ? problemOf({ [name]: member }, decoder, path)
      : problemsOfKey(member, key, joinPath(path, name));
    problems.push(...found.slice(0, key === undefined ? 1 : undefined));
    if (found.length === 0) known[name] = bare(member, key);
  }
  // What is wrong with several members together, or with one that is not there.
  const missing = Object.keys(keys).filter((name) => !Object.hasOwn(value, name));
  const rest = problems.length === 0 || missing.some((name) => keys[name]?.absent === undefined)
    ? problemOf(known, decoder, path)
    : [];
  return [...problems, ...rest];
}

function problemsOfKey(member: unknown, key: Key<unknown>, path: string): readonly DecodeError[] {
  if (member === undefined) return [];
  if (key.costs !== undefined && isLong(member)) return problemOf(member, dated(key.decoder), path);
  return problemsIn(member, key.decoder, path);
}

/** A member without its long form. */
function bare(member: unknown, key: Key<unknown> | undefined): unknown {
  if (key?.costs !== undefined) return isLong(member) && "value" in member ? member.value : member;
  if (key?.decoder.keys === undefined || !isObject(member)) return member;
  const { keys } = key.decoder;
  return Object.fromEntries(
    Object.entries(member).map(([name, inner]) => [name, bare(inner, keys[name])]),
  );
}

function problemOf(value: unknown, decoder: Decoder<unknown>, path: string) {
  try {
    decoder.decode(value, path);
    return [];
  } catch (error) {
    if (error instanceof DecodeError) return [error];
    throw error;
  }
}
