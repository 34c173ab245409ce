/**
 * Values of registers as `tpm2_quote --pcr` and `tpm2_pcrread --output` write
 * them with `--pcrs_format=serialized`: structures of tpm2-tss as they lie in
 * the memory of a little-endian machine, so not as a TPM marshals them.
 *
 * TPML_PCR_SELECTION, then how many TPML_DIGEST follow, then these, with the
 * values in the order of the selection.
 *
 * @module
 */

import { BANK_IDS, BANKS, type GivenRegister, refuse } from "./registers.ts";
import type { PcrBank } from "./report.ts";

/** TPMS_PCR_SELECTION: hash, sizeofSelect, pcrSelect[4], one byte of alignment. */
const SELECTION_BYTES = 8;

/** Selections for which TPML_PCR_SELECTION has room (TPM2_NUM_PCR_BANKS). */
const MAX_SELECTIONS = 16;

/** TPML_PCR_SELECTION: count, then all of its room. */
const SELECTIONS_BYTES = 4 + MAX_SELECTIONS * SELECTION_BYTES;

/** TPM2B_DIGEST: size, then room for the longest hash. */
const DIGEST_BYTES = 2 + 64;

/** Digests for which TPML_DIGEST has room. */
const MAX_DIGESTS = 8;

/** TPML_DIGEST. */
const DIGESTS_BYTES = 4 + MAX_DIGESTS * DIGEST_BYTES;

/** Most lists of digests: one a register. */
const MAX_LISTS = 16 * 24;

/** A register that was selected. */
type Selected = Omit<GivenRegister, "value">;

/**
 * Reads the structures.
 *
 * @param file The file.
 * @returns Null where it has another layout.
 * @throws {InputError} `input.value`, `input.encoding`
 */
export function readPcrsSerialized(file: Uint8Array): readonly GivenRegister[] | null {
  const lists = listsOf(file);
  if (lists === null) return null;
  const selected = readSelections(file);
  const digests = lists.flatMap(readDigests);
  if (selected.length !== digests.length) {
    const counts = `${selected.length} registers are selected, ${digests.length} values follow`;
    throw refuse("input.encoding", counts);
  }
  return digests.map((value, i) => ({ ...at(selected, i), value }));
}

/** The lists of digests, if the file has exactly the length that its own counts ask for. */
function listsOf(file: Uint8Array): readonly Uint8Array[] | null {
  if (file.length < SELECTIONS_BYTES + 4) return null;
  const view = viewOf(file);
  const count = view.getUint32(SELECTIONS_BYTES, true);
  const start = SELECTIONS_BYTES + 4;
  const isWhole = view.getUint32(0, true) <= MAX_SELECTIONS && count <= MAX_LISTS &&
    file.length === start + count * DIGESTS_BYTES;
  if (!isWhole) return null;
  return Array.from(
    { length: count },
    (_, i) => file.subarray(start + i * DIGESTS_BYTES, start + (i + 1) * DIGESTS_BYTES),
  );
}

function readSelections(file: Uint8Array): readonly Selected[] {
  const view = viewOf(file);
  const count = view.getUint32(0, true);
  return Array.from({ length: count }, (_, i) => 4 + i * SELECTION_BYTES).flatMap((start) => {
    const size = view.getUint8(start + 2);
    const bits = view.getUint32(start + 3, true);
    if (size > 3 || bits >= 2 ** (8 * size)) {
      throw refuse("input.value", "it selects registers beyond 23");
    }
    const registers = Array.from({ length: 24 }, (_, n) => n).filter((n) => (bits >> n & 1) === 1);
    // A bank without registers is of no matter, whichever it is.
    if (registers.length === 0) return [];
    const bank = bankOfId(view.getUint16(start, true));
    return registers.map((register) => ({ bank, register }));
  });
}

function bankOfId(id: number): PcrBank {
  const bank = BANKS.find((known) => BANK_IDS[known] === id);
  if (bank !== undefined) return bank;
  throw refuse("input.value", `no bank has the algorithm 0x${id.toString(16).padStart(4, "0")}`);
}

function readDigests(list: Uint8Array): readonly Uint8Array[] {
  const view = viewOf(list);
  const count = view.getUint32(0, true);
  if (count > MAX_DIGESTS) throw refuse("input.encoding", `a list has ${count} values`);
  return Array.from({ length: count }, (_, i) => 4 + i * DIGEST_BYTES).map((start) => {
    const size = view.getUint16(start, true);
    if (size > DIGEST_BYTES - 2) throw refuse("input.encoding", `a value has ${size} bytes`);
    return list.slice(start + 2, start + 2 + size);
  });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An item that the caller has counted. */
function at<T>(items: readonly T[], i: number): T {
  const item = items[i];
  if (item === undefined) throw new RangeError(`There is no item ${i} of ${items.length}`);
  return item;
}
