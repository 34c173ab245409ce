/**
 * Stage `verify-attestation-sev`: one SEV-SNP report under one root.
 *
 * @module
 */

import { concat, fromHex } from "../core/bytes.ts";
import { CasemateError } from "../core/errors.ts";
import { describeCertificates } from "../core/x509.ts";
import type { Anchor } from "../evidence/anchors.ts";
import type { Verified } from "../evidence/evidence.ts";
import { appraise } from "../evidence/snp/appraise.ts";
import { type SnpPolicy, snpPolicy, type TcbFloor, type TcbKind } from "../evidence/snp/policy.ts";
import { SNP_PRODUCT_NAMES } from "../evidence/snp/products.ts";
import type { SnpEvidence } from "../evidence/snp/report.ts";
import { AMD_ROOTS } from "../evidence/snp/roots.ts";
import { verifyUnder } from "../evidence/snp/verify.ts";
import { type Judged, unsupported } from "./answer.ts";
import { gunzip } from "./gunzip.ts";
import { broughtRoot, fittingChain } from "./roots.ts";
import { SEV_WORDS, type SevRejection } from "./sev_codes.ts";
import type { SevEvidenceInput, SevPins } from "./sev_input.ts";
import { sevOutputs } from "./sev_outputs.ts";
import type { Settings } from "./settings.ts";
import { objection, refusedOr } from "./translate.ts";

const KINDS: readonly TcbKind[] = ["reported", "committed", "current", "launch"];

/**
 * Judges a report.
 *
 * @param input Evidence and what it must have.
 * @param settings Engine, chains and time.
 * @throws {NotJudged} where the input is not of its form, or no chain is there.
 */
export async function judgeSev(
  input: SevEvidenceInput,
  settings: Settings,
): Promise<Judged<SevRejection>> {
  const report = await gunzip(input.attestation_doc_b64);
  const { chain, anchors } = await chainOf(input, settings);
  const now = input.expiration_check_date_unix ?? settings.now;
  const files = { report, leaf: input.vcek_der_b64, chainAskArk: chain };
  const proven = await refusedOr(
    SEV_WORDS,
    () => verifyUnder(settings.engine, files, anchors, now),
  );
  if ("accepted" in proven) return proven;
  return objection(SEV_WORDS, findingsOf(proven, input.policy, now)) ??
    otherAuthorKey(proven, input.policy) ?? { accepted: true, outputs: sevOutputs(proven.report) };
}

/** A root of the input's own goes with what it issued; else the vendor's are the only roots. */
async function chainOf(
  { amd_root_ca_pem: root, ask_pem: ask, vcek_der_b64: leaf }: SevEvidenceInput,
  { engine, amdChains }: Settings,
): Promise<{ readonly chain: Uint8Array; readonly anchors: readonly Anchor[] }> {
  if (root !== null && ask !== null) {
    const anchors = await broughtRoot(engine, root, "amd_root_ca_pem");
    return { chain: concat(ask, new TextEncoder().encode("\n"), root), anchors };
  }
  if (root !== null || ask !== null) {
    throw unsupported("amd_root_ca_pem and ask_pem are taken together or not at all");
  }
  const issuer = await issuerOf(engine, leaf);
  const chain = await fittingChain(engine, amdChains, ({ summary }) => summary.subject === issuer);
  // A leaf that is none is told by the verification, under any chain.
  const any = issuer === null ? amdChains[0] : chain;
  if (any !== undefined) return { chain: any, anchors: AMD_ROOTS };
  throw unsupported(
    "the input brings no chain and none was given that fits: give AMD's with --amd-chain",
  );
}

async function issuerOf(engine: Settings["engine"], leaf: Uint8Array): Promise<string | null> {
  try {
    const [certificate] = await describeCertificates(engine, leaf);
    return certificate?.summary.issuer ?? null;
  } catch (error) {
    if (error instanceof CasemateError) return null;
    throw error;
  }
}

function findingsOf(proven: Verified<SnpEvidence>, pins: SevPins | null, now: Date) {
  const reportData = pins?.expected_report_data_hex ?? null;
  return appraise(proven, policyOf(pins), {
    now,
    freshness: reportData === null
      ? { kind: "none" }
      : { kind: "report-data", bytes: fromHex(reportData) },
    acceptCompromised: {},
  });
}

/** The strict defaults, and what the input pins. */
function policyOf(pins: SevPins | null): SnpPolicy {
  const strict = snpPolicy.decode({}, "sev-snp");
  if (pins === null) return strict;
  const floor = floorOf(pins);
  const author = pins.expected_author_key_digest_hex;
  return {
    ...strict,
    measurements: only(pins.expected_measurement_hex),
    hostData: only(pins.expected_host_data_hex),
    idKeyDigests: only(pins.expected_id_key_digest_hex),
    authorKeyDigests: isZero(author) ? null : only(author),
    minimumTcb: floor === null ? null : everywhere(floor),
  };
}

/** The contract says "minimum" and not of what: it holds for all four TCBs of whatever line. */
function everywhere(floor: TcbFloor): SnpPolicy["minimumTcb"] {
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, floor]));
  return Object.fromEntries(SNP_PRODUCT_NAMES.map((line) => [line, kinds]));
}

function floorOf(pins: SevPins): TcbFloor | null {
  const floor = Object.fromEntries(
    [
      ["bootloader", pins.min_tcb_bl_spl] as const,
      ["tee", pins.min_tcb_tee_spl] as const,
      ["snp", pins.min_tcb_snp_spl] as const,
      ["microcode", pins.min_tcb_ucode_spl] as const,
    ].filter(([, least]) => least !== null),
  );
  return Object.keys(floor).length === 0 ? null : floor;
}

/** Zeros pin that there is no author key; a policy of ours pins keys alone. */
function otherAuthorKey(
  { report }: SnpEvidence,
  pins: SevPins | null,
): Judged<SevRejection> | null {
  const wanted = pins?.expected_author_key_digest_hex ?? null;
  if (!isZero(wanted) || report.authorKeyDigest === wanted) return null;
  const says = `author key digest: ${report.authorKeyDigest}, expected none`;
  return { accepted: false, code: "AUTHOR_KEY_DIGEST_MISMATCH", says };
}

function isZero(hex: string | null): boolean {
  return hex !== null && /^0+$/.test(hex);
}

function only(value: string | null): readonly string[] | null {
  return value === null ? null : [value];
}
