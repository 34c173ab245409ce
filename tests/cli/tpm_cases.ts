/**
 * Command lines about TPMs and what comes of them, as data.
 *
 * @module
 */

import type { Case } from "./cases.ts";

/** Verdicts and their exit codes. */
export const TPM_VERDICTS: readonly Case[] = [
  {
    name: "lab-trusted TPM ends with 0",
    line: "evidence verify tpm @quote @log @cert @registers",
    exit: 0,
    out: [
      "LAB-TRUSTED\n",
      "weakest root    lab",
      "✔ Root  TPM Root CA",
      "✔ Chain  TPM Issuing CA",
      "✔ Restricted, and bound to its TPM",
      "✔ Answers this question",
      "✔ PCR 4 (sha256)",
      "✔ Event log leads to the registers",
      "On real hardware this would prove",
      "Secure Boot was on, by the firmware's word",
      "that memory is encrypted or kept from the host",
      "proves nothing about any machine",
    ],
    never: ["✘", "Report data"],
  },
  ...["boot-cel.json", "boot-cel.tlv"].map((log): Case => ({
    name: `the log as ${log} says the same`,
    line: `evidence verify tpm @quote --event-log ${log} @cert @registers`,
    exit: 0,
    out: ["LAB-TRUSTED", "✔ Event log leads to the registers", "✔ Secure Boot"],
  })),
  {
    name: "a quote with its size before it is the same quote",
    line: "evidence verify tpm --tpm-quote-msg quote-sized.msg @sig @ak @pcrs @cert @registers",
    exit: 0,
    out: ["LAB-TRUSTED"],
  },
  {
    name: "without a log nothing is said of events",
    line: "evidence verify tpm @quote @cert @registers",
    exit: 0,
    out: [
      "LAB-TRUSTED",
      "○ Event log well formed",
      "- what was measured, event by event",
      "- that Secure Boot was on",
    ],
    never: ["+ the event log led", "+ Secure Boot"],
  },
  {
    name: "a policy file pins registers",
    line: "evidence verify tpm @quote @cert --nonce 5f1e00a1 --policy tpm.yaml",
    exit: 0,
    out: ["LAB-TRUSTED", "✔ PCR 11 (sha256)"],
  },
  {
    name: "a policy of everything that can be pinned",
    line: "evidence verify tpm @quote @log @cert --nonce 5f1e00a1 --policy tpm-strict.yaml",
    exit: 0,
    out: [
      "LAB-TRUSTED",
      "✔ Name of the key",
      "✔ Registers as asked for",
      "✔ Boot",
      "✔ Firmware of the TPM",
    ],
  },
  {
    name: "an enrolled Name and the selection as flags",
    line:
      "evidence verify tpm @quote @cert @registers @name --pcr-selection sha256:0,1,2,3,4,5,6,7,8,9,11,12,13,14",
    exit: 0,
    out: ["LAB-TRUSTED", "✔ Name of the key", "✔ Registers as asked for"],
  },
  {
    name: "an operator's own root that the policy does not accept ends with 6",
    line: "evidence verify tpm @quote @log @vendor --ak-cert-root vendor-root.pem @registers",
    exit: 6,
    out: [
      "PLATFORM ONLY",
      "weakest root    provider",
      "✘ Root of trust",
      "trust.root_not_accepted",
      "acceptRoots",
    ],
    never: ["This proves"],
  },
  {
    name: "an operator's own root that the policy accepts ends with 0",
    line:
      "evidence verify tpm @quote @log @vendor --ak-cert-root vendor-root.pem @registers --policy tpm-provider.yaml",
    exit: 0,
    out: [
      "TRUSTED\n",
      "weakest root    provider",
      "if who certified the key tells the truth",
      "This proves",
    ],
    never: ["LAB-TRUSTED", "Lab evidence"],
  },
  {
    name: "no certificate: nobody vouches for the key, which ends with 6",
    line: "evidence verify tpm @quote @registers",
    exit: 6,
    out: ["PLATFORM ONLY", "weakest root    none", "actual    none", "no certificate was given"],
    never: ["This proves"],
  },
  {
    name: "no certificate under a policy that accepts it claims no TPM",
    line: "evidence verify tpm @quote @registers --policy tpm-none.yaml",
    exit: 0,
    out: [
      "TRUSTED\n",
      "rooted in nothing that can be believed",
      "- that a TPM made this quote: nobody whom you believe certifies the key",
    ],
    never: ["+ a TPM's attestation key"],
  },
  {
    name: "a bare key says nothing of its attributes, which ends with 6",
    line: "evidence verify tpm @msg @sig --ak-pub ak.pem @pcrs @registers",
    exit: 6,
    out: ["PLATFORM ONLY", "tpm.attributes_not_shown", "only the bare key was given"],
  },
  {
    name: "nothing that says what runs ends with 6",
    line: "evidence verify tpm @quote @log @cert @nonce",
    exit: 6,
    out: ["PLATFORM ONLY", "PCR 4, 11 not pinned", "tpm.registers_not_pinned", "--pcr"],
  },
  {
    name: "half of what says what runs ends with 6",
    line: "evidence verify tpm @quote @log @cert @nonce @pcr4",
    exit: 6,
    out: ["PLATFORM ONLY", "✔ PCR 4 (sha256)", "PCR 11 not pinned", "tpm.registers_not_pinned"],
  },
  {
    name: "no question to a TPM ends with 6",
    line: "evidence verify tpm @quote @log @cert --no-freshness --policy tpm.yaml",
    exit: 6,
    out: ["PLATFORM ONLY", "freshness.not_checked"],
  },
  {
    name: "another nonce for a TPM ends with 3",
    line: "evidence verify tpm @quote @log @cert --nonce 5f1e00a2 --policy tpm.yaml",
    exit: 3,
    out: [
      "REJECTED",
      "✘ Answers this question",
      "expected  5f1e00a2",
      "actual    5f1e00a1",
      "tpm.qualifying_data_mismatch",
    ],
    never: ["This proves", "would prove"],
  },
  {
    name: "a nonce with a zero more is another nonce",
    line: "evidence verify tpm @quote @log @cert --nonce 5f1e00a100 --policy tpm.yaml",
    exit: 3,
    out: ["REJECTED", "tpm.qualifying_data_mismatch"],
  },
  {
    name: "another image ends with 3",
    line: `evidence verify tpm @quote @cert @nonce @pcr4 --pcr sha256:11=${"ab".repeat(32)}`,
    exit: 3,
    out: [
      "REJECTED",
      "✘ PCR 11 (sha256)",
      "byte 0 is the first that differs",
      "tpm.register_mismatch",
    ],
  },
  {
    name: "another enrolled Name ends with 3",
    line: `evidence verify tpm @quote @cert @registers --ak-name 000b${"ab".repeat(32)}`,
    exit: 3,
    out: ["REJECTED", "✘ Name of the key", "tpm.ak_name_mismatch"],
  },
  {
    name: "another boot than the one that was enrolled ends with 3",
    line: "evidence verify tpm @quote @cert @registers --policy tpm-boot.yaml",
    exit: 3,
    out: ["REJECTED", "✘ Boot", "expected  reset 8", "tpm.reset_mismatch"],
  },
  {
    name: "the log of another boot ends with 3, and says which registers",
    line: "evidence verify tpm @quote --event-log boot-later.log @cert @registers",
    exit: 3,
    out: [
      "REJECTED",
      "✘ Event log leads to the registers",
      "not PCR 4, 11 (sha256)",
      "logs.replay_mismatch",
    ],
  },
  {
    name: "a log that lacks an event ends with 3",
    line: "evidence verify tpm @quote --event-log boot-short.log @cert @registers",
    exit: 3,
    out: ["REJECTED", "not PCR 5 (sha256)", "logs.replay_mismatch"],
  },
  {
    name: "Secure Boot off ends with 3 where it is required",
    line: "evidence verify tpm @insecure @cert --policy tpm-secure.yaml",
    exit: 3,
    out: ["REJECTED", "Refused: the machine was started without Secure Boot", "actual    off"],
  },
  {
    name: "Secure Boot off is said where it is not required",
    line: "evidence verify tpm @insecure @cert",
    exit: 0,
    out: ["LAB-TRUSTED", "- that Secure Boot was on"],
    never: ["+ Secure Boot was on"],
  },
  {
    name: "Secure Boot required without a log ends with 6",
    line: "evidence verify tpm @quote @cert @registers --policy tpm-secure.yaml",
    exit: 6,
    out: ["PLATFORM ONLY", "tpm.secure_boot_unknown", "--event-log"],
  },
  {
    name: "a bent quote of a TPM ends with 3",
    line: "evidence verify tpm --tpm-quote-msg quote-bent.msg @sig @ak @pcrs @cert @registers",
    exit: 3,
    out: [
      "REJECTED",
      "✘ Quote signature",
      "tpm.signature_mismatch",
      "What the files seem to be",
      "quote-bent.msg: TPM 2.0 quote",
    ],
  },
  {
    name: "another key of the same kind ends with 3",
    line: "evidence verify tpm @msg @sig --ak-pub other.pub @pcrs @registers",
    exit: 3,
    out: ["REJECTED", "tpm.signature_mismatch", "other.pub: TPM public area, ECC P-256 key"],
  },
  {
    name: "a key of another kind ends with 3",
    line: "evidence verify tpm @msg @sig --ak-pub rsa.pub @pcrs @registers",
    exit: 3,
    out: ["REJECTED", "tpm.signature_algorithm", "actual    it is ECDSA"],
  },
  {
    name: "the certificate of another key ends with 3",
    line: "evidence verify tpm @msg @sig --ak-pub other.pub @pcrs @cert @registers",
    exit: 3,
    out: ["REJECTED", "✘ Attestation key well formed", "tpm.ak_key_mismatch"],
  },
  {
    name: "registers of another boot end with 3",
    line: "evidence verify tpm @msg @sig @ak --pcrs pcrs-later.json @cert @registers",
    exit: 3,
    out: ["REJECTED", "✘ Registers as they were quoted", "tpm.pcr_digest_mismatch"],
  },
  {
    name: "registers that were left out end with 3",
    line: "evidence verify tpm @msg @sig @ak --pcrs pcrs-fewer.json @cert @registers",
    exit: 3,
    out: ["REJECTED", "actual    register sha256:0", "tpm.pcr_missing"],
  },
  {
    name: "a TPM's evidence after its lists ends with 3",
    line: "evidence verify tpm @quote @cert @registers --at 2035-01-01",
    exit: 3,
    out: ["REJECTED", "✘ Not revoked", "tpm.crl_expired", "nextUpdate 2026-12-21"],
  },
  {
    name: "certificates without their lists end with 4",
    line:
      "evidence verify tpm @quote --ak-cert ak-cert.pem --ak-cert-issuer ak-issuer.pem --lab-root tpm-root.pem @registers",
    exit: 4,
    out: ["UNAVAILABLE", "tpm.revocation_not_checked", "--ak-cert-crl", "○ Not revoked"],
    never: ["This proves", "would prove"],
  },
  {
    name: "certificates of a lab under an operator's root end with 3",
    line:
      "evidence verify tpm @quote --ak-cert ak-cert.pem --ak-cert-issuer ak-issuer.pem --ak-cert-root vendor-root.pem @registers",
    exit: 3,
    out: ["REJECTED", "tpm.lab_root", "--lab-root"],
  },
  {
    name: "certificates under another root end with 3",
    line:
      "evidence verify tpm @quote --ak-cert vendor-cert.pem --ak-cert-issuer vendor-issuer.pem --ak-cert-root other-root.pem @registers",
    exit: 3,
    out: ["REJECTED", "tpm.root_unknown", "--ak-cert-root"],
  },
  {
    name: "crypto-only of a quote of a TPM ends with 0 and is no verdict",
    line: "evidence verify tpm @quote @log @cert --profile crypto-only",
    exit: 0,
    out: ["GENUINE\n", "nothing else was examined", "✔ Events say what was measured"],
    never: ["TRUSTED", "This proves"],
  },
  {
    name: "crypto-only without certificate says what was not checked",
    line: "evidence verify tpm @quote --profile crypto-only",
    exit: 0,
    out: ["GENUINE", "rooted in nothing that can be believed", "○ Chain of the key's"],
  },
];

