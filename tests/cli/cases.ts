/**
 * Command lines and what comes of them, as data.
 *
 * @module
 */

/** One command line. */
export interface Case {
  /** What is shown by it. */
  readonly name: string;
  /** Words after `casemate`; see `evidence_files.ts`. */
  readonly line: string;
  /** Exit code. */
  readonly exit: number;
  /** What standard output holds. */
  readonly out?: readonly string[];
  /** What standard error holds. */
  readonly err?: readonly string[];
  /** What neither of them holds. */
  readonly never?: readonly string[];
}

/** Verdicts and their exit codes. */
export const VERDICTS: readonly Case[] = [
  {
    name: "lab-trusted ends with 0",
    line: "evidence verify snp @files @pin",
    exit: 0,
    out: [
      "LAB-TRUSTED\n",
      "weakest root  lab",
      "Chain of trust",
      "✔ Root",
      "ARK-Genoa",
      "✔ Launch measurement",
      "On real hardware this would prove",
      "This does not prove",
      "proves nothing about any machine",
    ],
    never: ["✘"],
  },
  {
    name: "DER is told from PEM by content",
    line:
      "evidence verify snp --report report.bin --leaf leaf.der --chain-ask-ark chain.der --crl crl.der --lab-root lab-root.pem @pin",
    exit: 0,
    out: ["LAB-TRUSTED"],
  },
  {
    name: "a policy file pins the measurement",
    line: "evidence verify snp @files @nonce --policy policy.yaml",
    exit: 0,
    out: ["LAB-TRUSTED"],
  },
  {
    name: "another measurement ends with 3, shown under each other",
    line: `evidence verify snp @files @nonce --measurement ${"ab".repeat(48)}`,
    exit: 3,
    out: [
      "REJECTED\n",
      "✘ Launch measurement",
      "expected  abab",
      "actual",
      "byte 0 is the first that differs",
      "snp.measurement_mismatch",
      "do        Compare image",
    ],
    never: ["This proves", "would prove"],
  },
  {
    name: "another nonce ends with 3",
    line: `evidence verify snp @files --nonce 5f1e00a2 --policy policy.yaml`,
    exit: 3,
    out: ["REJECTED", "byte 3 is the first that differs", "snp.report_data_mismatch"],
  },
  {
    name: "a bent report ends with 3",
    line: "evidence verify snp --report bent.bin @rest @pin",
    exit: 3,
    out: [
      "REJECTED",
      "snp.signature_mismatch",
      "✘ Report signature",
      "What the files seem to be",
      "--report",
    ],
  },
  {
    name: "a guest that can be debugged ends with 3",
    line:
      "evidence verify snp --report debug.bin --leaf debug-leaf.pem --chain-ask-ark chain.pem --crl crl.pem --lab-root lab-root.pem @pin",
    exit: 3,
    out: ["REJECTED", "snp.debug_allowed"],
  },
  {
    name: "another chip's leaf ends with 3",
    line:
      "evidence verify snp --report report.bin --leaf other-leaf.pem --chain-ask-ark chain.pem --crl crl.pem --lab-root lab-root.pem @pin",
    exit: 3,
    out: ["REJECTED", "snp."],
  },
  {
    name: "lab evidence without --lab-root ends with 3",
    line:
      "evidence verify snp --report report.bin --leaf leaf.pem --chain-ask-ark chain.pem --crl crl.pem @pin",
    exit: 3,
    out: ["REJECTED", "--lab-root"],
  },
  {
    name: "a moment before the certificates ends with 3",
    line:
      "evidence verify snp --report report.bin --leaf leaf.pem --chain-ask-ark chain.pem --lab-root lab-root.pem @pin --at 2001-01-01",
    exit: 3,
    out: ["REJECTED", "snp.certificate_not_yet_valid", "judged for    2001-01-01T00:00:00.000Z"],
  },
  {
    name: "no revocation list ends with 4",
    line:
      "evidence verify snp --report report.bin --leaf leaf.pem --chain-ask-ark chain.pem --lab-root lab-root.pem @pin",
    exit: 4,
    out: ["UNAVAILABLE", "○ Not revoked: not checked", "snp.crl_missing", "--crl"],
  },
  {
    name: "no measurement ends with 6",
    line: "evidence verify snp @files @nonce",
    exit: 6,
    out: ["PLATFORM ONLY", "snp.measurement_not_pinned", "--measurement"],
    never: ["This proves"],
  },
  {
    name: "no question ends with 6",
    line: "evidence verify snp @files --no-freshness --policy policy.yaml",
    exit: 6,
    out: ["PLATFORM ONLY", "freshness.not_checked"],
  },
  {
    name: "crypto-only ends with 0 and is no verdict",
    line: "evidence verify snp @files --profile crypto-only",
    exit: 0,
    out: ["GENUINE\n", "nothing else was examined"],
    never: ["TRUSTED", "This proves"],
  },
  {
    name: "crypto-only without list says that revocation was not checked",
    line:
      "evidence verify snp --report report.bin --leaf leaf.pem --chain-ask-ark chain.pem --lab-root lab-root.pem --profile crypto-only",
    exit: 0,
    out: ["GENUINE", "Not checked\n  ○ Not revoked"],
  },
  {
    name: "crypto-only of a bent report ends with 3",
    line: "evidence verify snp --report bent.bin @rest --profile crypto-only",
    exit: 3,
    out: ["NOT GENUINE", "snp.signature_mismatch"],
  },
  {
    name: "the portable engine comes to the same",
    line: "evidence verify snp @files @pin --engine portable",
    exit: 0,
    out: ["LAB-TRUSTED"],
    never: ["engines"],
  },
  {
    name: "the portable engine refuses a bent report",
    line: "evidence verify snp --report bent.bin @rest @pin --engine portable",
    exit: 3,
    out: ["REJECTED", "snp.signature_mismatch"],
  },
  {
    name: "both engines are told to agree",
    line: "evidence verify snp @files @pin --engine both",
    exit: 0,
    out: ["LAB-TRUSTED", "✔ Both engines agree", "the same from wasm and portable"],
  },
  {
    name: "both engines refuse a bent report",
    line: "evidence verify snp --report bent.bin @rest @pin --engine both",
    exit: 3,
    out: ["REJECTED", "snp.signature_mismatch"],
    never: ["engine.disagreement"],
  },
  {
    name: "standard input is a file",
    line: "evidence verify snp --report - @rest @pin",
    exit: 0,
    out: ["LAB-TRUSTED"],
  },
  {
    name: "--vmpl accepts another level",
    line: "evidence verify snp @files @pin --vmpl 1 --vmpl 2",
    exit: 3,
    out: ["snp.vmpl", "VMPL 1 or 2"],
  },
];

