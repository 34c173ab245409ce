/**
 * What certificates of TPMs' keys and of their authorities must be (RFC 5280;
 * TCG EK Credential Profile §3.5, "TPM 2.0 Keys for Device Identity and
 * Attestation" §8.2).
 *
 * @module
 */

import type { Named } from "../../../core/portable/anchors.ts";
import type { Certificate } from "../../../core/portable/certificate.ts";
import {
  basicConstraints,
  checkCritical,
  EXTENSION,
  keyUsage,
  type Usage,
} from "../../../core/portable/extensions.ts";
import { LAB_MARK } from "../../../core/portable/lab_mark.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { extendedKeyUsage } from "../../../core/portable/purposes.ts";
import { checkIssuer, checkVersion } from "../../../core/portable/shape.ts";
import type { TpmCode } from "../codes.ts";
import type { TpmIdentity, TpmKey } from "../report.ts";
import { identityOf } from "./identity.ts";
import { keyOf } from "./key.ts";
import { refuseTpm } from "./refuse.ts";
import type { Role } from "./role.ts";

/** tcg-kp-EKCertificate. Google's AKs have it, too. */
const EK_PURPOSE = "2.23.133.8.1";
/** tcg-kp-AIKCertificate. */
const AK_PURPOSE = "2.23.133.8.3";

/** Purposes, one of which a certificate must name. */
const PURPOSES: Readonly<Record<Role, readonly string[]>> = {
  AK: [AK_PURPOSE, EK_PURPOSE],
  EK: [EK_PURPOSE],
};

const CODES = {
  AK: "tpm.ak_certificate_shape",
  EK: "tpm.ek_certificate_shape",
} as const satisfies Record<Role, TpmCode>;

/** Extensions of the key's certificate that are understood. */
const KNOWN: readonly string[] = [
  EXTENSION.basicConstraints,
  EXTENSION.keyUsage,
  EXTENSION.extendedKeyUsage,
  EXTENSION.alternativeName,
  LAB_MARK,
];

/** What a certificate certifies. */
export interface Certified {
  /** The key. */
  readonly key: TpmKey;
  /** What it says of the TPM. */
  readonly identity: TpmIdentity | null;
}

/**
 * Checks the certificates of a path: the authorities from below, then the key's own.
 *
 * @param path From the key's certificate to the root.
 * @param role What the key is.
 * @throws {RejectedError} `tpm.chain_shape`, `tpm.ak_certificate_shape`, `tpm.ek_certificate_shape`
 */
export function checkShapes(path: readonly Named[], role: Role): Certified {
  const [leaf, ...authorities] = path;
  if (leaf === undefined) throw new TypeError("A path has a certificate");
  for (const [below, [name, certificate]] of authorities.entries()) {
    readOr(
      // Google's name purposes.
      () => checkIssuer(certificate, below, [EXTENSION.extendedKeyUsage]),
      (reason) => refuseTpm("tpm.chain_shape", { certificate: name, reason }),
    );
  }
  const [name, certificate] = leaf;
  const refuse = (reason: string): Error => refuseTpm(CODES[role], { certificate: name, reason });
  return readOr(() => checkLeaf(certificate, role, refuse), refuse);
}

function checkLeaf(
  certificate: Certificate,
  role: Role,
  refuse: (reason: string) => Error,
): Certified {
  const { extensions } = certificate;
  checkVersion(certificate);
  if (basicConstraints(extensions)?.ca === true) throw new Malformed("it may issue certificates");
  const { key, numbers } = keyOf(certificate.key, { unknown: refuse, malformed: refuse });
  const usage = usageOf(role, numbers.kind);
  if (keyUsage(extensions)?.includes(usage) !== true) {
    throw new Malformed(`its key usage does not name ${usage}`);
  }
  const purposes = extendedKeyUsage(extensions) ?? [];
  if (!purposes.some((purpose) => PURPOSES[role].includes(purpose))) {
    throw new Malformed(`it names no purpose of ${PURPOSES[role].join(" or ")}`);
  }
  checkCritical(extensions, KNOWN);
  const identity = identityOf(certificate);
  if (role === "EK" && identity === null) {
    throw new Malformed("it does not name manufacturer, model and version of its TPM");
  }
  return { key, identity };
}

function usageOf(role: Role, kind: "rsa" | "ecc"): Usage {
  if (role === "AK") return "digitalSignature";
  return kind === "rsa" ? "keyEncipherment" : "keyAgreement";
}
