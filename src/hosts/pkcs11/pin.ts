/**
 * PINs of devices: from a file, or typed. Never from the command line or the
 * environment, which other processes see.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { refuseKey } from "./refusal.ts";

/** Longest PIN; tokens take a few dozen characters. */
const MAX_PIN_BYTES = 512;

const [LF, CR, BACKSPACE, DELETE] = [0x0a, 0x0d, 0x08, 0x7f];

/** Ctrl-C and Ctrl-D: the terminal is given back as it was before the program ends. */
const [INTERRUPT, END] = [0x03, 0x04];

/**
 * Reads the PIN of a file: its content without the end of its one line.
 *
 * @param path Path, absolute.
 * @throws {InputError} `keys.pin`
 */
export async function readPinFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await contentOf(path);
  const end = bytes.at(-1) === LF ? (bytes.at(-2) === CR ? -2 : -1) : bytes.length;
  const pin = bytes.slice(0, end);
  bytes.fill(0);
  if (pin.length === 0 || pin.length > MAX_PIN_BYTES || pin.includes(LF) || pin.includes(0)) {
    pin.fill(0);
    throw refuseKey("keys.pin", `Cannot read the PIN in ${path}: it is not one line`);
  }
  return pin;
}

async function contentOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    throw refuseKey("keys.pin", `Cannot read the PIN in ${path}`, cause);
  }
}

/**
 * Asks a person for the PIN, and shows nothing of it.
 *
 * @param token The token's label, for the question.
 * @throws {InputError} `keys.pin` where nobody is there, or none was typed.
 */
export async function askPin(token: string): Promise<Uint8Array<ArrayBuffer>> {
  if (!Deno.stdin.isTerminal()) {
    throw refuseKey("keys.pin", "There is no terminal to type a PIN on, and no pin-source");
  }
  Deno.stdin.setRaw(true);
  try {
    // Asked only once nothing is shown any more: some type fast.
    Deno.stderr.writeSync(new TextEncoder().encode(`PIN of ${token}: `));
    return await typed();
  } finally {
    Deno.stdin.setRaw(false);
    Deno.stderr.writeSync(new TextEncoder().encode("\n"));
  }
}

async function typed(): Promise<Uint8Array<ArrayBuffer>> {
  const characters: number[] = [];
  const read = new Uint8Array(MAX_PIN_BYTES);
  for (;;) {
    const count = await Deno.stdin.read(read);
    for (const byte of read.subarray(0, count ?? 0)) {
      if (byte === LF || byte === CR) return finished(characters);
      if (byte === INTERRUPT || byte === END) return finished([]);
      if (byte === BACKSPACE || byte === DELETE) characters.pop();
      else characters.push(byte);
    }
    read.fill(0);
    if (count === null || characters.length > MAX_PIN_BYTES) return finished(characters);
  }
}

function finished(characters: number[]): Uint8Array<ArrayBuffer> {
  const pin = concat(Uint8Array.from(characters));
  characters.fill(0);
  if (pin.length === 0) throw refuseKey("keys.pin", "No PIN was typed");
  return pin;
}