/** Flags that are wrong. All end with 2 and name the flag. */
export const FLAG_ERRORS: readonly Case[] = [
  {
    name: "no files at all",
    line: "evidence verify snp @pin",
    exit: 2,
    err: ["--report (", "--leaf (", "--chain-ask-ark (", "input.missing"],
  },
  {
    name: "no question",
    line: "evidence verify snp @files",
    exit: 2,
    err: ["--nonce", "--report-data", "--no-freshness", "input.missing", "may be old"],
  },
  {
    name: "two questions",
    line: `evidence verify snp @files @nonce --report-data ${"00".repeat(64)}`,
    exit: 2,
    err: ["--report-data and --nonce", "input.conflict"],
  },
  {
    name: "a question and none",
    line: "evidence verify snp @files @nonce --no-freshness",
    exit: 2,
    err: ["--nonce and --no-freshness", "input.conflict"],
  },
  {
    name: "an empty nonce",
    line: "evidence verify snp @files --nonce=",
    exit: 2,
    err: ["--nonce", "got nothing", "input.value"],
  },
  {
    name: "a nonce that is no hex",
    line: "evidence verify snp @files --nonce xyz",
    exit: 2,
    err: ["--nonce", "not hex", "input.value"],
  },
  {
    name: "an odd nonce",
    line: "evidence verify snp @files --nonce abc",
    exit: 2,
    err: ["--nonce", "odd number", "input.value"],
  },
  {
    name: "a long nonce",
    line: `evidence verify snp @files --nonce ${"00".repeat(65)}`,
    exit: 2,
    err: ["--nonce", "65 bytes", "input.value"],
  },
  {
    name: "short report data",
    line: "evidence verify snp @files --report-data 00",
    exit: 2,
    err: ["--report-data", "64 bytes", "input.value"],
  },
  {
    name: "an empty measurement",
    line: "evidence verify snp @files @nonce --measurement=",
    exit: 2,
    err: ["--measurement", "48 bytes", "input.value"],
  },
  {
    name: "a short measurement",
    line: "evidence verify snp @files @nonce --measurement 00ff",
    exit: 2,
    err: ["--measurement", "48 bytes", "input.value"],
  },
  {
    name: "a level that does not exist",
    line: "evidence verify snp @files @pin --vmpl 4",
    exit: 2,
    err: ["--vmpl", "input.value"],
  },
  {
    name: "a level that is no number",
    line: "evidence verify snp @files @pin --vmpl zero",
    exit: 2,
    err: ["--vmpl", "input.value"],
  },
  {
    name: "a time without zone",
    line: "evidence verify snp @files @pin --at 2026-11-21T08:00",
    exit: 2,
    err: ["--at", "input.value"],
  },
  {
    name: "a day that does not exist",
    line: "evidence verify snp @files @pin --at 2026-02-30",
    exit: 2,
    err: ["--at", "input.value"],
  },
  {
    name: "an unknown profile",
    line: "evidence verify snp @files @pin --profile cryptoonly",
    exit: 2,
    err: ["--profile", "did you mean crypto-only?", "input.value"],
  },
  {
    name: "an unknown engine",
    line: "evidence verify snp @files @pin --engine portible",
    exit: 2,
    err: ["--engine", "did you mean portable?", "input.value"],
  },
  {
    name: "an unknown form of the answer",
    line: "evidence verify snp @files @pin -o xml",
    exit: 2,
    err: ["--output", "text or json", "input.value"],
  },
  {
    name: "a flag twice",
    line: "evidence verify snp @files @pin --report bent.bin",
    exit: 2,
    err: ["--report twice", "input.conflict"],
  },
  {
    name: "a flag without value at the end",
    line: "evidence verify snp @rest @pin --report",
    exit: 2,
    err: ["--report", "a value is missing", "input.missing"],
  },
  {
    name: "a flag without value before another",
    line: "evidence verify snp --report @rest @pin",
    exit: 2,
    err: ["--report", "a value is missing", "--leaf", "input.missing"],
  },
  {
    name: "an unknown flag",
    line: "evidence verify snp @files @pin --mesurement 00",
    exit: 2,
    err: ["--mesurement", "did you mean --measurement?", "input.unknown"],
  },
  {
    name: "a flag that is like none",
    line: "evidence verify snp @files @pin --zzzzzzzz 00",
    exit: 2,
    err: ["--zzzzzzzz", "--help lists them", "input.unknown"],
  },
  {
    name: "an unknown command",
    line: "evidnce show x",
    exit: 2,
    err: ["did you mean evidence?", "input.unknown"],
  },
  {
    name: "an unknown technology",
    line: "evidence verify snpp",
    exit: 2,
    err: ["did you mean snp?", "input.unknown"],
  },
  {
    name: "misspelt command where another runs by default",
    line: "node stat",
    exit: 2,
    err: ["casemate node has no command stat", "did you mean", "status?", "input.unknown"],
  },
  {
    name: "word that is no command where another runs by default",
    line: "node zzzzzz",
    exit: 2,
    err: ["casemate node has no command zzzzzz", "lists them", "input.unknown"],
  },
  {
    name: "word behind the command that runs by default",
    line: "node run zzzzzz",
    exit: 2,
    err: ["Cannot run casemate node run with", "nothing is taken there", "input.unknown"],
  },
  { name: "a group alone", line: "evidence", exit: 2, err: ["show, verify", "input.missing"] },
  { name: "an argument too many", line: "version now", exit: 2, err: ['"now"', "input.unknown"] },
  { name: "a missing argument", line: "evidence show", exit: 2, err: ["FILE", "input.missing"] },
  {
    name: "standard input for two flags",
    line: "evidence verify snp --report - --leaf - --chain-ask-ark chain.pem @pin",
    exit: 2,
    err: ["--report and --leaf", "input.conflict"],
  },
  {
    name: "a flag and the policy file",
    line: "evidence verify snp @files @pin --policy policy.yaml",
    exit: 2,
    err: ["--measurement", "sev-snp.measurements", "--policy", "input.conflict"],
  },
  {
    name: "another flag and the policy file",
    line: "evidence verify snp @files @pin --vmpl 0 --policy vmpl.yaml",
    exit: 2,
    err: ["--vmpl", "sev-snp.vmpl", "input.conflict"],
  },
  {
    name: "a lab root and a policy that forbids labs",
    line: "evidence verify snp @files @pin --policy no-lab.yaml",
    exit: 2,
    err: ["--lab-root", "allowLab: false", "input.conflict"],
  },
  {
    name: "a policy with an unknown key",
    line: "evidence verify snp @files @nonce --policy typo.yaml",
    exit: 2,
    err: ["typo.yaml", "measurments", "measurements", "--policy", "policy.unknown_key"],
  },
  {
    name: "a policy that is no YAML",
    line: "evidence verify snp @files @nonce --policy broken.yaml",
    exit: 2,
    err: ["broken.yaml", "line", "--policy", "policy.syntax"],
  },
  {
    name: "a policy of another version",
    line: "evidence verify snp @files @nonce --policy future.yaml",
    exit: 2,
    err: ["future.yaml", "--policy", "policy.version"],
  },
  {
    name: "a policy that is not there",
    line: "evidence verify snp @files @nonce --policy nowhere.yaml",
    exit: 2,
    err: ["nowhere.yaml", "--policy", "input.unreadable"],
  },
  {
    name: "an unknown shell",
    line: "completions bsh",
    exit: 2,
    err: ["did you mean bash?", "input.unknown"],
  },
  {
    name: "an unknown code",
    line: "codes snp.revokd",
    exit: 2,
    err: ["did you mean snp.revoked?", "input.unknown"],
  },
  {
    name: "lab mint without folder",
    line: "lab mint snp @nonce",
    exit: 2,
    err: ["--out", "input.missing"],
  },
  {
    name: "lab mint without question",
    line: "lab mint snp --out new",
    exit: 2,
    err: ["--nonce or --report-data", "input.missing"],
  },
  {
    name: "lab mint with two questions",
    line: `lab mint snp --out new @nonce --report-data ${"00".repeat(64)}`,
    exit: 2,
    err: ["--nonce and --report-data", "input.conflict"],
  },
  {
    name: "lab mint with an unknown line",
    line: "lab mint snp --out new @nonce --line Rome",
    exit: 2,
    err: ["--line", "Milan or Genoa or Turin", "input.value"],
  },
  {
    name: "lab mint with another line than its keys",
    line: "lab mint snp --out new @nonce --line Milan --authority lab-authority.json",
    exit: 2,
    err: ["--line, --authority", "Genoa", "input.conflict"],
  },
  {
    name: "lab mint with a level that does not exist",
    line: "lab mint snp --out new @nonce --vmpl 9",
    exit: 2,
    err: ["--vmpl", "input.value"],
  },
  {
    name: "lab mint with a short measurement",
    line: "lab mint snp --out new @nonce --measurement 00",
    exit: 2,
    err: ["--measurement", "48 bytes", "input.value"],
  },
  {
    name: "lab mint with keys that are none",
    line: "lab mint snp --out new @nonce --authority notes.txt",
    exit: 2,
    err: ["notes.txt", "--authority", "input.encoding"],
  },
  {
    name: "lab mint over an existing folder",
    line: "lab mint snp --out old @nonce --authority lab-authority.json",
    exit: 2,
    err: ["--out", "input.unwritable"],
  },
];

