/**
 * Quotes and documents for a person to look at; nothing is verified.
 *
 * @module
 */

import { CasemateError } from "../../../core/errors.ts";
import { argumentsOf } from "../../../core/portable/frame.ts";
import { JsonScanner } from "../../../core/portable/json_scanner.ts";
import { readOr } from "../../../core/malformed.ts";
import { refuseCore } from "../../../core/portable/refuse.ts";
import type { EnclaveReport, Pck, Quote, TdReport } from "../report.ts";
import type { ShownDocument } from "../show_document.ts";
import { readLeaf } from "./chain.ts";
import {
  checkSize,
  type DocumentKind,
  QE_IDENTITY,
  splitDocument,
  TCB_INFO,
  textOf,
} from "./document.ts";
import { type EnclaveTcb, type Level, reachedOf } from "./level.ts";
import { describePck } from "./pck.ts";
import { readQeIdentity } from "./qe_identity.ts";
import { parseQuote } from "./quote.ts";
import { type PlatformTcb, readTcbInfo } from "./tcb_info.ts";

/** Name of what is shown. */
const INPUT = "file";

/**
 * Reads a quote: the operation `tdx_quote`.
 *
 * @param parts The quote, of any TEE.
 * @returns The quote, and its PCK certificate where it can be read.
 * @throws {RejectedError} `tdx.*` codes of the check `tdx.quote`
 */
export function tdxQuote(
  parts: readonly Uint8Array[],
): { readonly quote: Quote<TdReport | EnclaveReport>; readonly pck: Pck | null } {
  const [file = new Uint8Array()] = argumentsOf(parts, 1);
  const parsed = parseQuote(file, null);
  return { quote: parsed.quote, pck: pckIn(parsed.parts.chain) };
}

function pckIn(chain: Uint8Array): Pck | null {
  try {
    return describePck(readLeaf(chain));
  } catch (error) {
    if (error instanceof CasemateError) return null;
    throw error;
  }
}

/**
 * Reads TCB info or QE identity: the operation `tdx_collateral`.
 *
 * @param parts The file.
 * @throws {RejectedError} `tdx.tcb_info_format`, `tdx.qe_identity_format`
 * @throws {InputError} `input.*`
 */
export function tdxCollateral(parts: readonly Uint8Array[]): ShownDocument {
  const [file = new Uint8Array()] = argumentsOf(parts, 1);
  const kind = kindOf(file);
  const { text } = splitDocument(file, kind);
  return kind === TCB_INFO ? showTcbInfo(text) : showQeIdentity(text);
}

/** Tells by its members what a file is. */
function kindOf(file: Uint8Array): DocumentKind {
  checkSize(file, INPUT);
  const names = readOr(
    () => memberNames(textOf(file)),
    (reason) => refuseCore("input.encoding", { input: INPUT, reason }),
  );
  const kind = [TCB_INFO, QE_IDENTITY].find(({ member }) => names.includes(member));
  if (kind !== undefined) return kind;
  throw refuseCore("input.wrong_kind", { input: INPUT, expected: "TCB info or QE identity" });
}

function memberNames(text: string): readonly string[] {
  const scanner = new JsonScanner(text);
  const names: string[] = [];
  scanner.need("{");
  if (!scanner.takes("}")) {
    do {
      names.push(scanner.string());
      scanner.need(":");
      scanner.skip();
    } while (scanner.takes(","));
    scanner.need("}");
  }
  scanner.finish();
  return names;
}

function showTcbInfo(text: string): ShownDocument & { readonly tcbType: number } {
  const { document, levels, modules } = readTcbInfo(text);
  return {
    kind: "tcb-info",
    ...document,
    // There is no other.
    tcbType: 0,
    levels: showLevels(levels, sayPlatform),
    modules: modules.map(({ id, levels }) => ({ id, levels: showLevels(levels, sayEnclave) })),
  };
}

function showQeIdentity(text: string): ShownDocument {
  const { document, levels } = readQeIdentity(text);
  return { kind: "qe-identity", ...document, levels: showLevels(levels, sayEnclave) };
}

function showLevels<Tcb>(
  levels: readonly Level<Tcb>[],
  say: (tcb: Tcb) => string,
): ShownDocument["levels"] {
  return levels.map((level) => ({ ...reachedOf(level), says: say(level.tcb) }));
}

function sayEnclave({ isvSvn }: EnclaveTcb): string {
  return `SVN ${isvSvn}`;
}

function sayPlatform({ sgx, pceSvn, tdx }: PlatformTcb): string {
  const half = tdx === null ? "" : `, TDX ${sayComponents(tdx)}`;
  return `SGX ${sayComponents(sgx)}, PCE ${pceSvn}${half}`;
}

/** SVNs in their order, up to the last that is not zero; one at least. */
function sayComponents(svns: readonly number[]): string {
  const last = Math.max(0, svns.findLastIndex((svn) => svn !== 0));
  return svns.slice(0, last + 1).join(".");
}
