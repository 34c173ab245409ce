/**
 * Values of registers that hash to the quoted digest and are not what was quoted.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { LabSelection, MintedTpm } from "../../../src/lab/mod.ts";
import {
  asFile,
  ask,
  assertAttacks,
  assertCode,
  assertGood,
  type Changes,
  codeOf,
  mint,
  requestFor,
  straight,
} from "./attack.ts";
import { examine } from "../../../mod.ts";
import { timedInThread } from "../../thread_time.ts";

/** A document of values, in which members may be repeated. */
const given = (
  ...banks: readonly (readonly [string, readonly (readonly [string, string])[]])[]
) => {
  const members = banks.map(([bank, values]) =>
    `"${bank}":{${values.map(([register, value]) => `"${register}":"${value}"`).join(",")}}`
  );
  return { files: { pcrs: asFile(`{${members.join(",")}}`) } } satisfies Changes;
};

const entriesOf = ({ pcrs }: MintedTpm, bank = "sha256"): readonly (readonly [string, string])[] =>
  Object.entries(pcrs[bank] ?? {});

Deno.test("TPM-04 values cut elsewhere keep the digest, and are refused: 31 and 33 bytes, and every other split", async () => {
  const values = entriesOf(straight);
  assertGood(await ask(straight, given(["sha256", values])));
  for (let first = 0; first < values.length - 1; first++) {
    const joined = `${values[first]?.[1]}${values[first + 1]?.[1]}`;
    for (const cut of first === 4 ? [0, 1, 16, 20, 31, 33, 48, 63, 64] : [31, 33]) {
      const split = values.map(([register, value], at): readonly [string, string] => [
        register,
        at === first ? joined.slice(0, 2 * cut) : at === first + 1 ? joined.slice(2 * cut) : value,
      ]);
      assert.equal(split.map(([, value]) => value).join(""), values.map(([, v]) => v).join(""));
      const result = await ask(straight, given(["sha256", split]));
      assertCode(result, "tpm.pcr_length", `${first}, ${cut}`);
    }
  }
});

/** Two banks of one register each, told in this order. */
const inBanks = (...banks: readonly LabSelection["bank"][]): readonly LabSelection[] =>
  banks.map((bank) => ({ bank, registers: [4, 11] }));

const PINS_ALONE = { eventLog: "any", secureBoot: "any" };

Deno.test("TPM-04 each value stands under its own bank, though the same bytes are hashed", async () => {
  const minted = await mint({ selection: inBanks("sha1", "sha256", "sha384") });
  assertGood(await ask(minted, { section: PINS_ALONE }));
  const [sha1, sha256, sha384] = ["sha1", "sha256", "sha384"].map((bank) =>
    entriesOf(minted, bank)
  );
  assert.ok(sha1 && sha256 && sha384);
  const swapped = given(["sha1", sha256], ["sha256", sha1], ["sha384", sha384]);
  assertCode(await ask(minted, { ...swapped, section: PINS_ALONE }), "tpm.pcr_length");
  // 20 and 32 bytes of one register each, cut as 32 and 20.
  const moved = `${sha1[1]?.[1]}${sha256[0]?.[1]}`;
  const cut = given(
    ["sha1", [sha1[0] ?? ["4", ""], ["11", moved.slice(0, 64)]]],
    ["sha256", [["4", moved.slice(64)], sha256[1] ?? ["11", ""]]],
    ["sha384", sha384],
  );
  assertCode(await ask(minted, { ...cut, section: PINS_ALONE }), "tpm.pcr_length");
});

Deno.test("TPM-04 banks are hashed in the order that the quote tells, not in that of the values or of numbers", async () => {
  const told = inBanks("sha384", "sha256");
  assertGood(await ask(await mint({ selection: told }), { section: PINS_ALONE }));
  const minted = await mint({ selection: told });
  const values = given(["sha256", entriesOf(minted)], ["sha384", entriesOf(minted, "sha384")]);
  assertGood(await ask(minted, { ...values, section: PINS_ALONE }));
  const bends = { attest: { selections: inBanks("sha256", "sha384") } };
  const turned = await mint({ selection: told, bends });
  assertCode(await ask(turned, { section: PINS_ALONE }), "tpm.pcr_digest_mismatch");
});

