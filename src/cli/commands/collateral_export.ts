/**
 * `casemate collateral export`: what is kept, in one file.
 *
 * @module
 */

import type { Bundle } from "../../collateral/bundle.ts";
import { writeBundleFile } from "../../collateral/bundle_file.ts";
import { realmOf } from "../../collateral/keep.ts";
import type { Terminal } from "../../core/ports.ts";
import type { SigningKey } from "../../core/signing_key.ts";
import { UNSIGNED_FLAG } from "../collateral/flags.ts";
import { readSigner } from "../collateral/key_files.ts";
import { keptOf } from "../collateral/kept.ts";
import { contextOf } from "../collateral/open.ts";
import { spanOf } from "../collateral/written.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { labelled, usableWidth } from "../output/layout.ts";
import { printableData, printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Writes a bundle.
 *
 * @param context The machine.
 * @param keys Keys of things; none takes all that is in force.
 * @param given The flags.
 * @throws {InputError} naming the flag, or where nothing is kept.
 */
export async function exportCollateral(
  { host }: Context,
  keys: readonly string[],
  given: Given,
): Promise<void> {
  const out = given.text("out");
  if (out === undefined) throw missingOut();
  const reader = new FileReader(host.files);
  const signer = await signersOf(given, reader);
  const { labRoots, now } = await contextOf(host, given, reader);
  const realm = realmOf(labRoots);
  const kept = (await keptOf(host, given, keys)).filter((entry) =>
    entry.realm === realm && entry.expires >= now
  );
  if (kept.length === 0) throw nothing();
  const bundle = { made: now, items: kept };
  await host.files.write(out, await writeBundleFile(bundle, signer), false);
  tell(host.terminal, given, { out, bundle, signer });
}

function missingOut(): Error {
  return flagError("input.missing", "Cannot export without --out (file to write)", "--out");
}

function nothing(): Error {
  const message =
    "Cannot export: nothing that is in force is kept under these roots; `casemate collateral fetch` asks for it";
  return flagError("input.empty", message, "KEY");
}

/** The key that signs; none where that was said. */
async function signersOf(given: Given, reader: FileReader): Promise<readonly SigningKey[]> {
  const path = given.text("key");
  const unsigned = given.has(UNSIGNED_FLAG);
  if (path === undefined && unsigned) return [];
  if (path !== undefined && !unsigned) return [await readSigner(reader, "--key", path)];
  if (path !== undefined) {
    const message = `Cannot both sign with --key and export with --${UNSIGNED_FLAG}`;
    throw flagError("input.conflict", message, `--key, --${UNSIGNED_FLAG}`);
  }
  const message =
    `Cannot export without --key (private key of the owner); --${UNSIGNED_FLAG} leaves nobody to vouch for the age of what is in it`;
  throw flagError("input.missing", message, "--key");
}

interface Exported {
  readonly out: string;
  readonly bundle: Bundle;
  readonly signer: readonly SigningKey[];
}

function tell(terminal: Terminal, given: Given, { out, bundle, signer }: Exported): void {
  const { made, items } = bundle;
  const by = signer[0]?.publicKey.id ?? null;
  const oldest = new Date(Math.min(...items.map(({ confirmed }) => confirmed.getTime())));
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    const told = {
      v: 1,
      out,
      items: items.map(({ key }) => key),
      by,
      oldest: oldest.toISOString(),
    };
    return terminal.out(`${printableJson(told)}\n`);
  }
  const rows: readonly (readonly [string, string])[] = [
    ["wrote", out],
    ["holds", `${items.length} of what is kept`],
    ["oldest", `confirmed ${spanOf(oldest, made)} ago`],
    ["signed by", by ?? "nobody"],
  ];
  const lines = labelled(printableData(rows), { width: usableWidth(terminal.width), indent: "" });
  terminal.out(`${lines.join("\n")}\n`);
}
