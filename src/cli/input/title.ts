/**
 * Titles of descriptions.
 *
 * @module
 */

import type { Shown } from "../../core/shown.ts";

/**
 * Title of a description, without the reminder that nothing is verified.
 *
 * @param shown The description.
 */
export function titleOf(shown: Shown): string {
  return shown.title.replace(/ \(not verified\)$/, "");
}
