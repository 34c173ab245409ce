/**
 * Mints whole SEV-SNP evidence: report, leaf, chain, revocation list, root.
 *
 * @module
 */

import { describeCrl, type LabLine, type LeafForm } from "./amd_hierarchy.ts";
import { describeLeaf, type TcbVersion } from "./amd_leaf.ts";
import { type AmdAuthority, type AmdCaBends, bendAmdAuthority } from "./authority.ts";
import { type Bend, bend } from "../bend.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../core/x509_writer/certificate.ts";
import { type CrlDescription, writeCrl } from "../crl.ts";
import { digestOf, padded } from "../fields.ts";
import { generateLabKey, type LabKey } from "../lab_key.ts";
import { pem } from "../pem.ts";
import { type ReportFields, signSnpReport, writeSnpReport } from "./snp_report.ts";

/** Bytes of CHIP_ID in a report. */
const CHIP_ID_BYTES = 64;

/** What a product line has of its own. */
interface LineDefaults {
  readonly cpuid: NonNullable<ReportFields["cpuid"]>;
  readonly tcb: TcbVersion;
  readonly hwidBytes: number;
}

/** Families, models and steppings as sold; versions of the order of those in the field. */
const LINE_DEFAULTS: Readonly<Record<LabLine, LineDefaults>> = {
  Milan: {
    cpuid: { family: 25, model: 1, stepping: 1 },
    tcb: { fmc: null, bootloader: 4, tee: 0, snp: 24, microcode: 219 },
    hwidBytes: 64,
  },
  Genoa: {
    cpuid: { family: 25, model: 17, stepping: 1 },
    tcb: { fmc: null, bootloader: 10, tee: 0, snp: 23, microcode: 84 },
    hwidBytes: 64,
  },
  Turin: {
    cpuid: { family: 26, model: 2, stepping: 1 },
    tcb: { fmc: 1, bootloader: 1, tee: 1, snp: 4, microcode: 81 },
    hwidBytes: 8,
  },
};

/** Changes to evidence before it is written and signed. */
export interface SnpBends extends AmdCaBends {
  /** Changes to the leaf's certificate. */
  readonly leaf?: Bend<CertificateDescription>;
  /** Changes to the revocation list. */
  readonly crl?: Bend<CrlDescription>;
  /** Changes to the report. */
  readonly report?: Bend<ReportFields>;
}

/** What evidence is minted by; all but the time has a default. */
export interface MintSnpOptions {
  /** Moment of issue of leaf and CRL. */
  readonly now: Date;
  /** Form of the key that signs; default `VCEK`. */
  readonly form?: LeafForm;
  /** Version of the report; default 5. */
  readonly version?: number;
  /** REPORT_DATA: up to 64 bytes, zeros follow; default none. */
  readonly reportData?: Uint8Array;
  /** MEASUREMENT, 48 bytes; default SHA-384 of a label. */
  readonly measurement?: Uint8Array;
  /** TCB of leaf and report, all four places; default of the line. */
  readonly tcb?: TcbVersion;
  /** Hardware id of the chip: 64 bytes, 8 on Turin; default random. */
  readonly hwid?: Uint8Array;
  /** Provider named in a VLEK. */
  readonly cspId?: string;
  /** The leaf's key; default a new one. */
  readonly leafKey?: LabKey;
  /** Changes, to bend the evidence. */
  readonly bends?: SnpBends;
}

/** Minted evidence. */
export interface MintedSnp {
  /** The report, 1184 bytes. */
  readonly report: Uint8Array;
  /** The leaf's certificate, PEM. */
  readonly leaf: string;
  /** ASK or ASVK, then ARK, PEM. */
  readonly chain: string;
  /** Revocation list of the ARK for this form, PEM. */
  readonly crl: string;
  /** The ARK alone, PEM, bent if it was: what `--lab-root` takes. */
  readonly root: string;
  /** MEASUREMENT in the report. */
  readonly measurement: Uint8Array;
  /** The key that signed the report, to sign bent ones with {@linkcode signSnpReport}. */
  readonly leafKey: LabKey;
  /** The same certificates and list as DER. */
  readonly der: MintedDer;
}

/** Certificates and revocation list of minted evidence as DER. */
export interface MintedDer {
  /** The leaf. */
  readonly leaf: Uint8Array;
  /** ASK or ASVK. */
  readonly intermediate: Uint8Array;
  /** ARK. */
  readonly ark: Uint8Array;
  /** Revocation list. */
  readonly crl: Uint8Array;
}