/** Damaged evidence is examined and refused: a verdict, with the file to look at. */
export const TPM_DAMAGED: readonly Case[] = [
  {
    name: "a quote of a TPM that was cut",
    line: "evidence verify tpm --tpm-quote-msg quote-cut.msg @sig @ak @pcrs @registers",
    exit: 3,
    out: ["REJECTED", "tpm.attest_length", "pcrDigest has 32 bytes", "quote-cut.msg: damaged"],
  },
  {
    name: "a log that was cut",
    line: "evidence verify tpm @quote --event-log boot-cut.log @registers",
    exit: 3,
    out: ["REJECTED", "logs.truncated", "event 37", "boot-cut.log: damaged"],
  },
  {
    name: "a log with an event that somebody edited",
    line: "evidence verify tpm @quote --event-log boot-edited.log @registers",
    exit: 3,
    out: ["REJECTED", "✘ Events say what was measured", "logs.data_mismatch"],
  },
  {
    name: "noise as quote of a TPM",
    line: "evidence verify tpm --tpm-quote-msg noise.bin @sig @ak @pcrs @registers",
    exit: 3,
    out: ["REJECTED", "tpm.attest_magic", "noise.bin: 700 bytes of no known kind"],
  },
  {
    name: "noise as key of a TPM",
    line: "evidence verify tpm @msg @sig --ak-pub noise.bin @pcrs @registers",
    exit: 3,
    out: ["REJECTED", "✘ Attestation key well formed", "noise.bin: 700 bytes of no known kind"],
  },
  {
    name: "a letter as event log",
    line: "evidence verify tpm @quote --event-log notes.txt @registers",
    exit: 3,
    out: ["REJECTED", "logs.format", "binary_bios_measurements", "notes.txt: text that starts"],
  },
];

