/**
 * Judges quotes and event logs of a corpus.
 *
 * @module
 */

import type { Engine } from "../../src/core/crypto.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { RejectedError } from "../../src/core/errors.ts";
import {
  type Bank,
  compareReplay,
  type EventLog,
  type QuotedRegister,
  readEventLog,
} from "../../src/evidence/logs/mod.ts";
import { tpm } from "../../src/evidence/tpm/mod.ts";
import type { Judge } from "./judge.ts";
import type { Case } from "./manifest.ts";

/** Roles by the corpus's names for them. */
const ROLES: Readonly<Record<string, string>> = {
  tpm_quote_msg: "tpmQuoteMsg",
  tpm_quote_sig: "tpmQuoteSig",
  ak_pub: "akPub",
  pcrs: "pcrs",
};

const BANKS: readonly Bank[] = ["sha1", "sha256", "sha384", "sha512"];

/** Logs of confidential VMs, by the corpus's word for them; all others are of TPMs. */
const OF_CONFIDENTIAL_VMS = "ccel";

/** Quotes, and event logs. */
export const tpmJudge: Judge = {
  techs: ["tpm-quote", "tpm-eventlog", OF_CONFIDENTIAL_VMS],
  takes: (files) =>
    files["event_log"] !== undefined ||
    Object.keys(ROLES).every((role) => files[role] !== undefined),
  judge: (input) => judgeTpm(inlineEngine, input),
  // Words of the corpus's prose, and names of its checks.
  reasons: {
    "data does not hash": ["logs.data_mismatch"],
    "replay does not match": ["logs.replay_mismatch"],
    "truncated event": ["logs.truncated", "logs.format"],
    "magic": ["tpm.attest_magic"],
    "nonce": ["tpm.qualifying_data_mismatch"],
    "pcr_digest": ["tpm.pcr_digest_mismatch"],
    "signature": ["tpm.signature_mismatch", "tpm.signature_malformed"],
  },
};

/**
 * Judges a quote or a log with an engine.
 *
 * @param engine The engine.
 * @param input The case.
 * @throws {RejectedError} when the evidence is refused.
 */
export async function judgeTpm(engine: Engine, input: Case): Promise<unknown> {
  const { event_log: log } = input.files;
  return log === undefined ? await judgeQuote(engine, input) : await judgeLog(engine, input, log);
}

async function judgeQuote(engine: Engine, input: Case): Promise<unknown> {
  const given = Object.entries(ROLES).map(([role, own]) => [own, input.files[role]] as const);
  const files = tpm.readFiles(Object.fromEntries(given));
  const now = input.verifyAt ?? new Date();
  const proven = await tpm.verify(engine, files, { now, labRoots: [] });
  const { qualifyingData } = proven.quote;
  if (input.nonceHex === null || input.nonceHex === qualifyingData) return proven;
  throw new RejectedError(`The quote answers ${qualifyingData}, expected ${input.nonceHex}`, {
    code: "tpm.qualifying_data_mismatch",
  });
}

/** A log that leads to other registers than those that were read beside it is refused. */
async function judgeLog(engine: Engine, input: Case, file: Uint8Array): Promise<EventLog> {
  const kind = input.tech === OF_CONFIDENTIAL_VMS ? "rtmr" : "pcr";
  const log = await readEventLog(engine, file, kind);
  const { registers } = compareReplay(log, publishedOf(input.publishedPcrs), []);
  const wrong = registers.find(({ state }) => state !== "explained" && state !== "untouched");
  if (wrong === undefined) return log;
  const { bank, register, state, replayed } = wrong;
  throw new RejectedError(`The log leads to ${replayed} in ${bank}:${register}: ${state}`, {
    code: "logs.replay_mismatch",
  });
}

/** Values by bank and register; none where nothing was published. */
function publishedOf(published: unknown): readonly QuotedRegister[] {
  return BANKS.flatMap((bank) =>
    Object.entries(Object(Object(published)[bank])).map(([register, value]) => {
      if (typeof value !== "string") throw new Error(`${bank}:${register} is no text`);
      return { bank, register: Number(register), value };
    })
  );
}
