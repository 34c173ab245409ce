/**
 * Writes launch endorsements (google/gce-tcb-verifier, `proto/endorsement.proto`):
 * what is signed, and the envelope around it.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { type LabKey, signBytes, type SigningMethod } from "../lab_key.ts";
import { protoBytes, protoNumber } from "./wire.ts";

/** What is endorsed of SEV-SNP. */
export interface LabSnpEndorsement {
  /** Security version. */
  readonly svn: number;
  /** Launch measurements by number of VMSAs, in the order in which they are written. */
  readonly measurements: readonly (readonly [vmsas: number, measurement: Uint8Array])[];
  /** FAMILY_ID; empty is not written. */
  readonly familyId: Uint8Array;
  /** IMAGE_ID; empty is not written. */
  readonly imageId: Uint8Array;
  /** Guest policy. */
  readonly policy: bigint;
  /** Launch measurement with the SVSM; empty is not written. */
  readonly svsmMeasurement: Uint8Array;
}

/** What is endorsed of TDX. */
export interface LabTdxEndorsement {
  /** Security version. */
  readonly svn: number;
  /** MRTD by shape of the VM. */
  readonly measurements: readonly {
    readonly ramGib: number;
    readonly earlyAccept: boolean;
    readonly mrTd: Uint8Array;
  }[];
}

/** All that is signed. */
export interface GoldenDescription {
  /** Seconds and nanoseconds since 1970; null writes none. */
  readonly timestamp: { readonly seconds: bigint; readonly nanos: number } | null;
  /** Number of the change that the firmware was built from. */
  readonly clSpec: number;
  /** Commit that it was built from. */
  readonly commit: Uint8Array;
  /** DER of the certificate that signs; empty is not written. */
  readonly certificate: Uint8Array;
  /** SHA-384 of the firmware; empty is not written. */
  readonly digest: Uint8Array;
  /** Certificates above; empty is not written. */
  readonly bundle: Uint8Array;
  /** Of SEV-SNP; null writes none. */
  readonly sevSnp: LabSnpEndorsement | null;
  /** Of TDX; null writes none. */
  readonly tdx: LabTdxEndorsement | null;
  /** Fields behind the others. */
  readonly more: Uint8Array;
}

/**
 * Writes what is signed.
 *
 * @param golden What it says.
 */
export function writeGolden(golden: GoldenDescription): Uint8Array {
  const { timestamp, sevSnp, tdx } = golden;
  return concat(
    ...timestamp === null ? [] : [
      protoBytes(1, protoNumber(1, timestamp.seconds), protoNumber(2, timestamp.nanos)),
    ],
    protoNumber(2, golden.clSpec),
    written(3, golden.commit),
    written(4, golden.certificate),
    written(5, golden.digest),
    written(6, golden.bundle),
    ...sevSnp === null ? [] : [writeSevSnp(sevSnp)],
    ...tdx === null ? [] : [writeTdx(tdx)],
    golden.more,
  );
}

/** As writers of proto3 do it: empty bytes are the default. */
function written(field: number, bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? bytes : protoBytes(field, bytes);
}

function writeSevSnp(snp: LabSnpEndorsement): Uint8Array {
  return protoBytes(
    7,
    protoNumber(1, snp.svn),
    ...snp.measurements.map(([vmsas, measurement]) =>
      protoBytes(2, protoNumber(1, vmsas), protoBytes(2, measurement))
    ),
    written(3, snp.familyId),
    written(4, snp.imageId),
    protoNumber(5, snp.policy),
    written(7, snp.svsmMeasurement),
  );
}

function writeTdx({ svn, measurements }: LabTdxEndorsement): Uint8Array {
  return protoBytes(
    8,
    protoNumber(1, svn),
    ...measurements.map(({ ramGib, earlyAccept, mrTd }) =>
      protoBytes(2, protoNumber(1, ramGib), protoNumber(2, earlyAccept ? 1 : 0), written(3, mrTd))
    ),
  );
}

/** The envelope, and the key that signs. */
export interface LaunchDescription {
  /** What is signed; empty is not written. */
  readonly golden: Uint8Array;
  /** The key that signs. */
  readonly signWith: LabKey;
  /** How. */
  readonly method: SigningMethod;
  /** Change to the signature; what is empty is not written. */
  readonly signature: (bytes: Uint8Array) => Uint8Array;
  /** Fields behind the others. */
  readonly more: Uint8Array;
}

/** RSASSA-PSS with SHA-256 and 32 bytes of salt. */
export const GOOGLE_PSS: SigningMethod = { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 };

/**
 * Signs and writes an envelope.
 *
 * @param launch What it says.
 */
export async function writeLaunch(launch: LaunchDescription): Promise<Uint8Array> {
  const { golden, signWith, method, more } = launch;
  const signature = launch.signature(await signBytes(signWith, method, golden));
  return concat(written(1, golden), written(2, signature), more);
}
