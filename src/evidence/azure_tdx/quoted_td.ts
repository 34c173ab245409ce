/**
 * What a verified quote says of its TD, in the form of a TD report.
 *
 * @module
 */

import { fromHex, toHex } from "../../core/bytes.ts";
import type { QuotedTd } from "../hcl/td_report.ts";
import type { TdReport } from "../tdx/report.ts";

/**
 * The fields of a quote's body as TDREPORT_STRUCT has them.
 *
 * @param body Body of the quote.
 */
export function quotedTd(body: TdReport): QuotedTd {
  const { kind: _, tdAttributes, seamAttributes, xfam, ...plain } = body;
  return {
    ...plain,
    seamAttributes: inMemory(seamAttributes),
    tdAttributes: inMemory(tdAttributes.raw),
    xfam: inMemory(xfam),
  };
}

/** A number as `0x0000000010000000`, as its bytes stand in memory: the least significant first. */
function inMemory(number: string): string {
  return toHex(fromHex(number.slice("0x".length)).reverse());
}
