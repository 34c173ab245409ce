/**
 * Judges evidence of Google Cloud in a corpus: a quote of a trust domain with its
 * event log, or quotes of a vTPM with the key's certificate, in pieces and in one
 * container.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Engine } from "../../src/core/crypto.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { fromHex } from "../../src/core/bytes.ts";
import { RejectedError } from "../../src/core/errors.ts";
import type { FilesByRole, Freshness } from "../../src/evidence/evidence.ts";
import type { Finding } from "../../src/evidence/finding.ts";
import { unpackAttestation } from "../../src/evidence/gce/attestation.ts";
import { type GceTpmEvidence, gcpSevEs } from "../../src/evidence/gcp_sev_es/mod.ts";
import { gcpTdx } from "../../src/evidence/gcp_tdx/mod.ts";
import type { Judge } from "./judge.ts";
import type { Case } from "./manifest.ts";
import { tdxJudge } from "./tdx.ts";
import { tpmJudge } from "./tpm.ts";

/** Roles of a trust domain by the corpus's names for them. */
const TDX_ROLES: Readonly<Record<string, string>> = {
  quote: "quote",
  tcb_info: "tcbInfo",
  qe_identity: "qeIdentity",
  tcb_chain: "tcbChain",
  pck_crl: "pckCrl",
  pck_crl_chain: "pckCrlChain",
  root_crl: "rootCrl",
  ccel: "eventLog",
  ccel_table: "ccelTable",
};

const BANKS: readonly string[] = ["sha1", "sha256", "sha384", "sha512"];

/** Evidence of Google Cloud. */
export const gcpJudge: Judge = {
  techs: ["gcp"],
  takes: (files) =>
    (files["quote"] !== undefined && files["tcb_info"] !== undefined) ||
    files["attestation_pb"] !== undefined,
  judge: (input) => judgeGcp(inlineEngine, input),
  reasons: {
    ...tdxJudge.reasons,
    ...tpmJudge.reasons,
    // An event whose type is hashed whole does not fit its data any more, which is seen first.
    "ccel replay": ["logs.replay_mismatch", "logs.data_mismatch"],
    "ak_cert": ["tpm.chain_signature", "tpm.ak_key_mismatch", "tpm.root_unknown"],
  },
};

/**
 * Judges a case with an engine.
 *
 * @param engine The engine.
 * @param input The case.
 * @throws {RejectedError} when the evidence is refused.
 */
export async function judgeGcp(engine: Engine, input: Case): Promise<unknown> {
  return input.files["quote"] === undefined
    ? await judgeQuotes(engine, input)
    : await judgeDomain(engine, input);
}

async function judgeDomain(engine: Engine, input: Case): Promise<unknown> {
  const files = gcpTdx.readFiles(renamed(input, TDX_ROLES));
  const context = { now: input.verifyAt ?? new Date(), labRoots: [] };
  const proven = await gcpTdx.verify(engine, files, context);
  const nonce = input.nonceHex === null ? null : fromHex(input.nonceHex);
  refuseMismatch(
    gcpTdx.appraise(proven, gcpTdx.policy.decode({}, "gcp-tdx"), appraisal(context.now, nonce)),
    ["tdx.report-data", "logs.replay"],
  );
  return proven;
}

/** What the container says must be what the pieces say. */
async function judgeQuotes(engine: Engine, input: Case): Promise<unknown> {
  const { attestation_pb: container, ak_cert_issuer: issuer } = input.files;
  const beside = issuer === undefined ? {} : { akCertIssuers: [issuer] };
  const whole = { attestationPb: container, ...beside };
  const proven = await judgeFiles(engine, input, whole);
  const pieces = piecesOf(input);
  if (pieces === null) return proven;
  const again = await judgeFiles(engine, input, { ...pieces, ...beside });
  assert.deepEqual(again, proven, "the container and its pieces come to the same");
  return proven;
}

async function judgeFiles(
  engine: Engine,
  input: Case,
  files: FilesByRole,
): Promise<GceTpmEvidence> {
  const context = { now: input.verifyAt ?? new Date(), labRoots: [] };
  const root = input.files["ak_cert_root"];
  const given = root === undefined ? files : { ...files, akCertRoots: [root] };
  const proven = await gcpSevEs.verify(engine, gcpSevEs.readFiles(given), context);
  const nonce = input.nonceHex === null ? null : fromHex(input.nonceHex);
  const policy = gcpSevEs.policy.decode({}, "gcp-sev-es");
  refuseMismatch(
    gcpSevEs.appraise(proven, policy, appraisal(context.now, nonce)),
    ["tpm.qualifying-data", "logs.replay", "gce.production"],
  );
  return proven;
}

/** The same evidence file by file; the values of the registers stand in the container alone. Null where it is not there so. */
function piecesOf({ files }: Case): FilesByRole | null {
  const quoted = BANKS.filter((bank) => files[`quote_${bank}_msg`] !== undefined);
  if (quoted.length === 0) return null;
  const { pcrs } = unpackAttestation({ attestationPb: files["attestation_pb"] });
  const of = (what: string): readonly Uint8Array[] =>
    quoted.flatMap((bank) => files[`quote_${bank}_${what}`] ?? []);
  return {
    tpmQuoteMsg: of("msg"),
    tpmQuoteSig: of("sig"),
    akPub: files["ak_tpmt_public"] ?? files["ak_pub"],
    pcrs,
    eventLog: files["event_log"],
    akCert: files["ak_cert"],
  };
}

function renamed({ files }: Case, roles: Readonly<Record<string, string>>): FilesByRole {
  return Object.fromEntries(
    Object.entries(roles).flatMap(([role, own]) => {
      const file = files[role];
      return file === undefined ? [] : [[own, file] as const];
    }),
  );
}

/** A nonce of the corpus is the data themselves, all zeros too. */
function appraisal(now: Date, nonce: Uint8Array | null) {
  const freshness: Freshness = nonce === null ? { kind: "none" } : { kind: "nonce", bytes: nonce };
  return { now, freshness, acceptCompromised: {} };
}

/** What a policy pins is no matter of a corpus. */
function refuseMismatch(findings: readonly Finding[], ids: readonly string[]): void {
  const wrong = findings.find(({ id, kind }) => ids.includes(id) && kind === "mismatch");
  if (wrong === undefined) return;
  const { title, actual, code } = wrong;
  throw new RejectedError(`${title}: ${actual}`, { code: code ?? wrong.id });
}
