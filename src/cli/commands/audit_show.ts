/**
 * `casemate audit show FILE`: what an audit bundle holds. Nothing of it is verified.
 *
 * @module
 */

import { describeBundle } from "../audit/describe.ts";
import { readBundleFile } from "../audit/open.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import { FileReader } from "../input/files.ts";
import type { Given } from "../input/given.ts";
import { printableJson } from "../output/printable.ts";
import { renderShown } from "../output/shown.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Shows a bundle.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags.
 * @throws {InputError} naming the argument.
 */
export async function showAudit({ host }: Context, path: string, given: Given): Promise<void> {
  const shown = describeBundle(await readBundleFile(new FileReader(host.files), path));
  const { terminal } = host;
  terminal.out(
    readFormat(given.text(OUTPUT_FLAG)) === "json"
      ? `${printableJson({ v: 1, ...shown })}\n`
      : renderShown(shown, terminal),
  );
}
