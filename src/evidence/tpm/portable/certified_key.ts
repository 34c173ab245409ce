/**
 * A key's certificate with the chain that vouches for it.
 *
 * @module
 */

import { type PinnedRoot, readRoots } from "../../../core/portable/anchors.ts";
import { type Certificate, summaryOf } from "../../../core/portable/certificate.ts";
import { argumentsOf, misuse, unframe } from "../../../core/portable/frame.ts";
import { momentOf } from "../../../core/portable/moment.ts";
import { checkSignatures, isLabPath, pathOf } from "../../../core/portable/path.ts";
import { isCovered } from "../../../core/portable/revocation.ts";
import { checkValidity } from "../../../core/portable/validity.ts";
import { utf8Of } from "../../../core/portable/values.ts";
import type { CertifiedKey, TpmKey } from "../report.ts";
import { readPool } from "./pool.ts";
import { parseKey } from "./public_area.ts";
import { refuseRoot, refuseTime, refuseTpm } from "./refuse.ts";
import type { Role } from "./role.ts";
import { verifyLists } from "./revocation.ts";
import { checkShapes } from "./shape.ts";

/** Most items of a list that the calling code may hand over before it is the one that is wrong. */
export const MAX_FIELDS = 4096;

/** What a certificate is verified with. */
export interface CertificateInput {
  /** What its key is. */
  readonly role: Role;
  /** Files with certificates, PEM or DER, the key's own first. */
  readonly certificates: readonly Uint8Array[];
  /** Revocation lists, each PEM or DER. */
  readonly crls: readonly Uint8Array[];
  /** Pinned roots. */
  readonly roots: readonly PinnedRoot[];
  /** Moment at which all of it must be in force. */
  readonly now: number;
}

/**
 * Verifies a certificate: the operation `tpm_certificate`.
 *
 * @param parts `AK` or `EK`; list of files with certificates; list of revocation
 * lists; list of pinned roots; the key, or nothing; now.
 * @throws {RejectedError} `tpm.*` codes of keys and certificates, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function tpmCertificate(parts: readonly Uint8Array[]): Promise<CertifiedKey> {
  const none = new Uint8Array();
  const [role = none, files = none, crls = none, roots = none, file = none, now = none] =
    argumentsOf(parts, 6);
  const input: CertificateInput = {
    role: readRole(role),
    certificates: unframe(files, MAX_FIELDS),
    crls: unframe(crls, MAX_FIELDS),
    roots: readRoots(roots),
    now: momentOf(now),
  };
  const key = file.length === 0 ? null : parseKey(file, input.role).key;
  return await verifyCertificate(input, key);
}

function readRole(name: Uint8Array): Role {
  const text = utf8Of(name);
  if (text === "AK" || text === "EK") return text;
  throw misuse("the key is neither AK nor EK");
}

/**
 * Verifies a certificate: key, path to a pinned root, shapes, signatures,
 * revocation, validity.
 *
 * @param input The certificate and what vouches for it.
 * @param key Key that it must be of; null leaves that open.
 * @throws {RejectedError} `tpm.*` codes of certificates, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function verifyCertificate(
  input: CertificateInput,
  key: TpmKey | null,
): Promise<CertifiedKey> {
  const pool = readPool(input.certificates, input.role);
  checkKey(pool, key);
  const path = await pathOf(pool, input.roots, input.role);
  const lab = isLabPath(path, input.roots, refuseRoot);
  const certified = checkShapes(path, input.role);
  await checkSignatures(path, (fields) => refuseTpm("tpm.chain_signature", fields));
  const lists = await verifyLists(input.crls, path, input.role);
  checkValidity({ path, lists }, input.now, refuseTime);
  return {
    ...certified,
    certificates: path.map(([, certificate]) => summaryOf(certificate)),
    lab,
    revocationChecked: isCovered(path, lists),
    revocationLists: lists.map(({ list }) => list),
  };
}

function checkKey([leaf]: readonly Certificate[], key: TpmKey | null): void {
  if (leaf === undefined || key === null) return;
  const { spkiSha256: actual } = summaryOf(leaf);
  const expected = key.spkiSha256;
  if (actual !== expected) throw refuseTpm("tpm.ak_key_mismatch", { expected, actual });
}
