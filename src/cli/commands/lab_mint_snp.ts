/**
 * `casemate lab mint snp`: writes lab evidence of SEV-SNP to files.
 *
 * A lab issues evidence of one technology, so this command, unlike the
 * verifying ones, knows its technology by name.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { InputError } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../../core/limits.ts";
import type { Host } from "../../core/ports.ts";
import {
  createLabAuthority,
  exportLabAuthority,
  importLabAuthority,
  LAB_LINES,
  type LabAuthority,
  type LeafForm,
  type MintedSnp,
  mintSnp,
  type ReportFields,
} from "../../lab/mod.ts";
import type { Context } from "../context.ts";
import { readHexFlag } from "../input/expectation.ts";
import { FileReader } from "../input/files.ts";
import { flagError } from "../input/given.ts";
import { commandLine, type CommandPart } from "../output/command_line.ts";

/** Bytes of REPORT_DATA and of MEASUREMENT (AMD 56860 Table 23). */
const REPORT_DATA_BYTES = 64;
const MEASUREMENT_BYTES = 48;

/** POLICY bit 19, DEBUG (AMD 56860 §4.3). */
const DEBUG_BIT = 1n << 19n;

/** Name of the report's file, which is written first. */
const REPORT_FILE = "report.bin";

/** What is minted, as the flags have it. */
export interface MintOptions {
  /** Folder to write to; required. */
  readonly out?: string | undefined;
  /** Product line; default Genoa. */
  readonly line?: string | undefined;
  /** Form of the signing key; default `vcek`. */
  readonly form?: string | undefined;
  /** Nonce to answer, hex. */
  readonly nonce?: string | undefined;
  /** Report data, hex. */
  readonly reportData?: string | undefined;
  /** Launch measurement, hex. */
  readonly measurement?: string | undefined;
  /** Privilege level. */
  readonly vmpl?: string | undefined;
  /** Whether the guest policy allows debugging. */
  readonly debug?: boolean | undefined;
  /** File with the lab's keys. */
  readonly authority?: string | undefined;
}

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
  const folder = readFolder(options.out);
  const { kind, text, bytes } = readQuestion(options);
  const vmpl = readVmpl(options.vmpl);
  const form: LeafForm = options.form === "vlek" ? "VLEK" : "VCEK";
  const measured = options.measurement === undefined ? {} : {
    measurement: readHexFlag(options.measurement, "--measurement", {
      min: MEASUREMENT_BYTES,
      max: MEASUREMENT_BYTES,
    }),
  };
  await refuseExisting(host, `${folder}/${REPORT_FILE}`);
  const authority = await authorityFor(host, options);
  const report = (fields: ReportFields): ReportFields => ({
    ...fields,
    vmpl,
    policy: options.debug === true ? fields.policy | DEBUG_BIT : fields.policy,
  });
  const evidence = await mintSnp(authority, {
    now: host.clock.now(),
    form,
    reportData: bytes,
    ...measured,
    bends: { report },
  });
  const files = filesOf(folder, evidence);
  await writeFiles(
    host,
    files,
    options.authority === undefined ? keysFile(folder, authority) : null,
  );
  return {
    folder,
    evidence,
    report: files.report.path,
    verify: verifyLine(files, [kind, text], evidence),
  };
}

/** A file to be written. */
interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

type Files = Readonly<Record<"report" | "leaf" | "chain" | "crl" | "root", NewFile>>;

function filesOf(folder: string, evidence: MintedSnp): Files {
  const at = (name: string, content: Uint8Array | string): NewFile => ({
    path: `${folder}/${name}`,
    bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
  });
  return {
    report: at(REPORT_FILE, evidence.report),
    leaf: at("leaf.pem", evidence.leaf),
    chain: at("chain.pem", evidence.chain),
    crl: at("crl.pem", evidence.crl),
    root: at("lab-root.pem", evidence.root),
  };
}

/** The lab's private keys, so that a later run can mint under the same root. */
function keysFile(folder: string, authority: LabAuthority): NewFile {
  const text = `${JSON.stringify(exportLabAuthority(authority))}\n`;
  return { path: `${folder}/lab-authority.json`, bytes: new TextEncoder().encode(text) };
}

