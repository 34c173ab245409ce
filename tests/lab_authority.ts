/**
 * The lab's authorities for tests. An RSA-4096 key takes seconds, and a run has
 * many processes: the three keys are made once and kept in `.tools`, which is no
 * part of the project; certificates are written anew by each process. All lines
 * share the keys and differ in their names.
 *
 * @module
 */

import {
  type AmdAuthority,
  type AmdAuthorityOptions,
  createAmdAuthority,
  exportAmdAuthority,
  importAmdAuthority,
  type LabLine,
} from "../src/lab/mod.ts";

/** The moment at which test evidence is minted and judged. */
export const NOW: Date = new Date("2026-11-21T12:00:00Z");

const FOLDER = new URL("../.tools/", import.meta.url);
const KEPT_NAME = "lab-authority-of-tests.json";
const KEPT = new URL(KEPT_NAME, FOLDER);

const made = new Map<LabLine, Promise<AmdAuthority>>();
let keys: Promise<Required<Pick<AmdAuthorityOptions, "keys">>> | undefined;

/**
 * The authority of a line.
 *
 * @param line Product line.
 */
export function labAuthority(line: LabLine = "Genoa"): Promise<AmdAuthority> {
  const known = made.get(line);
  if (known !== undefined) return known;
  const fresh = withKeptKeys(line);
  made.set(line, fresh);
  return fresh;
}

async function withKeptKeys(line: LabLine): Promise<AmdAuthority> {
  return await labAuthorityAt(NOW, line);
}

/**
 * An authority whose certificates hold from another moment on, for what has a clock of its own.
 *
 * @param now The moment.
 * @param line Product line.
 */
export async function labAuthorityAt(now: Date, line: LabLine = "Genoa"): Promise<AmdAuthority> {
  keys ??= keptKeys();
  return await createAmdAuthority({ line, now, ...(await keys) });
}

async function keptKeys(): Promise<Required<Pick<AmdAuthorityOptions, "keys">>> {
  const { ARK, VCEK, VLEK } = await readKept() ?? await makeKept();
  return { keys: { ARK: ARK.key, VCEK: VCEK.key, VLEK: VLEK.key } };
}

async function readKept(): Promise<AmdAuthority | undefined> {
  try {
    return await importAmdAuthority(JSON.parse(await Deno.readTextFile(KEPT)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new Error(`Remove .tools/${KEPT_NAME}: it holds no keys of the lab`, { cause: error });
  }
}

/** Written elsewhere and moved, so that no other process reads half of it. */
async function makeKept(): Promise<AmdAuthority> {
  const authority = await createAmdAuthority({ line: "Genoa", now: NOW });
  await Deno.mkdir(FOLDER, { recursive: true });
  const part = new URL(`lab-authority-${crypto.randomUUID()}`, FOLDER);
  await Deno.writeTextFile(part, JSON.stringify(exportAmdAuthority(authority)));
  await Deno.rename(part, KEPT);
  return authority;
}
