/**
 * Schema of an event log beside a quote: `ComparedLog` of `src/evidence/logs/compared_log.ts`,
 * `LogClaims` of `src/evidence/logs/claims.ts`.
 *
 * @module
 */
import type { JsonSchema } from "../../src/core/decode.ts";
import { REMARKS } from "../../src/evidence/logs/mod.ts";
import type { Property } from "./shapes.ts";
import { ANY_HEX, exactly, hexOf, listOf, orNull, TEXT, upTo, words, YES_OR_NO } from "./shapes.ts";

const COUNT = upTo(Number.MAX_SAFE_INTEGER);
const REGISTER = upTo(23);
const BANK = words("sha1", "sha256", "sha384", "sha512");

/** Digests by algorithm. */
const DIGESTS: JsonSchema = { type: "object", additionalProperties: ANY_HEX };

/** `Origin`: where a claim comes from. */
const ORIGIN: Readonly<Record<string, Property>> = {
  register: [REGISTER, "Register"],
  events: [listOf(COUNT), "Numbers of the events that it rests on"],
  by: [words("firmware", "shim", "boot loader", "stub"), "Who measured it"],
  handedOver: [YES_OR_NO, "Whether the firmware had handed over"],
  complete: [YES_OR_NO, "Whether every other event of the place is accounted for"],
};

const SECURE_BOOT = exactly({
  ...ORIGIN,
  enabled: [YES_OR_NO, "Whether the firmware checked what it booted"],
});

const DATABASE = exactly({
  ...ORIGIN,
  name: [words("PK", "KEK", "db", "dbx", "dbt", "dbr"), "Name"],
  sha256: [hexOf(32), "SHA-256 of the variable's value"],
  bytes: [COUNT, "Bytes of the value"],
  certificateCount: [COUNT, "How many certificates it has"],
  certificates: [
    listOf(exactly({ owner: [TEXT, "GUID"], sha256: [hexOf(32), "SHA-256"] })),
    "The first of them",
  ],
  hashCount: [COUNT, "How many hashes of images it has"],
  hashes: [listOf(ANY_HEX), "The first of them"],
  otherCount: [COUNT, "Entries of other types"],
});

const AUTHORITY = exactly({
  ...ORIGIN,
  variable: [
    orNull(exactly({ vendor: [TEXT, "GUID"], name: [TEXT, "Name"] })),
    "Variable that it is from",
  ],
  sha256: [hexOf(32), "SHA-256 of the value"],
  text: [orNull(TEXT), "The value, where it is a short text"],
  certificate: [
    orNull(exactly({ owner: [orNull(TEXT), "GUID"], sha256: [hexOf(32), "SHA-256"] })),
    "Certificate in the value",
  ],
});

const IMAGE = exactly({
  ...ORIGIN,
  digests: [DIGESTS, "Authenticode digests"],
  statedType: [TEXT, "Type that the log states"],
});

const UNIFIED_KERNEL = exactly({
  ...ORIGIN,
  sections: [
    listOf(exactly({
      name: [TEXT, "Name, as .linux"],
      digests: [DIGESTS, "Digests of its contents"],
      events: [listOf(COUNT), "Numbers of the events"],
    })),
    "Its sections",
  ],
});

const COMMAND_LINE = exactly({
  ...ORIGIN,
  text: [TEXT, "The text"],
  repeated: [listOf(TEXT), "Parameters that stand in it more than once"],
});

const BOOT_LOADER = exactly({
  ...ORIGIN,
  count: [COUNT, "How many texts there are"],
  texts: [
    listOf(exactly({
      text: [TEXT, "Text"],
      cut: [YES_OR_NO, "Whether it was cut"],
      statedPrefix: [orNull(TEXT), "What the log says that it is"],
    })),
    "The first of them",
  ],
});

const BOOT_SERVICES = exactly({ ...ORIGIN, failures: [COUNT, "How often it failed before"] });

const OWNER_KEYS = exactly({
  ...ORIGIN,
  digests: [DIGESTS, "Digests of its contents"],
  statedName: [orNull(TEXT), "Name that the log states"],
});

const CLAIMS = exactly({
  secureBoot: [orNull(SECURE_BOOT), "State of Secure Boot"],
  signatureDatabases: [listOf(DATABASE), "PK, KEK, db, dbx and their like"],
  authorities: [listOf(AUTHORITY), "Keys that vouched for what was booted"],
  drivers: [listOf(IMAGE), "Code of devices, and what the firmware ran itself"],
  applications: [listOf(IMAGE), "What was booted, in order"],
  unifiedKernel: [orNull(UNIFIED_KERNEL), "Sections of a unified kernel image"],
  commandLine: [orNull(COMMAND_LINE), "The kernel's command line"],
  bootLoader: [orNull(BOOT_LOADER), "What the boot loader did"],
  bootServicesExit: [orNull(BOOT_SERVICES), "The end of boot services"],
  ownerKeys: [listOf(OWNER_KEYS), "Lists of the machine's owner"],
});

const EVENT = exactly({
  number: [COUNT, "Place in the log"],
  register: [orNull(REGISTER), "Register; null where it extends none"],
  type: [orNull(upTo(0xffff_ffff)), "Type"],
  typeName: [TEXT, "Its name"],
  digests: [DIGESTS, "Digests by algorithm"],
  covered: [
    orNull(words("whole", "value", "text", "name")),
    "Which part of its data the digests cover; null: none",
  ],
});

const COMPARED = exactly({
  bank: [BANK, "Bank"],
  register: [REGISTER, "Number"],
  value: [ANY_HEX, "Value as quoted"],
  state: [
    words("explained", "untouched", "unexplained", "mismatch", "no-bank", "not-in-log"),
    "What came of it",
  ],
  replayed: [orNull(ANY_HEX), "Value that the events lead to"],
  counts: [YES_OR_NO, "Whether it counts; SHA-1 never does"],
});

const REMARK = exactly({
  kind: [words(...Object.keys(REMARKS)), "What was noticed"],
  register: [orNull(REGISTER), "Register"],
  event: [orNull(COUNT), "Number of the event"],
});

/** The log. */
export const LOG: JsonSchema = exactly({
  format: [words("tcg-1.2", "tcg-2", "cel-tlv", "cel-json"), "Format"],
  banks: [listOf(TEXT), "Algorithms of its digests"],
  startupLocality: [orNull(upTo(4)), "Locality from which the TPM was started"],
  events: [listOf(EVENT), "Events, without their data"],
  registers: [listOf(COMPARED), "What came of each quoted register"],
  claims: [CLAIMS, "What it says of registers that it explains"],
  remarks: [listOf(REMARK), "What is noticed about it"],
});
