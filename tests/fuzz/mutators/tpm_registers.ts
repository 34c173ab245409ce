/**
 * Values of registers beside a quote in each of their forms: JSON, what
 * `tpm2_pcrread` prints, and what `tpm2_quote --pcr` writes.
 *
 * @module
 */

import fc from "fast-check";
import type { Result } from "../../../mod.ts";
import { concat, fromHex, toHex } from "../../../src/core/bytes.ts";
import { type GivenRegisters, LAB_HASHES, type LabBank } from "../../../src/lab/mod.ts";
import { otherValue } from "../../bends/byte_edits.ts";
import type { Dice } from "../../bends/dice.ts";
import { editJson, type JsonWords } from "../../bends/json_edits.ts";
import { little } from "../../bends/log_events.ts";
import { type Kind, kindOf } from "../kind.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { askTpm, TPM_BASES, type TpmBase, tpmBase } from "./tpm_bases.ts";

/** Values on their way, and the file that is written of them. */
interface Bent {
  readonly base: TpmBase;
  readonly values: GivenRegisters;
  readonly file: Uint8Array;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const WORDS: JsonWords = {
  raws: [
    ...'null true [] {} "" "00" "0x00" 0 1 -1 1e0 01 "\\u0030" tru'.split(" "),
    JSON.stringify("00".repeat(32)),
    JSON.stringify("FF".repeat(48)),
    JSON.stringify(` ${"00".repeat(32)}`),
  ],
  names: ["0", "00", "4", "04", "11", "23", "24", "-1", "1e1", "sha1", "sha256", "SHA256", "sha3"],
};

/** As `tpm2_pcrread` prints them. */
function asText(values: GivenRegisters): Uint8Array {
  const banks = Object.entries(values).map(([bank, registers]) =>
    [
      `  ${bank}:`,
      ...Object.entries(registers).map(([register, value]) =>
        `    ${register.padEnd(2)}: 0x${value.toUpperCase()}`
      ),
    ].join("\n")
  );
  return utf8(`${banks.join("\n")}\n`);
}

const BANKS: readonly LabBank[] = ["sha1", "sha256", "sha384", "sha512"];

/** TPML_PCR_SELECTION and TPML_DIGEST of tpm2-tss, as they lie in memory. */
function asMemory(values: GivenRegisters): Uint8Array {
  const banks = BANKS.filter((bank) => values[bank] !== undefined);
  const selections = banks.map((bank) => {
    const bits = Object.keys(values[bank] ?? {}).reduce(
      (sum, register) => sum + 2 ** Number(register),
      0,
    );
    return concat(little(LAB_HASHES[bank].id, 2), Uint8Array.of(3), little(bits, 4), little(0, 1));
  });
  const room = new Uint8Array(8 * (16 - banks.length));
  const digests = banks.flatMap((bank) => Object.values(values[bank] ?? {}).map(fromHex));
  const lists = Array.from({ length: Math.ceil(digests.length / 8) }, (_, i) => {
    const some = digests.slice(8 * i, 8 * i + 8);
    const padded = some.map((digest) =>
      concat(little(digest.length, 2), digest, new Uint8Array(64 - digest.length))
    );
    return concat(little(some.length, 4), ...padded, new Uint8Array(66 * (8 - some.length)));
  });
  return concat(little(banks.length, 4), ...selections, room, little(lists.length, 4), ...lists);
}

const FORMS = [asText, asMemory, (values: GivenRegisters) => utf8(JSON.stringify(values))];

/** Another value, one more or one less, of any bank. */
function edited({ base, values }: Bent, dice: Dice): Bent {
  const bank = dice.pick(["sha1", "sha256", "sha256", "sha256", "sha384"] as const);
  const registers = { ...values[bank] };
  const names = Object.keys(registers);
  const name = names.length > 0 && !dice.once(3) ? dice.pick(names) : `${dice.below(25)}`;
  const old = fromHex(registers[name] ?? "00".repeat(LAB_HASHES[bank].bytes));
  if (dice.once(4)) delete registers[name];
  else registers[name] = toHex(otherValue(old, dice));
  const changed = { ...values, [bank]: registers };
  return { base, values: changed, file: dice.pick(FORMS)(changed) };
}

const STEPS: StepTable<Bent> = {
  "value": edited,
  "form": (bent, dice) => ({ ...bent, file: dice.pick(FORMS)(bent.values) }),
  "json": (bent, dice) => ({
    ...bent,
    file: utf8(editJson(JSON.stringify(bent.values), dice, WORDS)),
  }),
  "bytes": async (bent, dice) => ({ ...bent, file: await anyByteStep(bent.file, dice) }),
};

/** All values that are claimed were quoted, and are those of the TPM. */
function objectionTo({ base }: Bent, { claims }: Result): string | null {
  const claimed: unknown = Object(claims)["registers"];
  const quoted = Object.entries(base.minted.pcrs).flatMap(([bank, registers]) =>
    Object.entries(registers).map(([register, value]) => `${bank}:${register}=${value}`)
  );
  const said = Array.isArray(claimed)
    ? claimed.map(Object).map((one) => `${one["bank"]}:${one["register"]}=${one["value"]}`)
    : [];
  return quoted.join() === said.join() ? null : `it claims ${said.join().slice(0, 200)}`;
}

interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

/** Values of registers. */
export const tpmRegisters: Kind = kindOf<Given>({
  id: "tpm-pcrs",
  says: "values of a TPM's registers, in every form",
  given: () =>
    Promise.resolve(fc.record({
      base: fc.nat(TPM_BASES.length - 1),
      steps: someSteps(STEPS, { "value": 3, "form": 2, "json": 3, "bytes": 3 }),
    })),
  async judge({ base: number, steps }) {
    const base = await tpmBase(number);
    const values = base.minted.pcrs;
    const start: Bent = { base, values, file: utf8(JSON.stringify(values)) };
    const bent = await takeSteps<Bent>(STEPS, start, steps);
    return await askTpm({
      base,
      files: { pcrs: bent.file },
      objection: (result) => objectionTo(bent, result),
    });
  },
});