/** Flags that are wrong. All end with 2 and name the flag. */
export const TPM_FLAG_ERRORS: readonly Case[] = [
  {
    name: "no quote of a TPM",
    line: "evidence verify tpm @sig @registers",
    exit: 2,
    err: ["--tpm-quote-msg (", "--ak-pub (", "--pcrs (", "input.missing"],
  },
  {
    name: "a register without bank",
    line: "evidence verify tpm @quote @nonce --pcr 11=00",
    exit: 2,
    err: ["--pcr", "sha256:11=HEX", "input.value"],
  },
  {
    name: "a short register",
    line: "evidence verify tpm @quote @nonce --pcr sha256:11=00",
    exit: 2,
    err: ["--pcr", "as long as its bank's digests", "input.value"],
  },
  {
    name: "a register of SHA-1",
    line: `evidence verify tpm @quote @nonce --pcr sha1:11=${"ab".repeat(20)}`,
    exit: 2,
    err: ["--pcr", "SHA-1, which proves nothing", "input.value"],
  },
  {
    name: "a register that nobody extended",
    line: `evidence verify tpm @quote @nonce --pcr sha256:11=${"00".repeat(32)}`,
    exit: 2,
    err: ["--pcr: pins PCR 11 to the value before anything was measured", "input.value"],
  },
  {
    name: "a selection that is none",
    line: "evidence verify tpm @quote @nonce --pcr-selection 0,4",
    exit: 2,
    err: ["--pcr-selection", "sha256:0-7,11", "input.value"],
  },
  {
    name: "a Name that is none",
    line: "evidence verify tpm @quote @nonce --ak-name 00",
    exit: 2,
    err: ["--ak-name", "000b and SHA-256", "input.value"],
  },
  {
    name: "report data of a TPM",
    line: "evidence verify tpm @quote --report-data 00",
    exit: 2,
    err: ["--report-data", "input.unknown"],
  },
  {
    name: "a nonce longer than a TPM takes",
    line: `evidence verify tpm @quote --nonce ${"5f".repeat(65)}`,
    exit: 2,
    err: ["--nonce", "64 bytes"],
  },
  {
    name: "a register and the policy file's registers",
    line: "evidence verify tpm @quote @registers --policy tpm.yaml",
    exit: 2,
    err: ["--pcr", "tpm.registers", "--policy", "input.conflict"],
  },
  {
    name: "a policy that pins a register of SHA-1",
    line: "evidence verify tpm @quote @registers --policy tpm-sha1.yaml",
    exit: 2,
    err: ["tpm-sha1.yaml", "tpm.registers.sha1", "--policy", "policy.value"],
  },
  {
    name: "a policy with a state of Secure Boot that does not exist",
    line: "evidence verify tpm @quote @registers --policy tpm-typo.yaml",
    exit: 2,
    err: ["tpm-typo.yaml", "tpm.secureBoot", 'expected "require" or "any"', "policy.value"],
  },
  {
    name: "a certificate without any root",
    line: "evidence verify tpm @quote --ak-cert ak-cert.pem @registers",
    exit: 2,
    err: ["ak-cert-root is not given, and no root is built in", "--ak-cert-root", "input.missing"],
  },
  {
    name: "a root without a certificate",
    line: "evidence verify tpm @quote --ak-cert-root vendor-root.pem @registers",
    exit: 2,
    err: ["Cannot use ak-cert-root without ak-cert", "--ak-cert", "input.missing"],
  },
];