/** The options with every default in place. */
interface Minting {
  readonly now: Date;
  readonly form: LeafForm;
  readonly version: number;
  readonly reportData: Uint8Array;
  readonly measurement: Uint8Array;
  readonly tcb: TcbVersion;
  readonly hwid: Uint8Array;
  readonly cspId: string;
  readonly leafKey: LabKey;
}

/**
 * Mints evidence that verifies under the authority's root, unless bent.
 *
 * It says nothing about any hardware: each certificate carries the lab mark.
 *
 * @param authority Who issues.
 * @param options Time, contents and bends.
 * @throws {RangeError} if a byte string or number does not fit its place.
 *
 * @example
 * ```ts
 * import { createAmdAuthority, mintSnp } from "@casemate/casemate/lab";
 *
 * const now = new Date("2026-11-21T00:00:00Z");
 * const authority = await createAmdAuthority({ line: "Genoa", now });
 * const { report } = await mintSnp(authority, { now });
 * if (report.length !== 1184) throw new Error("not a report");
 * ```
 */
export async function mintSnp(
  authority: AmdAuthority,
  options: MintSnpOptions,
): Promise<MintedSnp> {
  const { bends = {} } = options;
  const minting = await withDefaults(authority.line, options);
  const issuer = await bendAmdAuthority(authority, bends);
  const der = await mintCertificates(issuer, minting, bends);
  const fields = bend(describeReport(authority.line, minting), bends.report);
  const leafPem = pem("CERTIFICATE", der.leaf);
  const rootPem = pem("CERTIFICATE", der.ark);
  return {
    report: await signSnpReport(writeSnpReport(fields), minting.leafKey),
    leaf: leafPem,
    chain: pem("CERTIFICATE", der.intermediate) + rootPem,
    crl: pem("X509 CRL", der.crl),
    root: rootPem,
    measurement: fields.measurement,
    leafKey: minting.leafKey,
    der,
  };
}

/** Fills in what was not given. */
async function withDefaults(line: LabLine, options: MintSnpOptions): Promise<Minting> {
  const { tcb, hwidBytes } = LINE_DEFAULTS[line];
  return {
    now: options.now,
    form: options.form ?? "VCEK",
    version: options.version ?? 5,
    reportData: padded(options.reportData ?? new Uint8Array(), 64),
    measurement: options.measurement ?? await digestOf("SHA-384", "casemate lab measurement"),
    tcb: options.tcb ?? tcb,
    hwid: options.hwid ?? crypto.getRandomValues(new Uint8Array(hwidBytes)),
    cspId: options.cspId ?? "CN=csp.casemate.lab",
    leafKey: options.leafKey ?? await generateLabKey("P-384"),
  };
}

/** Writes leaf and CRL, and gathers the chain. */
async function mintCertificates(
  authority: AmdAuthority,
  minting: Minting,
  bends: SnpBends,
): Promise<MintedDer> {
  const { line, ARK, [minting.form]: issuer } = authority;
  const leaf = describeLeaf({ ...minting, line, key: minting.leafKey, issuerKey: issuer.key });
  const crl = await describeCrl(line, minting.form, ARK.key, minting.now);
  return {
    leaf: await writeCertificate(bend(leaf, bends.leaf)),
    intermediate: issuer.certificate,
    ark: ARK.certificate,
    crl: await writeCrl(bend(crl, bends.crl)),
  };
}

/** What a report of an honest guest on an up-to-date host says. */
function describeReport(line: LabLine, minting: Minting): ReportFields {
  const { form, version, tcb, hwid, reportData, measurement } = minting;
  const mitigations = version >= 5 ? 0x0bn : 0n;
  const firmware = { major: 1, minor: 55, build: 49 };
  return {
    version,
    guestSvn: 0,
    policy: 0x30000n,
    familyId: new Uint8Array(16),
    imageId: new Uint8Array(16),
    vmpl: 0,
    signatureAlgorithm: 1,
    currentTcb: tcb,
    platformInfo: 0x25n,
    flags: form === "VCEK" ? 0 : 1 << 2,
    reportData,
    measurement,
    hostData: new Uint8Array(32),
    idKeyDigest: new Uint8Array(48),
    authorKeyDigest: new Uint8Array(48),
    reportId: crypto.getRandomValues(new Uint8Array(32)),
    reportIdMa: new Uint8Array(32).fill(0xff),
    reportedTcb: tcb,
    cpuid: version >= 3 ? LINE_DEFAULTS[line].cpuid : null,
    chipId: form === "VCEK" ? padded(hwid, CHIP_ID_BYTES) : new Uint8Array(CHIP_ID_BYTES),
    committedTcb: tcb,
    currentVersion: firmware,
    committedVersion: firmware,
    launchTcb: tcb,
    launchMitigationVector: mitigations,
    currentMitigationVector: mitigations,
  };
}
