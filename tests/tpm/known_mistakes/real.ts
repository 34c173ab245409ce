/**
 * Real evidence of TPMs, as the public library takes it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, type Result } from "../../../mod.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { fromHex } from "../../../src/core/bytes.ts";
import { readEventLog } from "../../../src/evidence/logs/mod.ts";
import type { FilesByRole } from "../../../src/evidence/evidence.ts";
import type { TpmFiles } from "../../../src/evidence/tpm/mod.ts";
import type { LabBank, LabEvent } from "../../../src/lab/mod.ts";
import { realEntry } from "../../corpus.ts";
import { asFile, type Changes } from "./attack.ts";

export { overReal } from "../../corpus.ts";

const GOOGLE = "gcp/gce-cos85-tpm-quote-nonce9009";

/** Values of a bank by register, hex. */
type Values = Readonly<Record<string, string>>;

/** A machine of Google: three quotes of one moment, each of one bank. */
export interface GoogleQuote {
  /** Values of the quoted registers. */
  readonly values: Values;
  /** The files. */
  readonly files: FilesByRole;
  /** The nonce that it answers. */
  readonly nonce: Uint8Array;
  /** Moment at which its certificates are in force. */
  readonly now: Date;
}

/** The quote of a bank. */
export function googleQuote(bank: "sha1" | "sha256" | "sha384"): GoogleQuote {
  const { input, expected } = realEntry(GOOGLE);
  const { files, verifyAt } = input;
  assert.ok(verifyAt);
  // The corpus lists the values beside its facts, since the file that has them is Google's own form.
  const quotes: unknown = expected.fields["quotes"];
  assert.ok(Array.isArray(quotes));
  const values: Values = Object(quotes.find((quote) => Object(quote)["bank"] === bank))["pcrs"];
  return {
    values,
    files: {
      tpmQuoteMsg: files[`quote_${bank}_msg`],
      tpmQuoteSig: files[`quote_${bank}_sig`],
      akPub: files["ak_tpmt_public"],
      pcrs: asFile(JSON.stringify({ [bank]: values })),
      eventLog: files["event_log"],
      akCert: files["ak_cert"],
      akCertIssuers: [file(files, "ak_cert_issuer")],
      akCertRoots: [file(files, "ak_cert_root")],
    },
    nonce: Uint8Array.of(0x90, 0x09),
    now: verifyAt,
  };
}

function file(files: Readonly<Record<string, Uint8Array>>, role: string): Uint8Array {
  const found = files[role];
  assert.ok(found, role);
  return found;
}

/** Asks about Google's machine; its kernel and command line are pinned as the quote of SHA-256 has them. */
export function askGoogle(
  { files, nonce, now }: GoogleQuote,
  changes: Changes = {},
): Promise<Result> {
  const { values } = googleQuote("sha256");
  const pin = (register: string): readonly (string | undefined)[] => [values[register]];
  const given = Object.entries({ ...files, ...changes.files });
  const evidence = Object.fromEntries(given.filter(([, one]) => one !== undefined));
  const demands = { whatRuns: [4, 8], registers: { sha256: { "4": pin("4"), "8": pin("8") } } };
  return examine({
    variant: "tpm",
    evidence: evidence as unknown as TpmFiles,
    expect: { nonce },
    policy: {
      version: 1,
      acceptRoots: ["provider"],
      ...changes.policy,
      tpm: { ...demands, akRevocation: "skip", ...changes.section },
    },
    now,
    ...changes.request,
  });
}

/** A real boot, which the lab's TPM can have had. */
export interface RealBoot {
  /** Events as they were logged. */
  readonly events: readonly LabEvent[];
  /** Banks of the log. */
  readonly banks: readonly LabBank[];
}

const BANKS: readonly LabBank[] = ["sha1", "sha256", "sha384", "sha512"];

/** Reads a real log. */
export async function realBoot(name: string): Promise<RealBoot> {
  const bytes = realEntry(name).input.files["event_log"];
  assert.ok(bytes, `${name} has a log`);
  const log = await readEventLog(inlineEngine, bytes, "pcr");
  const banks = BANKS.filter((bank) => log.banks.includes(bank));
  const events = log.events.map(({ register, type, data, digests }): LabEvent => ({
    register: register ?? 0,
    type: type ?? 0,
    data: fromHex(data),
    // What is hashed is not known for all: the digests stand for it.
    hashed: register === null ? null : new Uint8Array(),
    digests: Object.fromEntries(banks.map((bank) => [bank, fromHex(digests[bank] ?? "")])),
  }));
  return { events, banks };
}
