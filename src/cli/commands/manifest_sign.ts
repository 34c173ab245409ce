/**
 * `casemate manifest sign FILE --key KEY --out FILE`: a further signature, as custodians give it.
 *
 * @module
 */

import { readDsse } from "../../core/dsse.ts";
import { cosignManifest } from "../../manifest/create.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { withSigners } from "../keys/signers.ts";
import { named, readManifestFiles } from "../manifest/files.ts";
import { pageOf } from "../manifest/tell.ts";
import { labelled } from "../output/layout.ts";
import { refuseThere, writeNew } from "../output/new_file.ts";
import { printable, printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Adds signatures to a manifest and writes it anew.
 *
 * @param context The machine.
 * @param path The signed manifest.
 * @param given The flags.
 * @throws {CasemateError} where a file, a key or a flag is wrong.
 */
export async function signManifestFile(
  context: Context,
  path: string,
  given: Given,
): Promise<void> {
  const { host } = context;
  const out = given.text("out");
  const words = given.texts("key");
  const missing = [
    ...(words.length === 0 ? ["--key"] : []),
    ...(out === undefined ? ["--out"] : []),
  ];
  if (out === undefined || missing.length > 0) {
    const message = `Cannot sign a manifest without ${missing.join(" and ")}`;
    throw flagError("input.missing", message, missing.join(", "));
  }
  await refuseThere(host, out, "--out");
  const reader = new FileReader(host.files);
  const [read] = await readManifestFiles(reader, "FILE", [path]);
  if (read === undefined) throw new TypeError("Cannot sign no manifest");
  const keys = { flag: "--key", words };
  const file = await withSigners(
    context,
    reader,
    keys,
    (signers) => named("--key", () => cosignManifest(read.file, signers, read.name)),
  );
  await writeNew(host, out, file, { flag: "--out" });
  const by = readDsse(file, out).signatures.map(({ keyid }) => keyid);
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    const told = { v: 1, out, sequence: read.manifest.sequence, digest: read.digest, by };
    return host.terminal.out(`${printableJson(told)}\n`);
  }
  const { width, style } = pageOf(context);
  const rows = [["digest", read.digest], ...by.map((id) => ["signed by", id] as const)] as const;
  const lines = labelled(rows.map(([name, text]) => [name, printable(text)] as const), {
    width,
    indent: "  ",
    label: style.dim,
  });
  const head = style.bold(printable(`Wrote manifest ${read.manifest.sequence} to ${out}`));
  host.terminal.out(`${[head, ...lines].join("\n")}\n`);
}
