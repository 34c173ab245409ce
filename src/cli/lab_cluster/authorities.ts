/**
 * The authorities of a lab: in AMD's place, and in that of who certifies keys of
 * TPMs. They are made for this lab alone, and go with it.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { plainHash } from "../../core/labelled_hash.ts";
import { parseStrictJson } from "../../core/strict_json.ts";
import {
  type AmdAuthority,
  createAmdAuthority,
  createTpmAuthority,
  exportAmdAuthority,
  exportTpmAuthority,
  generateLabKey,
  importAmdAuthority,
  importTpmAuthority,
  pem,
  type TpmAuthority,
} from "../../lab/mod.ts";
import { bytesOf, ensureFile, jsonBytes } from "./files.ts";
import type { LabWork } from "./work.ts";

/**
 * In AMD's place. Its chains take RSA-4096, which is slow to make: one key serves
 * root and intermediate, which differ in their names.
 *
 * @param work The lab.
 */
export async function ensureAmdAuthority(work: LabWork): Promise<AmdAuthority> {
  const now = work.host.clock.now();
  const stored = await ensureFile(work.lab, work.paths.amd, async () => {
    // Primes are a matter of luck: the first of two is there in half the time.
    const key = await Promise.race([generateLabKey("RSA-4096"), generateLabKey("RSA-4096")]);
    const keys = { ARK: key, VCEK: key, VLEK: key };
    return jsonBytes(exportAmdAuthority(await createAmdAuthority({ line: "Genoa", now, keys })));
  });
  return await importAmdAuthority(parseStrictJson(stored));
}

/**
 * In the place of who certifies keys of TPMs.
 *
 * @param work The lab.
 */
export async function ensureTpmAuthority(work: LabWork): Promise<TpmAuthority> {
  const now = work.host.clock.now();
  const stored = await ensureFile(
    work.lab,
    work.paths.tpm,
    async () => jsonBytes(exportTpmAuthority(await createTpmAuthority({ now }))),
  );
  return await importTpmAuthority(parseStrictJson(stored));
}

/** Roots of a lab. */
export interface LabRoots {
  /** PEM, as `--lab-root` takes it. */
  readonly pem: Uint8Array;
  /** SHA-256 of each, as a manifest names them, hex. */
  readonly digests: readonly string[];
}

/**
 * The roots of a lab, in a file of their own.
 *
 * @param work The lab.
 * @param amd In AMD's place.
 * @param tpm In the place of who certifies keys of TPMs.
 */
export async function ensureRoots(
  work: LabWork,
  amd: AmdAuthority,
  tpm: TpmAuthority,
): Promise<LabRoots> {
  const certificates = [amd.ARK.certificate, tpm.root.certificate];
  const text = certificates.map((der) => pem("CERTIFICATE", der)).join("");
  return {
    pem: await ensureFile(work.lab, work.paths.roots, () => Promise.resolve(bytesOf(text))),
    digests: certificates.map((der) => toHex(plainHash("sha256", der))),
  };
}
