/**
 * Evidence of a lab to try the page with.
 *
 * @module
 */

import type { NamedFile } from "../recognise/mod.ts";
import { partOf } from "./engine.ts";

/** A sample, and what it is to be judged by. */
export interface Sample {
  /** The files. */
  readonly files: readonly NamedFile[];
  /** The nonce that was asked with, hex. */
  readonly nonce: string;
  /** Moment for which it is judged, ISO 8601. */
  readonly time: string;
  /** SHA-256 of the lab's root, hex. */
  readonly root: string;
}

/** The first line of the part; the files follow behind each other. */
interface Head extends Omit<Sample, "files"> {
  readonly files: readonly (readonly [name: string, bytes: number])[];
}

/**
 * Reads the sample, which the build put there.
 *
 * @param bend Whether one byte of the report is changed, as a forger would.
 */
export async function readSample(bend: boolean): Promise<Sample> {
  const packed = await partOf(2);
  const end = packed.indexOf(0x0a);
  const head: Head = JSON.parse(new TextDecoder().decode(packed.subarray(0, end)));
  let at = end + 1;
  const files = head.files.map(([name, length]) => ({
    name,
    bytes: packed.slice(at, at += length),
  }));
  // A byte of the measurement, the first among the files.
  const [report] = files;
  if (bend && report !== undefined) report.bytes[0x90] = (report.bytes[0x90] ?? 0) ^ 1;
  return { ...head, files };
}
