/**
 * Launch endorsements: firmware that Google says it launches, signed
 * (google/gce-tcb-verifier).
 *
 * @module
 */

import { type Named, type PinnedRoot, readRoots } from "../../../core/portable/anchors.ts";
import { type Certificate, summaryOf } from "../../../core/portable/certificate.ts";
import { EXTENSION } from "../../../core/portable/extensions.ts";
import { argumentsOf, unframe } from "../../../core/portable/frame.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { momentOf } from "../../../core/portable/moment.ts";
import { checkSignatures, isLabPath, pathOf } from "../../../core/portable/path.ts";
import { addCertificates, certificatePlace, readNamed } from "../../../core/portable/pool.ts";
import { checkSize } from "../../../core/portable/refuse.ts";
import { isRsaEncryption } from "../../../core/portable/rsa.ts";
import { checkEnd, checkIssuer, checkVersion } from "../../../core/portable/shape.ts";
import { checkValidity } from "../../../core/portable/validity.ts";
import { VerifyingKey } from "../../../core/portable/verifying_key.ts";
import type { GceEndorsement } from "../report.ts";
import { type Golden, readGolden, readLaunch } from "./endorsement_golden.ts";
import { refuseRoot, refuseTime } from "./endorsement_refuse.ts";
import { refuseGce } from "./refuse.ts";

const INPUT = "endorsement";
/** Largest endorsement, bytes: 4096 measurements of each kind fit in. */
const MAX_BYTES = 256 * 1024;
/** Most items of a list that the calling code may hand over before it is the one that is wrong. */
const MAX_FIELDS = 4096;

/** Name of the certificate that signed for a person. */
const LEAF = "leaf";
/** Extensions that are understood in every certificate, beside the usual ones. */
const KNOWN = [EXTENSION.extendedKeyUsage];

/** RSASSA-PSS with 32 bytes of salt. */
const SCHEME = { scheme: "rsapss", hash: "sha256" } as const;

/** What an endorsement is verified with. */
interface Input {
  readonly endorsement: Uint8Array;
  readonly certificates: readonly Uint8Array[];
  readonly roots: readonly PinnedRoot[];
  readonly now: number;
}

/**
 * Verifies an endorsement: the operation `gce_endorsement`.
 *
 * @param parts Endorsement; list of files with root certificates; list of pinned roots; now.
 * @throws {RejectedError} `gce.endorsement_*`, `gce.lab_*`, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function gceEndorsement(parts: readonly Uint8Array[]): Promise<GceEndorsement> {
  const none = new Uint8Array();
  const [endorsement = none, files = none, roots = none, now = none] = argumentsOf(parts, 4);
  return await verify({
    endorsement,
    certificates: unframe(files, MAX_FIELDS),
    roots: readRoots(roots),
    now: momentOf(now),
  });
}

async function verify({ endorsement, certificates, roots, now }: Input): Promise<GceEndorsement> {
  checkSize(endorsement, INPUT, MAX_BYTES);
  const launch = readOr(() => readLaunch(endorsement), malformed);
  const golden = readOr(() => readGolden(launch.golden), malformed);
  const path = await pathOf(readPool(golden, certificates), roots, LEAF);
  const lab = isLabPath(path, roots, refuseRoot);
  const key = checkShapes(path);
  await checkSignatures(path, (fields) => refuseGce("gce.endorsement_chain", fields));
  const signed = { message: launch.golden, signature: launch.signature };
  if (!await key.verifies(SCHEME, signed)) throw refuseGce("gce.endorsement_signature");
  checkValidity({ path, lists: [] }, now, refuseTime);
  return {
    ...golden.says,
    certificates: path.map(([, certificate]) => summaryOf(certificate)),
    lab,
  };
}

function malformed(reason: string): Error {
  return refuseGce("gce.endorsement_malformed", { reason });
}

function readPool(
  { certificate, bundle }: Golden,
  files: readonly Uint8Array[],
): readonly Certificate[] {
  const leaf = readNamed(certificate, LEAF, INPUT);
  const bundles = bundle === undefined ? [] : [bundle];
  const above = addCertificates([leaf], bundles, certificatePlace(INPUT), LEAF);
  return addCertificates(above, files, certificatePlace("endorsement-root"), LEAF);
}

/** The authorities from below, then the certificate that signed; gives its key. */
function checkShapes([leaf, ...authorities]: readonly Named[]): VerifyingKey {
  if (leaf === undefined) throw new TypeError("A path has a certificate");
  const refuse = (certificate: string) => (reason: string): Error =>
    refuseGce("gce.endorsement_shape", { certificate, reason });
  for (const [below, [name, certificate]] of authorities.entries()) {
    readOr(() => checkIssuer(certificate, below, KNOWN), refuse(name));
  }
  const [name, certificate] = leaf;
  return readOr(() => checkLeaf(certificate), refuse(name));
}

function checkLeaf(certificate: Certificate): VerifyingKey {
  checkVersion(certificate);
  checkEnd(certificate, KNOWN);
  if (!isRsaEncryption(certificate.key.algorithm)) throw new Malformed("its key is not RSA");
  return VerifyingKey.read(certificate.key);
}
