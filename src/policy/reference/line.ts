/**
 * One line of text for a person, as the names of releases and sets.
 *
 * @module
 */

import { DecodeError, type Decoder } from "../../core/decode.ts";

/** Not what controls a terminal, nor what turns the direction of writing. */
const FORM = "[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]{1,200}";

const WHOLE = new RegExp(`^${FORM}$`, "u");

/** Reads one line of 1 to 200 characters. */
export const LINE: Decoder<string> = {
  schema: { type: "string", pattern: `^${FORM}$` },
  decode(value, path) {
    if (typeof value === "string" && WHOLE.test(value)) return value;
    throw new DecodeError(path, "value", "is not one line of 1 to 200 characters");
  },
};
