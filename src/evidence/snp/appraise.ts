/**
 * Judges a verified SEV-SNP report against a policy. Every check gives a finding.
 *
 * @module
 */

import type { AppraiseContext, RootContext, Rooted, Verified } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import type { SnpCode } from "./codes.ts";
import { judgeGuestPolicy, judgePlatform } from "./guest.ts";
import { type Judgement, judgePinned, judgeReportData, toFinding } from "../judgement.ts";
import type { SnpPolicy } from "./policy.ts";
import { productStatus } from "./products.ts";
import type { SnpEvidence, SnpReport } from "./report.ts";
import { judgeTcb } from "./tcb.ts";

/** VMPL that stands in a report which the host asked for. */
const HOST_REQUESTED = 0xffff_ffff;

/** Length of REPORT_DATA, bytes (56860 Table 23). */
export const REPORT_DATA_BYTES = 64;

/**
 * Judges a verified report.
 *
 * Revocation, product line, chip, what runs, who asked, and the platform's state
 * are judged here; signatures and bindings were established by `verify`.
 *
 * @param proven What `verify` established.
 * @param policy The `sev-snp` section, defaults filled in.
 * @param context Time, freshness and accepted risks.
 */
export function appraise(
  proven: Verified<SnpEvidence>,
  policy: SnpPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const { report } = proven;
  const judgements: readonly Judgement<SnpCode>[] = [
    judgeProduct(proven, context),
    judgeRevocation(proven, policy),
    judgeReportData(report.reportData, context.freshness, {
      id: "snp.report-data",
      code: "snp.report_data_mismatch",
    }),
    judgeMeasurement(report, policy),
    judgeVmpl(report, policy),
    ...judgeGuestPolicy(report, policy),
    ...judgeIdentity(report, policy),
    ...judgeTcb(proven, policy),
    ...judgePlatform(report, policy),
    ...judgeChip(proven, policy),
  ];
  const { root } = rootOf(proven, context);
  return judgements.map((judgement) => toFinding(judgement, root));
}

/**
 * Whose word a verified report rests on: AMD's, unless the line is compromised
 * and the policy does not accept that until a day that has not passed.
 *
 * @param proven What `verify` established.
 * @param context Time and accepted risks.
 */
export function rootOf(proven: Verified<SnpEvidence>, context: RootContext): Rooted {
  const { line, lab } = proven.chain;
  if (lab) return { root: "lab", warnings: [] };
  const { status, source, date } = productStatus(line);
  if (status === "ok") return { root: "amd", warnings: [] };
  const until = acceptedUntil(line, context);
  const known = `The signing keys of ${line} can be extracted, known since ${date} (${source})`;
  if (until === undefined) {
    return { root: "none", warnings: [`${known}: whoever did so can forge this report`] };
  }
  return { root: "amd", warnings: [`${known}; the policy accepts this until ${until}`] };
}

function acceptedUntil(line: string, context: RootContext): string | undefined {
  const until = context.acceptCompromised[line.toLowerCase()];
  return until !== undefined && context.now < endOf(until) ? until : undefined;
}

function endOf(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 60 * 60 * 1000);
}

function judgeProduct(proven: Verified<SnpEvidence>, context: RootContext): Judgement<SnpCode> {
  const { line } = proven.chain;
  const { status, source, date } = productStatus(line);
  const accepted = status !== "ok" && acceptedUntil(line, context) !== undefined;
  return {
    id: "snp.product",
    title: "Product line",
    link: "root",
    // An accepted risk is no pass.
    holds: accepted ? null : status === "ok",
    required: !accepted,
    expected: "a line whose signing keys are safe",
    actual: status === "ok" ? line : `${line}, compromised since ${date}: ${source}`,
    code: "snp.product_compromised",
    source: "product status table",
  };
}

function judgeRevocation(proven: Verified<SnpEvidence>, policy: SnpPolicy): Judgement<SnpCode> {
  const { crls, leaf } = proven;
  const listed = crls.map(({ number, nextUpdate, scope }) => {
    const covers = scope === null ? "of all that the ARK issues" : `of ${scope}`;
    return `list ${number ?? "without number"} ${covers}, due ${nextUpdate}`;
  }).join("; ");
  return {
    id: "snp.revocation",
    title: "Not revoked",
    link: "chain",
    holds: crls.length > 0 ? true : null,
    required: policy.revocation === "require",
    expected: `a current revocation list that covers a ${leaf.form} and does not name the chain`,
    actual: crls.length > 0 ? listed : null,
    code: "snp.crl_missing",
    source: "AMD 57230, RFC 5280 §6.3",
  };
}

