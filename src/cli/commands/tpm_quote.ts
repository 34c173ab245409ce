/**
 * `casemate tpm quote`: evidence of a TPM, collected and written. Nothing of it is verified.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { Host } from "../../core/ports.ts";
import {
  type CollectedFiles,
  EVENT_LOG,
  type Issued,
  issueTpmEvidence,
} from "../../evidence/tpm/issue.ts";
import { TPM_FILES } from "../../evidence/tpm/files.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { flagError, type Given } from "../input/given.ts";
import { type NewFile, newFile, refuseExisting, writeFiles } from "../lab/files.ts";
import { commandLine, type CommandPart } from "../../report/command_line.ts";
import { labelled, usableWidth } from "../output/layout.ts";
import { printable, printableJson } from "../output/printable.ts";
import { type OpenTpm, pointingAt, withTpm } from "../tpm/device.ts";
import { readOutFlag } from "../tpm/folder.ts";
import { type QuoteFlags, readQuoteFlags } from "../tpm/quote_options.ts";
import { selectionText } from "../tpm/selection.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** Names of the files by role. */
const NAMES: Readonly<Record<keyof CollectedFiles, string>> = {
  tpmQuoteMsg: "quote.msg",
  tpmQuoteSig: "quote.sig",
  akPub: "ak.pub",
  pcrs: "pcrs.json",
  eventLog: "eventlog.bin",
  akCert: "ak-cert.der",
};

/** Flags to look at, by code. */
const FLAGS = {
  "tpm.bank_inactive": "--pcrs",
  "tpm.nv_not_certificate": "--ak-cert-index",
} as const;

/** What was quoted, and where it lies. */
interface Quoted {
  readonly flags: QuoteFlags;
  readonly address: string;
  readonly issued: Issued;
  readonly files: Readonly<Record<string, NewFile>>;
}

/**
 * Quotes, writes, and says what was written.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} naming the flag.
 * @throws {UnavailableError} where the TPM is not to be had, or refuses.
 */
export async function quoteTpm({ host }: Context, given: Given): Promise<void> {
  const flags = readQuoteFlags(given);
  const folder = readOutFlag(given);
  const format = readFormat(given.text(OUTPUT_FLAG));
  if (folder === undefined && format === "text") {
    const message =
      "Cannot quote to nowhere: give --out DIR, or take the evidence as JSON with -o json";
    throw flagError("input.missing", message, "--out");
  }
  if (folder !== undefined) await refuseExisting(host, folder, NAMES, false);
  const quoted = await withTpm(host, given, async (tpm) => {
    const issued = await pointingAt(issue(host, tpm, flags), FLAGS);
    return { flags, address: tpm.address, issued, files: filesOf(folder, issued) };
  });
  await writeFiles(host, quoted.files);
  const text = format === "json" ? asJson(quoted) : asText(quoted, folder ?? "", host);
  host.terminal.out(text);
}

async function issue(host: Host, tpm: OpenTpm, flags: QuoteFlags): Promise<Issued> {
  const { nonce, selections, key, certificateIndex } = flags;
  const path = flags.eventLog ?? kernelEventLog(tpm.address);
  const issued = await issueTpmEvidence(tpm, {
    qualifyingData: nonce,
    selections,
    key,
    ...(certificateIndex === undefined ? {} : { certificateIndex }),
    ...(path === undefined ? {} : { eventLog: { files: host.files, path } }),
  });
  if (flags.eventLog === undefined || issued.withoutEventLog === null) return issued;
  throw flagError("input.unreadable", issued.withoutEventLog, "--event-log");
}

/** The log of a device of the kernel; a TPM behind a socket is another machine's. */
function kernelEventLog(address: string): string | undefined {
  const number = /^\/dev\/tpm(?:rm)?(\d+)$/.exec(address)?.[1];
  return number === undefined ? undefined : EVENT_LOG.replace("tpm0", `tpm${number}`);
}

function filesOf(folder: string | undefined, { evidence }: Issued): Record<string, NewFile> {
  if (folder === undefined) return {};
  return Object.fromEntries(
    collected(evidence).map(([role, bytes]) => [role, newFile(folder, NAMES[role], bytes)]),
  );
}

function collected(
  evidence: CollectedFiles,
): readonly (readonly [keyof CollectedFiles, Uint8Array])[] {
  const roles: readonly (keyof CollectedFiles)[] = [
    ...["tpmQuoteMsg", "tpmQuoteSig", "akPub", "pcrs", "eventLog", "akCert"] as const,
  ];
  return roles.flatMap((role) => {
    const bytes = evidence[role];
    return bytes === undefined ? [] : [[role, bytes] as const];
  });
}

function asJson({ flags, address, issued, files }: Quoted): string {
  const { evidence, name, withoutEventLog } = issued;
  const paths = Object.entries(files).map(([role, { path }]) => [role, path]);
  return `${
    printableJson({
      v: 1,
      device: address,
      nonce: toHex(flags.nonce),
      pcrs: selectionText(flags.selections),
      name: toHex(name),
      evidence: Object.fromEntries(
        collected(evidence).map(([role, bytes]) => [role, toHex(bytes)]),
      ),
      files: Object.fromEntries(paths),
      withoutEventLog,
    })
  }\n`;
}

function asText({ flags, address, issued, files }: Quoted, folder: string, host: Host): string {
  const width = usableWidth(host.terminal.width);
  const missing = issued.withoutEventLog;
  const rows: readonly (readonly [string, string])[] = [
    ["registers", selectionText(flags.selections)],
    ["key", `Name ${toHex(issued.name)}`],
    ...(missing === null ? [] : [["event log", `none: ${missing}`] as const]),
  ];
  const lines = labelled(rows.map(([name, text]) => [name, printable(text)]), {
    width,
    indent: "  ",
  });
  const verify = commandLine(verifyLine(flags, files), width);
  return `Wrote a quote of the TPM at ${printable(address)} to ${printable(folder)}.\n\n` +
    `${lines.join("\n")}\n\nVerify it:\n\n${printable(verify, "\n")}\n`;
}

/** The command line as a user types it. */
function verifyLine(
  { nonce }: QuoteFlags,
  files: Readonly<Record<string, NewFile>>,
): readonly CommandPart[] {
  const parts = TPM_FILES.flatMap(({ role, flag }) => {
    const file = files[role];
    return file === undefined ? [] : [[`--${flag}`, file.path]];
  });
  return [["casemate", "evidence", "verify", "tpm"], ...parts, ["--nonce", toHex(nonce)]];
}