/** A file in another's place: the flag that it stands in, what it is, the flag that takes it. */
const SWAPPED: readonly (readonly [line: string, flag: string, is: string, takes: string])[] = [
  [
    "--tpm-quote-msg quote.sig @sig @ak @pcrs",
    "--tpm-quote-msg",
    "TPM signature",
    "--tpm-quote-sig",
  ],
  ["@msg --tpm-quote-sig quote.msg @ak @pcrs", "--tpm-quote-sig", "2.0 quote", "--tpm-quote-msg"],
  [
    "--tpm-quote-msg quote.sig --tpm-quote-sig quote.msg @ak @pcrs",
    "--tpm-quote-msg",
    "TPM signature",
    "--tpm-quote-sig",
  ],
  ["@msg @sig --ak-pub quote.msg @pcrs", "--ak-pub", "2.0 quote", "--tpm-quote-msg"],
  ["@msg @sig --ak-pub pcrs.json @pcrs", "--ak-pub", "TPM register values", "--pcrs"],
  ["@msg --tpm-quote-sig ak.pub @ak @pcrs", "--tpm-quote-sig", "public area", "--ak-pub"],
  ["@msg @sig @ak --pcrs ak.pub", "--pcrs", "TPM public area, ECC P-256 key", "--ak-pub"],
  ["@msg @sig @ak --pcrs boot-cel.json", "--pcrs", "event log, 38 events", "--event-log"],
  ["@quote --event-log quote.msg", "--event-log", "2.0 quote", "--tpm-quote-msg"],
  ["@quote --event-log pcrs.json", "--event-log", "TPM register values", "--pcrs"],
  [
    "--tpm-quote-msg boot.log @sig @ak @pcrs",
    "--tpm-quote-msg",
    "event log, 38 events",
    "--event-log",
  ],
  ["--tpm-quote-msg quote.bin @sig @ak @pcrs", "--tpm-quote-msg", "TDX quote", "tdx --quote"],
  ["--tpm-quote-msg report.bin @sig @ak @pcrs", "--tpm-quote-msg", "SEV-SNP", "snp --report"],
];

