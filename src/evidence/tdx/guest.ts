/**
 * Judges the attributes and features that the TD was launched with.
 *
 * @module
 */

import type { Judgement } from "../judgement.ts";
import type { TdxCode } from "./codes.ts";
import type { AttributeBit, TdxPolicy } from "./policy.ts";
import type { TdAttributes, TdReport } from "./report.ts";

const ZERO = "0x0000000000000000";

/** Bits of XFAM that are always set: x87 and SSE (TDX Module ABI Specification, XFAM_FIXED1). */
const XFAM_FIXED1 = 0x3n;
/** Bits of XFAM that may be set (XFAM_FIXED0 of TDX modules 1.0 and 1.5). */
const XFAM_FIXED0 = 0x6dbe7n;

/**
 * Judges TD_ATTRIBUTES and XFAM.
 *
 * @param body The report.
 * @param policy The `tdx` section.
 */
export function judgeAttributes(body: TdReport, policy: TdxPolicy): readonly Judgement<TdxCode>[] {
  const { tdAttributes: attributes } = body;
  return [
    forbidden("debug", "Debugging", attributes.debug, {
      rule: policy.debug,
      code: "tdx.debug_allowed",
    }),
    forbidden("profiling", "Profiling by the host", profiled(attributes), {
      rule: policy.profiling,
      code: "tdx.profiling_allowed",
    }),
    forbidden("migration", "Migration", attributes.migratable, {
      rule: policy.migration,
      code: "tdx.migration_allowed",
    }),
    {
      id: "tdx.attributes-reserved",
      title: "Reserved TD attributes",
      link: "guest",
      holds: attributes.reservedBits === ZERO,
      expected: "zero",
      actual: attributes.reservedBits,
      code: "tdx.attributes_reserved",
      source: "Intel TDX Module ABI Specification, TD_ATTRIBUTES",
    },
    ...demanded(attributes, policy),
    judgeXfam(body.xfam),
    judgeXfamList(body.xfam, policy),
  ];
}

/** Any of the three lets the host watch the TD's work. */
function profiled(attributes: TdAttributes): boolean {
  return attributes.hgsPlusProfiling || attributes.perfProfiling || attributes.pmtProfiling;
}

function forbidden(
  name: string,
  title: string,
  allowed: boolean,
  { rule, code }: { readonly rule: "forbid" | "allow"; readonly code: TdxCode },
): Judgement<TdxCode> {
  return {
    id: `tdx.${name}`,
    title,
    link: "guest",
    // An accepted risk is no pass.
    holds: rule === "allow" && allowed ? null : !allowed,
    required: rule === "forbid",
    expected: rule === "forbid" ? "forbidden" : null,
    actual: allowed ? "allowed" : "forbidden",
    code,
  };
}

function demanded(attributes: TdAttributes, policy: TdxPolicy): readonly Judgement<TdxCode>[] {
  return Object.entries(policy.attributes).map(([bit, wanted]): Judgement<TdxCode> => {
    const actual = attributes[bit as AttributeBit];
    return {
      id: `tdx.attributes.${bit}`,
      title: `TD attribute ${bit}`,
      link: "guest",
      holds: actual === wanted,
      expected: String(wanted),
      actual: String(actual),
      code: "tdx.attribute",
    };
  });
}

function judgeXfam(xfam: string): Judgement<TdxCode> {
  const bits = BigInt(xfam);
  const fixed = (bits & XFAM_FIXED1) === XFAM_FIXED1 && (bits & ~XFAM_FIXED0) === 0n;
  return {
    id: "tdx.xfam",
    title: "Extended features (XFAM)",
    link: "guest",
    holds: fixed,
    expected: "x87 and SSE, and no reserved feature",
    actual: xfam,
    code: "tdx.xfam_reserved",
    source: "Intel TDX Module ABI Specification, XFAM",
  };
}

function judgeXfamList(xfam: string, policy: TdxPolicy): Judgement<TdxCode> {
  const accepted = policy.xfam;
  return {
    id: "tdx.xfam-list",
    title: "Accepted extended features",
    link: "guest",
    holds: accepted === null ? null : accepted.includes(xfam),
    required: accepted !== null,
    expected: accepted === null ? null : accepted.join(" or "),
    actual: xfam,
    code: "tdx.xfam_mismatch",
  };
}
