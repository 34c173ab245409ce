/**
 * `casemate reference sign FILE`: signs reference values with the owner's key.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { SigningKey } from "../../core/signing_key.ts";
import { technologies } from "../../evidence/registry.ts";
import { ownerAuthority, signReference } from "../../policy/reference/authority.ts";
import { lintReference } from "../../policy/reference/lint.ts";
import { readSignedReference } from "../../policy/reference/signed.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { fileName, FileReader } from "../input/files.ts";
import { flagError, type Given, renamed } from "../input/given.ts";
import { withSigners } from "../keys/signers.ts";
import { bulleted, labelled, usableWidth } from "../output/layout.ts";
import { printable, printableJson } from "../output/printable.ts";
import { type OpenedReference, openReference } from "../reference/open.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** The flags, read. */
interface Wanted {
  readonly out: string;
  /** Files, or URIs of keys in devices. */
  readonly words: readonly string[];
}

/** What signs, and where that is written. */
interface Signing {
  readonly out: string;
  readonly keys: readonly SigningKey[];
}

/**
 * Signs a file.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags.
 * @throws {InputError} where the file or a flag is wrong.
 */
export async function signReferenceFile(
  context: Context,
  path: string,
  given: Given,
): Promise<void> {
  const { out, words } = readWanted(given);
  const reader = new FileReader(context.host.files);
  await withSigners(context, reader, { flag: "--key", words }, async (keys) => {
    const opened = await openReference(context, path, null);
    if (opened.file.kind !== "plain") {
      const message = `Cannot sign ${fileName(path)}: it is signed already`;
      throw flagError("input.wrong_kind", message, "FILE");
    }
    await signOpened(context, given, { opened, signing: { out, keys } });
  });
}

async function signOpened(
  context: Context,
  given: Given,
  { opened, signing }: { readonly opened: OpenedReference; readonly signing: Signing },
): Promise<void> {
  const { host } = context;
  const signed = await signReference(opened.document.plain, signing.keys);
  // What is handed out must be what can be verified.
  await readSignedReference(signed, [ownerAuthority(signing.keys.map((key) => key.publicKey))]);
  try {
    await host.files.write(signing.out, signed, false);
  } catch (cause) {
    throw cause instanceof InputError ? renamed(cause, cause.message, "--out") : cause;
  }
  tell(context, given, { opened, signing });
}

function readWanted(given: Given): Wanted {
  const out = given.text("out");
  const words = given.texts("key");
  const missing = [
    ...(words.length === 0 ? ["--key (private key of the owner)"] : []),
    ...(out === undefined ? ["--out (file to write)"] : []),
  ];
  if (out !== undefined && missing.length === 0) return { out, words };
  const flags = missing.map((text) => text.split(" ")[0]).join(", ");
  throw flagError("input.missing", `Cannot sign without ${missing.join(" and ")}`, flags);
}

function tell(
  { host: { terminal, clock } }: Context,
  given: Given,
  { opened, signing }: { readonly opened: OpenedReference; readonly signing: Signing },
): void {
  const { document, digest } = opened;
  const doubts = lintReference(document, technologies, clock.now()).length;
  const by = signing.keys.map(({ publicKey: { id } }) => id);
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    const told = { v: 1, out: signing.out, release: document.release, digest, by, doubts };
    return terminal.out(`${printableJson(told)}\n`);
  }
  const width = usableWidth(terminal.width);
  const rows = [...by.map((id) => ["signed by", id] as const), ["digest", digest] as const];
  const lines = [
    ...bulleted("", [`Wrote ${printable(signing.out)}`], { width, indent: "" }),
    ...labelled(rows, { width, indent: "  " }),
    ...(doubts === 0 ? [] : bulleted("! ", [doubtful(doubts)], { width, indent: "" })),
  ];
  terminal.out(`${lines.join("\n")}\n`);
}

function doubtful(count: number): string {
  const things = count === 1 ? "One thing is" : `${count} things are`;
  return `${things} doubtful about what was signed: casemate reference check tells`;
}
