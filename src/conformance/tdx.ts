/**
 * Stage `verify-attestation-tdx`: one quote of a trust domain under one root.
 *
 * @module
 */

import { equal, fromHex } from "../core/bytes.ts";
import { InputError } from "../core/errors.ts";
import type { Anchor } from "../evidence/anchors.ts";
import type { Verified } from "../evidence/evidence.ts";
import { appraise } from "../evidence/tdx/appraise.ts";
import { readFiles, type TdxFiles } from "../evidence/tdx/files.ts";
import { type TdxPolicy, tdxPolicy } from "../evidence/tdx/policy.ts";
import type { TdxEvidence } from "../evidence/tdx/report.ts";
import { INTEL_ROOTS } from "../evidence/tdx/roots.ts";
import { verifyUnder } from "../evidence/tdx/verify.ts";
import { type Judged, malformed, unsupported } from "./answer.ts";
import { swapped } from "./numbers.ts";
import { broughtRoot, fittingChain } from "./roots.ts";
import type { Settings } from "./settings.ts";
import { TDX_WORDS, type TdxRejection } from "./tdx_codes.ts";
import { STATUS_OF_RESULT, type TdxEvidenceInput, type TdxPins } from "./tdx_input.ts";
import { tdxOutputs } from "./tdx_outputs.ts";
import { brokenPin } from "./tdx_pins.ts";
import { wordsFor } from "./tdx_words.ts";
import { objection, refusedOr } from "./translate.ts";

/**
 * Judges a quote.
 *
 * @param input Evidence and what it must have.
 * @param settings Engine and chains.
 * @throws {NotJudged} where the input is not of its form, or no chain is there.
 */
export async function judgeTdx(
  input: TdxEvidenceInput,
  settings: Settings,
): Promise<Judged<TdxRejection>> {
  const anchors = await anchorsOf(input, settings);
  const { expiration_check_date_unix: now } = input;
  let judged: Judged<TdxRejection> | undefined;
  for (const chain of await chainsOf(input, settings)) {
    const files = filesOf(input, chain);
    const proven = await refusedOr(
      wordsFor(input),
      () => verifyUnder(settings.engine, files, { anchors, now }),
    );
    if ("accepted" in proven) return proven;
    judged = judgeProven(proven, input);
  }
  if (judged === undefined) throw new TypeError("A quote was judged under no chain");
  return judged;
}

function judgeProven(
  proven: Verified<TdxEvidence>,
  { policy: pins, expiration_check_date_unix: now }: TdxEvidenceInput,
): Judged<TdxRejection> {
  const findings = appraise(proven, policyOf(pins), {
    now,
    freshness: freshnessOf(pins),
    acceptCompromised: {},
  });
  return objection(TDX_WORDS, findings) ?? brokenPin(proven, pins) ??
    { accepted: true, outputs: tdxOutputs(proven) };
}

/** Without it the input asks for signatures alone. */
function wantsCollateral({ policy }: TdxEvidenceInput): boolean {
  return policy?.tcb_evaluation_required !== false;
}

/** Chains that both documents must stand under: the contract has one for each, and in truth they are the same. */
async function chainsOf(
  input: TdxEvidenceInput,
  { engine, tcbChains }: Settings,
): Promise<readonly (Uint8Array | null)[]> {
  if (!wantsCollateral(input)) return [null];
  const { tcb_info_issuer_chain_pem: one, qe_identity_issuer_chain_pem: other } = input.collateral;
  if (one !== null && other !== null) return equal(one, other) ? [one] : [one, other];
  const brought = one ?? other;
  if (brought !== null) return [brought];
  const now = input.expiration_check_date_unix.getTime();
  const chain = await fittingChain(
    engine,
    tcbChains,
    ({ summary }) => Date.parse(summary.notBefore) <= now && now <= Date.parse(summary.notAfter),
  );
  const any = chain ?? tcbChains[0];
  if (any !== undefined) return [any];
  throw unsupported(
    "the input brings no chain of its collateral: give Intel's with --intel-tcb-chain",
  );
}

async function anchorsOf(
  { collateral: { intel_root_ca_pem: root } }: TdxEvidenceInput,
  { engine }: Settings,
): Promise<readonly Anchor[]> {
  if (root === null) return INTEL_ROOTS;
  return await broughtRoot(engine, root, "collateral.intel_root_ca_pem");
}

function filesOf({ quote_b64: quote, collateral }: TdxEvidenceInput, chain: Uint8Array | null) {
  if (chain === null) return { quote };
  const issuers = collateral.pck_crl_issuer_chain_pem;
  const files: TdxFiles = {
    quote,
    tcbInfo: collateral.tcb_info_json,
    qeIdentity: collateral.qe_identity_json,
    tcbChain: chain,
    pckCrl: collateral.pck_crl_der_b64,
    rootCrl: collateral.root_crl_der_b64,
    ...(issuers === null ? {} : { pckCrlChain: issuers }),
  };
  return readOrRefuse(files);
}

/** Chains also come as in headers, which `readFiles` reads; a file that is none of its kind is the input's mistake. */
function readOrRefuse(files: TdxFiles): TdxFiles {
  try {
    return readFiles({ ...files });
  } catch (error) {
    if (error instanceof InputError) throw malformed(error.message, error);
    throw error;
  }
}

function freshnessOf(pins: TdxPins | null) {
  const data = pins?.expected_report_data_hex ?? null;
  return data === null
    ? { kind: "none" } as const
    : { kind: "report-data", bytes: fromHex(data) } as const;
}

/** The strict defaults, and what the input pins. */
function policyOf(pins: TdxPins | null): TdxPolicy {
  // What follows a quote is signed by nobody, and the contract does not ask for it.
  const strict: TdxPolicy = { ...tdxPolicy.decode({}, "tdx"), trailingBytes: "any" };
  if (pins === null) return strict;
  const { accepted_qv_results: results, expected_xfam_hex: xfam } = pins;
  const least = pins.min_tcb_evaluation_data_number;
  return {
    ...strict,
    tcbStatuses: results?.map((result) => STATUS_OF_RESULT[result]) ?? strict.tcbStatuses,
    minimumTcbEvaluationDataNumber: least,
    xfam: xfam === null ? null : [`0x${swapped(xfam)}`],
    mrSeam: pins.expected_mrseam_allowlist,
    mrTd: only(pins.expected_mrtd_hex),
    rtmr3: only(pins.expected_rtmr3_hex),
    mrConfigId: only(pins.expected_mr_config_id_hex),
    mrOwner: only(pins.expected_mr_owner_hex),
    mrOwnerConfig: only(pins.expected_mr_owner_config_hex),
  };
}

function only(value: string | null): readonly string[] | null {
  return value === null ? null : [value];
}
