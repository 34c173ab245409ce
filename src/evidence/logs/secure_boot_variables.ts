/**
 * The variables of Secure Boot, as the firmware measured them (PFP §3.3.4.8).
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import type { LogEvent } from "./event_log.ts";
import { VENDOR } from "./guid.ts";
import { PCR } from "./registers.ts";
import type { Found, Remark } from "./remark.ts";
import { readSignatureLists } from "./signature_lists.ts";
import { readAscii } from "./text.ts";
import type { Place, TrustedEvents } from "./trusted_events.ts";
import { readVariableData, type VariableData, type VariableName } from "./variable_data.ts";

/** A variable, and the event that has it. */
export interface MeasuredVariable extends VariableData {
  /** The event. */
  readonly event: LogEvent;
}

/** Variables of Secure Boot, each of which is measured once. */
export const SECURE_BOOT_VARIABLES: readonly VariableName[] = [
  { vendor: VENDOR.global, name: "SecureBoot" },
  { vendor: VENDOR.global, name: "PK" },
  { vendor: VENDOR.global, name: "KEK" },
  { vendor: VENDOR.imageSecurity, name: "db" },
  { vendor: VENDOR.imageSecurity, name: "dbx" },
  { vendor: VENDOR.imageSecurity, name: "dbt" },
  { vendor: VENDOR.imageSecurity, name: "dbr" },
];

/** What the firmware measured of Secure Boot before it handed over. */
export interface MeasuredVariables {
  /** Where it stands. */
  readonly place: Place;
  /** Variables of Secure Boot that were measured exactly once, by name. */
  readonly once: ReadonlyMap<string, MeasuredVariable>;
  /** Whether all else before the separator is accounted for. */
  readonly complete: boolean;
}

/**
 * Finds the variables of Secure Boot. A name that was measured twice is not among
 * them, since nothing says which of the values counts (LOG-03).
 *
 * @param trusted Events that may be believed.
 */
export function findSecureBootVariables(trusted: TrustedEvents): Found<MeasuredVariables> {
  const place = trusted.before(PCR.secureBoot);
  const before = variablesOf(place);
  const again = variablesOf(trusted.after(PCR.secureBoot)).filter(isSecureBootItself);
  const remarks: Remark[] = again.map(({ event }) => ({
    kind: "variable-changed",
    register: place.register,
    event: event.number,
  }));
  const once = new Map<string, MeasuredVariable>();
  for (const wanted of SECURE_BOOT_VARIABLES) {
    const [first, second] = before.filter((variable) => isNamed(variable, wanted));
    if (first !== undefined && second === undefined) once.set(wanted.name, first);
    if (second !== undefined) {
      const { number } = second.event;
      remarks.push({ kind: "variable-repeated", register: place.register, event: number });
    }
  }
  return { found: { place, once, complete: place.events.every(isAccountedFor) }, remarks };
}

/**
 * Variables whose data hash to the digest, name and all; those whose value alone
 * does have no name that could be believed.
 *
 * @param place Where they stand.
 */
export function variablesOf({ events }: Place): readonly MeasuredVariable[] {
  return events.flatMap((event) => {
    const variable = event.covered === "whole" ? readVariableData(fromHex(event.data)) : null;
    return variable === null ? [] : [{ ...variable, event }];
  });
}

function isNamed(variable: VariableName, { vendor, name }: VariableName): boolean {
  return variable.vendor === vendor && variable.name === name;
}

/**
 * Whether a variable is one of Secure Boot with its value. An authority has the
 * name of its database, but one signature of it as value, which is no list.
 *
 * @param variable A variable.
 */
export function isSecureBootItself(variable: VariableData): boolean {
  return SECURE_BOOT_VARIABLES.some((wanted) => isNamed(variable, wanted)) &&
    (variable.name === "SecureBoot" || readSignatureLists(variable.value) !== null);
}

/** Whether it is seen that an event is no variable of Secure Boot, or which. */
function isAccountedFor({ covered, data }: LogEvent): boolean {
  if (covered !== "whole") return false;
  const bytes = fromHex(data);
  return readVariableData(bytes) !== null || readAscii(bytes) !== null;
}
