/**
 * What a working program does, from an empty folder on.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Outcome } from "../process.ts";

/** Where a case runs. */
export interface SmokeMachine {
  /** The working folder, empty at first; cases run in order and find what earlier ones left. */
  readonly folder: string;
  /** Runs the program in the folder. */
  readonly casemate: (...args: string[]) => Promise<Outcome>;
  /** Starts the program as a server, and waits until it listens. */
  readonly start: (...args: string[]) => Promise<SmokeServer>;
}

/** The command that the lab prints, begun as whoever started the program can type it. */
const VERIFY_ENVELOPE =
  /^(?:casemate|\.\/scripts\/deno run -A main\.ts) (evidence verify node\/envelope\.json[^]+?)\n\n/m;

/** What commands that end need of it. */
type Files = Pick<SmokeMachine, "casemate" | "folder">;

/** A server that listens. */
export interface SmokeServer {
  /** Where. */
  readonly url: string;
  /** Asks it to end, and waits; its exit code. */
  readonly end: () => Promise<number>;
}

/** A case: it throws if something is not as it should be. */
export type SmokeCase = readonly [
  name: string,
  attempt: (machine: SmokeMachine) => Promise<void>,
];

const NONCE = "00112233445566778899aabbccddeeff";
/** Offset of MEASUREMENT in the report (AMD 56860 Table 23), bytes. */
const MEASUREMENT_AT = 0x90;
/** Offsets in a quote of version 4 (Intel TDX DCAP Quoting Library API, A.3), bytes. */
const REGISTERS = { "--mrtd": 184, "--rtmr1": 424, "--rtmr2": 472 } as const;

