/**
 * Headers of an answer, as a bundle carries them.
 *
 * @module
 */

import { DecodeError, type Decoder, joinPath } from "../core/decode.ts";

/** Most headers that belong to one answer; no vendor has more than one. */
const MAX_HEADERS = 8;

/** Most characters of one: an issuer chain with each byte percent-encoded is about 6 kB. */
const MAX_VALUE = 32_768;

const NAME = /^[a-z0-9-]{1,64}$/;
const VALUE = /^[ -~]*$/;

/** Reads headers: text by lowercase name; none is an empty object. */
export const bundleHeaders: Decoder<Readonly<Record<string, string>>> = {
  schema: {
    type: "object",
    maxProperties: MAX_HEADERS,
    propertyNames: { pattern: NAME.source },
    additionalProperties: { type: "string", pattern: VALUE.source, maxLength: MAX_VALUE },
  },
  decode(value, path) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new DecodeError(path, "value", "expected an object of headers");
    }
    const headers = Object.entries(value);
    if (headers.length > MAX_HEADERS) {
      throw new DecodeError(path, "value", `expected at most ${MAX_HEADERS} headers`);
    }
    return Object.fromEntries(headers.map((header) => readHeader(header, path)));
  },
};

function readHeader([name, value]: readonly [string, unknown], path: string): [string, string] {
  if (!NAME.test(name)) throw new DecodeError(path, "value", "has a name that is no header's");
  if (typeof value !== "string" || value.length > MAX_VALUE || !VALUE.test(value)) {
    throw new DecodeError(joinPath(path, name), "value", "expected the text of a header");
  }
  return [name, value];
}
