/**
 * What a node is told about its boot: which one it is, and for which cluster.
 *
 * @module
 */

import { InputError } from "../core/errors.ts";
import type { Files } from "../core/ports.ts";
import { LAUNCH_DATA, type LaunchData } from "../protocol/launch.ts";
import { readMessage } from "../protocol/message.ts";

/** Where Linux names the boot. */
export const BOOT_ID = "/proc/sys/kernel/random/boot_id";

/** A UUID and its line end, with room. */
const MAX_BOOT_ID_BYTES = 64;

/** Launch data with their full list of addresses. */
const MAX_LAUNCH_BYTES = 64 * 1024;

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\n?$/;

/**
 * Reads the id of this boot.
 *
 * @param files Files of the machine.
 * @param path Where; on Linux {@linkcode BOOT_ID}.
 * @returns 16 bytes, hex.
 * @throws {InputError} `input.unreadable`, `input.wrong_kind`
 */
export async function readBootId(files: Pick<Files, "read">, path: string): Promise<string> {
  const text = new TextDecoder().decode(await files.read(path, MAX_BOOT_ID_BYTES));
  const parts = UUID.exec(text);
  if (parts !== null) return parts.slice(1).join("");
  throw new InputError(`Cannot read ${path}: it is no UUID`, {
    code: "input.wrong_kind",
    fields: { file: path, expected: "a UUID" },
  });
}

/**
 * Reads launch data.
 *
 * @param files Files of the machine.
 * @param path Where.
 * @throws {InputError} `input.unreadable`, `protocol.malformed`
 */
export async function readLaunchData(
  files: Pick<Files, "read">,
  path: string,
): Promise<LaunchData> {
  return readMessage(LAUNCH_DATA, await files.read(path, MAX_LAUNCH_BYTES));
}