/** The cases, in order. */
export const SMOKE_CASES: readonly SmokeCase[] = [
  ["version says build and runtime", async ({ casemate }) => {
    const { stdout } = expectExit(0, await casemate("version"));
    assert.match(
      stdout,
      /^casemate \d+\.\d+\.\d+ \((?:release|dev build), deno \d+\.\d+\.\d+\)\n$/,
    );
  }],
  ["version --notices says whose works are in it, and under what terms", async ({ casemate }) => {
    const { stdout } = expectExit(0, await casemate("version", "--notices"));
    assert.match(stdout, /^Third-party notices\n[^]+@noble\/curves[^]+wasm-bindgen[^]+MIT License/);
    assert.match(stdout, /Apache License[^]+END OF TERMS AND CONDITIONS/);
  }],
  ["--help names the commands and the exit codes", async ({ casemate }) => {
    const { stdout } = expectExit(0, await casemate("--help"));
    assert.match(stdout, /evidence[\s\S]*lab[\s\S]*Exit codes/);
  }],
  ["lab demo runs in an empty folder and leaves it empty", async ({ casemate, folder }) => {
    const { stdout } = expectExit(0, await casemate("lab", "demo"));
    assert.match(stdout, /LAB-TRUSTED[\s\S]*REJECTED/);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
  }],
  ["serve hands out nonces and keys, and ends when it is asked to", async ({ start }) => {
    const { url, end } = await start("serve", "--listen", "127.0.0.1:0");
    try {
      const challenge = await fetch(`${url}/v1/challenge`, { method: "POST" });
      assert.match((await challenge.json()).nonce, /^[0-9a-f]{64}$/);
      assert.equal((await (await fetch(`${url}/healthz`)).text()).trim(), "ok");
      const page = await fetch(url);
      // From source it is there where it was built.
      if (page.status !== 404) assert.match(await page.text(), /<title>Casemate/);
      else await page.body?.cancel();
    } finally {
      assert.equal(await end(), 0);
    }
  }],
  ["lab mint snp writes evidence", async ({ casemate, folder }) => {
    expectExit(0, await casemate("lab", "mint", "snp", "--out", "lab", "--nonce", NONCE));
    const report = await Deno.readFile(`${folder}/lab/report.bin`);
    assert.equal(report.length, 1184);
  }],
  ["evidence show says what a file is", async ({ casemate }) => {
    const { stdout } = expectExit(0, await casemate("evidence", "show", "lab/report.bin"));
    assert.match(stdout, /SEV-SNP attestation report/);
  }],
  ["what the lab minted is lab-trusted", async (machine) => {
    const { verdict } = readJson(expectExit(0, await verify(machine, "lab/report.bin")).stdout);
    assert.equal(verdict, "lab-trusted");
  }],
  ["a policy in YAML is read", async (machine) => {
    await Deno.writeTextFile(`${machine.folder}/policy.yaml`, "version: 1\nacceptRoots: [amd]\n");
    expectExit(0, await verify(machine, "lab/report.bin", "--policy", "policy.yaml"));
  }],
  ["a bent report is rejected with its code", async (machine) => {
    const report = await Deno.readFile(`${machine.folder}/lab/report.bin`);
    report[MEASUREMENT_AT] = (report[MEASUREMENT_AT] ?? 0) ^ 1;
    await Deno.writeFile(`${machine.folder}/bent.bin`, report);
    const { verdict, code } = readJson(expectExit(3, await verify(machine, "bent.bin")).stdout);
    assert.deepEqual([verdict, code], ["rejected", "snp.signature_mismatch"]);
  }],
  ["lab mint tdx writes a quote and its collateral", async ({ casemate, folder }) => {
    expectExit(0, await casemate("lab", "mint", "tdx", "--out", "td", "--nonce", NONCE));
    const quote = await Deno.readFile(`${folder}/td/quote.bin`);
    assert.equal(quote[0], 4);
  }],
  ["evidence show says what collateral is", async ({ casemate }) => {
    const { stdout } = expectExit(0, await casemate("evidence", "show", "td/tcb_info.json"));
    assert.match(stdout, /TCB info of TDX/);
  }],
  ["a quote with its collateral is lab-trusted", async (machine) => {
    const { verdict } = readJson(expectExit(0, await verifyTdx(machine, "td/quote.bin")).stdout);
    assert.equal(verdict, "lab-trusted");
  }],
  ["a bent quote is rejected with its code", async (machine) => {
    const quote = await Deno.readFile(`${machine.folder}/td/quote.bin`);
    const at = REGISTERS["--mrtd"];
    quote[at] = (quote[at] ?? 0) ^ 1;
    await Deno.writeFile(`${machine.folder}/bent-quote.bin`, quote);
    const { stdout } = expectExit(3, await verifyTdx(machine, "bent-quote.bin"));
    const { verdict, code } = readJson(stdout);
    assert.deepEqual([verdict, code], ["rejected", "tdx.signature_mismatch"]);
  }],
  ["lab mint tpm writes a quote and its log", async ({ casemate, folder }) => {
    expectExit(0, await casemate("lab", "mint", "tpm", "--out", "tpm", "--nonce", NONCE));
    const quote = await Deno.readFile(`${folder}/tpm/quote.msg`);
    assert.equal(quote.subarray(0, 6).toHex(), "ff5443478018");
  }],
  ["evidence show reads an event log", async ({ casemate }) => {
    const { stdout } = expectExit(0, await casemate("evidence", "show", "tpm/eventlog.bin"));
    assert.match(stdout, /TPM event log[\s\S]*SecureBoot = on/);
  }],
  ["a TPM's quote with its log is lab-trusted", async (machine) => {
    const { verdict } = readJson(expectExit(0, await verifyTpm(machine, "tpm/quote.msg")).stdout);
    assert.equal(verdict, "lab-trusted");
  }],
  ["a bent quote of a TPM is rejected with its code", async (machine) => {
    const quote = await Deno.readFile(`${machine.folder}/tpm/quote.msg`);
    quote[quote.length - 1] = (quote.at(-1) ?? 0) ^ 1;
    await Deno.writeFile(`${machine.folder}/bent.msg`, quote);
    const { verdict, code } = readJson(expectExit(3, await verifyTpm(machine, "bent.msg")).stdout);
    assert.deepEqual([verdict, code], ["rejected", "tpm.signature_mismatch"]);
  }],
  ["lab envelope writes what verifies as it says", async ({ casemate, folder }) => {
    const nonce = NONCE.repeat(2);
    const { stdout } = expectExit(
      0,
      await casemate("lab", "envelope", "azure-tdx", "--out", "node", "--nonce", nonce),
    );
    const line = VERIFY_ENVELOPE.exec(stdout)?.[1] ?? "";
    await Deno.writeTextFile(`${folder}/verify.txt`, line);
    const { verdict, statement } = readJson(
      expectExit(0, await verifyEnvelope({ casemate, folder }, "node/envelope.json")).stdout,
    );
    assert.equal(verdict, "lab-trusted");
    assert.equal(isRecord(statement) && statement.nodeName, "worker-1");
  }],
  ["evidence show says what an envelope holds", async ({ casemate }) => {
    const { stdout } = expectExit(0, await casemate("evidence", "show", "node/envelope.json"));
    assert.match(stdout, /Envelope of azure-tdx[\s\S]*worker-1[\s\S]*HCL report/);
  }],
  ["an envelope with another statement is rejected with its code", async (machine) => {
    const text = await Deno.readTextFile(`${machine.folder}/node/envelope.json`);
    const envelope = readJson(text);
    const statement = Uint8Array.fromBase64(String(envelope.statement), { alphabet: "base64url" });
    const other = new TextDecoder().decode(statement).replace("worker-1", "worker-2");
    const members = { ...envelope, statement: encodedText(other) };
    await Deno.writeTextFile(`${machine.folder}/bent.json`, JSON.stringify(members));
    const { stdout } = expectExit(3, await verifyEnvelope(machine, "bent.json"));
    const { verdict, code } = readJson(stdout);
    assert.deepEqual([verdict, code], ["rejected", "tpm.qualifying_data_mismatch"]);
  }],
  ["evidence explain says what a variant proves", async ({ casemate }) => {
    const { stdout } = expectExit(0, await casemate("evidence", "explain", "azure-tdx"));
    assert.match(stdout, /acceptRoots +\[intel, paravisor\]/);
  }],
  ["a TPM that is not there ends with 4", async ({ casemate }) => {
    const { stderr } = expectExit(4, await casemate("tpm", "pcrs", "--device", "unix:/nowhere"));
    assert.match(stderr, /tpm\.device_unreachable/);
  }],
  ["lab evidence without --lab-root is rejected", async (machine) => {
    const flags = (await flagsOf(machine, "lab/report.bin")).join(" ").replace(
      /--lab-root \S+/,
      "",
    );
    expectExit(3, await machine.casemate(...flags.split(" ").filter((word) => word !== "")));
  }],
  ["a missing file is one error with code and flag", async (machine) => {
    const result = expectExit(2, await verify(machine, "nothing.bin"));
    const { error } = readJson(result.stdout);
    assert.equal(isRecord(error) && error.code, "input.unreadable");
    assert.match(result.stdout, /--report/);
  }],
  ["a misspelt flag names the nearest", async ({ casemate }) => {
    const { stderr } = expectExit(2, await casemate("evidence", "verify", "snp", "--reprot", "a"));
    assert.match(stderr, /did you mean --report\?/);
  }],
  ["a misspelt command ends with 2", async ({ casemate }) => {
    expectExit(2, await casemate("evidnce"));
  }],
];

