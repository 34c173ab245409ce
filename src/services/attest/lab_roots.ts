/**
 * Which of the lab's roots are believed: those that the manifest names.
 *
 * @module
 */

import { fromBase64, toHex } from "../../core/bytes.ts";
import { plainHash } from "../../core/labelled_hash.ts";
import type { Manifest } from "../../protocol/manifest.ts";
import { refuseManifest } from "../../manifest/refuse.ts";

const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

/**
 * The certificates of a file, DER each.
 *
 * @param file One certificate in DER, or any number in PEM.
 */
export function certificatesIn(file: Uint8Array): readonly Uint8Array[] {
  if (file[0] === 0x30) return [file];
  const blocks = [...new TextDecoder().decode(file).matchAll(BLOCK)];
  return blocks.map(([, body = ""]) => fromBase64(body.replaceAll(/\s/g, "")));
}

/**
 * SHA-256 of each certificate of some files, hex: how manifests name a lab's roots.
 *
 * @param files PEM or DER.
 */
export function labRootDigests(files: readonly Uint8Array[]): readonly string[] {
  const digests = files.flatMap(certificatesIn).map((der) => toHex(plainHash("sha256", der)));
  return [...new Set(digests)].sort();
}

/**
 * The lab's roots that a manifest has believed; none where it is of a real cluster, whatever is given.
 *
 * @param manifest The manifest in force.
 * @param files What was given as the lab's roots, PEM or DER.
 * @throws {RejectedError} `manifest.lab_roots` where it is of a lab, and none of its roots is given.
 */
export function believedLabRoots(
  { labRoots }: Pick<Manifest, "labRoots">,
  files: readonly Uint8Array[],
): readonly Uint8Array[] {
  if (labRoots === null) return [];
  const believed = files.flatMap(certificatesIn).filter((der) =>
    labRoots.includes(toHex(plainHash("sha256", der)))
  );
  if (believed.length > 0) return believed;
  const fields = { expected: labRoots.join(" or "), actual: labRootDigests(files).join(" ") };
  throw refuseManifest("manifest.lab_roots", `expected ${fields.expected}`, fields);
}