/** Flags of one file each, and the words that give it. */
const PLACES: Readonly<Record<string, string>> = {
  "tpm-quote-msg": "@msg",
  "tpm-quote-sig": "@sig",
  "ak-pub": "@ak",
  "pcrs": "@pcrs",
  "event-log": "@log",
};

/** Files that are wrong: each in every place where it can stand. */
export const TPM_FILE_ERRORS: readonly Case[] = [
  ...SWAPPED.map(([line, flag, is, takes]): Case => ({
    name: `${is} as ${flag} (${line})`,
    line: `evidence verify tpm ${line} @registers`,
    exit: 2,
    err: [`for ${flag}:`, is, `${takes} takes that`, "input.wrong_kind"],
  })),
  {
    name: "a TPM's quote as TDX quote",
    line: "evidence verify tdx --quote quote.msg @collateral @pins",
    exit: 2,
    err: ["--quote", "TPM 2.0 quote", "--tpm-quote-msg takes that", "input.wrong_kind"],
  },
  ...Object.keys(PLACES).flatMap((flag): Case[] => {
    const given = Object.entries(PLACES).filter(([other]) => other !== flag);
    const others = given.map(([, word]) => word).join(" ");
    return [
      {
        name: `no file for --${flag}`,
        line: `evidence verify tpm ${others} --${flag} nowhere @registers`,
        exit: 2,
        err: ["nowhere", `--${flag}`, "input.unreadable"],
      },
      {
        name: `an empty file for --${flag}`,
        line: `evidence verify tpm ${others} --${flag} empty.bin @registers`,
        exit: 2,
        err: ["empty.bin", `--${flag}`, "input.empty"],
      },
    ];
  }),
  {
    name: "a quote of a TPM in hex",
    line: "evidence verify tpm --tpm-quote-msg quote.msg.hex @sig @ak @pcrs @registers",
    exit: 2,
    err: ["quote.msg.hex", "--tpm-quote-msg", "bytes written in hex", "input.encoding"],
  },
  {
    name: "a letter as registers",
    line: "evidence verify tpm @msg @sig @ak --pcrs notes.txt @registers",
    exit: 2,
    err: ["notes.txt", "--pcrs", "input.encoding"],
  },
  {
    name: "a lab's root as one's own",
    line:
      "evidence verify tpm @quote --ak-cert ak-cert.pem --ak-cert-issuer ak-issuer.pem --ak-cert-root tpm-root.pem @registers",
    exit: 2,
    err: ["tpm-root.pem", "it is a lab's, which --lab-root takes", "--ak-cert-root"],
  },
  {
    name: "a quote as root of a TPM's certificate",
    line: "evidence verify tpm @quote --ak-cert ak-cert.pem --ak-cert-root quote.msg @registers",
    exit: 2,
    err: ["quote.msg", "--ak-cert-root", "TPM 2.0 quote"],
  },
  {
    name: "a list as certificate of a TPM's key",
    line: "evidence verify tpm @quote --ak-cert ak-crl.pem --lab-root tpm-root.pem @registers",
    exit: 2,
    err: ["ak-crl.pem", "--ak-cert", "revocation list", "input.wrong_kind"],
  },
  {
    name: "show of a TPM's quote that was cut",
    line: "evidence show quote-cut.msg",
    exit: 3,
    err: ["quote-cut.msg", "pcrDigest has 32 bytes", "tpm.attest_length"],
  },
  {
    name: "show of a log that was cut",
    line: "evidence show boot-cut.log",
    exit: 3,
    err: ["boot-cut.log", "event 37", "logs.truncated"],
  },
];