/** Files that are wrong: each in every place where it can stand. */
export const FILE_ERRORS: readonly Case[] = [
  {
    name: "no report file",
    line: "evidence verify snp --report nowhere @rest @pin",
    exit: 2,
    err: ["nowhere", "--report", "input.unreadable"],
  },
  {
    name: "a folder",
    line: "evidence verify snp --report folder @rest @pin",
    exit: 2,
    err: ["folder", "--report", "input.unreadable"],
  },
  {
    name: "a file without permission",
    line: "evidence verify snp --report locked.bin @rest @pin",
    exit: 2,
    err: ["permission denied", "--report", "input.unreadable"],
  },
  {
    name: "an empty report",
    line: "evidence verify snp --report empty.bin @rest @pin",
    exit: 2,
    err: ["empty.bin", "--report", "input.empty"],
  },
  {
    name: "an empty leaf",
    line: "evidence verify snp --report report.bin --leaf empty.bin --chain-ask-ark chain.pem @pin",
    exit: 2,
    err: ["--leaf", "input.empty"],
  },
  {
    name: "an empty list",
    line: "evidence verify snp @files --crl empty.bin @pin",
    exit: 2,
    err: ["--crl", "input.empty"],
  },
  {
    name: "an empty lab root",
    line: "evidence verify snp @files --lab-root empty.bin @pin",
    exit: 2,
    err: ["--lab-root", "input.empty"],
  },
  {
    name: "a huge report",
    line: "evidence verify snp --report huge.bin @rest @pin",
    exit: 2,
    err: ["huge.bin", "--report", "input.too_large"],
  },
  {
    name: "a huge leaf",
    line: "evidence verify snp --report report.bin --leaf huge.bin --chain-ask-ark chain.pem @pin",
    exit: 2,
    err: ["--leaf", "input.too_large"],
  },
  {
    name: "a report in hex",
    line: "evidence verify snp --report hex.txt @rest @pin",
    exit: 2,
    err: ["--report", "hex", "input.encoding"],
  },
  {
    name: "a text as report",
    line: "evidence verify snp --report notes.txt @rest @pin",
    exit: 2,
    err: ["--report", "input.encoding"],
  },
  {
    name: "a PEM leaf as report",
    line: "evidence verify snp --report leaf.pem @rest @pin",
    exit: 2,
    err: ["--report", "VCEK", "--leaf", "input.wrong_kind"],
  },
  {
    name: "a PEM chain as report",
    line: "evidence verify snp --report chain.pem @rest @pin",
    exit: 2,
    err: ["--report", "certificate", "input.wrong_kind"],
  },
  {
    name: "a DER list as report",
    line: "evidence verify snp --report crl.der @rest @pin",
    exit: 2,
    err: ["--report", "revocation list", "input.wrong_kind"],
  },
  {
    name: "a report as leaf",
    line:
      "evidence verify snp --report report.bin --leaf report.bin --chain-ask-ark chain.pem @pin",
    exit: 2,
    err: ["--leaf", "attestation report", "--report", "input.wrong_kind"],
  },
  {
    name: "a list as leaf",
    line: "evidence verify snp --report report.bin --leaf crl.pem --chain-ask-ark chain.pem @pin",
    exit: 2,
    err: ["--leaf", "revocation list", "input.wrong_kind"],
  },
  {
    name: "a leaf as chain",
    line: "evidence verify snp --report report.bin --leaf leaf.pem --chain-ask-ark leaf.pem @pin",
    exit: 2,
    err: ["--chain-ask-ark", "VCEK", "input.wrong_kind"],
  },
  {
    name: "a chain as list",
    line:
      "evidence verify snp --report report.bin --leaf leaf.pem --chain-ask-ark chain.pem --crl chain.pem --lab-root lab-root.pem @pin",
    exit: 2,
    err: ["--crl", "certificate", "input.wrong_kind"],
  },
  {
    name: "a report as lab root",
    line:
      "evidence verify snp --report report.bin --leaf leaf.pem --chain-ask-ark chain.pem --crl crl.pem --lab-root report.bin @pin",
    exit: 2,
    err: ["--lab-root", "input."],
  },
  {
    name: "a text as leaf",
    line: "evidence verify snp --report report.bin --leaf notes.txt --chain-ask-ark chain.pem @pin",
    exit: 2,
    err: ["--leaf", "notes.txt", "input.encoding"],
  },
  {
    name: "noise as chain",
    line: "evidence verify snp --report report.bin --leaf leaf.pem --chain-ask-ark noise.bin @pin",
    exit: 2,
    err: ["--chain-ask-ark", "noise.bin", "input.encoding"],
  },
  {
    name: "a PEM that was cut",
    line: "evidence verify snp --report report.bin --leaf cut.pem --chain-ask-ark chain.pem @pin",
    exit: 2,
    err: ["--leaf", "cut.pem", "input.encoding"],
  },
  {
    name: "show of nothing",
    line: "evidence show nowhere",
    exit: 2,
    err: ["nowhere", "FILE", "input.unreadable"],
  },
  {
    name: "show of an empty file",
    line: "evidence show empty.bin",
    exit: 2,
    err: ["empty.bin", "input.empty"],
  },
  {
    name: "show of a huge file",
    line: "evidence show huge.bin",
    exit: 2,
    err: ["huge.bin", "input.too_large"],
  },
  {
    name: "show of noise",
    line: "evidence show noise.bin",
    exit: 2,
    err: ["700 bytes of no known kind", "casemate evidence verify", "X.509", "input.wrong_kind"],
  },
  {
    name: "show of a text",
    line: "evidence show notes.txt",
    exit: 2,
    err: ["Dear reader", "input.wrong_kind"],
  },
  {
    name: "show of a report in hex",
    line: "evidence show hex.txt",
    exit: 2,
    err: ["1184 bytes written in hex", "input.wrong_kind"],
  },
  {
    name: "show of a report that was cut",
    line: "evidence show short.bin",
    exit: 3,
    err: ["short.bin", "snp.report_length", "1183"],
  },
];

