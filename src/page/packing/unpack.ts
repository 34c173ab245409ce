/**
 * Unpacks what `scripts/page/pack.ts` packed: binary arithmetic coding by the
 * odds of a model (PAQ).
 *
 * @module
 */

import { type Contexts, createModel } from "./model.ts";
import { createModuleContexts } from "./module_contexts.ts";
import { createTextContexts } from "./text_contexts.ts";

/** How a part can be packed; the number stands in front of it. */
export const PACKINGS = { stored: 0, text: 1, module: 2 } as const;

/** What the bytes of a packing are guessed by. */
export const CONTEXTS: Readonly<Record<number, () => Contexts>> = {
  [PACKINGS.text]: createTextContexts,
  [PACKINGS.module]: createModuleContexts,
};

/** Bytes in front: the packing, the length of the content, big-endian. */
const HEADER_BYTES = 5;

/** Bytes between which others have their turn. */
const TURN = 16384;

/**
 * Unpacks a file.
 *
 * @param packed The file. The build compared what comes of it with what went in; nothing else is ever unpacked.
 * @param pause Lets others have their turn.
 */
export async function unpack(
  packed: Uint8Array,
  pause: () => Promise<void>,
): Promise<Uint8Array<ArrayBuffer>> {
  const view = new DataView(packed.buffer, packed.byteOffset);
  const createContexts = CONTEXTS[packed[0] ?? 0];
  if (createContexts === undefined) return new Uint8Array(packed.subarray(HEADER_BYTES));
  const bytes = new Uint8Array(view.getUint32(1));
  const model = createModel(bytes, createContexts());
  let [low, high, at] = [0, 0xffffffff, HEADER_BYTES + 4];
  let code = view.getUint32(HEADER_BYTES);
  const decide = (odds: number): number => {
    const middle = low + Math.floor((high - low) * odds / 65536);
    const bit = code <= middle ? 1 : 0;
    if (bit === 1) high = middle;
    else low = middle + 1;
    while (((low ^ high) & 0xff000000) === 0) {
      low = low << 8 >>> 0;
      high = (high << 8 | 255) >>> 0;
      code = (code << 8 | (packed[at++] ?? 0)) >>> 0;
    }
    return bit;
  };
  for (let i = 0; i < bytes.length; i++) {
    if (i % TURN === TURN - 1) await pause();
    bytes[i] = model.next(i, decide);
  }
  return bytes;
}
