/**
 * Files that the command lines of these tests name: lab evidence, whole and bent.
 *
 * @module
 */

import { concat, fromHex, toHex } from "../../src/core/bytes.ts";
import { InputError } from "../../src/core/errors.ts";
import { exportAmdAuthority, labName, type MintedSnp, mintSnp } from "../../src/lab/mod.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import type { FakeFile } from "./fake_host.ts";
import { TDX_FILES, TDX_WORDS } from "./tdx_files.ts";
import { TPM_FILES, TPM_WORDS } from "./tpm_files.ts";

/** Nonce that the evidence answers. */
export const NONCE = "5f1e00a1";

const authority = await labAuthority();

/** Whole evidence. */
export const minted: MintedSnp = await mintSnp(authority, {
  now: NOW,
  hwid: new Uint8Array(64).fill(0xc5),
  reportData: fromHex(NONCE),
});

/** Its measurement, hex. */
export const MEASUREMENT: string = toHex(minted.measurement);

const debuggable = await mintSnp(authority, {
  now: NOW,
  reportData: fromHex(NONCE),
  bends: { report: (fields) => ({ ...fields, policy: fields.policy | (1n << 19n) }) },
});

/** The leaf of another chip. */
const other = await mintSnp(authority, { now: NOW, hwid: new Uint8Array(64).fill(7) });

/** A leaf whose subject would repaint a terminal that took it as it is. */
const painted = await mintSnp(authority, {
  now: NOW,
  bends: { leaf: (fields) => ({ ...fields, subject: labName("\x1b[2J\x1b[32mTRUSTED\u202e") }) },
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => i === at ? byte ^ 1 : byte);
}

/** Offset of MEASUREMENT (AMD 56860 Table 23). */
const MEASUREMENT_AT = 0x90;

/** Content by path. */
export const FILES: Readonly<Record<string, FakeFile>> = {
  "report.bin": minted.report,
  "old/report.bin": minted.report,
  "leaf.pem": minted.leaf,
  "leaf.der": minted.der.leaf,
  "chain.pem": minted.chain,
  "chain.der": concat(minted.der.intermediate, minted.der.ark),
  "crl.pem": minted.crl,
  "crl.der": minted.der.crl,
  "lab-root.pem": minted.root,
  "lab-authority.json": JSON.stringify(exportAmdAuthority(authority)),
  "debug.bin": debuggable.report,
  "debug-leaf.pem": debuggable.leaf,
  "other-leaf.pem": other.leaf,
  "painted-leaf.pem": painted.leaf,
  "bent.bin": flipped(minted.report, MEASUREMENT_AT + 20),
  "short.bin": minted.report.subarray(0, 1183),
  "long.bin": concat(minted.report, Uint8Array.of(0)),
  "huge.bin": new Uint8Array(5 * 1024 * 1024),
  "empty.bin": new Uint8Array(),
  "hex.txt": `${toHex(minted.report)}\n`,
  "noise.bin": Uint8Array.from({ length: 700 }, (_, i) => (i * 151 + 7) % 251),
  "notes.txt": "Dear reader, this is no evidence at all.\n",
  "cut.pem": minted.leaf.slice(0, 400),
  "folder": new InputError("Cannot read folder: it is a folder", {
    code: "input.unreadable",
    fields: { file: "folder" },
  }),
  "locked.bin": new InputError("Cannot read locked.bin: permission denied", {
    code: "input.unreadable",
    fields: { file: "locked.bin" },
  }),
  "policy.yaml": `version: 1\nsev-snp:\n  measurements: ["${MEASUREMENT}"]\n`,
  "vmpl.yaml": "version: 1\nsev-snp: {vmpl: [0]}\n",
  "no-crl.yaml": "version: 1\nsev-snp: {revocation: if-given}\n",
  "no-lab.yaml": "version: 1\nallowLab: false\n",
  "typo.yaml": "version: 1\nsev-snp: {measurments: []}\n",
  "broken.yaml": "version: 1\n  sev-snp: [\n",
  "future.yaml": "version: 2\n",
  ...TDX_FILES,
  ...TPM_FILES,
};

/** Words that stand for several in a command line. */
export const WORDS: Readonly<Record<string, string>> = {
  "@files":
    "--report report.bin --leaf leaf.pem --chain-ask-ark chain.pem --crl crl.pem --lab-root lab-root.pem",
  "@rest": "--leaf leaf.pem --chain-ask-ark chain.pem --crl crl.pem --lab-root lab-root.pem",
  "@pin": `--nonce ${NONCE} --measurement ${MEASUREMENT}`,
  "@nonce": `--nonce ${NONCE}`,
  ...TDX_WORDS,
  ...TPM_WORDS,
};

/**
 * A command line as arguments.
 *
 * @param line Words between spaces; those of {@linkcode WORDS} stand for several.
 */
export function toArguments(line: string): readonly string[] {
  return line.split(" ").flatMap((word) => (WORDS[word] ?? word).split(" "));
}
