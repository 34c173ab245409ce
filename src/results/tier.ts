/**
 * Trustworthiness claims and tiers (draft-ietf-rats-ar4si §2.3.2, §3.2).
 *
 * @module
 */

/** Status of an appraisal. */
export type Status = "none" | "affirming" | "warning" | "contraindicated";

/** What stands for each in numbers. */
export const STATUS_NUMBERS: Readonly<Record<Status, number>> = {
  none: 0,
  affirming: 2,
  warning: 32,
  contraindicated: 96,
};

/** An aspect of trustworthiness (§2.3.4). */
export type Aspect =
  | "instance-identity"
  | "configuration"
  | "executables"
  | "file-system"
  | "hardware"
  | "runtime-opaque"
  | "storage-opaque"
  | "sourced-data";

/** The aspects, in the order of the draft. */
export const ASPECTS: readonly Aspect[] = [
  "instance-identity",
  "configuration",
  "executables",
  "file-system",
  "hardware",
  "runtime-opaque",
  "storage-opaque",
  "sourced-data",
];

/**
 * Claims by aspect, -128 to 127. An aspect that is absent is not claimed, which
 * is the same as 0: it neither affirms anything nor lowers a status.
 */
export type TrustVector = Readonly<Partial<Record<Aspect, number>>>;

/**
 * Tier of a claim.
 *
 * @param claim -128 to 127.
 */
export function tierOf(claim: number): Status {
  if (claim >= -1 && claim <= 1) return "none";
  if (claim >= -32 && claim <= 31) return "affirming";
  if (claim >= -96 && claim <= 95) return "warning";
  return "contraindicated";
}

/**
 * The worst of some statuses. `none` says nothing, so it counts only where it is all there is;
 * who must not pass over it asks for it by name.
 *
 * @param statuses The statuses.
 */
export function worstStatus(statuses: readonly Status[]): Status {
  const numbers = statuses.map((status) => STATUS_NUMBERS[status]);
  const worst = Math.max(STATUS_NUMBERS.none, ...numbers);
  return statuses.find((status) => STATUS_NUMBERS[status] === worst) ?? "none";
}

/**
 * Whether a status says better things than another allows. `none` says nothing.
 *
 * @param status What is said.
 * @param allowed What stands below it.
 */
export function isBetter(status: Status, allowed: Status): boolean {
  return status !== "none" && STATUS_NUMBERS[status] < STATUS_NUMBERS[allowed];
}
