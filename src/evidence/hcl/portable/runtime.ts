/**
 * Runtime data of HCL reports: JSON, of which the paravisor puts the hash into
 * the hardware report (Microsoft, "Runtime data").
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import { digestOf } from "../../../core/portable/digest.ts";
import { argumentsOf, misuse } from "../../../core/portable/frame.ts";
import { type JsonObject, type JsonTree, readTree } from "../../../core/portable/json_tree.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { checkSize } from "../../../core/portable/refuse.ts";
import { utf8Of } from "../../../core/portable/values.ts";
import type { HclHash, HclRuntime, HclSetting } from "../report.ts";
import { readKeys } from "./key.ts";
import { refuseHcl } from "./refuse.ts";

/** Largest runtime data, bytes: those of the largest report. */
const MAX_BYTES = 16 * 1024;
/** Most settings; Azure writes up to seven. */
const MAX_SETTINGS = 64;
/** Longest value of a setting, characters. */
const MAX_SETTING = 1024;
/** NV index 0x01400002. */
const USER_DATA = /^[0-9a-fA-F]{128}$/;

const KNOWN: readonly string[] = ["keys", "vm-configuration", "user-data"];

/**
 * Reads runtime data; nothing is verified: the operation `hcl_runtime`.
 *
 * @param parts Name of the hash; runtime data.
 * @throws {RejectedError} `hcl.runtime_*`, `hcl.key_*`
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export function hclRuntime(parts: readonly Uint8Array[]): HclRuntime {
  const [name = new Uint8Array(), bytes = new Uint8Array()] = argumentsOf(parts, 2);
  const hash = readHash(name);
  checkSize(bytes, "runtime-data", MAX_BYTES);
  return readRuntime(hash, bytes);
}

function readHash(name: Uint8Array): HclHash {
  const text = utf8Of(name);
  if (text === "sha256" || text === "sha384" || text === "sha512") return text;
  throw misuse("the hash is none of sha256, sha384 or sha512");
}

/**
 * Reads runtime data.
 *
 * @param hash Hash that binds them.
 * @param bytes The data, byte for byte.
 * @throws {RejectedError} `hcl.runtime_*`, `hcl.key_*`
 */
export function readRuntime(hash: HclHash, bytes: Uint8Array): HclRuntime {
  const { members } = readOr(
    () => readText(bytes),
    (reason) => refuseHcl("hcl.runtime_syntax", reason),
  );
  return {
    hashAlgorithm: hash,
    hash: toHex(digestOf(hash, bytes)),
    bytes: bytes.length,
    keys: readKeys(members.get("keys")),
    vmConfiguration: inMember("vm-configuration", () => readSettings(members)),
    userData: inMember("user-data", () => readUserData(members)),
    others: [...members.keys()].filter((name) => !KNOWN.includes(name)),
  };
}

function readText(bytes: Uint8Array): JsonObject {
  const text = utf8Of(bytes);
  if (text === undefined) throw new Malformed("it is not UTF-8");
  return readTree(text);
}

/** A member of the wrong form is refused by its name. */
function inMember<T>(member: string, read: () => T): T {
  return readOr(read, (reason) => refuseHcl("hcl.runtime_value", reason, { member }));
}

function readSettings(members: JsonObject["members"]): readonly HclSetting[] {
  const configuration = members.get("vm-configuration");
  if (configuration?.kind !== "object") throw new Malformed("it is no object, or missing");
  if (configuration.members.size > MAX_SETTINGS) {
    throw new Malformed(`it has more than ${MAX_SETTINGS} members`);
  }
  return [...configuration.members].map(([name, value]) => ({ name, value: settingOf(value) }));
}

function settingOf(value: JsonTree): HclSetting["value"] {
  if (value.kind === "name" || value.kind === "number") return value.value;
  if (value.kind === "string" && [...value.text].length <= MAX_SETTING) return value.text;
  throw new Malformed("a setting is no short text, number, truth value or null");
}

function readUserData(members: JsonObject["members"]): string | null {
  const data = members.get("user-data");
  if (data === undefined) return null;
  if (data.kind === "string" && USER_DATA.test(data.text)) return data.text.toLowerCase();
  throw new Malformed("it is not 64 bytes in hex");
}
