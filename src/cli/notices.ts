/**
 * Whose works the program has in it, and under what terms: compiled in, since
 * a program of one file has no others beside it.
 *
 * @module
 */

import license from "../../LICENSE" with { type: "text" };
import notices from "../../THIRD_PARTY_NOTICES.txt" with { type: "text" };

const RULE = "-".repeat(80);

/** The notices of others, then the licence of the program itself, which is that of some of them too. */
export const NOTICES: string =
  `${notices.trimEnd()}\n\n${RULE}\nApache License 2.0\n${RULE}\n${license}`;
