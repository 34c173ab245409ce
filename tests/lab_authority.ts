/**
 * The lab's authorities for tests, made once per process: an RSA-4096 key takes
 * seconds. All lines share three keys and differ in their names.
 *
 * @module
 */

import { type AmdAuthority, createAmdAuthority, type LabLine } from "../src/lab/mod.ts";

/** The moment at which test evidence is minted and judged. */
export const NOW: Date = new Date("2026-11-21T12:00:00Z");

const made = new Map<LabLine, Promise<AmdAuthority>>();

/**
 * The authority of a line.
 *
 * @param line Product line; Genoa's is the one that others take their keys from.
 */
export function labAuthority(line: LabLine = "Genoa"): Promise<AmdAuthority> {
  const known = made.get(line);
  if (known !== undefined) return known;
  const fresh = line === "Genoa" ? createAmdAuthority({ line, now: NOW }) : withGenoasKeys(line);
  made.set(line, fresh);
  return fresh;
}

async function withGenoasKeys(line: LabLine): Promise<AmdAuthority> {
  const { ARK, VCEK, VLEK } = await labAuthority();
  const keys = { ARK: ARK.key, VCEK: VCEK.key, VLEK: VLEK.key };
  return await createAmdAuthority({ line, now: NOW, keys });
}
