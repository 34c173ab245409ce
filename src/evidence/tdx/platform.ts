/**
 * Judges the platform by what its PCK certificate and its TDX module say.
 *
 * @module
 */

import type { Verified } from "../evidence.ts";
import type { Judgement } from "../judgement.ts";
import type { TdxCode } from "./codes.ts";
import type { PlatformBit, TdxPolicy } from "./policy.ts";
import type { Pck, TdxEvidence } from "./report.ts";

/**
 * Judges module, configuration and lists of platforms.
 *
 * @param proven What `verify` established.
 * @param policy The `tdx` section.
 */
export function judgePlatform(
  proven: Verified<TdxEvidence>,
  policy: TdxPolicy,
): readonly Judgement<TdxCode>[] {
  return [
    judgeModule(proven.quote.body.mrSeam, policy),
    ...judgeConfiguration(proven.pck, policy),
    judgeList(proven.pck.ppid, policy),
  ];
}

function judgeModule(mrSeam: string, policy: TdxPolicy): Judgement<TdxCode> {
  const accepted = policy.mrSeam;
  return {
    id: "tdx.mr-seam",
    title: "TDX module (MRSEAM)",
    link: "platform",
    holds: accepted === null ? null : accepted.includes(mrSeam),
    required: accepted !== null,
    expected: accepted === null ? null : accepted.join(" or "),
    actual: mrSeam,
    code: "tdx.mr_seam_mismatch",
  };
}

/** A certificate of the Processor CA says nothing of these, and so does not meet a demand. */
function judgeConfiguration(pck: Pck, policy: TdxPolicy): readonly Judgement<TdxCode>[] {
  return Object.entries(policy.platformConfiguration).map(([bit, wanted]): Judgement<TdxCode> => {
    const actual = pck.configuration?.[bit as PlatformBit] ?? null;
    return {
      id: `tdx.platform-configuration.${bit}`,
      title: `Platform ${bit}`,
      link: "platform",
      holds: actual === wanted,
      expected: String(wanted),
      actual: actual === null ? "not stated" : String(actual),
      code: "tdx.platform_configuration",
    };
  });
}

function judgeList(ppid: string, policy: TdxPolicy): Judgement<TdxCode> {
  const { allowPlatforms, denyPlatforms } = policy;
  const base = {
    id: "tdx.platform-list",
    title: "Platform list",
    link: "platform",
    actual: ppid,
  } as const;
  if (allowPlatforms === null && denyPlatforms === null) {
    return { ...base, holds: null, required: false, expected: null, code: null };
  }
  const denied = denyPlatforms?.includes(ppid) === true;
  const holds = !denied && (allowPlatforms === null || allowPlatforms.includes(ppid));
  return {
    ...base,
    holds,
    expected: "on the allow list, not on the deny list",
    code: denied ? "tdx.platform_denied" : "tdx.platform_not_allowed",
  };
}
