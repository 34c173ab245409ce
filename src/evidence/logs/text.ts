/**
 * Text in events.
 *
 * @module
 */

/** ASCII that can be printed, and the blanks of lines. */
const PRINTABLE = /^[\t\n\r\x20-\x7e]*$/;

/**
 * ASCII text without controls.
 *
 * @param bytes Bytes; one NUL at the end is left out.
 * @returns Null where they are anything else.
 */
export function readAscii(bytes: Uint8Array): string | null {
  const text = latin1(bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes);
  return PRINTABLE.test(text) ? text : null;
}

/**
 * UTF-16 text, little-endian, of characters that can be printed.
 *
 * @param bytes Bytes; one NUL at the end is left out.
 * @returns Null where they are anything else.
 */
export function readUtf16(bytes: Uint8Array): string | null {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return null;
  const text = utf16Units(bytes).replace(/\0$/, "");
  return text.isWellFormed() && isText(text) ? text : null;
}

/**
 * UTF-16 units, whatever they are: one character each.
 *
 * @param bytes An even number of bytes, little-endian.
 */
export function utf16Units(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    text += String.fromCharCode(view.getUint16(at, true));
  }
  return text;
}

function isText(text: string): boolean {
  // deno-lint-ignore no-control-regex -- controls are what is looked for
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text);
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
