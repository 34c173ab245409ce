/**
 * `casemate lab mint snp`: writes lab evidence of SEV-SNP to files.
 *
 * A lab issues evidence of one technology, so this command, unlike the
 * verifying ones, knows its technology by name.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { Host } from "../../core/ports.ts";
import { exportAmdAuthority, type MintedSnp, mintSnp, type ReportFields } from "../../lab/mod.ts";
import type { Context } from "../context.ts";
import { type NewFile, newFile, refuseExisting, writeFiles, writeKeys } from "../lab/files.ts";
import { amdAuthorityFor } from "../lab/keys.ts";
import { sayMinted } from "../lab/say.ts";
import { type MintSnpFlags, readSnpOptions, type SnpMinting } from "../lab/snp_options.ts";
import type { CommandPart } from "../../report/command_line.ts";

/** POLICY bit 19, DEBUG (AMD 56860 §4.3). */
const DEBUG_BIT = 1n << 19n;

/** Names of the files. */
const NAMES = {
  report: "report.bin",
  leaf: "leaf.pem",
  chain: "chain.pem",
  crl: "crl.pem",
  root: "lab-root.pem",
} as const;

/** The files by what they hold. */
type EvidenceFiles = Readonly<Record<keyof typeof NAMES, NewFile>>;

/** What was minted and where it lies. */
export interface Minted {
  /** Folder of the files. */
  readonly folder: string;
  /** The evidence. */
  readonly evidence: MintedSnp;
  /** Path of the report. */
  readonly report: string;
  /** The command line that verifies it. */
  readonly verify: readonly CommandPart[];
}

/**
 * Mints, writes, and prints the command line that verifies.
 *
 * @param context The machine.
 * @param options The flags.
 * @throws {InputError} naming the flag.
 */
export async function mintSnpFiles({ host }: Context, options: MintSnpFlags): Promise<void> {
  const { folder, verify } = await mintToFolder(host, options);
  sayMinted(host, folder, verify);
}

/**
 * Mints and writes.
 *
 * @param host The machine.
 * @param options The flags.
 * @throws {InputError} naming the flag.
 */
export async function mintToFolder(host: Host, options: MintSnpFlags): Promise<Minted> {
  const minting = readSnpOptions(options);
  const { folder, question, measurement, form } = minting;
  const newKeys = options.authority === undefined;
  await refuseExisting(host, folder, NAMES, newKeys);
  const authority = await amdAuthorityFor(host, options);
  const report = (fields: ReportFields): ReportFields => ({
    ...fields,
    vmpl: minting.vmpl,
    policy: options.debug === true ? fields.policy | DEBUG_BIT : fields.policy,
  });
  const measured = measurement === null ? {} : { measurement };
  const evidence = await mintSnp(authority, {
    now: host.clock.now(),
    form,
    reportData: question.bytes,
    ...measured,
    bends: { report },
  });
  const files = filesOf(folder, evidence);
  await writeFiles(host, files);
  if (newKeys) await writeKeys(host, folder, exportAmdAuthority(authority));
  return {
    folder,
    evidence,
    report: files.report.path,
    verify: verifyLine(files, minting, evidence),
  };
}

/** Files for minted evidence. */
function filesOf(folder: string, evidence: MintedSnp): EvidenceFiles {
  return {
    report: newFile(folder, NAMES.report, evidence.report),
    leaf: newFile(folder, NAMES.leaf, evidence.leaf),
    chain: newFile(folder, NAMES.chain, evidence.chain),
    crl: newFile(folder, NAMES.crl, evidence.crl),
    root: newFile(folder, NAMES.root, evidence.root),
  };
}

/** The command line as a user types it; each part stays together when it is broken into lines. */
function verifyLine(
  files: EvidenceFiles,
  { question, vmpl }: SnpMinting,
  evidence: MintedSnp,
): readonly CommandPart[] {
  return [
    ["casemate", "evidence", "verify", "snp"],
    ["--report", files.report.path],
    ["--leaf", files.leaf.path],
    ["--chain-ask-ark", files.chain.path],
    ["--crl", files.crl.path],
    ["--lab-root", files.root.path],
    [question.flag, question.text],
    ["--measurement", toHex(evidence.measurement)],
    ...(vmpl === 0 ? [] : [["--vmpl", String(vmpl)]]),
  ];
}