/** Checks the exit code, and that no stack trace is shown. */
function expectExit(code: number, result: Outcome): Outcome {
  const said = `${result.stdout}${result.stderr}`;
  assert.equal(result.code, code, `exit code ${result.code} instead of ${code}:\n${said}`);
  assert.doesNotMatch(said, /^\s+at .+:\d+:\d+|Uncaught|NotCapable/m);
  return result;
}

/** Verifies the minted evidence with another report, as JSON. */
async function verify(
  machine: Files,
  report: string,
  ...more: string[]
): Promise<Outcome> {
  return await machine.casemate(...await flagsOf(machine, report), "-o", "json", ...more);
}

/** The words that verify the minted evidence; its measurement is taken from the report. */
async function flagsOf({ folder }: Files, report: string): Promise<string[]> {
  const bytes = await Deno.readFile(`${folder}/lab/report.bin`);
  const measurement = bytes.subarray(MEASUREMENT_AT, MEASUREMENT_AT + 48).toHex();
  const files = ["--leaf", "lab/leaf.pem", "--chain-ask-ark", "lab/chain.pem"];
  const more = ["--crl", "lab/crl.pem", "--lab-root", "lab/lab-root.pem"];
  const wanted = ["--nonce", NONCE, "--measurement", measurement];
  return ["evidence", "verify", "snp", "--report", report, ...files, ...more, ...wanted];
}

