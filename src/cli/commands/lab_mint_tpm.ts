/**
 * `casemate lab mint tpm`: writes lab evidence of a TPM to files: a quote, the
 * key that signed it with its certificates, the registers and the event log.
 *
 * @module
 */

import type { Host } from "../../core/ports.ts";
import {
  exportTpmAuthority,
  type MintedTpm,
  mintTpm,
  type MintTpmOptions,
  TPM_BENDS,
  type TpmAuthority,
  type TpmBends,
} from "../../lab/mod.ts";
import type { Context } from "../context.ts";
import { flagError } from "../input/given.ts";
import { type NewFile, newFile, refuseExisting, writeFiles, writeKeys } from "../lab/files.ts";
import { tpmAuthorityFor } from "../lab/keys.ts";
import { sayMinted } from "../lab/say.ts";
import { type MintTpmFlags, readTpmOptions, type TpmMintingFlags } from "../lab/tpm_options.ts";
import type { CommandPart } from "../../report/command_line.ts";

/** Names of the files. */
const NAMES = {
  quote: "quote.msg",
  signature: "quote.sig",
  akPublic: "ak.pub",
  pcrs: "pcrs.json",
  eventLog: "eventlog.bin",
  akCertificate: "ak-cert.pem",
  issuers: "ak-issuer.pem",
  issuingCrl: "ak-crl.pem",
  rootCrl: "root-crl.pem",
  root: "lab-root.pem",
} as const;

/** The files by what they hold. */
type EvidenceFiles = Readonly<Record<keyof typeof NAMES, NewFile>>;

/** Registers that say what runs: the image that the firmware started, and its sections. */
const WHAT_RUNS = ["4", "11"] as const;

/**
 * Mints, writes, and prints the command line that verifies.
 *
 * @param context The machine.
 * @param options The flags.
 * @throws {InputError} naming the flag.
 */
export async function mintTpmFiles({ host }: Context, options: MintTpmFlags): Promise<void> {
  const minting = readTpmOptions(options);
  const { folder } = minting;
  const newKeys = options.authority === undefined;
  await refuseExisting(host, folder, NAMES, newKeys);
  const authority = await tpmAuthorityFor(host, options.authority);
  const [good, evidence] = await mintBent(host, authority, minting);
  const files = filesOf(folder, evidence);
  await writeFiles(host, files);
  if (newKeys) await writeKeys(host, folder, exportTpmAuthority(authority));
  sayMinted(host, folder, verifyLine(files, minting, good));
  for (const name of minting.bends) sayBend(host, name);
}

/** Evidence as it should be, and as it shall be, of the same TPM. */
async function mintBent(
  host: Host,
  authority: TpmAuthority,
  { signer, boot, question, bends }: TpmMintingFlags,
): Promise<readonly [good: MintedTpm, evidence: MintedTpm]> {
  const now = host.clock.now();
  const options: MintTpmOptions = { now, nonce: question.bytes, boot, ...signer };
  const good = await mintTpm(authority, options);
  if (bends.length === 0) return [good, good];
  const context = { now, keys: good.keys, issuing: authority.issuing.key };
  const changes = bends.map(async (name) => await TPM_BENDS[name]?.bends(context) ?? {});
  const together = joined(bends, await Promise.all(changes));
  return [good, await mintTpm(authority, { ...options, keys: good.keys, bends: together })];
}

/** All changes; two of the same thing would leave one of them out. */
function joined(names: readonly string[], changes: readonly TpmBends[]): TpmBends {
  const keys = changes.flatMap((change) => Object.keys(change));
  if (new Set(keys).size === keys.length) return Object.assign({}, ...changes);
  const message = `Cannot use --bend ${names.join(" and --bend ")} together: they change the same`;
  throw flagError("input.conflict", message, "--bend");
}

/** Files for minted evidence. */
function filesOf(folder: string, evidence: MintedTpm): EvidenceFiles {
  const [issuingCrl, rootCrl] = evidence.crls;
  const pcrs = `${JSON.stringify(evidence.pcrs, null, 2)}\n`;
  return {
    quote: newFile(folder, NAMES.quote, evidence.quote),
    signature: newFile(folder, NAMES.signature, evidence.signature),
    akPublic: newFile(folder, NAMES.akPublic, evidence.akPublic),
    pcrs: newFile(folder, NAMES.pcrs, pcrs),
    eventLog: newFile(folder, NAMES.eventLog, evidence.eventLog),
    akCertificate: newFile(folder, NAMES.akCertificate, evidence.akCertificate),
    issuers: newFile(folder, NAMES.issuers, evidence.issuers),
    issuingCrl: newFile(folder, NAMES.issuingCrl, issuingCrl),
    rootCrl: newFile(folder, NAMES.rootCrl, rootCrl),
    root: newFile(folder, NAMES.root, evidence.root),
  };
}

/** The command line as a user types it; each part stays together when it is broken into lines. */
function verifyLine(
  files: EvidenceFiles,
  { question }: TpmMintingFlags,
  { pcrs }: MintedTpm,
): readonly CommandPart[] {
  return [
    ["casemate", "evidence", "verify", "tpm"],
    ["--tpm-quote-msg", files.quote.path],
    ["--tpm-quote-sig", files.signature.path],
    ["--ak-pub", files.akPublic.path],
    ["--pcrs", files.pcrs.path],
    ["--event-log", files.eventLog.path],
    ["--ak-cert", files.akCertificate.path],
    ["--ak-cert-issuer", files.issuers.path],
    ["--ak-cert-crl", files.issuingCrl.path],
    ["--ak-cert-crl", files.rootCrl.path],
    ["--lab-root", files.root.path],
    [question.flag, question.text],
    ...WHAT_RUNS.map((register): CommandPart => [
      "--pcr",
      `sha256:${register}=${pcrs["sha256"]?.[register] ?? ""}`,
    ]),
  ];
}

/** Says what is wrong with the evidence. */
function sayBend({ terminal }: Host, name: string): void {
  const bend = TPM_BENDS[name];
  if (bend === undefined) return;
  terminal.out(`\nBent on purpose: ${bend.says} (${bend.code})\n`);
}
