/**
 * Registers as a policy names them. Documents have one bank, of SHA-384.
 *
 * @module
 */

import { type Decoder, hex, list, record, text } from "../../core/decode.ts";

/** Accepted values, hex of 48 bytes, by register. */
export type NitroRegisters = Readonly<Record<string, readonly string[]>>;

/** Highest register of a document (AWS, "Verifying the root of trust" §3.2.2). */
export const MAX_REGISTER = 31;

/** Bytes of a register. */
const REGISTER_BYTES = 48;

const NUMBER = "(?:[12]?[0-9]|3[01])";

const NUMBERS: readonly string[] = Array.from({ length: MAX_REGISTER + 1 }, (_, n) => String(n));

/**
 * Reads pinned registers: by number, or texts as `4=HEX`, which the command line has.
 *
 * @param most Most values of one register, and most texts.
 */
export function pinnedRegisters(most: number): Decoder<NitroRegisters> {
  const accepted = list(hex(REGISTER_BYTES), most);
  const byNumber = record(NUMBERS, accepted);
  const texts = list(
    text(
      `${NUMBER}=[0-9a-fA-F]{${2 * REGISTER_BYTES}}`,
      "a register and its value as 4=HEX, 48 bytes and without 0x",
    ),
    most,
  );
  return {
    schema: { anyOf: [schemaOf(accepted), texts.schema] },
    decode(value, path) {
      if (Array.isArray(value)) return gathered(texts.decode(value, path));
      const read = Object.entries(byNumber.decode(value, path));
      return Object.fromEntries(
        read.flatMap(([register, values]) => values === undefined ? [] : [[register, values]]),
      );
    },
  };
}

/** The same as the record's, which would write the list 32 times. */
function schemaOf({ schema }: Decoder<unknown>): Decoder<unknown>["schema"] {
  return {
    type: "object",
    additionalProperties: false,
    minProperties: 1,
    patternProperties: { [`^${NUMBER}$`]: schema },
  };
}

/** Several values of one register are all accepted. */
function gathered(pins: readonly string[]): NitroRegisters {
  const all: Record<string, string[]> = {};
  for (const pin of pins) {
    const [register = "", value = ""] = pin.split("=");
    (all[register] ??= []).push(value.toLowerCase());
  }
  return all;
}