/** Verifies a quote with the minted collateral, as JSON; its registers are taken from the minted quote. */
async function verifyTdx({ casemate, folder }: Files, quote: string): Promise<Outcome> {
  const bytes = await Deno.readFile(`${folder}/td/quote.bin`);
  const pins = Object.entries(REGISTERS).flatMap(([flag, at]) => [
    flag,
    bytes.subarray(at, at + 48).toHex(),
  ]);
  const documents = ["--tcb-info", "td/tcb_info.json", "--qe-identity", "td/qe_identity.json"];
  const chains = ["--tcb-chain", "td/tcb_chain.pem", "--pck-crl-chain", "td/pck_crl_chain.pem"];
  const lists = ["--pck-crl", "td/pck_crl.pem", "--root-crl", "td/root_crl.pem"];
  const files = [...documents, ...chains, ...lists, "--lab-root", "td/lab-root.pem"];
  const wanted = ["--nonce", NONCE, ...pins, "-o", "json"];
  return await casemate("evidence", "verify", "tdx", "--quote", quote, ...files, ...wanted);
}

/** Verifies a TPM's quote with all that was minted beside it, as JSON; its pins are the registers that were minted. */
async function verifyTpm({ casemate, folder }: Files, quote: string): Promise<Outcome> {
  const { sha256 } = readJson(await Deno.readTextFile(`${folder}/tpm/pcrs.json`));
  const values = isRecord(sha256) ? sha256 : {};
  const pins = ["4", "11"].flatMap((
    register,
  ) => ["--pcr", `sha256:${register}=${values[register]}`]);
  const signed = ["--tpm-quote-sig", "tpm/quote.sig", "--ak-pub", "tpm/ak.pub"];
  const measured = ["--pcrs", "tpm/pcrs.json", "--event-log", "tpm/eventlog.bin"];
  const chain = ["--ak-cert", "tpm/ak-cert.pem", "--ak-cert-issuer", "tpm/ak-issuer.pem"];
  const lists = ["--ak-cert-crl", "tpm/ak-crl.pem", "--ak-cert-crl", "tpm/root-crl.pem"];
  const files = [...signed, ...measured, ...chain, ...lists, "--lab-root", "tpm/lab-root.pem"];
  const wanted = ["--nonce", NONCE, ...pins, "-o", "json"];
  return await casemate("evidence", "verify", "tpm", "--tpm-quote-msg", quote, ...files, ...wanted);
}

/** Verifies an envelope by the command line that was printed for the minted one, as JSON. */
async function verifyEnvelope(
  { casemate, folder }: Files,
  envelope: string,
): Promise<Outcome> {
  const line = await Deno.readTextFile(`${folder}/verify.txt`);
  const words = line.replaceAll("\\\n", " ").split(/\s+/).filter((word) => word !== "");
  const args = words.map((word) => word === "node/envelope.json" ? envelope : word);
  return await casemate(...args, "-o", "json");
}

/** Text in base64url without padding, as envelopes have it. */
function encodedText(text: string): string {
  return new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
}

function readJson(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  assert(isRecord(value), "the answer is no object");
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
