/**
 * Whether the certificates of a path and its revocation lists are in force.
 *
 * @module
 */

import type { CasemateError, ErrorFields } from "../errors.ts";
import type { Named } from "./anchors.ts";
import { momentText, positionIn, type Window } from "./moment.ts";
import type { AuthenticList } from "./revocation.ts";

/** What can be wrong with the time. */
export type TimeFault =
  | "certificate-early"
  | "certificate-late"
  | "list-early"
  | "list-late";

/** How a technology refuses a moment. */
export type RefuseTime = (fault: TimeFault, fields: ErrorFields) => CasemateError;

/** Faults and names of the ends of a window. */
interface Ends {
  /** Fault and name of a moment before the window. */
  readonly early: readonly [TimeFault, string];
  /** The same after it. */
  readonly late: readonly [TimeFault, string];
}

const OF_CERTIFICATES: Ends = {
  early: ["certificate-early", "notBefore"],
  late: ["certificate-late", "notAfter"],
};
const OF_LISTS: Ends = {
  early: ["list-early", "thisUpdate"],
  late: ["list-late", "nextUpdate"],
};

/** What must be in force. */
export interface Dated {
  /** From the certificate that is asked about to the root. */
  readonly path: readonly Named[];
  /** Lists that were used. */
  readonly lists: readonly AuthenticList[];
}

/**
 * Refuses a moment outside of any window; lists first.
 *
 * @param dated Certificates and lists.
 * @param now The moment.
 * @param refuse Gives the technology's refusal.
 * @throws {RejectedError} for each {@linkcode TimeFault}.
 */
export function checkValidity({ path, lists }: Dated, now: number, refuse: RefuseTime): void {
  const check = (window: Window, { early, late }: Ends, what: ErrorFields): void => {
    const position = positionIn(window, now);
    if (position === "within") return;
    const [fault, bound] = position === "before" ? early : late;
    const limit = position === "before" ? window.from : window.until;
    throw refuse(fault, { ...what, [bound]: momentText(limit), now: momentText(now) });
  };
  for (const { window, input } of lists) check(window, OF_LISTS, { input });
  for (const [certificate, { window }] of path) check(window, OF_CERTIFICATES, { certificate });
}
