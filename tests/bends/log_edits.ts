/**
 * Edits of event logs in every format.
 *
 * @module
 */

import { editBytes, editText } from "./byte_edits.ts";
import type { Dice } from "./dice.ts";
import { editJsonLog } from "./log_json.ts";
import { editTcgLog } from "./log_tcg.ts";
import { editTlvLog } from "./log_tlv.ts";

/** First bytes of CEL-JSON as it is minted, and of CEL-TLV: the number of the first record in eight bytes, then its register. */
const JSON_START = 0x5b;
const TLV_START = [0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1];

/**
 * One edit of a log as what it is.
 *
 * @param file A log without a mistake.
 * @param dice Decide what is done.
 * @throws {RangeError} where it cannot be taken apart.
 */
export function editLog(file: Uint8Array, dice: Dice): Uint8Array {
  if (file[0] === JSON_START) return editJsonLog(file, dice);
  if (TLV_START.every((byte, i) => file[i] === byte)) return editTlvLog(file, dice);
  return editTcgLog(file, dice);
}

/** One edit that knows nothing of logs. */
export function editLogBytes(file: Uint8Array, dice: Dice): Uint8Array {
  if (file[0] !== JSON_START || dice.once(3)) return editBytes(file, dice);
  return new TextEncoder().encode(editText(new TextDecoder().decode(file), dice));
}
