/**
 * Objects whose members are all optional, but not all absent.
 *
 * @module
 */

import { DecodeError, type Decoder } from "../../core/decode.ts";

/**
 * Refuses an object without members: it says nothing, and would be a second
 * form of its absence.
 *
 * @param decoder Reads the object.
 */
export function notEmpty<T extends object>(decoder: Decoder<T>): Decoder<T> {
  return {
    schema: { ...decoder.schema, minProperties: 1 },
    decode(value, path) {
      const read = decoder.decode(value, path);
      if (Object.values(read).some((member) => member !== undefined)) return read;
      throw new DecodeError(path, "value", "has no member");
    },
  };
}
