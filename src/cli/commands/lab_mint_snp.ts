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
import { type MintedSnp, mintSnp, type ReportFields } from "../../lab/mod.ts";
import type { Context } from "../context.ts";
import {
  type EvidenceFiles,
  filesOf,
  refuseExisting,
  writeFiles,
  writeKeys,
} from "../lab/files.ts";
import { authorityFor } from "../lab/keys.ts";
import { type Minting, type MintOptions, readMintOptions } from "../lab/options.ts";
import { commandLine, type CommandPart } from "../output/command_line.ts";

/** POLICY bit 19, DEBUG (AMD 56860 §4.3). */
const DEBUG_BIT = 1n << 19n;

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
export async function mintSnpFiles({ host }: Context, options: MintOptions): Promise<void> {
  const { folder, verify } = await mintToFolder(host, options);
  const { terminal } = host;
  terminal.out(
    `Wrote lab evidence to ${folder}. It proves nothing about real hardware.\n\nVerify it:\n\n`,
  );
  terminal.out(`${commandLine(verify, terminal.width)}\n`);
}

/**
 * Mints and writes.
 *
 * @param host The machine.
 * @param options The flags.
 * @throws {InputError} naming the flag.
 */
export async function mintToFolder(host: Host, options: MintOptions): Promise<Minted> {
  const minting = readMintOptions(options);
  const { folder, question, measurement, form } = minting;
  await refuseExisting(host, folder, options.authority === undefined);
  const authority = await authorityFor(host, options);
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
  if (options.authority === undefined) await writeKeys(host, folder, authority);
  return {
    folder,
    evidence,
    report: files.report.path,
    verify: verifyLine(files, minting, evidence),
  };
}

/** The command line as a user types it; each part stays together when it is broken into lines. */
function verifyLine(
  files: EvidenceFiles,
  { question, vmpl }: Minting,
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
