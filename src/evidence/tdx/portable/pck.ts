/**
 * PCK certificates: of the keys of Intel's provisioning certification enclave,
 * with what they certify of a platform (SGX PCK Certificate and CRL Profile
 * Specification).
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import {
  type Certificate,
  MAX_CERTIFICATE_BYTES,
  readCertificate,
  summaryOf,
} from "../../../core/portable/certificate.ts";
import { TAG } from "../../../core/portable/der.ts";
import type { EcdsaKey } from "../../../core/portable/ecdsa.ts";
import { exactlyOne, type Place } from "../../../core/portable/encoding.ts";
import { findExtension } from "../../../core/portable/extensions.ts";
import { argumentsOf } from "../../../core/portable/frame.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { commonName } from "../../../core/portable/name.ts";
import { checkEnd, checkNames } from "../../../core/portable/shape.ts";
import { booleanOf } from "../../../core/portable/values.ts";
import type { Pck, PlatformConfiguration } from "../report.ts";
import { type Ca, caOf, INTEL_NAMES, keyOf } from "./certificates.ts";
import { PckItems } from "./pck_items.ts";
import { refuseTdx } from "./refuse.ts";

/** Intel's extension. */
const EXTENSION = "1.2.840.113741.1.13.1";
/** TCB components of the SGX half. */
const COMPONENTS = 16;
/** SGX types by number. */
const SGX_TYPES = ["Standard", "Scalable", "ScalableWithIntegrity"] as const;

const PLACE: Place = { name: "pck", kind: "certificate", limit: MAX_CERTIFICATE_BYTES };
const NAME = "PCK";

/**
 * Reads a PCK certificate for showing it; nothing is verified: the operation `tdx_pck`.
 *
 * @param parts The certificate, PEM or DER.
 * @throws {RejectedError} `tdx.pck_shape` where it is no PCK certificate, `tdx.pck_extension`, `x509.*`
 * @throws {InputError} `input.*`
 */
export function tdxPck(parts: readonly Uint8Array[]): Pck {
  const [file = new Uint8Array()] = argumentsOf(parts, 1);
  return describePck(readCertificate(exactlyOne(file, PLACE), NAME));
}

/**
 * Reads a certificate for showing it; its CA is the one that it names.
 *
 * @param certificate The certificate.
 * @throws {RejectedError} `tdx.pck_shape`, `tdx.pck_extension`
 */
export function describePck(certificate: Certificate): Pck {
  if (commonName(certificate.subject) !== INTEL_NAMES.pck) {
    throw refuseTdx("tdx.pck_shape", { expected: `common name ${INTEL_NAMES.pck}` });
  }
  const ca = caOf(commonName(certificate.issuer));
  if (ca === undefined) throw misshapen("its issuer is no PCK CA");
  return readPck(certificate, ca);
}

/**
 * Checks that a certificate is a PCK certificate of an issuer; gives its key.
 *
 * @param certificate The certificate.
 * @param issuer Its issuer.
 * @throws {RejectedError} `tdx.pck_shape`
 */
export function checkPck(certificate: Certificate, issuer: Certificate): EcdsaKey {
  return readOr(() => {
    checkNames(certificate, issuer, INTEL_NAMES.pck);
    checkEnd(certificate, [EXTENSION]);
    return keyOf(certificate);
  }, misshapen);
}

function misshapen(reason: string): Error {
  return refuseTdx("tdx.pck_shape", { certificate: NAME, reason });
}

/**
 * Reads Intel's extension in a certificate.
 *
 * @param certificate The certificate.
 * @param ca The CA that issued it.
 * @throws {RejectedError} `tdx.pck_extension`: an item is missing, twice there,
 * unknown, has no place under this CA, or is not encoded as specified.
 */
export function readPck(certificate: Certificate, ca: Ca): Pck {
  return readOr(
    () => readExtension(certificate, ca),
    (reason) => refuseTdx("tdx.pck_extension", { certificate: NAME, reason }),
  );
}

function readExtension(certificate: Certificate, ca: Ca): Pck {
  const found = findExtension(certificate.extensions, EXTENSION);
  if (found === undefined) throw new Malformed("the extension is missing");
  const items = PckItems.read(found.value, EXTENSION);
  // Platforms of one package, which the Processor CA certifies, have neither of the two.
  const isPlatform = ca === "platform";
  const pck: Pck = {
    ppid: toHex(items.octets(1, 16)),
    ...readTcb(items.list(2)),
    pceId: toHex(items.octets(3, 2)),
    fmspc: toHex(items.octets(4, 6)),
    sgxType: items.choice(5, SGX_TYPES),
    platformInstanceId: isPlatform ? toHex(items.octets(6, 16)) : null,
    configuration: isPlatform ? readConfiguration(items.list(7)) : null,
    certificate: summaryOf(certificate),
  };
  items.finish();
  return pck;
}

function readTcb(items: PckItems): Pick<Pck, "components" | "pceSvn" | "cpuSvn"> {
  const tcb = {
    components: Array.from({ length: COMPONENTS }, (_, i) => items.number(i + 1, 0xff)),
    pceSvn: items.number(17, 0xffff),
    cpuSvn: toHex(items.octets(18, 16)),
  };
  items.finish();
  return tcb;
}

function readConfiguration(items: PckItems): PlatformConfiguration {
  const flag = (arc: number): boolean | null => {
    const content = items.may(arc, TAG.boolean);
    return content === undefined ? null : booleanOf(content);
  };
  const configuration = { dynamicPlatform: flag(1), cachedKeys: flag(2), smtEnabled: flag(3) };
  items.finish();
  return configuration;
}
