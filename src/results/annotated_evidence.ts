/**
 * What evidence says, beside the verdict on it, for consumers that look there.
 * Reports of SEV-SNP and quotes of TDX are named as consumers of Trustee's tokens
 * know them (`snp.measurement`, `tdx.quote.body.mr_td`), from memory of its
 * claims; everything else as this project names it.
 *
 * @module
 */

import type { CanonicalValue } from "../core/canonical_json.ts";
import type { Attester } from "./attesters.ts";
import type { Result } from "./result.ts";

type Members = Readonly<Record<string, CanonicalValue>>;

/** Name of a claim of Trustee, and where it stands here. */
type Names = readonly (readonly [string, string])[];

const SNP: Names = [
  ["measurement", "measurement"],
  ["report_data", "reportData"],
  ["init_data", "hostData"],
  ["policy_abi_major", "policy.abiMajor"],
  ["policy_abi_minor", "policy.abiMinor"],
  ["policy_smt_allowed", "policy.smt"],
  ["policy_migrate_ma", "policy.migrateMa"],
  ["policy_debug_allowed", "policy.debug"],
  ["policy_single_socket", "policy.singleSocket"],
  ["reported_tcb_bootloader", "reportedTcb.bootloader"],
  ["reported_tcb_tee", "reportedTcb.tee"],
  ["reported_tcb_snp", "reportedTcb.snp"],
  ["reported_tcb_microcode", "reportedTcb.microcode"],
  ["platform_smt_enabled", "platformInfo.smtEnabled"],
  ["platform_tsme_enabled", "platformInfo.tsmeEnabled"],
];

const TD_BODY: Names = [
  ["tcb_svn", "teeTcbSvn"],
  ["mr_seam", "mrSeam"],
  ["mrsigner_seam", "mrSignerSeam"],
  ["mr_td", "mrTd"],
  ["mr_config_id", "mrConfigId"],
  ["mr_owner", "mrOwner"],
  ["mr_owner_config", "mrOwnerConfig"],
  ["rtmr_0", "rtmrs.0"],
  ["rtmr_1", "rtmrs.1"],
  ["rtmr_2", "rtmrs.2"],
  ["rtmr_3", "rtmrs.3"],
  ["report_data", "reportData"],
];

const TD_ATTRIBUTES: Names = [
  ["debug", "debug"],
  ["septve_disable", "septVeDisable"],
  ["protection_keys", "pks"],
  ["key_locker", "keyLocker"],
  ["perfmon", "perfmon"],
];

/**
 * What an attester's evidence says.
 *
 * @param attester The attester.
 * @param result The result; refused evidence says nothing.
 */
export function annotatedEvidence(attester: Attester, { claims }: Pick<Result, "claims">): Members {
  const tee = at(claims, "tee") ?? claims;
  const vtpm = at(claims, "vtpm") ?? claims;
  switch (attester.label) {
    case "cpu0":
      return teeClaims(tee);
    case "vtpm0":
    case "enclave0":
      return quoteClaims(vtpm);
    case "log0":
      return {};
    default:
      return attester.label satisfies never;
  }
}

function teeClaims(tee: unknown): Members {
  const snp = renamed(at(tee, "report"), SNP);
  const body = renamed(at(tee, "quote.body"), TD_BODY);
  const attributes = renamed(at(tee, "quote.body.tdAttributes"), TD_ATTRIBUTES);
  if ("mr_td" in body) return { tdx: { quote: { body }, td_attributes: attributes } };
  return "measurement" in snp ? { snp } : {};
}

/** The registers are in a quote by their digest alone; those of a document stand in it. */
function quoteClaims(vtpm: unknown): Members {
  const quote = plain(at(vtpm, "quote"));
  const document = plain(at(vtpm, "document"));
  return {
    ...(quote === undefined ? {} : { quote }),
    ...(document === undefined ? {} : { document }),
  };
}

function renamed(data: unknown, names: Names): Members {
  return Object.fromEntries(names.flatMap(([name, path]) => {
    const value = plain(at(data, path));
    return value === undefined ? [] : [[name, value]];
  }));
}

/** A value inside of others, by its dotted path; undefined where there is none. */
function at(data: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inside, name) => {
    if (typeof inside !== "object" || inside === null) return undefined;
    return Object.entries(inside).find(([key]) => key === name)?.[1];
  }, data);
}

/** A value as JSON has it; undefined where there is none. */
function plain(value: unknown): CanonicalValue | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.flatMap((item) => plain(item) ?? []);
  if (typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inside]) => {
        const kept = plain(inside);
        return kept === undefined ? [] : [[name, kept]];
      }),
    );
  }
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  return typeof value === "string" || typeof value === "boolean" ? value : undefined;
}