function judgeMeasurement(report: SnpReport, policy: SnpPolicy): Judgement<SnpCode> {
  const { measurements } = policy;
  return {
    id: "snp.measurement",
    title: "Launch measurement",
    link: "guest",
    holds: measurements === null ? null : measurements.includes(report.measurement),
    expected: measurements === null ? null : measurements.join(" or "),
    actual: report.measurement,
    code: measurements === null ? "snp.measurement_not_pinned" : "snp.measurement_mismatch",
  };
}

function judgeVmpl(report: SnpReport, policy: SnpPolicy): Judgement<SnpCode> {
  return {
    id: "snp.vmpl",
    title: "Privilege level",
    link: "guest",
    holds: policy.vmpl.some((level) => level === report.vmpl),
    expected: `VMPL ${policy.vmpl.join(" or ")}`,
    actual: report.vmpl === HOST_REQUESTED ? "asked for by the host" : `VMPL ${report.vmpl}`,
    code: "snp.vmpl",
  };
}

function judgeIdentity(report: SnpReport, policy: SnpPolicy): readonly Judgement<SnpCode>[] {
  const author = judgePinned<SnpCode>(report.authorKeyDigest, policy.authorKeyDigests, {
    id: "snp.author-key",
    title: "Author key",
    code: "snp.author_key_mismatch",
  });
  return [
    judgePinned(report.hostData, policy.hostData, {
      id: "snp.host-data",
      title: "Host data",
      code: "snp.host_data_mismatch",
    }),
    judgePinned(report.idKeyDigest, policy.idKeyDigests, {
      id: "snp.id-key",
      title: "ID key",
      code: "snp.id_key_mismatch",
    }),
    // The digest counts only where the firmware says that an author key was used (AUTHOR_KEY_EN).
    author.holds === true && !report.authorKeyEnabled
      ? { ...author, holds: false, actual: "no author key in use" }
      : author,
    {
      id: "snp.guest-svn",
      title: "Guest security version",
      link: "guest",
      holds: policy.minimumGuestSvn === null ? null : report.guestSvn >= policy.minimumGuestSvn,
      required: policy.minimumGuestSvn !== null,
      expected: policy.minimumGuestSvn === null ? null : `at least ${policy.minimumGuestSvn}`,
      actual: String(report.guestSvn),
      code: "snp.guest_svn_too_low",
    },
  ];
}

function judgeChip(
  proven: Verified<SnpEvidence>,
  policy: SnpPolicy,
): readonly Judgement<SnpCode>[] {
  const { report, chipBinding, leaf } = proven;
  const masked = chipBinding === "masked";
  const named = chipBinding === "matches";
  return [
    {
      id: "snp.chip-id",
      title: "Chip id",
      link: "platform",
      holds: named ? true : null,
      required: masked && policy.maskedChipId === "forbid",
      expected: leaf.hwid === null ? null : `${leaf.hwid}, as in the VCEK`,
      actual: masked ? "masked by the host" : named ? report.chipId : "a VLEK names no chip",
      code: "snp.chip_id_masked",
      source: "AMD 57230 §3.1",
    },
    judgeChipLists(named ? report.chipId : null, policy),
  ];
}

/** Lists cannot be kept where no chip is named: a denied one may be behind it. */
function judgeChipLists(chip: string | null, policy: SnpPolicy): Judgement<SnpCode> {
  const { allowChips, denyChips } = policy;
  const base = { id: "snp.chip-list", title: "Chip list", link: "platform" } as const;
  const actual = chip ?? "no chip named";
  if (allowChips === null && denyChips === null) {
    return { ...base, holds: null, required: false, expected: null, actual, code: null };
  }
  const expected = "on the allow list, not on the deny list";
  if (chip === null) {
    return { ...base, holds: false, expected, actual, code: "snp.chip_unnamed" };
  }
  const denied = denyChips?.includes(chip) === true;
  const holds = !denied && (allowChips === null || allowChips.includes(chip));
  const code = denied ? "snp.chip_denied" : "snp.chip_not_allowed";
  return { ...base, holds, expected, actual, code };
}