Deno.test("TPM-04 a bank that is selected twice, or a value that is given twice, is refused, equal or not", async () => {
  const whole = { bank: "sha256", registers: [4, 11] } as const;
  await assertAttacks([
    ["again", { attest: { selections: [whole, whole] } }, "tpm.selection_repeated"],
    [
      "the rest of it",
      { attest: { selections: [{ ...whole, registers: [4] }, { ...whole, registers: [11] }] } },
      "tpm.selection_repeated",
    ],
    [
      "behind another",
      { attest: { selections: [whole, { bank: "sha1", registers: [] }, whole] } },
      "tpm.selection_repeated",
    ],
  ]);
  const values = entriesOf(straight);
  for (const [register, value] of values) {
    for (const again of [value, "ee".repeat(32)]) {
      for (
        const list of [[...values, [register, again]], [[register, again], ...values]] as const
      ) {
        assertCode(
          await ask(straight, given(["sha256", list as typeof values])),
          "tpm.pcr_repeated",
        );
      }
    }
  }
  const apart = given(["sha256", values.slice(0, 7)], ["SHA256", values.slice(6)]);
  assertCode(await ask(straight, apart), "tpm.pcr_repeated");
});

/** Time of the processor over which runs are counted, ms: many ticks of the coarsest clock. */
const MEASURED = 100;

/** What one run takes of the processor, ms, after some that are compiled besides. */
async function usual(asked: () => Promise<unknown>): Promise<number> {
  for (let run = 0; run < 5; run++) await asked();
  let [runs, total] = [0, 0];
  for (; total < MEASURED; runs++) total += (await timedInThread(asked)).milliseconds;
  return total / runs;
}

Deno.test("TPM-04 20 KB of duplicates are refused as fast as evidence is verified", async () => {
  const normal = await usual(() => ask(straight));
  const selections = (count: number): Promise<MintedTpm> => {
    const one = [0, 0x0b, 3, 0xff, 0xff, 0xff];
    const all = Uint8Array.from(Array.from({ length: count }, () => one).flat());
    return mint({ bends: { attestBytes: insert(all, count) } });
  };
  const quote = await selections(3400);
  const fitting = await selections(140);
  const counted = await mint({ bends: { attestBytes: insert(new Uint8Array(), 0xffff_ffff) } });
  const pcrs = (text: string) => ({ files: { pcrs: asFile(text) } });
  const one = `"4":"${"ee".repeat(32)}"`;
  const attacks: readonly (readonly [string, MintedTpm, Changes, string])[] = [
    ["selections", quote, {}, "input.too_large"],
    ["selections that fit", fitting, {}, "tpm.selection_malformed"],
    ["a count of selections", counted, {}, "tpm.selection_malformed"],
    ["whole values", straight, pcrs(`{"sha256":{${repeated(one, 280)}}}`), "input.too_large"],
    ["empty values", straight, pcrs(`{"sha256":{${repeated('"4":""', 3000)}}}`), "input.too_large"],
    ["empty banks", straight, pcrs(`{${repeated('"sha256":{}', 1700)}}`), "tpm.pcr_missing"],
    ["two values of each", straight, pcrs(`{"sha256":{${repeated(one, 96)}}}`), "tpm.pcr_repeated"],
  ];
  for (const [what, minted, changes, code] of attacks) {
    const request = requestFor(minted, changes);
    assert.equal(await codeOf(examine(request)), code, what);
    const refused = await usual(() => codeOf(examine(request)));
    // What takes the square of their number takes hundreds of times as long.
    assert.ok(refused < 20 * normal, `${what}: ${refused} ms, evidence that is right ${normal} ms`);
  }
});

const repeated = (member: string, times: number): string => Array(times).fill(member).join(",");

/** The quote with other selections: its own begins behind the head, and the digest takes the last 34 bytes. */
function insert(selections: Uint8Array, count: number): (quote: Uint8Array) => Uint8Array {
  return (quote) => {
    const head = quote.subarray(0, quote.length - 34 - 6 - 4);
    const counted = new Uint8Array(4);
    new DataView(counted.buffer).setUint32(0, count);
    return Uint8Array.of(...head, ...counted, ...selections, ...quote.subarray(-34));
  };
}
