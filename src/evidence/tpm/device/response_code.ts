/**
 * Codes with which a TPM refuses a command, read for people (Part 2 §6.6).
 *
 * @module
 */

/** A response code, taken apart. */
export interface ResponseCode {
  /** The code as it was answered. */
  readonly number: number;
  /** Its name, as `TPM_RC_POLICY_FAIL`; the number in hex where it is not known here. */
  readonly name: string;
  /** What it means, as the end of a sentence. */
  readonly says: string;
  /** What it is about, as `parameter 2`; empty where it is about the command. */
  readonly about: string;
}

type Table = Readonly<Record<number, readonly [name: string, says: string]>>;

/** Format one, from bit 7 on: errors of a handle, a parameter or a session (Table 17, RC_FMT1). */
const FORMAT_ONE: Table = {
  0x01: ["ASYMMETRIC", "the asymmetric algorithm is not supported or not right"],
  0x02: ["ATTRIBUTES", "attributes are inconsistent"],
  0x03: ["HASH", "the hash algorithm is not supported or not right"],
  0x04: ["VALUE", "a value is out of range or not right for the context"],
  0x05: ["HIERARCHY", "the hierarchy is not enabled or not right for the use"],
  0x07: ["KEY_SIZE", "the key size is not supported"],
  0x08: ["MGF", "the mask generation function is not supported"],
  0x09: ["MODE", "the mode is not supported"],
  0x0a: ["TYPE", "the type of the value is not right for the use"],
  0x0b: ["HANDLE", "the handle is not right for the use, or nothing stands there"],
  0x0c: ["KDF", "the key derivation is not supported"],
  0x0d: ["RANGE", "a value is out of its range"],
  0x0e: ["AUTH_FAIL", "the password or HMAC is wrong, and the dictionary attack counter went up"],
  0x0f: ["NONCE", "the nonce has a wrong size or value"],
  0x10: ["PP", "physical presence is required"],
  0x12: ["SCHEME", "the scheme is not supported or not right"],
  0x15: ["SIZE", "a size is wrong"],
  0x16: ["SYMMETRIC", "the symmetric algorithm or key size is not supported"],
  0x17: ["TAG", "the tag of a structure is wrong"],
  0x18: ["SELECTOR", "the selector of a union is wrong"],
  0x1a: ["INSUFFICIENT", "the command ends before the value does"],
  0x1b: ["SIGNATURE", "the signature is not valid"],
  0x1c: ["KEY", "the fields of the key are not compatible with the use"],
  0x1d: ["POLICY_FAIL", "a policy check failed"],
  0x1f: ["INTEGRITY", "an integrity check failed"],
  0x20: ["TICKET", "the ticket is not valid"],
  0x21: ["RESERVED_BITS", "reserved bits are not zero"],
  0x22: ["BAD_AUTH", "the password or HMAC is wrong"],
  0x23: ["EXPIRED", "the policy has expired"],
  0x24: ["POLICY_CC", "the policy is for another command"],
  0x25: ["BINDING", "public and private part do not belong together"],
  0x26: ["CURVE", "the curve is not supported"],
  0x27: ["ECC_POINT", "the point is not on the curve"],
};

/** Format zero, errors (RC_VER1). */
const ERRORS: Table = {
  0x00: ["INITIALIZE", "the TPM was not started, or was started already"],
  0x01: ["FAILURE", "the TPM is in failure mode"],
  0x03: ["SEQUENCE", "the sequence handle is used wrongly"],
  0x0b: ["PRIVATE", "the command is not for everybody"],
  0x19: ["HMAC", "the command is not for HMAC"],
  0x20: ["DISABLED", "the command is disabled"],
  0x21: ["EXCLUSIVE", "another audit session is exclusive"],
  0x24: ["AUTH_TYPE", "this kind of authorization is not allowed here"],
  0x25: ["AUTH_MISSING", "an authorization is missing"],
  0x26: ["POLICY", "the policy is not right for this command"],
  0x27: ["PCR", "the register may not be changed so"],
  0x28: ["PCR_CHANGED", "registers have changed since the policy looked at them"],
  0x2d: ["UPGRADE", "the TPM is in field upgrade mode"],
  0x2e: ["TOO_MANY_CONTEXTS", "the context counter is at its end"],
  0x2f: ["AUTH_UNAVAILABLE", "no authorization can be had for this entity"],
  0x30: ["REBOOT", "the TPM must be started anew first"],
  0x31: ["UNBALANCED", "the strengths of the algorithms do not fit each other"],
  0x42: ["COMMAND_SIZE", "the size of the command is wrong"],
  0x43: ["COMMAND_CODE", "the command is not supported"],
  0x44: ["AUTHSIZE", "the size of the authorizations is wrong"],
  0x45: ["AUTH_CONTEXT", "there is an authorization where none may be"],
  0x46: ["NV_RANGE", "the NV range is out of bounds"],
  0x47: ["NV_SIZE", "the NV size is wrong"],
  0x48: ["NV_LOCKED", "the NV index is locked"],
  0x49: ["NV_AUTHORIZATION", "the NV index does not allow this authorization"],
  0x4a: ["NV_UNINITIALIZED", "the NV index was never written"],
  0x4b: ["NV_SPACE", "NV memory is full"],
  0x4c: ["NV_DEFINED", "the NV index is defined already"],
  0x50: ["BAD_CONTEXT", "the context is not valid"],
  0x51: ["CPHASH", "the hash of the command is set already or wrong"],
  0x52: ["PARENT", "the parent is not valid"],
  0x53: ["NEEDS_TEST", "a self test is needed first"],
  0x54: ["NO_RESULT", "the result cannot be had"],
  0x55: ["SENSITIVE", "the private part is not valid"],
};

