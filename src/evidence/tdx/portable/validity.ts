/**
 * Whether all that vouches for a platform is in force: certificates, lists, documents.
 *
 * @module
 */

import type { Named } from "../../../core/portable/anchors.ts";
import type { ErrorFields } from "../../../core/errors.ts";
import { momentText, positionIn, type Window } from "../../../core/portable/moment.ts";
import type { TdxCode } from "../codes.ts";
import type { Chain } from "./chain.ts";
import type { AuthenticCollateral } from "./collateral.ts";
import { QE_IDENTITY, TCB_INFO } from "./document.ts";
import { refuseTdx } from "./refuse.ts";
import { CRL_PLACES } from "./revocation.ts";

/** Codes and names of the ends of a window. */
interface Ends {
  /** Code and name of a moment before the window. */
  readonly early: readonly [TdxCode, string];
  /** The same after it. */
  readonly late: readonly [TdxCode, string];
}

const OF_CERTIFICATES: Ends = {
  early: ["tdx.certificate_not_yet_valid", "notBefore"],
  late: ["tdx.certificate_expired", "notAfter"],
};
const OF_LISTS: Ends = {
  early: ["tdx.crl_not_yet_valid", "thisUpdate"],
  late: ["tdx.crl_expired", "nextUpdate"],
};
const OF_DOCUMENTS: Ends = {
  early: ["tdx.collateral_not_yet_valid", "issueDate"],
  late: ["tdx.collateral_expired", "nextUpdate"],
};

/**
 * Refuses a moment outside of any window.
 *
 * @param chain The quote's chain.
 * @param collateral Collateral; null where there is none.
 * @param now The moment.
 * @throws {RejectedError} `tdx.certificate_expired`, `tdx.certificate_not_yet_valid`,
 * `tdx.crl_expired`, `tdx.crl_not_yet_valid`, `tdx.collateral_expired`, `tdx.collateral_not_yet_valid`
 */
export function checkValidity(
  { root, intermediate, leaf }: Chain,
  collateral: AuthenticCollateral | null,
  now: number,
): void {
  const certificates: readonly Named[] = [
    ["root", root.certificate],
    ["CA", intermediate.certificate],
    ["PCK", leaf],
    ...(collateral?.certificates ?? []),
  ];
  for (const [certificate, { window }] of certificates) {
    check(window, now, OF_CERTIFICATES, { certificate });
  }
  if (collateral === null) return;
  const { pckCrl, rootCrl, tcbInfo, qeIdentity } = collateral;
  check(pckCrl.window, now, OF_LISTS, { input: CRL_PLACES.pck.name });
  check(rootCrl.window, now, OF_LISTS, { input: CRL_PLACES.root.name });
  check(tcbInfo.window, now, OF_DOCUMENTS, { input: TCB_INFO.input });
  check(qeIdentity.window, now, OF_DOCUMENTS, { input: QE_IDENTITY.input });
}

function check(window: Window, now: number, { early, late }: Ends, what: ErrorFields): void {
  const position = positionIn(window, now);
  if (position === "within") return;
  const [code, bound] = position === "before" ? early : late;
  const limit = position === "before" ? window.from : window.until;
  throw refuseTdx(code, { ...what, [bound]: momentText(limit), now: momentText(now) });
}
