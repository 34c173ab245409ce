/**
 * Whether certificates and lists are in force.
 *
 * @module
 */

import type { ErrorFields } from "../../../core/errors.ts";
import type { Named } from "../../../core/portable/anchors.ts";
import { momentText, positionIn, type Window } from "../../../core/portable/moment.ts";
import type { TpmCode } from "../codes.ts";
import { refuseTpm } from "./refuse.ts";
import type { AuthenticList } from "./revocation.ts";

/** Codes and names of the ends of a window. */
interface Ends {
  /** Code and name of a moment before the window. */
  readonly early: readonly [TpmCode, string];
  /** The same after it. */
  readonly late: readonly [TpmCode, string];
}

const OF_CERTIFICATES: Ends = {
  early: ["tpm.certificate_not_yet_valid", "notBefore"],
  late: ["tpm.certificate_expired", "notAfter"],
};
const OF_LISTS: Ends = {
  early: ["tpm.crl_not_yet_valid", "thisUpdate"],
  late: ["tpm.crl_expired", "nextUpdate"],
};

/**
 * Refuses a moment outside of any window.
 *
 * @param path From the key's certificate to the root.
 * @param lists Lists that were used.
 * @param now The moment.
 * @throws {RejectedError} `tpm.crl_expired`, `tpm.crl_not_yet_valid`,
 * `tpm.certificate_expired`, `tpm.certificate_not_yet_valid`
 */
export function checkValidity(
  path: readonly Named[],
  lists: readonly AuthenticList[],
  now: number,
): void {
  for (const { window, input } of lists) check(window, now, OF_LISTS, { input });
  for (const [certificate, { window }] of path) {
    check(window, now, OF_CERTIFICATES, { certificate });
  }
}

function check(window: Window, now: number, { early, late }: Ends, what: ErrorFields): void {
  const position = positionIn(window, now);
  if (position === "within") return;
  const [code, bound] = position === "before" ? early : late;
  const limit = position === "before" ? window.from : window.until;
  throw refuseTpm(code, { ...what, [bound]: momentText(limit), now: momentText(now) });
}
