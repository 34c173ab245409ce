/**
 * `casemate lab demo`: from nothing to a verdict, and to a refusal, on this machine.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { Host } from "../../core/ports.ts";
import type { Context, RunCommand } from "../context.ts";
import { commandLine, type CommandPart } from "../../report/command_line.ts";
import { bulleted, usableWidth } from "../output/layout.ts";
import { styleOf } from "../output/style.ts";
import { type Minted, mintToFolder } from "./lab_mint_snp.ts";

/** Bytes of the nonce. */
const NONCE_BYTES = 32;

/**
 * Shows the main work on lab evidence.
 *
 * @param context The machine.
 * @param runCommand Runs the commands that it shows.
 */
export async function demonstrate(
  { host, finish }: Context,
  runCommand: RunCommand,
): Promise<void> {
  const folder = await host.files.temporaryFolder();
  try {
    finish(await demonstrateIn(folder, host, runCommand));
  } finally {
    await host.files.removeFolder(folder);
  }
}

async function demonstrateIn(folder: string, host: Host, runCommand: RunCommand): Promise<number> {
  const say = speaker(host);
  const nonce = toHex(host.random.bytes(NONCE_BYTES));
  say.step("1. Ask", [
    "You choose a nonce that nobody could know before, and a guest puts it into its attestation report. " +
    "No processor with SEV-SNP is at hand here, so the lab plays the processor and AMD's certificate authority.",
  ]);
  say.command([["casemate", "lab", "mint", "snp"], ["--out", folder], ["--nonce", nonce]]);
  const minted = await mintToFolder(host, { out: folder, nonce });

  say.step("2. Verify", ["The verdict comes first, then what it rests on, check by check."]);
  say.command(minted.verify);
  const accepted = await runCommand(argumentsOf(minted.verify));
  if (accepted !== 0) {
    throw new Error(`The demo's own evidence was not accepted, exit code ${accepted}`);
  }

  const bent = await bendMeasurement(host, minted);
  say.text(`Exit code ${accepted}: a script can rely on it.`);
  say.step("3. Attack", [
    "Somebody between the guest and you changes a single bit of the launch measurement, " +
    `in byte ${bent.offset} of the report.`,
  ]);
  const attack = minted.verify.map((part) =>
    part[0] === "--report" ? ["--report", bent.path] : part
  );
  say.command(attack);
  const refused = await runCommand(argumentsOf(attack));
  if (refused !== 3) {
    throw new Error(`The demo's bent report was not refused, exit code ${refused}`);
  }
  say.text(
    `Exit code ${refused}. The signature covers the measurement, so the report cannot be bent to fit.`,
  );
  say.end();
  return 0;
}

function argumentsOf(parts: readonly CommandPart[]): readonly string[] {
  return parts.flat().slice(1);
}

/** The report with one byte of its measurement changed, beside the original. */
async function bendMeasurement(
  host: Host,
  { evidence, report }: Minted,
): Promise<{ readonly path: string; readonly offset: number }> {
  const bytes = Uint8Array.from(evidence.report);
  const offset = indexOf(bytes, evidence.measurement);
  bytes[offset] = (bytes[offset] ?? 0) ^ 0x01;
  const path = report.replace(/(\.[a-z]+)$/, "-bent$1");
  await host.files.write(path, bytes, false);
  return { path, offset };
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  const at = bytes.findIndex((_, i) => part.every((byte, j) => bytes[i + j] === byte));
  if (at < 0) throw new Error("The minted report does not hold its measurement");
  return at;
}

interface Speaker {
  readonly step: (title: string, texts: readonly string[]) => void;
  readonly text: (text: string) => void;
  readonly command: (parts: readonly CommandPart[]) => void;
  readonly end: () => void;
}

function speaker({ terminal }: Host): Speaker {
  const style = styleOf(terminal.colour);
  const width = usableWidth(terminal.width);
  const write = (lines: readonly string[]) => terminal.out(`${lines.join("\n")}\n`);
  return {
    step: (title, texts) =>
      write([
        "",
        style.bold(`── ${title} ${"─".repeat(Math.max(0, width - title.length - 4))}`),
        ...bulleted("", texts, { width, indent: "" }),
        "",
      ]),
    text: (text) => write(["", ...bulleted("", [text], { width, indent: "" })]),
    command: (parts) => write([`${style.bold("$")} ${commandLine(parts, width - 2)}`, ""]),
    end: () =>
      write([
        "",
        style.bold(`── Next ${"─".repeat(Math.max(0, width - 8))}`),
        ...bulleted("• ", NEXT, { width, indent: "" }),
      ]),
  };
}

const NEXT: readonly string[] = [
  "Real evidence is verified by the same command without --lab-root.",
  "A guest gets its report from Linux: write your nonce, padded with zeros to 64 bytes, to inblob of a new folder in " +
  "/sys/kernel/config/tsm/report, then read outblob.",
  "The certificates and the revocation list come from AMD's Key Distribution Service (kdsintf.amd.com), or from the host.",
  "`casemate evidence show FILE` says what a file is, `casemate evidence verify snp --help` which flag takes it.",
  "`casemate lab mint snp --out DIR --nonce HEX` keeps lab evidence to try things with.",
];
