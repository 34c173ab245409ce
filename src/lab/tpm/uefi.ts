/**
 * Data of events, as UEFI firmware writes them (UEFI 2.10, TCG PFP §10.4).
 * All numbers are little-endian.
 *
 * @module
 */

import { concat, fromHex } from "../../core/bytes.ts";
import { littleEndian, padded } from "../fields.ts";

/** GUIDs as they stand in memory. */
const GUIDS = {
  global: "61dfe48bca93d211aa0d00e098032b8c",
  securityDatabase: "cbb219d73a3d9645a3bcdad00e67656f",
  x509: "a159c0a5e494a74a87b5ab155c2bf072",
  sha256: "2616c4c14c509240aca941f936934328",
  owner: "ca5e0000000000000000000000000067",
  systemPartition: "28732ac11ff8d211ba4b00a0c93ec93b",
  linuxRoot: "e3bc684fcde8b14d96e7fbcaf984b709",
} as const;

/** Variables of Secure Boot, by the GUID that they are under (UEFI §3.3, §32.6.1). */
const SECURITY_DATABASES: readonly string[] = ["db", "dbx", "dbt", "dbr"];

/**
 * Text as UTF-16, without NUL.
 *
 * @param text The text.
 */
export function utf16(text: string): Uint8Array<ArrayBuffer> {
  return concat(
    ...Array.from({ length: text.length }, (_, i) => littleEndian(text.charCodeAt(i), 2)),
  );
}

/**
 * UEFI_VARIABLE_DATA (PFP §10.4.2).
 *
 * @param name Name of the variable.
 * @param data Its value.
 */
export function variableData(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const guid = SECURITY_DATABASES.includes(name) ? GUIDS.securityDatabase : GUIDS.global;
  return concat(
    fromHex(guid),
    littleEndian(name.length, 8),
    littleEndian(data.length, 8),
    utf16(name),
    data,
  );
}

/**
 * EFI_SIGNATURE_LIST (UEFI §32.4.1): each entry with its owner.
 *
 * @param kind What the entries are.
 * @param entries Certificates or digests, all of one length.
 */
export function signatureList(
  kind: "x509" | "sha256",
  entries: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const body = concat(...entries.map(signatureData));
  const size = 16 + (entries[0]?.length ?? 0);
  return concat(
    fromHex(GUIDS[kind]),
    littleEndian(28 + body.length, 4),
    littleEndian(0, 4),
    littleEndian(size, 4),
    body,
  );
}

/**
 * EFI_SIGNATURE_DATA (UEFI §32.4.1): what an entry of a list is, with its owner.
 *
 * @param entry A certificate or a digest.
 */
export function signatureData(entry: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(fromHex(GUIDS.owner), entry);
}

/** A device path of one file (UEFI §10.3.5.4), and its end. */
function filePath(path: string): Uint8Array<ArrayBuffer> {
  const text = utf16(`${path}\0`);
  return concat(
    Uint8Array.of(4, 4),
    littleEndian(4 + text.length, 2),
    text,
    Uint8Array.of(0x7f, 0xff, 4, 0),
  );
}

/**
 * EFI_LOAD_OPTION (UEFI §3.1.3): what a boot entry says.
 *
 * @param description Its description.
 * @param path File that it starts.
 */
export function loadOption(description: string, path: string): Uint8Array<ArrayBuffer> {
  const device = filePath(path);
  const active = 1;
  return concat(
    littleEndian(active, 4),
    littleEndian(device.length, 2),
    utf16(`${description}\0`),
    device,
  );
}

/**
 * UEFI_IMAGE_LOAD_EVENT (PFP §10.2.3).
 *
 * @param path File that was loaded.
 */
export function imageLoad(path: string): Uint8Array<ArrayBuffer> {
  const device = filePath(path);
  return concat(
    littleEndian(0x7e00_0000, 8),
    littleEndian(0x0120_0000, 8),
    littleEndian(0, 8),
    littleEndian(device.length, 8),
    device,
  );
}

/**
 * EFI_PLATFORM_FIRMWARE_BLOB (PFP §10.2.4): where the firmware lies.
 */
export function firmwareBlob(): Uint8Array<ArrayBuffer> {
  return concat(littleEndian(0xffc0_0000, 8), littleEndian(0x0040_0000, 8));
}

/**
 * UEFI_GPT_DATA (PFP §10.2.5): a partition table of a system partition and a root.
 */
export function partitionTable(): Uint8Array<ArrayBuffer> {
  const partitions = [
    partition(GUIDS.systemPartition, 1, [2048, 1_050_623], "esp"),
    partition(GUIDS.linuxRoot, 2, [1_050_624, 4_196_351], "root"),
  ];
  return concat(tableHeader(), littleEndian(partitions.length, 8), ...partitions);
}

/** EFI_PARTITION_TABLE_HEADER (UEFI §5.3.2); nothing checks its sums. */
function tableHeader(): Uint8Array<ArrayBuffer> {
  return concat(
    new TextEncoder().encode("EFI PART"),
    littleEndian(0x0001_0000, 4),
    littleEndian(92, 4),
    new Uint8Array(8),
    ...[1, 4_196_385, 34, 4_196_352].map((block) => littleEndian(block, 8)),
    uniqueGuid(0),
    littleEndian(2, 8),
    littleEndian(128, 4),
    littleEndian(128, 4),
    new Uint8Array(4),
  );
}

/** EFI_PARTITION_ENTRY (UEFI §5.3.3). */
function partition(
  type: string,
  number: number,
  blocks: readonly [first: number, last: number],
  name: string,
): Uint8Array<ArrayBuffer> {
  return concat(
    fromHex(type),
    uniqueGuid(number),
    ...blocks.map((block) => littleEndian(block, 8)),
    new Uint8Array(8),
    padded(utf16(name), 72),
  );
}

function uniqueGuid(number: number): Uint8Array<ArrayBuffer> {
  return concat(fromHex(GUIDS.owner).subarray(0, 15), Uint8Array.of(number));
}

/** Ids of tagged events of Linux (drivers/firmware/efi/libstub). */
const LINUX_TAGS = { initrd: 0x8f3b_22ec, loadOptions: 0x8f3b_22ed } as const;

/**
 * TCG_PCClientTaggedEvent (PFP §10.4.2.1) of the Linux EFI stub.
 *
 * @param what What it measured.
 */
export function linuxTag(what: keyof typeof LINUX_TAGS): Uint8Array<ArrayBuffer> {
  const text = what === "initrd" ? "Linux initrd\0" : "LOADED_IMAGE::LoadOptions\0";
  const data = new TextEncoder().encode(text);
  return concat(littleEndian(LINUX_TAGS[what], 4), littleEndian(data.length, 4), data);
}
