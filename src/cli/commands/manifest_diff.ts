/**
 * `casemate manifest diff OLD NEW`: what the one changes of the other.
 *
 * @module
 */

import { diffManifests } from "../../manifest/diff.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import type { Given } from "../input/given.ts";
import { readManifestFiles } from "../manifest/files.ts";
import { differenceLines, pageOf } from "../manifest/tell.ts";
import { bulleted } from "../output/layout.ts";
import { printable, printableJson } from "../output/printable.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Compares two manifests; nothing is verified.
 *
 * @param context The machine.
 * @param paths The one and the other.
 * @param given The flags.
 * @throws {InputError} `manifest.malformed` and those of files.
 */
export async function compareManifests(
  context: Context,
  paths: readonly [string, string],
  given: Given,
): Promise<void> {
  const { terminal, clock, files } = context.host;
  const [one, other] = await readManifestFiles(new FileReader(files), "FILE", paths);
  if (one === undefined || other === undefined) throw new TypeError("Cannot compare one manifest");
  const differences = diffManifests(one.manifest, other.manifest, clock.now());
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return terminal.out(
      `${printableJson({ v: 1, from: one.digest, to: other.digest, differences })}\n`,
    );
  }
  const page = pageOf(context);
  const same = `${printable(one.name)} and ${printable(other.name)} say the same.`;
  const lines = differences.length === 0
    ? bulleted("", [same], { width: page.width, indent: "" })
    : differences.flatMap((difference) => differenceLines(difference, page));
  terminal.out(`${lines.join("\n")}\n`);
}
