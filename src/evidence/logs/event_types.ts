/**
 * Types of events (PFP Table 27), and what is known of each.
 *
 * A type is signed by nothing: whoever hands over the log can write another one
 * (LOG-01). So it decides which words are shown, never what is believed.
 *
 * @module
 */

/** Facts about a type of event. */
export interface EventType {
  /** Name, as in the specification. */
  readonly name: string;
  /** What its digest is of, for a person. */
  readonly says: string;
}

/** All types, by number. */
export const EVENT_TYPES: ReadonlyMap<number, EventType> = new Map<number, EventType>([
  [0x00, { name: "EV_PREBOOT_CERT", says: "reserved" }],
  [0x01, { name: "EV_POST_CODE", says: "firmware code" }],
  [0x02, { name: "EV_UNUSED", says: "reserved" }],
  [0x03, { name: "EV_NO_ACTION", says: "a note, which extends nothing" }],
  [0x04, { name: "EV_SEPARATOR", says: "the firmware hands over" }],
  [0x05, { name: "EV_ACTION", says: "an action" }],
  [0x06, { name: "EV_EVENT_TAG", says: "tagged data of an operating system" }],
  [0x07, { name: "EV_S_CRTM_CONTENTS", says: "contents of the first code that runs" }],
  [0x08, { name: "EV_S_CRTM_VERSION", says: "version of the first code that runs" }],
  [0x09, { name: "EV_CPU_MICROCODE", says: "microcode" }],
  [0x0a, { name: "EV_PLATFORM_CONFIG_FLAGS", says: "configuration of the platform" }],
  [0x0b, { name: "EV_TABLE_OF_DEVICES", says: "table of devices" }],
  [0x0c, { name: "EV_COMPACT_HASH", says: "anything" }],
  [0x0d, { name: "EV_IPL", says: "what a boot loader does or loads" }],
  [0x0e, { name: "EV_IPL_PARTITION_DATA", says: "partition data" }],
  [0x0f, { name: "EV_NONHOST_CODE", says: "code of another processor" }],
  [0x10, { name: "EV_NONHOST_CONFIG", says: "configuration of another processor" }],
  [0x11, { name: "EV_NONHOST_INFO", says: "kind of another processor" }],
  [0x12, { name: "EV_OMIT_BOOT_DEVICE_EVENTS", says: "boot attempts are not logged" }],
  [0x13, { name: "EV_POST_CODE2", says: "firmware code" }],
  [0x80000000, { name: "EV_EFI_EVENT_BASE", says: "reserved" }],
  [0x80000001, { name: "EV_EFI_VARIABLE_DRIVER_CONFIG", says: "a variable of the firmware" }],
  [0x80000002, { name: "EV_EFI_VARIABLE_BOOT", says: "a boot variable" }],
  [0x80000003, { name: "EV_EFI_BOOT_SERVICES_APPLICATION", says: "an application" }],
  [0x80000004, { name: "EV_EFI_BOOT_SERVICES_DRIVER", says: "a driver" }],
  [0x80000005, { name: "EV_EFI_RUNTIME_SERVICES_DRIVER", says: "a driver that stays" }],
  [0x80000006, { name: "EV_EFI_GPT_EVENT", says: "partition table" }],
  [0x80000007, { name: "EV_EFI_ACTION", says: "an action" }],
  [0x80000008, { name: "EV_EFI_PLATFORM_FIRMWARE_BLOB", says: "firmware code" }],
  [0x80000009, { name: "EV_EFI_HANDOFF_TABLES", says: "tables for the operating system" }],
  [0x8000000a, { name: "EV_EFI_PLATFORM_FIRMWARE_BLOB2", says: "firmware code" }],
  [0x8000000b, { name: "EV_EFI_HANDOFF_TABLES2", says: "tables for the operating system" }],
  [0x8000000c, { name: "EV_EFI_VARIABLE_BOOT2", says: "a boot variable" }],
  [0x8000000d, { name: "EV_EFI_GPT_EVENT2", says: "partition table" }],
  [0x80000010, { name: "EV_EFI_HCRTM_EVENT", says: "first code, measured by hardware" }],
  [0x800000e0, { name: "EV_EFI_VARIABLE_AUTHORITY", says: "a key that vouched for code" }],
  [0x800000e1, { name: "EV_EFI_SPDM_FIRMWARE_BLOB", says: "firmware of a device" }],
  [0x800000e2, { name: "EV_EFI_SPDM_FIRMWARE_CONFIG", says: "configuration of a device" }],
  [0x800000e3, { name: "EV_EFI_SPDM_DEVICE_POLICY", says: "keys that may vouch for devices" }],
  [0x800000e4, { name: "EV_EFI_SPDM_DEVICE_AUTHORITY", says: "a key that vouched for a device" }],
]);

/** Types that the code asks for by name. */
export const EVENT = {
  noAction: 0x03,
  separator: 0x04,
  ipl: 0x0d,
  tag: 0x06,
  variableBoot: 0x80000002,
  variableBoot2: 0x8000000c,
  authority: 0x800000e0,
} as const;

/**
 * Types whose digest is the hash of the whole data (PFP Table 27): EV_SEPARATOR,
 * EV_ACTION, EV_EFI_VARIABLE_DRIVER_CONFIG, EV_EFI_GPT_EVENT, EV_EFI_ACTION.
 * Where the data hash to something else, the engine refuses the log, unless SHA-1
 * is all that it has. The specification hashes boot variables and authorities
 * whole, too, but much firmware hashes the value alone, and shim before 15.3 what
 * nobody can tell: they are not in the list, and what is not covered is not believed.
 */
export const HASHED_WHOLE: readonly number[] = [
  0x04,
  0x05,
  0x80000001,
  0x80000006,
  0x80000007,
];

/** Types whose data should hash to the digest and are known not to, in genuine logs. */
export const KNOWN_EXCEPTIONS: readonly number[] = [
  EVENT.variableBoot,
  EVENT.variableBoot2,
  EVENT.authority,
];

/**
 * Name of a type.
 *
 * @param type Number; null for a CEL record without one.
 * @param content Kind of content, which stands where there is no type.
 */
export function typeName(type: number | null, content: string): string {
  if (type === null) return content;
  return EVENT_TYPES.get(type)?.name ?? `0x${type.toString(16).padStart(8, "0")}`;
}
