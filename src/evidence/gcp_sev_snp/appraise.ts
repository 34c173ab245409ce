/**
 * Judges verified evidence of an instance with SEV-SNP on Google Cloud against a policy.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import type { AppraiseContext, Freshness, RootContext, Rooted, Verified } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { judgeInstance } from "../gce/appraise.ts";
import { judgeFirmware, rootsOfEndorsement } from "../gce/endorse.ts";
import { toFinding } from "../judgement.ts";
import type { PairingCode } from "../pairing/codes.ts";
import { tell } from "../pairing/findings.ts";
import { atMost, type PartRoots, partRoots, rootedIn } from "../pairing/roots.ts";
import { sevSnp, type SnpEvidence } from "../snp/mod.ts";
import { qualifyingDataBeside, reportDataOf } from "../statement/binding.ts";
import { tpm } from "../tpm/mod.ts";
import type { TpmEvidence } from "../tpm/report.ts";
import { VARIANTS } from "../variants/table.ts";
import type { GcpSevSnpPolicy } from "./policy.ts";
import type { GcpSevSnpEvidence } from "./verify.ts";

/** Steps that rest on AMD's word. */
const OF_TEE: readonly string[] = ["snp."];

/**
 * Whose word it rests on: AMD's that the memory is protected and the channel ends in it, Google's what runs.
 *
 * @param proven What `verify` established.
 * @param context Time and accepted risks.
 */
export function rootOf(proven: GcpSevSnpEvidence, context: RootContext): Rooted {
  const { warnings } = sevSnp.root(teeOf(proven), context);
  const beside = rootsOfEndorsement(proven.firmware);
  return rootedIn(rootsOf(proven, context), OF_TEE, warnings, beside);
}

function rootsOf(proven: GcpSevSnpEvidence, context: RootContext): PartRoots {
  const tee = sevSnp.root(teeOf(proven), context).root;
  const vtpm = tpm.root(vtpmOf(proven), context).root;
  return partRoots(VARIANTS["gcp-sev-snp"], tee, vtpm);
}

/**
 * Judges it. The launch measurement is of Google's firmware: what runs is said
 * by the registers of the vTPM, on Google's word.
 *
 * @param proven What `verify` established.
 * @param policy The section, defaults filled in.
 * @param context Time, freshness and accepted risks.
 */
export function appraise(
  proven: Verified<GcpSevSnpEvidence>,
  policy: GcpSevSnpPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const { firmware, tee: { report } } = proven;
  const { tee, whatRuns: root } = rootsOf(proven, context);
  const asked = questionsOf(proven, context.freshness);
  const ofReport = sevSnp.appraise(teeOf(proven), policy.tee, { ...context, freshness: asked.tee });
  const ofQuotes = tpm.appraise(vtpmOf(proven), policy.vtpm, { ...context, freshness: asked.vtpm });
  const parts = [
    ...tell(ofReport, { ...(tee === null ? {} : { root: tee }), optional: ["snp.measurement"] }),
    ...judgeInstance(proven.instance, policy, root),
    ...tell(ofQuotes, { root }),
  ];
  const judged = judgeBinding(parts, context.freshness);
  return [
    ...parts,
    // Either part could have been put beside the other by whoever can forge it.
    toFinding(judged, tee === null ? root : atMost(root, tee)),
    ...judgeFirmware(firmware, {
      actual: report.measurement,
      endorsed: endorsedOf(firmware),
      needed: true,
    }),
  ];
}

/** What each part must answer (protocol §4). */
interface Questions {
  readonly tee: Freshness;
  readonly vtpm: Freshness;
}

function questionsOf(
  { akName, reportSha256 }: GcpSevSnpEvidence,
  freshness: Freshness,
): Questions {
  if (freshness.kind !== "statement") return { tee: freshness, vtpm: freshness };
  const { binding } = freshness;
  return {
    tee: { kind: "report-data", bytes: reportDataOf(binding, fromHex(akName)) },
    vtpm: { kind: "nonce", bytes: qualifyingDataBeside(binding, fromHex(reportSha256)) },
  };
}

/** What each part answers under a statement names the other: the report the key, the quote the report. */
const ANSWERS: readonly string[] = ["snp.report-data", "tpm.qualifying-data"];

/** Without a statement each part answers for itself, so that they may be of two machines. */
function judgeBinding(
  findings: readonly Finding[],
  { kind }: Freshness,
): Parameters<typeof toFinding>[0] {
  const stated = kind === "statement";
  const answered = findings.filter(({ id }) => ANSWERS.includes(id));
  const code: PairingCode = "pairing.unbound";
  return {
    id: "pairing.binding",
    title: "Report and quote are of one machine",
    link: "evidence",
    holds: stated ? answered.every((finding) => finding.kind === "match") : null,
    expected: "each names the other",
    actual: stated ? null : "no statement ties them",
    code,
    source: "protocol §4",
  };
}

function endorsedOf(firmware: GcpSevSnpEvidence["firmware"]): readonly string[] {
  if (firmware === null || firmware.sevSnp === null) return [];
  const { measurements, svsmMeasurement } = firmware.sevSnp;
  return [
    ...measurements.map(({ measurement }) => measurement),
    ...(svsmMeasurement === null ? [] : [svsmMeasurement]),
  ];
}

/** The parts were verified by their technologies, in `verify` of this variant. */
function teeOf({ tee }: GcpSevSnpEvidence): Verified<SnpEvidence> {
  return tee as Verified<SnpEvidence>;
}

function vtpmOf({ vtpm }: GcpSevSnpEvidence): Verified<TpmEvidence> {
  return vtpm as Verified<TpmEvidence>;
}
