/**
 * What a VCEK or VLEK certificate says (AMD publication 57230 §3.1).
 *
 * @module
 */

import type { Tcb, TcbComponent } from "../../evidence/snp/report.ts";
import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import { addYears } from "../dates.ts";
import { ia5String, integer } from "../../core/x509_writer/der.ts";
import { type Extension, labMark } from "../extension.ts";
import type { LabKey } from "../lab_key.ts";
import { labName } from "../name.ts";
import { AMD_PSS, rsaPss } from "../signature.ts";
import { intermediateName, type LabLine, type LeafForm } from "./amd_hierarchy.ts";

/** Versions of a TCB by component; `fmc` is null before Turin. */
export type TcbVersion = Pick<Tcb, TcbComponent>;

/** Arc below which AMD's extensions lie. */
const AMD_ARC = "1.3.6.1.4.1.3704.1";

/** AMD's extensions, dotted, to drop or replace them by. */
export const AMD_OIDS = {
  structVersion: `${AMD_ARC}.1`,
  productName: `${AMD_ARC}.2`,
  bootloader: `${AMD_ARC}.3.1`,
  tee: `${AMD_ARC}.3.2`,
  snp: `${AMD_ARC}.3.3`,
  spl4: `${AMD_ARC}.3.4`,
  spl5: `${AMD_ARC}.3.5`,
  spl6: `${AMD_ARC}.3.6`,
  spl7: `${AMD_ARC}.3.7`,
  microcode: `${AMD_ARC}.3.8`,
  fmc: `${AMD_ARC}.3.9`,
  hwid: `${AMD_ARC}.4`,
  cspId: `${AMD_ARC}.5`,
} as const;

/** Product names in VCEKs; a VLEK names the bare line. */
const PRODUCT_NAMES: Readonly<Record<LabLine, string>> = {
  Milan: "Milan-B0",
  Genoa: "Genoa",
  Turin: "Turin",
};

/** Years that a leaf holds. */
const LEAF_YEARS: Readonly<Record<LeafForm, number>> = { VCEK: 7, VLEK: 1 };

/** What a leaf is described by. */
export interface LeafOptions {
  /** Product line. */
  readonly line: LabLine;
  /** Chip's or provider's key. */
  readonly form: LeafForm;
  /** The key that signs reports, P-384. */
  readonly key: LabKey;
  /** Key of the ASK or ASVK. */
  readonly issuerKey: LabKey;
  /** TCB that the key is derived for. */
  readonly tcb: TcbVersion;
  /** Hardware id of the chip: 64 bytes, 8 on Turin; not written into a VLEK. */
  readonly hwid: Uint8Array;
  /** The cloud provider; not written into a VCEK. */
  readonly cspId: string;
  /** Start of validity. */
  readonly now: Date;
}

/**
 * The leaf: VCEK or VLEK. Like AMD's newer ones (2024 on) it leaves out the
 * trailer field of RSASSA-PSS, which older ones and the CA certificates write.
 *
 * @param options Line, form, keys and what is certified.
 */
export function describeLeaf(options: LeafOptions): CertificateDescription {
  const { line, form, key, issuerKey, now } = options;
  return {
    version: 3,
    serial: 0n,
    issuer: labName(intermediateName(line, form)),
    subject: labName(`SEV-${form}`),
    notBefore: now,
    notAfter: addYears(now, LEAF_YEARS[form]),
    publicKey: key.spki,
    extensions: [...amdExtensions(options), labMark()],
    algorithm: rsaPss({ ...AMD_PSS, trailerField: null }),
    signWith: issuerKey,
  };
}

/** AMD's extensions in AMD's order, which is another on Turin. */
function amdExtensions({ line, form, tcb, hwid, cspId }: LeafOptions): Extension[] {
  const turin = line === "Turin";
  return [
    amdExtension("structVersion", integer(turin ? 1 : 0)),
    amdExtension("productName", ia5String(form === "VCEK" ? PRODUCT_NAMES[line] : line)),
    ...(turin ? [amdExtension("fmc", integer(tcb.fmc ?? 0))] : []),
    amdExtension("bootloader", integer(tcb.bootloader)),
    amdExtension("tee", integer(tcb.tee)),
    ...(turin ? [amdExtension("snp", integer(tcb.snp))] : [amdExtension("spl4", integer(0))]),
    amdExtension("spl5", integer(0)),
    amdExtension("spl6", integer(0)),
    amdExtension("spl7", integer(0)),
    ...(turin ? [] : [amdExtension("snp", integer(tcb.snp))]),
    amdExtension("microcode", integer(tcb.microcode)),
    // AMD writes the hwID as raw octets, not as DER.
    form === "VCEK" ? amdExtension("hwid", hwid) : amdExtension("cspId", ia5String(cspId)),
  ];
}

/**
 * One of AMD's extensions, none of which is critical.
 *
 * @param name Which.
 * @param value DER, but raw octets for `hwid`.
 */
export function amdExtension(name: keyof typeof AMD_OIDS, value: Uint8Array): Extension {
  return { oid: AMD_OIDS[name], critical: false, value };
}
