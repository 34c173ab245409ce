/**
 * What is measured of TPMs: quotes of the lab, since no real one comes with its
 * whole chain, and real event logs where the corpus is there.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { type Bank, type EventLog, readEventLog } from "../../src/evidence/logs/mod.ts";
import { tpm, type TpmFiles } from "../../src/evidence/tpm/mod.ts";
import { type AkKind, createTpmAuthority, type MintedTpm, mintTpm } from "../../src/lab/mod.ts";
import { corpusOf, noCorpus } from "../corpus.ts";
import { NOW } from "../lab_authority.ts";
import type { LogQuestion, QuoteQuestion } from "../oracle/tpm/oracle.ts";
import type { BareSignature } from "./evidence.ts";

/** Real logs: the largest of a TPM, and one of a trust domain. */
const REAL_LOGS: readonly string[] = [
  "tpm-eventlog/ubuntu-2404-amd-sevsnp",
  "ccel/gcp-trustee",
];

/** Kinds of attestation keys that are measured. */
export const KINDS: readonly AkKind[] = ["RSA-2048", "P-256"];

const NONCE = new Uint8Array(32).fill(0xab);

/** A quote. */
export interface QuoteEvidence {
  /** Kind of its key. */
  readonly kind: AkKind;
  /** Quote, signature, key and registers. */
  readonly bare: TpmFiles;
  /** The same, with certificates and revocation lists. */
  readonly certified: TpmFiles;
  /** Roots of the lab. */
  readonly labRoots: readonly Uint8Array[];
  /** Moment of the verification. */
  readonly now: Date;
  /** The signature alone. */
  readonly signature: BareSignature;
  /** The quote, as the oracle is asked. */
  readonly question: QuoteQuestion;
}

/** An event log. */
export interface LogEvidence {
  /** Where it is from. */
  readonly name: string;
  /** The same for a heading, with its events. */
  readonly title: string;
  /** Kind of registers. */
  readonly registers: "pcr" | "rtmr";
  /** The log. */
  readonly log: Uint8Array;
  /** The same, as the oracle is asked: one bank, and the values that the log leads to. */
  readonly question: LogQuestion;
}

/** Mints a quote over fourteen registers with a key of each kind. */
export async function mintQuotes(): Promise<readonly QuoteEvidence[]> {
  const authority = await createTpmAuthority({ now: NOW });
  return await Promise.all(KINDS.map(async (kind) => {
    const minted = await mintTpm(authority, { now: NOW, nonce: NONCE, key: kind });
    return quoteEvidence(kind, minted);
  }));
}

function quoteEvidence(kind: AkKind, minted: MintedTpm): QuoteEvidence {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  const bare = {
    tpmQuoteMsg: minted.quote,
    tpmQuoteSig: minted.signature,
    akPub: minted.akPublic,
    pcrs: text(JSON.stringify(minted.pcrs)),
  };
  const certificates = {
    akCert: text(minted.akCertificate),
    akCertIssuers: [text(minted.issuers)],
    akCertCrls: minted.crls.map(text),
  };
  return {
    kind,
    bare: tpm.readFiles(bare),
    certified: tpm.readFiles({ ...bare, ...certificates }),
    labRoots: [text(minted.root)],
    now: NOW,
    signature: bareSignature(kind, minted),
    question: {
      kind: "quote",
      bank: "sha256",
      registers: minted.pcrs["sha256"] ?? {},
      log: new Uint8Array(),
      attest: minted.quote,
      signature: minted.signature,
      // TPM2B_PUBLIC is two bytes of length and TPMT_PUBLIC.
      public: minted.akPublic.subarray(2),
      nonce: NONCE,
    },
  };
}

/** TPMT_SIGNATURE (Part 2 §11.3.4): scheme, hash, then one or two sized values; of ECDSA without leading zeros. */
function bareSignature(kind: AkKind, { signature, quote, keys }: MintedTpm): BareSignature {
  const sized = (at: number): Uint8Array => {
    const [high = 0, low = 0] = signature.subarray(at);
    return signature.subarray(at + 2, at + 2 + (high << 8 | low));
  };
  const first = sized(4);
  const scalar = (value: Uint8Array): Uint8Array =>
    concat(new Uint8Array(32 - value.length), value);
  return {
    spki: keys.ak.spki,
    message: concat(quote),
    signature: kind === "P-256"
      ? concat(scalar(first), scalar(sized(6 + first.length)))
      : concat(first),
  };
}

/** Real logs, or one of the lab. */
export async function chooseLogs(): Promise<readonly LogEvidence[]> {
  if (noCorpus) {
    const { eventLog } = await mintTpm(await createTpmAuthority({ now: NOW }), { now: NOW });
    return [await logEvidence("lab", "pcr", eventLog)];
  }
  const entries = corpusOf(({ input }) => REAL_LOGS.includes(input.name));
  return await Promise.all([...entries].map(([name, { input: { files } }]) => {
    const log = files["event_log"];
    if (log === undefined) throw new Error(`${name} has no log`);
    return logEvidence(name, name.startsWith("ccel/") ? "rtmr" : "pcr", log);
  }));
}

async function logEvidence(
  name: string,
  registers: "pcr" | "rtmr",
  log: Uint8Array,
): Promise<LogEvidence> {
  const read = await readEventLog(inlineEngine, log, registers);
  const bank = registers === "rtmr" ? "sha384" : "sha256";
  return {
    name,
    title: `log ${name.replace(/^.*\//, "")}, ${read.events.length} events`,
    registers,
    log,
    question: {
      kind: registers === "rtmr" ? "rtmr-log" : "pcr-log",
      bank,
      registers: valuesOf(read, bank),
      log,
    },
  };
}

/** Values that the log leads to. */
function valuesOf({ replay }: EventLog, bank: Bank): LogQuestion["registers"] {
  return { ...replay[bank] };
}
