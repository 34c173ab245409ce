/**
 * `casemate lab mint tdx`: writes lab evidence of TDX to files: a quote, and
 * the collateral that it is judged by.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { Host } from "../../core/ports.ts";
import {
  exportIntelAuthority,
  type MintedTdx,
  mintTdx,
  type MintTdxOptions,
  type TdReportFields,
} from "../../lab/mod.ts";
import type { Context } from "../context.ts";
import { type NewFile, newFile, refuseExisting, writeFiles, writeKeys } from "../lab/files.ts";
import { intelAuthorityFor } from "../lab/keys.ts";
import { sayMinted } from "../lab/say.ts";
import { type MintTdxFlags, readTdxOptions, type TdxMinting } from "../lab/tdx_options.ts";
import type { CommandPart } from "../../report/command_line.ts";

/** TD_ATTRIBUTES bit 0, DEBUG (TDX Module ABI Specification). */
const DEBUG_BIT = 1n;

/** Names of the files. */
const NAMES = {
  quote: "quote.bin",
  tcbInfo: "tcb_info.json",
  qeIdentity: "qe_identity.json",
  tcbChain: "tcb_chain.pem",
  pckCrl: "pck_crl.pem",
  pckCrlChain: "pck_crl_chain.pem",
  rootCrl: "root_crl.pem",
  root: "lab-root.pem",
} as const;

/** The files by what they hold. */
type EvidenceFiles = Readonly<Record<keyof typeof NAMES, NewFile>>;

/**
 * Mints, writes, and prints the command line that verifies.
 *
 * @param context The machine.
 * @param options The flags.
 * @throws {InputError} naming the flag.
 */
export async function mintTdxFiles({ host }: Context, options: MintTdxFlags): Promise<void> {
  const minting = readTdxOptions(options);
  const { folder } = minting;
  const newKeys = options.authority === undefined;
  await refuseExisting(host, folder, NAMES, newKeys);
  const authority = await intelAuthorityFor(host, options.authority);
  const evidence = await mintTdx(authority, whatIsMinted(host, minting, options.debug === true));
  const files = filesOf(folder, evidence);
  await writeFiles(host, files);
  if (newKeys) await writeKeys(host, folder, exportIntelAuthority(authority));
  sayMinted(host, folder, verifyLine(files, minting, evidence));
}

/** The flags in the words of the lab. */
function whatIsMinted(host: Host, minting: TdxMinting, debug: boolean): MintTdxOptions {
  const { version, ca, tcbStatus, question, mrTd, rtmr1, rtmr2 } = minting;
  const body = (td: TdReportFields): TdReportFields => ({
    ...td,
    tdAttributes: debug ? td.tdAttributes | DEBUG_BIT : td.tdAttributes,
  });
  return {
    now: host.clock.now(),
    version,
    ca,
    tcbStatus,
    reportData: question.bytes,
    ...(mrTd === null ? {} : { mrTd }),
    rtmrs: {
      ...(rtmr1 === null ? {} : { 1: rtmr1 }),
      ...(rtmr2 === null ? {} : { 2: rtmr2 }),
    },
    bends: { body },
  };
}

/** Files for minted evidence. */
function filesOf(folder: string, evidence: MintedTdx): EvidenceFiles {
  return {
    quote: newFile(folder, NAMES.quote, evidence.quote),
    tcbInfo: newFile(folder, NAMES.tcbInfo, evidence.tcbInfo),
    qeIdentity: newFile(folder, NAMES.qeIdentity, evidence.qeIdentity),
    tcbChain: newFile(folder, NAMES.tcbChain, evidence.tcbChain),
    pckCrl: newFile(folder, NAMES.pckCrl, evidence.pckCrl),
    pckCrlChain: newFile(folder, NAMES.pckCrlChain, evidence.pckCrlChain),
    rootCrl: newFile(folder, NAMES.rootCrl, evidence.rootCrl),
    root: newFile(folder, NAMES.root, evidence.root),
  };
}

/** The command line as a user types it; each part stays together when it is broken into lines. */
function verifyLine(
  files: EvidenceFiles,
  { question }: TdxMinting,
  { mrTd, rtmrs }: MintedTdx,
): readonly CommandPart[] {
  return [
    ["casemate", "evidence", "verify", "tdx"],
    ["--quote", files.quote.path],
    ["--tcb-info", files.tcbInfo.path],
    ["--qe-identity", files.qeIdentity.path],
    ["--tcb-chain", files.tcbChain.path],
    ["--pck-crl", files.pckCrl.path],
    ["--pck-crl-chain", files.pckCrlChain.path],
    ["--root-crl", files.rootCrl.path],
    ["--lab-root", files.root.path],
    [question.flag, question.text],
    ["--mrtd", toHex(mrTd)],
    ["--rtmr1", toHex(rtmrs[1])],
    ["--rtmr2", toHex(rtmrs[2])],
  ];
}
