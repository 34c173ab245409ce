/**
 * HCL reports, bent field by field or byte by byte, with sizes that fit unless
 * these are what is bent.
 *
 * @module
 */

import {
  base64Url,
  modulus,
  type ReportParts,
  snpBytes,
  tdBytes,
  USER_DATA,
  writeKey,
  writeReport,
  writeRuntime,
} from "../../src/evidence/hcl/portable/written_test.ts";
import { editBytes, editText } from "./byte_edits.ts";
import type { Dice } from "./dice.ts";
import { editJson, type JsonWords } from "./json_edits.ts";

/** Words of runtime data. */
const WORDS: JsonWords = {
  raws: [
    ...['""', '"x"', '"AQAB"', '"RSA"', "null", "true", "0", "-0", "1", "1.0", "1e2", "[]", "{}"],
    ...["9007199254740991", "9007199254740992", "-9007199254740992", "1e400", "01", "[[]]"],
    ...[
      '"\\ud800"',
      '"\\ud83d\\ude00"',
      '["sign"]',
      '{"a":1}',
      "9007199254740991.5",
      '"\u{1f600}"',
    ],
    ...[`"${base64Url(modulus(384))}"`, `"${base64Url(modulus(255))}"`, `"${USER_DATA}"`],
    ...[`"${"k".repeat(64)}"`, `"${"k".repeat(65)}"`, `"${"\u{1f511}".repeat(64)}"`],
  ],
  names: [
    ...["keys", "vm-configuration", "user-data", "kid", "key_ops", "kty", "e", "n", "secure-boot"],
    ...["", "x", "0", "__proto__", "\u{1f511}"],
  ],
};

/** Runtime data with every kind of setting. */
function plainRuntime(dice: Dice): string {
  const keys = Array.from(
    { length: dice.pick([1, 2, 2, 3]) },
    (_, i) => writeKey({ kid: `k${dice.once(8) ? 0 : i}` }),
  );
  const settings = { "secure-boot": true, "vmUniqueId": "one", "n": -7, "none": null };
  return writeRuntime({
    keys,
    "vm-configuration": settings,
    ...(dice.once(4) ? { "later": [1] } : {}),
  });
}

/** Runtime data, mostly bent. */
export function bentRuntime(dice: Dice): string {
  const text = plainRuntime(dice);
  if (dice.once(6)) return text;
  return dice.once(3) ? editText(text, dice) : editJson(text, dice, WORDS);
}

const NUMBERS: readonly number[] = [0, 1, 2, 3, 4, 5, 20, 1216, 1236, 0x7fff_ffff, 0xffff_ffff];

/** Fields with other values. */
function bentParts(dice: Dice, runtime: string, isTd: boolean): Partial<ReportParts> {
  const size = new TextEncoder().encode(runtime).length;
  const near = (value: number): number => Math.max(0, value + dice.pick([-20, -1, 1, 10, 11]));
  const bends: readonly (() => Partial<ReportParts>)[] = [
    () => ({}),
    () => ({ version: dice.pick(NUMBERS) }),
    () => ({ requestType: dice.pick(NUMBERS) }),
    () => ({ headVersion: dice.pick(NUMBERS) }),
    () => ({ reportType: dice.pick(NUMBERS) }),
    () => ({ hashType: dice.pick([...NUMBERS, 1, 2, 3]) }),
    () => ({ reportSize: near(size + 1236) }),
    () => ({ dataSize: near(size + 20) }),
    () => ({ variableSize: near(size) }),
    () => ({ magic: dice.pick(["HCLa", "ALCH", "    "]) }),
    () => ({ status: editedSame(new Uint8Array(16), dice) }),
    () => ({ rest: editedSame(new Uint8Array(20), dice) }),
    () => ({ hardware: editedSame(isTd ? tdBytes() : snpBytes(), dice) }),
    () => fitting(near(size)),
  ];
  return dice.pick(bends)();
}

/** All three sizes for runtime data of another length than they have. */
function fitting(size: number): Partial<ReportParts> {
  return { variableSize: size, dataSize: size + 20, reportSize: size + 1236 };
}

/** One byte changed, so that nothing behind it moves. */
function editedSame(bytes: Uint8Array, dice: Dice): Uint8Array {
  const at = dice.pick([0, bytes.length - 1, dice.below(bytes.length)]);
  return bytes.map((byte, i) => i === at ? byte ^ 1 << dice.below(8) : byte);
}

/** A report, mostly bent: its fields, its runtime data, or any byte. */
export function bentReport(dice: Dice): Uint8Array {
  const isOfRuntime = dice.once(2);
  const runtime = isOfRuntime ? bentRuntime(dice) : plainRuntime(dice);
  const isTd = dice.once(2);
  const report = writeReport({
    ...(isTd ? { reportType: 4, hardware: tdBytes() } : {}),
    runtime,
    ...(isOfRuntime ? {} : bentParts(dice, runtime, isTd)),
  });
  return dice.once(8) ? editBytes(report, dice) : report;
}
