/**
 * Mints whole launch endorsements.
 *
 * @module
 */

import { type Bend, bend } from "../bend.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../core/x509_writer/certificate.ts";
import { digestOf } from "../fields.ts";
import { generateLabKey, type LabKey } from "../lab_key.ts";
import { pem } from "../pem.ts";
import {
  createEndorsementAuthority,
  describeEndorsementSigner,
  type EndorsementAuthority,
} from "./authority.ts";
import {
  type GoldenDescription,
  GOOGLE_PSS,
  type LabSnpEndorsement,
  type LabTdxEndorsement,
  type LaunchDescription,
  writeGolden,
  writeLaunch,
} from "./golden.ts";

/** Changes to an endorsement before it is written and signed, but for those that say otherwise. */
export interface EndorsementBends {
  /** Changes to the root's certificate. */
  readonly root?: Bend<CertificateDescription>;
  /** Changes to the issuing CA's certificate. */
  readonly issuing?: Bend<CertificateDescription>;
  /** Changes to the certificate of the key that signs. */
  readonly signer?: Bend<CertificateDescription>;
  /** Changes to what is signed. */
  readonly golden?: Bend<GoldenDescription>;
  /** Changes to the envelope, and to its signature. */
  readonly launch?: Bend<LaunchDescription>;
  /** Change to the bytes of the whole after it was signed. */
  readonly bytes?: (bytes: Uint8Array) => Uint8Array;
}

/** What an endorsement is minted by; all but the time has a default. */
export interface MintEndorsementOptions {
  /** Moment of issue. */
  readonly now: Date;
  /** SHA-384 of the firmware; default that of none. */
  readonly digest?: Uint8Array;
  /** Of SEV-SNP; null says nothing; default measurements of firmware that never was. */
  readonly sevSnp?: LabSnpEndorsement | null;
  /** Of TDX; the same. */
  readonly tdx?: LabTdxEndorsement | null;
  /** The key that signs; default a new one, RSA of 2048 bits. */
  readonly key?: LabKey;
  /** Changes, to bend the endorsement. */
  readonly bends?: EndorsementBends;
}

/** A minted endorsement. */
export interface MintedEndorsement {
  /** VMLaunchEndorsement. */
  readonly endorsement: Uint8Array;
  /** What it says. */
  readonly golden: GoldenDescription;
  /** The root's certificate, PEM. */
  readonly root: string;
  /** The key that signed. */
  readonly key: LabKey;
  /** Certificates as DER. */
  readonly der: Readonly<Record<"root" | "issuing" | "signer", Uint8Array>>;
}

/**
 * Mints an endorsement that verifies under the authority's root, unless bent.
 *
 * It endorses nothing: each certificate carries the lab mark.
 *
 * @param authority Who issues.
 * @param options Time, contents and bends.
 * @throws {RangeError} if a number does not fit its place.
 *
 * @example
 * ```ts
 * import { createEndorsementAuthority, mintEndorsement } from "@casemate/casemate/lab";
 *
 * const now = new Date("2026-11-21T00:00:00Z");
 * const authority = await createEndorsementAuthority({ now });
 * const { golden } = await mintEndorsement(authority, { now });
 * if (golden.digest.length !== 48) throw new Error("no SHA-384");
 * ```
 */
export async function mintEndorsement(
  authority: EndorsementAuthority,
  options: MintEndorsementOptions,
): Promise<MintedEndorsement> {
  const { now, bends = {} } = options;
  const key = options.key ?? await generateLabKey("RSA-2048");
  const { root, issuing } = await bent(authority, bends);
  const described = await describeEndorsementSigner(key, issuing.key, now);
  const signer = await writeCertificate(bend(described, bends.signer));
  const der = { root: root.certificate, issuing: issuing.certificate, signer };
  const golden = bend(await describeGolden(options, der), bends.golden);
  const launch = bend(describeLaunch(writeGolden(golden), key), bends.launch);
  const endorsement = await writeLaunch(launch);
  return {
    endorsement: bends.bytes?.(endorsement) ?? endorsement,
    golden,
    root: pem("CERTIFICATE", der.root),
    key,
    der,
  };
}

/** The same authority, where its certificates are bent written anew by the same keys. */
async function bent(
  authority: EndorsementAuthority,
  { root, issuing }: EndorsementBends,
): Promise<EndorsementAuthority> {
  const now = authority.created;
  const keys = { root: authority.root.key, issuing: authority.issuing.key };
  const anew = await createEndorsementAuthority({
    now,
    keys,
    bends: { ...root === undefined ? {} : { root }, ...issuing === undefined ? {} : { issuing } },
  });
  return {
    created: now,
    root: root === undefined ? authority.root : anew.root,
    issuing: issuing === undefined ? authority.issuing : anew.issuing,
  };
}

async function describeGolden(
  { now, digest, sevSnp, tdx }: MintEndorsementOptions,
  der: MintedEndorsement["der"],
): Promise<GoldenDescription> {
  return {
    timestamp: { seconds: BigInt(Math.floor(now.getTime() / 1000)), nanos: 0 },
    clSpec: 123_456_789,
    commit: (await sha384("commit")).slice(0, 20),
    certificate: der.signer,
    digest: digest ?? await sha384("firmware"),
    bundle: new TextEncoder().encode(pem("CERTIFICATE", der.issuing)),
    sevSnp: sevSnp === undefined ? await labSnp() : sevSnp,
    tdx: tdx === undefined ? await labTdx() : tdx,
    more: new Uint8Array(),
  };
}

function describeLaunch(golden: Uint8Array, signWith: LabKey): LaunchDescription {
  return {
    golden,
    signWith,
    method: GOOGLE_PSS,
    signature: (bytes) => bytes,
    more: new Uint8Array(),
  };
}

async function labSnp(): Promise<LabSnpEndorsement> {
  const vmsas = [1, 2, 4, 8];
  return {
    svn: 3,
    measurements: await Promise.all(
      vmsas.map(async (count) => [count, await sha384(`SEV-SNP ${count}`)] as const),
    ),
    familyId: (await sha384("family")).slice(0, 16),
    imageId: (await sha384("image")).slice(0, 16),
    policy: 0x30000n,
    svsmMeasurement: new Uint8Array(),
  };
}

async function labTdx(): Promise<LabTdxEndorsement> {
  const shapes = [4, 16].flatMap((ramGib) =>
    [false, true].map((earlyAccept) => ({ ramGib, earlyAccept }))
  );
  return {
    svn: 5,
    measurements: await Promise.all(shapes.map(async (shape) => ({
      ...shape,
      mrTd: await sha384(`TDX ${shape.ramGib} ${shape.earlyAccept}`),
    }))),
  };
}

async function sha384(what: string): Promise<Uint8Array> {
  return await digestOf("SHA-384", `lab endorsement ${what}`);
}
