/**
 * Where the fields of a report stand, and which of them nobody judges under a
 * policy that pins nothing but the measurement (AMD 56860 Table 23).
 *
 * @module
 */

import { SIGNATURE_OFFSET } from "../../../src/lab/mod.ts";

/** A field, by its offset and size; `judged` tells whether another value may be refused. */
export type ReportField = readonly [name: string, at: number, size: number, judged: boolean];

/** All fields, reserved ones too. */
export const REPORT_FIELDS: readonly ReportField[] = [
  ["VERSION", 0x000, 4, true],
  ["GUEST_SVN", 0x004, 4, false],
  ["POLICY", 0x008, 8, true],
  ["FAMILY_ID", 0x010, 16, false],
  ["IMAGE_ID", 0x020, 16, false],
  ["VMPL", 0x030, 4, true],
  ["SIGNATURE_ALGO", 0x034, 4, true],
  ["CURRENT_TCB", 0x038, 8, true],
  ["PLATFORM_INFO", 0x040, 8, true],
  ["flags", 0x048, 4, true],
  ["reserved 1", 0x04c, 4, true],
  ["REPORT_DATA", 0x050, 64, true],
  ["MEASUREMENT", 0x090, 48, true],
  ["HOST_DATA", 0x0c0, 32, false],
  ["ID_KEY_DIGEST", 0x0e0, 48, false],
  ["AUTHOR_KEY_DIGEST", 0x110, 48, false],
  ["REPORT_ID", 0x140, 32, false],
  ["REPORT_ID_MA", 0x160, 32, false],
  ["REPORTED_TCB", 0x180, 8, true],
  ["CPUID", 0x188, 3, true],
  ["reserved 2", 0x18b, 21, true],
  ["CHIP_ID", 0x1a0, 64, true],
  ["COMMITTED_TCB", 0x1e0, 8, true],
  ["CURRENT version", 0x1e8, 3, true],
  ["reserved 3", 0x1eb, 1, true],
  ["COMMITTED version", 0x1ec, 3, true],
  ["reserved 4", 0x1ef, 1, true],
  ["LAUNCH_TCB", 0x1f0, 8, true],
  ["LAUNCH_MIT_VECTOR", 0x1f8, 8, true],
  ["CURRENT_MIT_VECTOR", 0x200, 8, true],
  ["reserved 5", 0x208, 0x98, true],
];

/** Names of the judged fields in which two reports differ, up to the signature. */
export function judgedDifferences(one: Uint8Array, other: Uint8Array): readonly string[] {
  if (one.length !== other.length) return ["length"];
  return REPORT_FIELDS.filter(([, at, size, judged]) =>
    judged && at < SIGNATURE_OFFSET &&
    one.subarray(at, at + size).some((byte, i) => byte !== other[at + i])
  ).map(([name]) => name);
}
