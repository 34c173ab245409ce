/**
 * Makes a key that signs, and writes both halves of it.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import { generateSigningKey, keyPem, type SigningKeyKind } from "../../core/signing_key.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { flagError, type Given, renamed } from "../input/given.ts";
import { newFile, refuseExisting } from "../lab/files.ts";
import { labelled, usableWidth } from "../output/layout.ts";
import { printable, printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** What a key is for. */
export interface Purpose {
  /** Whose key it is, as `an owner's`. */
  readonly whose: string;
  /** Names of its files. */
  readonly names: { readonly secret: string; readonly open: string };
  /** How to keep the private half, and what it can do. */
  readonly keep: string;
  /** Whom to give the public half. */
  readonly give: string;
}

/**
 * Makes a key and writes both halves, the private one for its owner alone.
 *
 * @param context The machine.
 * @param given The flags; `--out` is the folder.
 * @param kind Algorithm and curve.
 * @param purpose What it is for.
 * @throws {InputError} `input.missing`, `input.unwritable`, naming the flag.
 */
export async function makeKey(
  { host }: Context,
  given: Given,
  kind: SigningKeyKind,
  { whose, names, keep, give }: Purpose,
): Promise<void> {
  const out = given.text("out");
  if (out === undefined) {
    const message = "Cannot make a key without --out (folder to write to)";
    throw flagError("input.missing", message, "--out");
  }
  const folder = out === "/" ? out : out.replace(/\/+$/, "");
  await refuseExisting(host, folder, names, false);
  const { pkcs8, publicKey } = await generateSigningKey(kind);
  const secret = newFile(folder, names.secret, keyPem("PRIVATE KEY", pkcs8));
  const open = newFile(folder, names.open, keyPem("PUBLIC KEY", publicKey.spki));
  try {
    await host.files.write(secret.path, secret.bytes, true);
    await host.files.write(open.path, open.bytes, false);
  } catch (cause) {
    throw cause instanceof InputError ? renamed(cause, cause.message, "--out") : cause;
  }
  const { terminal } = host;
  const { id } = publicKey;
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    const told = { v: 1, kind, fingerprint: id, key: secret.path, publicKey: open.path };
    return terminal.out(`${printableJson(told)}\n`);
  }
  const rows = [
    ["private key", printable(`${secret.path}; ${keep}`)],
    ["public key", printable(`${open.path}; ${give}`)],
    ["fingerprint", id],
  ] as const;
  const lines = labelled(rows, { width: usableWidth(terminal.width), indent: "  " });
  terminal.out(`Made ${whose} key of ${kind}\n${lines.join("\n")}\n`);
}
