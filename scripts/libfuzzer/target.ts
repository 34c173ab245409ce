/**
 * Runs the fuzzer on one operation, and goes on after what it finds.
 *
 * @module
 */
import { outcome } from "../process.ts";
import { ROOT } from "../wasm/toolchain.ts";
import { PROGRAM } from "./build.ts";
import { type Figures, join, NOTHING, readFigures, readFinding } from "./log.ts";

/** The operations; `+signed` signs each input again, so that changes reach what lies behind signatures. */
export const TARGETS: readonly string[] = [
  "snp_verify",
  "snp_verify+signed",
  "snp_report",
  "snp_leaf",
  "snp_certificate_table",
  "x509_describe",
  "tdx_verify",
  "tdx_verify+signed",
  "tdx_quote",
  "tdx_collateral",
  "tdx_pck",
  "event_log",
  "tpm_verify",
  "tpm_verify+signed",
  "tpm_certificate",
  "tpm_certificate+signed",
  "tpm_quote",
  "tpm_public",
  "tpm_signature",
  "hcl_report",
  "hcl_runtime",
  "nitro_document",
  "nitro_verify",
  "nitro_verify+signed",
  "ec2_identity",
  "ec2_identity+signed",
  "gce_instance",
  "gce_endorsement",
  "gce_endorsement+signed",
  "x509_extension",
];

const FOLDER = `${ROOT}.tools/fuzz/rust`;

/** Longest input: larger than what any operation takes, but for revocation lists. */
const MAX_BYTES = 256 * 1024;
/** One input must not take longer, seconds. */
const MAX_SECONDS = 10;
const MAX_MEGABYTES = 2048;
/** Time for making a finding smaller. */
const MINIMISING_SECONDS = 60;
/** What does not end so long after its time hangs, seconds. */
const GRACE_SECONDS = 120;
/** A target that fails this often is broken, and its time better spent on a mend. */
const MAX_FINDINGS = 5;

/** Codes of `timeout`, where it had to end a program or to kill it. */
const HANGS = 124;
const KILLED = 137;

/** What came of a target. */
export interface Result extends Figures {
  /** Its name. */
  readonly target: string;
  /** How long it ran, seconds. */
  readonly seconds: number;
  /** What was found: words, and the file that shows it. */
  readonly findings: ReadonlyMap<string, string>;
}

/**
 * Runs a target. Its corpus is kept for the next time in `.tools/fuzz/rust/`.
 *
 * @param target Its name.
 * @param seconds How long.
 */
export async function fuzz(target: string, seconds: number): Promise<Result> {
  const folder = `${FOLDER}/${target}`;
  for (const name of ["corpus", "seeds", "findings"]) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  }
  const findings = new Map<string, string>();
  const end = performance.now() + seconds * 1000;
  let figures = NOTHING;
  for (let failed = 0; failed < MAX_FINDINGS && performance.now() < end; failed++) {
    const left = Math.ceil((end - performance.now()) / 1000);
    const artifact = `${folder}/findings/${Date.now()}`;
    const log = await start(target, left, [
      `-max_total_time=${left}`,
      "-len_control=0",
      "-print_final_stats=1",
      `-exact_artifact_path=${artifact}`,
      `${folder}/corpus`,
      `${folder}/seeds`,
    ]);
    await Deno.writeTextFile(`${folder}/log.txt`, log);
    figures = join(figures, readFigures(log));
    const finding = readFinding(log);
    if (finding === undefined) break;
    if (!findings.has(finding)) findings.set(finding, await minimise(target, artifact, finding));
  }
  return { ...figures, target, seconds: seconds + (performance.now() - end) / 1000, findings };
}

/** Runs a file; gives what is wrong with it, or undefined. */
export async function reproduce(target: string, file: string): Promise<string | undefined> {
  return readFinding(await start(target, MAX_SECONDS, [file]));
}

/** Makes a finding smaller where the smaller one says the same; gives its file. */
async function minimise(target: string, file: string, finding: string): Promise<string> {
  const small = `${file}.min`;
  const limit = `-max_total_time=${MINIMISING_SECONDS}`;
  const args = ["-minimize_crash=1", limit, `-exact_artifact_path=${small}`, file];
  await start(target, MINIMISING_SECONDS, args);
  const made = await Deno.stat(small).then(({ isFile }) => isFile, () => false);
  return made && await reproduce(target, small) === finding ? small : file;
}

async function start(target: string, seconds: number, args: readonly string[]): Promise<string> {
  const limits = [
    `-max_len=${MAX_BYTES}`,
    `-timeout=${MAX_SECONDS}`,
    `-rss_limit_mb=${MAX_MEGABYTES}`,
  ];
  const env = {
    CASEMATE_FUZZ_OPERATION: target,
    CASEMATE_FUZZ_SEEDS: `${FOLDER}/${target}/seeds`,
    // Reading the symbols takes longer than libFuzzer gives an input on a busy machine.
    RUST_BACKTRACE: "0",
  };
  const limited = ["--kill-after=10", String(seconds + GRACE_SECONDS), "nice", "-n", "19", PROGRAM];
  const { stderr, code } = await outcome("timeout", [...limited, ...limits, ...args], { env });
  if (code === HANGS || code === KILLED) return `${stderr}\n==0== ERROR: libFuzzer: hangs\n`;
  if (code !== 0 && readFinding(stderr) === undefined) {
    throw new Error(`${target} ended with ${code}: ${stderr.slice(-2000)}`);
  }
  return stderr;
}
