/**
 * Policies that a vector of TDX does not meet.
 *
 * @module
 */

import { toHex } from "../../src/core/bytes.ts";
import type { Vector } from "../vectors.ts";
import { edited, fileOf, vectorOf } from "./change.ts";
import type { Bend } from "./contract.ts";
import { chainOf } from "./tdx_chain.ts";
import { chainPlace } from "./tdx_quote.ts";

type Section = Readonly<Record<string, unknown>>;

const OTHER = ["ee".repeat(48)];

/**
 * Demands that a vector does not meet, each beside the pinned registers.
 *
 * @param base The vector.
 * @param vectors All of them.
 */
export function bendsOfPolicy(
  base: Vector,
  vectors: ReadonlyMap<string, Vector>,
): readonly Bend[] {
  const platform = ppidOf(base);
  const demands: readonly (readonly [code: string, demand: Section])[] = [
    ["tdx.mrtd_mismatch", { mrTd: OTHER }],
    ["tdx.rtmr0_mismatch", { rtmr0: OTHER }],
    ["tdx.rtmr1_mismatch", { rtmr1: OTHER }],
    ["tdx.rtmr2_mismatch", { rtmr2: OTHER }],
    ["tdx.rtmr3_mismatch", { rtmr3: OTHER }],
    ["tdx.mr_config_id_mismatch", { mrConfigId: OTHER }],
    ["tdx.mr_owner_mismatch", { mrOwner: OTHER }],
    ["tdx.mr_owner_config_mismatch", { mrOwnerConfig: OTHER }],
    ["tdx.mr_seam_mismatch", { mrSeam: OTHER }],
    ["tdx.service_td_mismatch", { serviceTds: OTHER }],
    ["tdx.tcb_status", { tcbStatuses: ["SWHardeningNeeded"] }],
    ["tdx.tcb_date_too_old", { minimumTcbDate: "2026-11-21" }],
    ["tdx.evaluation_number_too_low", { minimumTcbEvaluationDataNumber: 21 }],
    ["tdx.attribute", { attributes: { septVeDisable: false } }],
    ["tdx.xfam_mismatch", { xfam: ["0x0000000000000003"] }],
    ["tdx.platform_configuration", { platformConfiguration: { smtEnabled: false } }],
    ["tdx.platform_not_allowed", { allowPlatforms: ["ee".repeat(16)] }],
    ["tdx.platform_denied", { denyPlatforms: [platform] }],
  ];
  return [
    ...demands.map(([code, demand]): Bend => ({
      what: `a policy with ${Object.keys(demand).join()}`,
      code,
      change: { section: { ...sectionOf(base), ...demand } },
    })),
    ...["mrTd", "rtmr1", "rtmr2"].map((key): Bend => ({
      what: `no ${key} pinned`,
      code: `tdx.${key.toLowerCase()}_not_pinned`,
      verdict: "platform-only",
      change: { section: without(sectionOf(base), key) },
    })),
    ...ofOutOfDate(vectorOf(vectors, "v4-out-of-date")),
    ...ofTrailing(base),
  ];
}

function sectionOf({ policy }: Vector): Section {
  return { ...Object(policy)["tdx"] };
}

function without(section: Section, key: string): Section {
  return Object.fromEntries(Object.entries(section).filter(([name]) => name !== key));
}

/** A platform that is out of date, under policies that do not put up with it. */
function ofOutOfDate(vector: Vector): readonly Bend[] {
  const { files, labRoots } = vector;
  const bend = (what: string, code: string, section: Section): Bend => ({
    what: `the files of ${vector.name} and ${what}`,
    code,
    change: { files, labRoots, section: { ...sectionOf(vector), ...section } },
  });
  return [
    bend("no accepted status but UpToDate", "tdx.tcb_status", { tcbStatuses: ["UpToDate"] }),
    bend("a grace that has passed", "tdx.tcb_status", {
      tcbStatuses: ["UpToDate"],
      outOfDateGraceDays: 30,
    }),
    bend("a refused advisory", "tdx.advisory_refused", { denyAdvisories: ["INTEL-SA-99000"] }),
    bend("other accepted advisories", "tdx.advisory_refused", {
      allowAdvisories: ["INTEL-SA-00001"],
    }),
  ];
}

/** Bytes behind a quote that the policy lets through, if they are zero. */
function ofTrailing(base: Vector): readonly Bend[] {
  const quote = fileOf(base, "quote");
  const rest = edited(new Uint8Array([...quote, 0, 0, 0]), -1, () => 1);
  return [{
    what: "bytes behind the quote that are not zero",
    code: "tdx.trailing_bytes",
    change: { files: { quote: rest }, section: { ...sectionOf(base), trailingBytes: "zero" } },
  }];
}

/** OBJECT IDENTIFIER 1.2.840.113741.1.13.1.1 (PPID), and the head of its OCTET STRING of 16 bytes. */
const PPID = "060a2a864886f84d010d01010410";

/** The platform that a quote's PCK certificate names. */
function ppidOf(vector: Vector): string {
  const [pck = new Uint8Array()] = chainOf(fileOf(vector, "quote"), chainPlace(vector));
  const hex = toHex(pck);
  const at = hex.indexOf(PPID) + PPID.length;
  return hex.slice(at, at + 32);
}
