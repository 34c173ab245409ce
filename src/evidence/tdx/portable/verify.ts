/**
 * A quote with its chain and its collateral in one call.
 *
 * @module
 */

import { concat, toHex } from "../../../core/bytes.ts";
import { type PinnedRoot, readRoots } from "../../../core/portable/anchors.ts";
import { summaryOf } from "../../../core/portable/certificate.ts";
import { fingerprintOf } from "../../../core/portable/digest.ts";
import { ECDSA_P256, EcdsaKey } from "../../../core/portable/ecdsa.ts";
import { argumentsOf, misuse } from "../../../core/portable/frame.ts";
import { readOr } from "../../../core/malformed.ts";
import { momentOf } from "../../../core/portable/moment.ts";
import { utf8Of } from "../../../core/portable/values.ts";
import type { Collateral, EnclaveReport, QuoteEvidence, TdReport } from "../report.ts";
import { type Chain, verifyChain } from "./chain.ts";
import {
  type AuthenticCollateral,
  type CollateralFiles,
  readCollateralFiles,
  verifyCollateral,
} from "./collateral.ts";
import { evaluate } from "./evaluation.ts";
import type { Tee } from "./header.ts";
import { type ParsedQuote, parseQuote, type SignatureData } from "./quote.ts";
import { refuseTdx } from "./refuse.ts";
import { checkValidity } from "./validity.ts";

/** REPORTDATA, the last field of a report. */
const REPORT_DATA_BYTES = 64;

/** What a quote is verified with. */
interface Input {
  readonly tee: Tee;
  readonly quote: Uint8Array;
  readonly collateral: CollateralFiles | null;
  readonly roots: readonly PinnedRoot[];
  readonly now: number;
}

/**
 * Verifies a quote: the operation `tdx_verify`.
 *
 * @param parts TEE, `TDX` or `SGX`; quote; collateral; list of pinned roots; now.
 * @throws {RejectedError} all codes of TDX that are not about appraisal, `x509.*`
 * @throws {InputError} `input.*`
 */
export function tdxVerify(
  parts: readonly Uint8Array[],
): QuoteEvidence<TdReport | EnclaveReport> {
  const none = new Uint8Array();
  const [tee = none, quote = none, collateral = none, roots = none, now = none] = argumentsOf(
    parts,
    5,
  );
  return verify({
    tee: readTee(tee),
    quote,
    collateral: readCollateralFiles(collateral),
    roots: readRoots(roots),
    now: momentOf(now),
  });
}

function readTee(name: Uint8Array): Tee {
  const text = utf8Of(name);
  if (text === "TDX" || text === "SGX") return text;
  throw misuse("the TEE is neither TDX nor SGX");
}

/** The steps stand in `checks.ts` in this order: a refusal at one is shown with those before it as done. */
function verify(input: Input): QuoteEvidence<TdReport | EnclaveReport> {
  const parsed = parseQuote(input.quote, input.tee);
  const chain = verifyChain(parsed.parts.chain, input.roots);
  const collateral = input.collateral === null
    ? null
    : verifyCollateral(input.collateral, chain, input.tee);
  checkValidity(chain, collateral, input.now);
  checkQeReport(parsed.parts, chain);
  const key = checkAttestationKey(parsed.parts);
  if (!key.verifies(parsed.signed, parsed.parts.signature)) {
    throw refuseTdx("tdx.signature_mismatch");
  }
  const { ca, lab, intermediate, root, pck } = chain;
  return {
    quote: parsed.quote,
    pck,
    chain: {
      ca,
      lab,
      intermediate: summaryOf(intermediate.certificate),
      root: summaryOf(root.certificate),
    },
    collateral: collateral === null ? null : judge(parsed, chain, collateral),
  };
}

function checkQeReport({ qeReport, qeSignature }: SignatureData, { key }: Chain): void {
  if (!key.verifies(qeReport, qeSignature)) throw refuseTdx("tdx.qe_report_signature");
}

/** REPORTDATA of the quoting enclave's report: SHA-256 of the key and the authentication data, then zeros. */
function checkAttestationKey(parts: SignatureData): EcdsaKey {
  const { attestationKey, authenticationData, qeReport } = parts;
  const key = readOr(
    () => EcdsaKey.read(concat(Uint8Array.of(4), attestationKey), ECDSA_P256),
    (reason) => refuseTdx("tdx.attestation_key_invalid", { reason }),
  );
  const bound = fingerprintOf(concat(attestationKey, authenticationData));
  const expected = bound.padEnd(2 * REPORT_DATA_BYTES, "0");
  const actual = toHex(qeReport.subarray(-REPORT_DATA_BYTES));
  if (actual === expected) return key;
  throw refuseTdx("tdx.attestation_key_binding", { expected, actual });
}

function judge(parsed: ParsedQuote, { pck }: Chain, collateral: AuthenticCollateral): Collateral {
  const { tcbInfo, qeIdentity, tcbSigning, pckCrl, rootCrl } = collateral;
  const { quote: { qeReport }, td } = parsed;
  return {
    tcbInfo: tcbInfo.document,
    qeIdentity: qeIdentity.document,
    tcbSigning: summaryOf(tcbSigning),
    pckCrl: pckCrl.list,
    rootCrl: rootCrl.list,
    tcb: evaluate(tcbInfo, qeIdentity, { pck, qeReport, td }),
  };
}
