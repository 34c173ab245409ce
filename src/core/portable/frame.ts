/**
 * Reads what `frame` of `bytes.ts` writes: each field as four bytes of length,
 * big-endian, and the bytes. Wrong framing is a mistake of the calling code,
 * never one of the evidence.
 *
 * @module
 */

/**
 * Fields of a list.
 *
 * @param framed The list.
 * @param most Most fields that are taken.
 * @throws {Error} where it is framed wrongly, or has more.
 */
export function unframe(framed: Uint8Array, most: number): readonly Uint8Array[] {
  const fields: Uint8Array[] = [];
  const view = new DataView(framed.buffer, framed.byteOffset, framed.byteLength);
  for (let at = 0; at < framed.length;) {
    if (fields.length === most) throw misuse(`a list has more than ${most} items`);
    const end = at + 4 <= framed.length ? at + 4 + view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (end > framed.length) throw misuse("the input ends within a field");
    fields.push(framed.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/**
 * The calling code is wrong.
 *
 * @param what How.
 */
export function misuse(what: string): Error {
  return new Error(`Cannot run an operation: ${what}`);
}

/**
 * Arguments of an operation, exactly as many as it takes.
 *
 * @param parts The arguments.
 * @param count How many it takes.
 * @throws {Error} where there are more or fewer.
 */
export function argumentsOf(parts: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  if (parts.length === count) return parts;
  throw misuse(`${count} fields expected, got ${parts.length}`);
}
