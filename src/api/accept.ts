/**
 * Which of several media types a client wants (RFC 9110 §12.5.1).
 *
 * @module
 */

import { InputError } from "../core/errors.ts";

/** Longest header that is looked at; browsers send some 150 characters. */
const MAX_HEADER = 2000;

/** `q` as RFC 9110 §12.4.2 writes it: 0 to 1 with at most three digits. */
const WEIGHT = /^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/;

interface Range {
  readonly type: string;
  readonly weight: number;
}

/**
 * The type that the client wants most.
 *
 * @param header The header `Accept`; null where there is none, which is as good as any type.
 * @param offered Types that can be given, the one first that is given where the client has no preference.
 * @throws {InputError} `api.accept` where it wants none of them.
 */
export function preferredType<T extends string>(header: string | null, offered: readonly T[]): T {
  const ranges = rangesOf(header ?? "*/*");
  const [best] = offered.map((type) => ({ type, weight: weightOf(type, ranges) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  if (best !== undefined) return best.type;
  const expected = offered.join(", ");
  throw new InputError(`Cannot answer in a type that the client accepts: there is ${expected}`, {
    code: "api.accept",
    fields: { expected },
  });
}

/** What is no range, or has a weight that is none, wants nothing. */
function rangesOf(header: string): readonly Range[] {
  if (header.length > MAX_HEADER) return [];
  const text = header.trim() === "" ? "*/*" : header;
  return text.split(",").map((part) => {
    const [type = "", ...parameters] = part.split(";").map((one) => one.trim());
    const weight = parameters.find((one) => /^q=/i.test(one))?.slice(2) ?? "1";
    return { type: type.toLowerCase(), weight: WEIGHT.test(weight) ? Number(weight) : 0 };
  });
}

/** The most specific range decides, so that `q=0` can take one type out of `*`. */
function weightOf(type: string, ranges: readonly Range[]): number {
  const group = `${type.split("/")[0]}/*`;
  for (const wanted of [type, group, "*/*"]) {
    const found = ranges.filter((range) => range.type === wanted);
    if (found.length > 0) return Math.max(...found.map(({ weight }) => weight));
  }
  return 0;
}