/** What is not an error. */
export const TPM_ANSWERS: readonly Case[] = [
  {
    name: "help of TPM verification",
    line: "evidence verify tpm --help",
    exit: 0,
    out: [
      "--tpm-quote-msg <FILE>",
      "--ak-cert-root <FILE>",
      "none is built in",
      "--pcr <BANK:N=HEX>",
      "the nonce that you asked with, at most 64 bytes, whole",
      "Examples:",
    ],
    never: ["report data", "--report-data", "report"],
  },
  {
    name: "a code of TPMs",
    line: "codes tpm.pcr_digest_mismatch",
    exit: 0,
    out: ["not those that were quoted", "Read registers and quote together", "3 (rejected)"],
  },
  {
    name: "a code of logs",
    line: "codes logs.replay_mismatch",
    exit: 0,
    out: ["do not lead to the quoted registers", "3 (rejected)"],
  },
  {
    name: "show of a TPM's quote",
    line: "evidence show quote.msg",
    exit: 0,
    out: [
      "TPM 2.0 quote (not verified)",
      "casemate evidence verify tpm --tpm-quote-msg FILE",
      "extraData        5f1e00a1",
      "sha256  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14",
      "resetCount       7",
    ],
  },
  {
    name: "show of a TPM's key",
    line: "evidence show ak.pub",
    exit: 0,
    out: [
      "TPM public area, ECC P-256 key (not verified)",
      "casemate evidence verify tpm --ak-pub FILE",
      "ecdsa with sha256",
      "restricted            1",
    ],
  },
  {
    name: "show of a TPM's signature",
    line: "evidence show quote.sig",
    exit: 0,
    out: [
      "TPM signature (not verified)",
      "casemate evidence verify tpm --tpm-quote-sig FILE",
      "scheme  ecdsa",
    ],
  },
  {
    name: "show of registers",
    line: "evidence show pcrs.json",
    exit: 0,
    out: [
      "TPM register values (not verified)",
      "casemate evidence verify tpm --pcrs FILE",
      "Bank sha256",
      "PCR 11",
    ],
  },
  {
    name: "show of an event log",
    line: "evidence show boot.log",
    exit: 0,
    out: [
      "TPM event log, 38 events (not verified)",
      "casemate evidence verify tpm --event-log FILE",
      "TCG, crypto-agile",
      "EV_EFI_VARIABLE_DRIVER_CONFIG",
      "SecureBoot = on",
      "Registers that these events lead to, sha384",
    ],
  },
  {
    name: "show of a CEL in JSON",
    line: "evidence show boot-cel.json",
    exit: 0,
    out: ["TPM event log, 38 events (not verified)", "CEL in JSON", "SecureBoot = on"],
  },
  {
    name: "show of a CEL in TLV",
    line: "evidence show boot-cel.tlv",
    exit: 0,
    out: ["TPM event log, 38 events (not verified)", "CEL in TLV", "SecureBoot = on"],
  },
  {
    name: "show of the certificate of a TPM's key",
    line: "evidence show ak-cert.pem",
    exit: 0,
    out: ["1 X.509 certificate", "CN=Attestation key", "lab mark"],
  },
  {
    name: "show of a log in JSON",
    line: "evidence show boot.log -o json",
    exit: 0,
    out: ['"kind": "tpm-event-log"', '"usedBy": "casemate evidence verify tpm --event-log"'],
  },
];
