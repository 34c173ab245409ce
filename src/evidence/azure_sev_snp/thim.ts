/**
 * Azure's metadata service as a source of AMD's certificates (Trusted Hardware
 * Identity Management): it answers on the virtual machine alone, for the
 * processor that this runs on, without AMD's limits of requests.
 *
 * @module
 */

import { fromHex, toHex } from "../../core/bytes.ts";
import { refusal } from "../../core/refusal.ts";
import { parseStrictJson } from "../../core/strict_json.ts";
import type { CollateralContent, CollateralContext, CollateralItem } from "../collateral.ts";
import { type AskedChip, chipOf, chipQuery, rootsOf } from "../snp/items.ts";

/** Address below the service's (Microsoft, "Trusted Hardware Identity Management", on confidential VMs). */
const PATH = "/metadata/THIM/amd/certification";
const SERVICE = "azure-thim";
/** Three certificates of 2.3 KiB and some words. */
const MAX_BYTES = 64 * 1024;

/** The parts of an answer that are used. */
interface Certification {
  /** VCEK, PEM. */
  readonly vcekCert: string;
  /** ASK and ARK, PEM. */
  readonly certificateChain: string;
  /** TCB of the VCEK as one number, hex, the highest component first. */
  readonly tcbm: string;
}

/** Whose certificates the answer must be. */
export type AskedHere = Pick<AskedChip, "hwid" | "tcb">;

/**
 * VCEK and chain of this machine's processor. The address is the same on each
 * machine; the key says for which chip and TCB an answer is taken.
 *
 * @param asked Whose they must be.
 */
export function thimItem(asked: AskedHere): CollateralItem {
  return {
    key: `${SERVICE}${PATH}/${asked.hwid}?${chipQuery(withLine(asked))}`,
    title: `VCEK and chain of chip ${asked.hwid.slice(0, 16)}, from Azure`,
    kind: "chain",
    service: SERVICE,
    path: PATH,
    headers: { "Metadata": "true" },
    keepHeaders: [],
    maxBytes: MAX_BYTES,
    immutable: true,
    roles: ["leaf", "chainAskArk"],
    read: ({ body }, context) => read(body, asked, context),
  };
}

/**
 * Finds the item by its key alone.
 *
 * @param key The key; may be anybody's.
 * @returns Null where it is none of these, or not written exactly like them.
 */
export function thimItemOfKey(key: string): CollateralItem | null {
  const [, hwid = "", query = ""] =
    /^azure-thim\/metadata\/THIM\/amd\/certification\/([0-9a-f]+)\?(.*)$/.exec(key) ?? [];
  const chip = chipOf(formLine(hwid), hwid, query);
  const item = chip === null ? null : thimItem(chip);
  return item?.key === key ? item : null;
}

/** A line whose hardware ids and TCBs have this form; which line it is in truth, the answer's chain says. */
function formLine(hwid: string): string {
  return hwid.length === 16 ? "Turin" : "Milan";
}

function withLine(asked: AskedHere): AskedChip {
  return { ...asked, line: formLine(asked.hwid) };
}

async function read(
  body: Uint8Array,
  asked: AskedHere,
  context: CollateralContext,
): Promise<CollateralContent> {
  const { vcekCert, certificateChain, tcbm } = readCertification(body);
  checkTcbm(tcbm, asked.tcb.raw);
  const { readFetchedChain, readFetchedLeaf } = await import("../snp/portable/fetched.ts");
  const { verifyIssuers } = await import("../snp/portable/chain.ts");
  const roots = await rootsOf(context);
  const [leaf, chain] = [bytesOf(vcekCert), bytesOf(certificateChain)];
  const line = (await verifyIssuers(chain, roots)).line.name;
  const above = await readFetchedChain(chain, { line, form: "VCEK" }, roots);
  const own = await readFetchedLeaf(leaf, { ...asked, line }, { chain, roots });
  return {
    files: { ...above.files, ...own.files },
    issued: new Date(Math.max(above.issued.getTime(), own.issued.getTime())),
    expires: new Date(Math.min(above.expires.getTime(), own.expires.getTime())),
    sequence: null,
    root: own.root,
  };
}

function readCertification(body: Uint8Array): Certification {
  const { vcekCert, certificateChain, tcbm } = objectOf(body);
  if (
    typeof vcekCert === "string" && typeof certificateChain === "string" &&
    typeof tcbm === "string" && /^[0-9A-Fa-f]{16}$/.test(tcbm)
  ) return { vcekCert, certificateChain, tcbm };
  throw malformed("vcekCert, certificateChain or tcbm are missing or of another form");
}

/** Members beside those that are used say how long the service keeps them. */
function objectOf(body: Uint8Array): Partial<Record<keyof Certification, unknown>> {
  try {
    const value = parseStrictJson(body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw malformed(cause.message);
  }
  throw malformed("it is no object");
}

/** The number's lowest byte stands last in its text, and first in memory. */
function checkTcbm(tcbm: string, expected: string): void {
  const actual = toHex(fromHex(tcbm).reverse());
  if (actual === expected) return;
  throw refusal("snp.tcb_mismatch", { expected, actual });
}

function malformed(reason: string): Error {
  return refusal("input.wrong_kind", { input: "answer", expected: "AMD's certificates", reason });
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