/** Format zero, warnings (RC_WARN): the same command may succeed later. */
const WARNINGS: Table = {
  0x01: ["CONTEXT_GAP", "the gap of contexts is too large"],
  0x02: ["OBJECT_MEMORY", "there is no memory for another object: something was not flushed"],
  0x03: ["SESSION_MEMORY", "there is no memory for another session: something was not flushed"],
  0x04: ["MEMORY", "there is no memory"],
  0x05: ["SESSION_HANDLES", "there is no handle for another session: something was not flushed"],
  0x06: ["OBJECT_HANDLES", "there is no handle for another object: something was not flushed"],
  0x07: ["LOCALITY", "the locality is wrong"],
  0x08: ["YIELDED", "the TPM did something else and wants the command again"],
  0x09: ["CANCELED", "the command was canceled"],
  0x0a: ["TESTING", "the TPM is testing itself"],
  0x20: ["NV_RATE", "writes to NV memory come too fast"],
  0x21: ["LOCKOUT", "the TPM is locked against guessing of passwords"],
  0x22: ["RETRY", "the TPM was not able to start the command"],
  0x23: ["NV_UNAVAILABLE", "NV memory is not to be had now"],
};

/** Handle and session numbers that a warning names (TPM_RC_REFERENCE_H0 to S6). */
const REFERENCES: readonly (readonly [base: number, name: string, says: string])[] = [
  [0x10, "REFERENCE_H", "the object of a handle is not in the TPM"],
  [0x18, "REFERENCE_S", "the session of a handle is not in the TPM"],
];

/** Codes after which the same command is sent again (Part 3 §5.2; Part 2 §6.6.3). */
const AGAIN: readonly number[] = [0x922, 0x90a, 0x908];

/**
 * Whether the TPM wants the same command again.
 *
 * @param number The response code.
 */
export function wantsAgain(number: number): boolean {
  return AGAIN.includes(number);
}

/**
 * Takes a response code apart.
 *
 * @param number The response code, not zero.
 */
export function readResponseCode(number: number): ResponseCode {
  const layer = Math.floor(number / 0x10000);
  const code = number % 0x10000;
  // Linux's resource manager behind /dev/tpmrm0 answers as layer 11 of the software stack.
  const about = layer === 0 ? aboutOf(code) : joined(aboutOf(code), "from the resource manager");
  const [name, says] = meaningOf(code);
  return { number, name, says, about };
}

function meaningOf(code: number): readonly [string, string] {
  const found = code % 0x100 >= 0x80
    ? FORMAT_ONE[code % 0x40]
    : isWarning(code)
    ? WARNINGS[code % 0x80] ?? reference(code % 0x80)
    : ERRORS[code % 0x80];
  if (found === undefined || code < 0x80) return [hex(code), "the code is not known here"];
  return [`TPM_RC_${found[0]}`, found[1]];
}

function reference(code: number): readonly [string, string] | undefined {
  const found = REFERENCES.find(([base]) => code >= base && code < base + 7);
  return found === undefined ? undefined : [`${found[1]}${code - found[0]}`, found[2]];
}

/** Bit 11 of format zero. */
function isWarning(code: number): boolean {
  return (code & 0x800) !== 0;
}

/** Format one: bit 6 tells parameters, of which bits 8 to 11 are the number; else bit 11 tells sessions from handles. */
function aboutOf(code: number): string {
  if (code % 0x100 < 0x80) return "";
  const number = code >> 8 & 0xf;
  if ((code & 0x40) !== 0) return `parameter ${number}`;
  const nth = number & 0x7;
  if (nth === 0) return "";
  return (number & 0x8) === 0 ? `handle ${nth}` : `session ${nth}`;
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

function hex(code: number): string {
  return `0x${code.toString(16).padStart(3, "0")}`;
}