/** Refuses before the keys are made, which takes seconds; writing refuses again, without a gap in time. */
async function refuseExisting(host: Host, path: string): Promise<void> {
  try {
    await host.files.read(path, MAX_FILE_BYTES);
  } catch (error) {
    if (error instanceof InputError) return;
    throw error;
  }
  const message = `Cannot write ${path}: it exists already, and nothing is overwritten`;
  throw flagError("input.unwritable", message, "--out");
}

async function writeFiles(host: Host, files: Files, keys: NewFile | null): Promise<void> {
  try {
    for (const { path, bytes } of Object.values(files)) await host.files.write(path, bytes, false);
    if (keys !== null) await host.files.write(keys.path, keys.bytes, true);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(cause.message, {
      code: cause.code,
      fields: { ...cause.fields, flag: "--out" },
      cause,
    });
  }
}

/** The command line as a user types it; each part stays together when it is broken into lines. */
function verifyLine(
  files: Files,
  [kind, text]: readonly [string, string],
  evidence: MintedSnp,
): readonly CommandPart[] {
  return [
    ["casemate", "evidence", "verify", "snp"],
    ["--report", files.report.path],
    ["--leaf", files.leaf.path],
    ["--chain-ask-ark", files.chain.path],
    ["--crl", files.crl.path],
    ["--lab-root", files.root.path],
    [`--${kind}`, text],
    ["--measurement", toHex(evidence.measurement)],
  ];
}

function readFolder(out: string | undefined): string {
  if (out === undefined) {
    throw flagError(
      "input.missing",
      "Cannot mint without a folder to write to: give --out DIR",
      "--out",
    );
  }
  return out === "/" ? out : out.replace(/\/+$/, "");
}

function readQuestion(
  { nonce, reportData }: MintOptions,
): { readonly kind: string; readonly text: string; readonly bytes: Uint8Array } {
  if (nonce !== undefined && reportData !== undefined) {
    throw flagError(
      "input.conflict",
      "Cannot use --nonce and --report-data together: a report holds one of them",
      "--nonce, --report-data",
    );
  }
  if (nonce !== undefined) {
    return {
      kind: "nonce",
      text: nonce,
      bytes: readHexFlag(nonce, "--nonce", { min: 1, max: REPORT_DATA_BYTES }),
    };
  }
  if (reportData !== undefined) {
    const exact = { min: REPORT_DATA_BYTES, max: REPORT_DATA_BYTES };
    return {
      kind: "report-data",
      text: reportData,
      bytes: readHexFlag(reportData, "--report-data", exact),
    };
  }
  throw flagError(
    "input.missing",
    "Cannot mint a report without the question that it answers: give --nonce HEX or --report-data HEX",
    "--nonce or --report-data",
  );
}

function readVmpl(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^[0-3]$/.test(text)) return Number(text);
  throw flagError(
    "input.value",
    `Cannot use --vmpl ${JSON.stringify(text)}: expected a level from 0 to 3`,
    "--vmpl",
  );
}

/** The lab's keys: those of the file, or new ones, which takes seconds. */
async function authorityFor(host: Host, options: MintOptions): Promise<LabAuthority> {
  const line = LAB_LINES.find((known) => known === options.line) ?? "Genoa";
  if (options.authority === undefined) {
    host.terminal.err("Making the lab's keys (RSA-4096), which takes some seconds...\n");
    return await createLabAuthority({ line, now: host.clock.now() });
  }
  const authority = await readAuthority(host, options.authority);
  if (options.line === undefined || authority.line === line) return authority;
  const message =
    `Cannot use --line ${line} with --authority ${options.authority}: its keys are for ${authority.line}`;
  throw flagError("input.conflict", message, "--line, --authority");
}

async function readAuthority(host: Host, path: string): Promise<LabAuthority> {
  const flag = "--authority";
  const { bytes } = await new FileReader(host.files).read(flag, path, MAX_FILE_BYTES);
  try {
    return await importLabAuthority(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw flagError("input.encoding", `Cannot read ${path}: it is not JSON`, flag, cause);
    }
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(cause.message, {
      code: cause.code,
      fields: { ...cause.fields, file: path, flag },
      cause,
    });
  }
}
