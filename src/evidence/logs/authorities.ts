/**
 * Which keys vouched for what was booted (PFP §3.3.4.8, EV_EFI_VARIABLE_AUTHORITY).
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import { sha256 } from "./digest.ts";
import type { LogEvent } from "./event_log.ts";
import { EVENT } from "./event_types.ts";
import { GUID_BYTES, readGuid, VENDOR } from "./guid.ts";
import { PCR } from "./registers.ts";
import { isSecureBootItself, variablesOf } from "./secure_boot_variables.ts";
import { readAscii } from "./text.ts";
import type { Measurer, Origin, Place, TrustedEvents } from "./trusted_events.ts";
import { readVariableData, type VariableData, type VariableName } from "./variable_data.ts";

/** Longest value that is shown as text, as shim's SBAT level, bytes. */
const MAX_TEXT_BYTES = 256;

/** A key or list by which something that was booted was judged. */
export interface AuthorityClaim extends Origin {
  /** Variable that it is from; null where the digest covers the value alone. */
  readonly variable: VariableName | null;
  /** SHA-256 of the value. */
  readonly sha256: string;
  /** Value, where it is a short text, as shim's SBAT level. */
  readonly text: string | null;
  /** Certificate in the value, where there is one: who put it into the variable, and its SHA-256. */
  readonly certificate: { readonly owner: string | null; readonly sha256: string } | null;
}

/**
 * Reads the authorities, from before and from behind the separator.
 *
 * @param trusted Events that may be believed.
 */
export async function readAuthorities(trusted: TrustedEvents): Promise<readonly AuthorityClaim[]> {
  const places = [trusted.before(PCR.secureBoot), trusted.after(PCR.secureBoot)];
  const claims = places.flatMap((place) => {
    const complete = place.events.every(({ covered }) =>
      covered === "whole" || covered === "value"
    );
    return candidates(place).map((candidate) => claimOf(place, candidate, complete));
  });
  return await Promise.all(claims);
}

interface Candidate {
  readonly event: LogEvent;
  readonly variable: AuthorityClaim["variable"];
  readonly value: Uint8Array<ArrayBuffer>;
}

/** Databases themselves are measured in the same place; of variables of others nothing is known. */
function candidates(place: Place): readonly Candidate[] {
  const named = variablesOf(place).filter(isAuthority)
    .map(({ event, vendor, name, value }) => ({ event, variable: { vendor, name }, value }));
  // Where registers are shared, a value without a name could be any boot variable's.
  const nameless = place.shared ? [] : place.events.flatMap((event) => {
    const nameless = event.covered === "value" && event.type === EVENT.authority;
    const variable = nameless ? readVariableData(fromHex(event.data)) : null;
    return variable === null ? [] : [{ event, variable: null, value: variable.value }];
  });
  return [...named, ...nameless].sort((a, b) => a.event.number - b.event.number);
}

function isAuthority(variable: VariableData): boolean {
  if (variable.vendor === VENDOR.shim) return true;
  return variable.vendor === VENDOR.imageSecurity && !isSecureBootItself(variable);
}

async function claimOf(
  { register, handedOver }: Place,
  { event, variable, value }: Candidate,
  complete: boolean,
): Promise<AuthorityClaim> {
  return {
    variable,
    sha256: await sha256(value),
    text: value.length <= MAX_TEXT_BYTES ? readAscii(value) : null,
    certificate: await certificateIn(value),
    register,
    events: [event.number],
    by: measurerOf(variable),
    handedOver,
    complete,
  };
}

function measurerOf(variable: AuthorityClaim["variable"]): Measurer {
  if (variable === null) return "boot loader";
  return variable.vendor === VENDOR.shim ? "shim" : "firmware";
}

/** The firmware measures an EFI_SIGNATURE_DATA, owner before certificate; shim the certificate alone, mostly. */
async function certificateIn(
  value: Uint8Array<ArrayBuffer>,
): Promise<AuthorityClaim["certificate"]> {
  if (isSequence(value)) return { owner: null, sha256: await sha256(value) };
  const behind = value.subarray(GUID_BYTES);
  return isSequence(behind) ? { owner: readGuid(value), sha256: await sha256(behind) } : null;
}

/** Whether bytes are one DER SEQUENCE with a length of two bytes, as certificates are. */
function isSequence(bytes: Uint8Array): boolean {
  const [tag, form, high = 0, low = 0] = bytes;
  return tag === 0x30 && form === 0x82 && bytes.length === 4 + 256 * high + low;
}
