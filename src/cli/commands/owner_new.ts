/**
 * `casemate owner new`: makes the owner's key.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import { generateSigningKey, keyPem } from "../../core/signing_key.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { flagError, type Given, renamed } from "../input/given.ts";
import { newFile, refuseExisting } from "../lab/files.ts";
import { labelled, usableWidth } from "../output/layout.ts";
import { printable, printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** Files of a key: its private and its public half. */
const NAMES = { secret: "owner.key", open: "owner.pub" } as const;

/**
 * Makes a key and writes both halves.
 *
 * @param context The machine.
 * @param given The flags.
 * @throws {InputError} `input.missing`, `input.unwritable`, naming the flag.
 */
export async function makeOwner({ host }: Context, given: Given): Promise<void> {
  const out = given.text("out");
  if (out === undefined) {
    const message = "Cannot make a key without --out (folder to write to)";
    throw flagError("input.missing", message, "--out");
  }
  const folder = out === "/" ? out : out.replace(/\/+$/, "");
  await refuseExisting(host, folder, NAMES, false);
  const { pkcs8, publicKey } = await generateSigningKey("P-384");
  const secret = newFile(folder, NAMES.secret, keyPem("PRIVATE KEY", pkcs8));
  const open = newFile(folder, NAMES.open, keyPem("PUBLIC KEY", publicKey.spki));
  try {
    await host.files.write(secret.path, secret.bytes, true);
    await host.files.write(open.path, open.bytes, false);
  } catch (cause) {
    throw cause instanceof InputError ? renamed(cause, cause.message, "--out") : cause;
  }
  const { terminal } = host;
  const { id, kind } = publicKey;
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    const told = { v: 1, kind, fingerprint: id, key: secret.path, publicKey: open.path };
    return terminal.out(`${printableJson(told)}\n`);
  }
  const rows = [
    ["private key", `${secret.path}; keep it offline: whoever has it says what may run`],
    ["public key", `${open.path}; for whoever verifies`],
    ["fingerprint", id],
  ] as const;
  const width = usableWidth(terminal.width);
  const lines = labelled(rows.map(([name, text]) => [name, printable(text)]), {
    width,
    indent: "  ",
  });
  terminal.out(`Made an owner's key of ${kind}\n${lines.join("\n")}\n`);
}