/** Damaged evidence is examined and refused: a verdict, with the file to look at. */
export const DAMAGED: readonly Case[] = [
  {
    name: "a report that was cut",
    line: "evidence verify snp --report short.bin @rest @pin",
    exit: 3,
    out: ["REJECTED", "snp.report_length", "1183", "--report", "short.bin: damaged"],
  },
  {
    name: "a report with bytes behind it",
    line: "evidence verify snp --report long.bin @rest @pin",
    exit: 3,
    out: ["REJECTED", "snp.report_length", "1185", "long.bin: damaged"],
  },
  {
    name: "noise as report",
    line: "evidence verify snp --report noise.bin @rest @pin",
    exit: 3,
    out: ["REJECTED", "snp.report_length", "noise.bin: 700 bytes of no known kind"],
  },
];

/** What is not an error. */
export const ANSWERS: readonly Case[] = [
  {
    name: "help",
    line: "--help",
    exit: 0,
    out: ["Usage: casemate", "Examples:", "Exit codes:", "platform only"],
  },
  {
    name: "nothing at all gives the same help",
    line: "",
    exit: 0,
    out: ["Usage: casemate", "Exit codes:"],
  },
  {
    name: "help of verification",
    line: "evidence verify snp --help",
    exit: 0,
    out: [
      "--report <FILE>",
      "--chain-ask-ark <FILE>",
      "--no-freshness",
      "--lab-root <FILE>",
      "Examples:",
    ],
  },
  { name: "version", line: "version", exit: 0, out: ["casemate 1.2.3 (dev build, test 1)"] },
  {
    name: "version in JSON",
    line: "version -o json",
    exit: 0,
    out: ['"version": "1.2.3"', '"build": "dev build"'],
  },
  { name: "the short way to the version", line: "--version", exit: 0, out: ["1.2.3"] },
  {
    name: "a code",
    line: "codes snp.revoked",
    exit: 0,
    out: ["AMD revoked", "Do not trust this machine", "3 (rejected)"],
  },
  {
    name: "all codes",
    line: "codes",
    exit: 0,
    out: ["input.empty", "snp.revoked", "engine.failed", "bug"],
  },
  {
    name: "a code in JSON",
    line: "codes input.empty -o json",
    exit: 0,
    out: ['"exitCode": 2', '"remedy":'],
  },
  {
    name: "show of a report",
    line: "evidence show report.bin",
    exit: 0,
    out: [
      "AMD SEV-SNP attestation report, version 5 (not verified)",
      "casemate evidence verify snp --report FILE",
      "MEASUREMENT",
      "SINGLE_SOCKET",
      "any number of sockets",
    ],
  },
  {
    name: "show of a leaf",
    line: "evidence show leaf.pem",
    exit: 0,
    out: ["AMD VCEK", "lab mark", "hwID"],
  },
  {
    name: "show of a chain",
    line: "evidence show chain.pem",
    exit: 0,
    out: ["2 X.509 certificates", "ARK-Genoa"],
  },
  {
    name: "show of a list",
    line: "evidence show crl.der",
    exit: 0,
    out: ["1 revocation list", "next due"],
  },
  { name: "show of standard input", line: "evidence show -", exit: 0, out: ["attestation report"] },
  {
    name: "show in JSON",
    line: "evidence show report.bin -o json",
    exit: 0,
    out: ['"kind": "snp-report"', '"usedBy": "casemate evidence verify snp --report"'],
  },
];
