/**
 * Changes of plain data, as policies and reference values are.
 *
 * @module
 */

import type { Dice } from "../../bends/dice.ts";

/** What stands in place of a value, or of a key. */
const ODD: readonly unknown[] = [
  ...[null, true, 0, -0, -1, 1.5, 2, 255, 256, 1e21, "", "0", "1", "forbid", "lab", "__proto__"],
  ...["2027-02-29", "2028-02-29", "2027-01-31\n", "9999-12-31", "0000-00-00", "ab".repeat(48)],
  ...["ab".repeat(48) + "\n", "x".repeat(5000), [], [[]], [0], [null], ["amd"], {}, { a: 1 }],
  ...[
    { genoa: {} },
    { genoa: { reported: {} } },
    "1.55\n",
    "INTEL-SA-00001",
    "0x0".padEnd(18, "0"),
  ],
];

const isBranch = (value: unknown): value is object => typeof value === "object" && value !== null;

/** A copy with one of its members, somewhere, changed. */
export function editData(value: unknown, dice: Dice): unknown {
  const keys = isBranch(value) ? Object.keys(value) : [];
  if (!isBranch(value) || keys.length === 0) {
    return dice.pick(ODD.filter((one) => one !== undefined));
  }
  const key = dice.pick(keys);
  const inner: unknown = Reflect.get(value, key);
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const set = (name: string, item: unknown): void => {
    const slot = { value: item, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(copy, name, slot);
  };
  const edits = [
    () => set(key, editData(inner, dice)),
    () => set(key, editData(inner, dice)),
    () => set(key, editData(inner, dice)),
    () => set(key, dice.pick(ODD)),
    () => void Reflect.deleteProperty(copy, key),
    () => Array.isArray(copy) ? void copy.push(inner, dice.pick(ODD)) : set(key + "s", inner),
    () => set(Array.isArray(copy) ? `${copy.length}` : `${dice.pick(ODD)}`, dice.pick(ODD)),
  ];
  dice.pick(edits)();
  return copy;
}
