/**
 * Test support: certificates that say of which instance they are, right or
 * wrong. Holds no tests of its own.
 *
 * @module
 */

import { writeCertificate } from "../../../core/x509_writer/certificate.ts";
import {
  boolean,
  type Der,
  explicit,
  integer,
  sequence,
  utf8String,
} from "../../../core/x509_writer/der.ts";
import { generateLabKey, type LabKey } from "../../../lab/lab_key.ts";
import { ecdsa } from "../../../lab/signature.ts";

const key: LabKey = await generateLabKey("P-256");
const NAME = [{ type: "2.5.4.3", value: "issuer", encoding: "utf8" }] as const;

/** Identifier of the extension. */
export const INSTANCE = "1.3.6.1.4.1.11129.2.1.21";

/** A certificate with an extension, or none. */
export function certificateWith(value: Uint8Array | null, oid = INSTANCE): Promise<Der> {
  return writeCertificate({
    version: 3,
    serial: 7n,
    issuer: NAME,
    subject: [],
    notBefore: new Date("2026-01-01T00:00:00Z"),
    notAfter: new Date("2027-01-01T00:00:00Z"),
    publicKey: key.spki,
    extensions: value === null ? [] : [{ oid, critical: false, value }],
    algorithm: ecdsa("SHA-256"),
    signWith: key,
  });
}

/** Parts of an instance, as DER; each can be bent. */
export interface InstanceParts {
  readonly zone: Uint8Array;
  readonly projectNumber: Uint8Array;
  readonly projectId: Uint8Array;
  readonly instanceId: Uint8Array;
  readonly instanceName: Uint8Array;
  /** Members of the security properties; null leaves these out. */
  readonly security: readonly Uint8Array[] | null;
  readonly rest: Uint8Array;
}

/** Members that real certificates have beside version and production. */
export const OTHERS: readonly Uint8Array[] = [
  explicit(2, integer(0)),
  explicit(3, boolean(false)),
  explicit(4, boolean(true)),
];

/** An instance, but for what is given. */
export function writeInstance(bent: Partial<InstanceParts> = {}): Der {
  const { security, rest, ...parts }: InstanceParts = {
    zone: utf8String("europe-west4-b"),
    projectNumber: integer(123_456_789_012n),
    projectId: utf8String("example.com:a-project"),
    instanceId: integer(2n ** 63n - 1n),
    instanceName: utf8String("control-plane-0"),
    security: [explicit(0, integer(3)), explicit(1, boolean(true)), ...OTHERS],
    rest: new Uint8Array(),
    ...bent,
  };
  const wrapped = security === null ? [] : [explicit(0, sequence(...security))];
  const { zone, projectNumber, projectId, instanceId, instanceName } = parts;
  return sequence(zone, projectNumber, projectId, instanceId, instanceName, ...wrapped, rest);
}
