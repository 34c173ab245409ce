/**
 * Certificate tables, which hypervisors hand to guests (GHCB specification,
 * extended guest request): entries of GUID, offset and length, a zero entry,
 * then the certificates.
 *
 * @module
 */

import fc from "fast-check";
import { concat, fromHex } from "../../../src/core/bytes.ts";
import { sevSnp } from "../../../src/evidence/snp/mod.ts";
import type { Dice } from "../../bends/dice.ts";
import { mint } from "../../snp/ask.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertShownBy } from "../shown.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { SNP_BASES } from "./snp_report.ts";

/** GUIDs in memory: VCEK, ASK, ARK. */
const GUIDS = [
  "8d75da6364e66445adc5f4b93be8accd",
  "79b3b74aacbbe44fa02f05aef327c782",
  "a406b4c003a8524997433fb6014cd0ae",
] as const;

const ENTRY_BYTES = 24;

/** Numbers at which offsets and lengths go wrong. */
const NUMBERS = [0, 1, 23, 24, 95, 96, 97, 0x7fff_ffff, 0x8000_0000, 0xffff_ff00, 0xffff_ffff];

/** An entry; its numbers may say anything. */
interface Entry {
  readonly guid: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

/** A table on its way. */
interface Table {
  readonly entries: readonly Entry[];
  readonly terminated: boolean;
  readonly certificates: readonly Uint8Array[];
  readonly file: Uint8Array | null;
}

function tableOf(certificates: readonly Uint8Array[]): Table {
  let offset = ENTRY_BYTES * (certificates.length + 1);
  const entries = certificates.map(({ length }, i): Entry => {
    const entry = { guid: fromHex(GUIDS[i] ?? ""), offset, length };
    offset += length;
    return entry;
  });
  return { entries, terminated: true, certificates, file: null };
}

function written({ entries, terminated, certificates, file }: Table): Uint8Array {
  const end = new Uint8Array(terminated ? ENTRY_BYTES : 0);
  return file ?? concat(...entries.map(writeEntry), end, ...certificates);
}

function writeEntry({ guid, offset, length }: Entry): Uint8Array {
  const bytes = new Uint8Array(ENTRY_BYTES);
  bytes.set(guid.subarray(0, 16));
  const view = new DataView(bytes.buffer);
  view.setUint32(16, offset, true);
  view.setUint32(20, length, true);
  return bytes;
}

function withEntry(table: Table, dice: Dice, change: (entry: Entry) => Entry): Table {
  const at = dice.below(table.entries.length);
  return { ...table, entries: table.entries.map((one, i) => i === at ? change(one) : one) };
}

const nearOrOdd = (old: number, dice: Dice): number =>
  dice.once(2) ? dice.pick(NUMBERS) : Math.max(0, old + dice.pick([-24, -1, 1, 24]));

const STEPS: StepTable<Table> = {
  "offset": (table, dice) =>
    withEntry(table, dice, (one) => ({ ...one, offset: nearOrOdd(one.offset, dice) })),
  "length": (table, dice) =>
    withEntry(table, dice, (one) => ({ ...one, length: nearOrOdd(one.length, dice) })),
  "guid": (table, dice) =>
    withEntry(table, dice, (one) => ({
      ...one,
      guid: dice.pick([fromHex(dice.pick(GUIDS)), dice.bytes(16), new Uint8Array(16)]),
    })),
  "many": (table, dice) => ({
    ...table,
    entries: Array.from({ length: dice.pick([1, 8, 64, 5000]) }, () => dice.pick(table.entries)),
  }),
  "no end": (table) => ({ ...table, terminated: false }),
  "bytes": async (table, dice) => ({ ...table, file: await anyByteStep(written(table), dice) }),
};

interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

/** Certificate tables. */
export const snpTable: Kind = kindOf<Given>({
  id: "snp-table",
  says: "certificate tables of AMD's guests",
  given: () =>
    Promise.resolve(fc.record({
      base: fc.nat(SNP_BASES.length - 1),
      steps: someSteps(STEPS, { "bytes": 3 }),
    })),
  async judge({ base, steps }) {
    const { leaf, intermediate, ark } = (await mint(SNP_BASES[base] ?? {})).der;
    const table = await takeSteps(STEPS, tableOf([leaf, intermediate, ark]), steps);
    return await assertShownBy((engine, file) => sevSnp.show(engine, file), written(table));
  },
});
