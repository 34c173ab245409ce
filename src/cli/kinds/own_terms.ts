/**
 * Holds policies and reference values to the place that takes them.
 *
 * @module
 */

import type { GivenFile } from "../input/files.ts";
import { misplaced, wrongKind } from "./own.ts";
import { termsKindOf } from "../../recognise/terms.ts";
import { documentShown } from "./where.ts";

/**
 * Refuses a document that is meant as something else, whatever is wrong in it.
 *
 * @param file The file.
 * @param document The same, parsed.
 * @param kinds Kinds that belong there.
 * @throws {InputError} `input.wrong_kind`
 */
export async function refuseOtherTerms(
  file: GivenFile,
  document: unknown,
  kinds: readonly string[],
): Promise<void> {
  const kind = termsKindOf(document);
  if (kind !== null && kinds.includes(kind)) return;
  const wrong = kind === null
    ? await wrongKind(file, kinds)
    : misplaced(file, documentShown(kind, []));
  if (wrong !== null) throw wrong;
}
