/**
 * `casemate owner show FILE`: says which key a file holds.
 *
 * @module
 */

import { isDeviceKey } from "../../core/device_keys.ts";
import { InputError } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../../core/limits.ts";
import { type PublicKey, readPublicKey, readSigningKey } from "../../core/signing_key.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import { type Given, renamed } from "../input/given.ts";
import { withSigners } from "../keys/signers.ts";
import { type Place, PRIVATE_KEY_KINDS, PUBLIC_KEY_KINDS, readOwn } from "../kinds/own.ts";
import { labelled, usableWidth } from "../output/layout.ts";
import { printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** The argument, as errors name it. */
const ARGUMENT = "FILE";

const PLACE: Place = {
  flag: ARGUMENT,
  limit: MAX_FILE_BYTES,
  kinds: [...PUBLIC_KEY_KINDS, ...PRIVATE_KEY_KINDS],
};

/** What a key in a file is. */
interface Found {
  readonly half: "public" | "private";
  readonly key: PublicKey;
}

/**
 * Shows a key.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input; or the URI of a key in a device.
 * @param given The flags.
 * @throws {InputError} `key.wrong_kind`, `key.malformed`, naming the argument.
 */
export async function showOwner(context: Context, path: string, given: Given): Promise<void> {
  const { host } = context;
  const reader = new FileReader(host.files);
  const { half, key } = isDeviceKey(path)
    ? await inDevice(context, reader, path)
    : await readOwn(reader, path, PLACE, ({ bytes }) => keyIn(bytes));
  const { terminal } = host;
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return terminal.out(
      `${printableJson({ v: 1, half, kind: key.kind, fingerprint: key.id })}\n`,
    );
  }
  const rows = [["fingerprint", key.id]] as const;
  const lines = labelled(rows, { width: usableWidth(terminal.width), indent: "  " });
  terminal.out(`${key.kind} key, ${half} half\n${lines.join("\n")}\n`);
}

/** What a device keeps is a private key; its public half is all that it tells. */
async function inDevice(context: Context, reader: FileReader, uri: string): Promise<Found> {
  return await withSigners(context, reader, { flag: ARGUMENT, words: [uri] }, ([key]) => {
    if (key === undefined) throw new TypeError("Cannot show no key");
    return Promise.resolve({ half: "private" as const, key: key.publicKey });
  });
}

async function keyIn(bytes: Uint8Array): Promise<Found> {
  try {
    return { half: "public", key: await readPublicKey(bytes) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const other = await privateIn(bytes);
    if (other !== undefined) return { half: "private", key: other };
    throw renamed(error, error.message, ARGUMENT);
  }
}

async function privateIn(bytes: Uint8Array): Promise<PublicKey | undefined> {
  try {
    return (await readSigningKey(bytes)).publicKey;
  } catch (error) {
    // What is no key at all is told as no public one.
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
