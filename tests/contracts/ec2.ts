/**
 * What contracts of AWS's variants share about identity documents.
 *
 * @module
 */

import {
  type CertificateDescription,
  createRegion,
  describeRegion,
  generateLabKey,
  type IdentityBends,
  LAB_REGION_NAME,
  mintIdentity,
  writeCertificate,
} from "../../src/lab/mod.ts";
import { pem } from "../../src/lab/pem.ts";
import { NOW } from "../lab_authority.ts";
import type { Vector } from "../vectors.ts";
import { edited, fileOf } from "./change.ts";
import type { Bend, Damage } from "./contract.ts";

/** Damages of an identity document and what belongs to it. */
export const IDENTITY_DAMAGE: Readonly<Record<string, Damage>> = {
  identityDocument: {
    short: "ec2.document_malformed",
    long: "ec2.document_malformed",
    empty: "input.empty",
  },
  identitySignature: {
    short: "ec2.signature_malformed",
    long: "ec2.signature_malformed",
    empty: "input.empty",
  },
  identityCert: { short: "x509.malformed", long: "x509.malformed", empty: "input.empty" },
};

/** A region that contracts have the key of, and a key that fits no region. */
const region = await createRegion(NOW);
const elliptic = await generateLabKey("P-384");

const DAY = 86_400_000;
const later = (days: number): Date => new Date(NOW.getTime() + days * DAY);

/** What is wrong, its code, the region's certificate and the identity document. */
type Minted = readonly [
  what: string,
  code: string,
  certificate: Partial<CertificateDescription>,
  identity: IdentityBends,
];

const OTHER_NAME = {
  issuer: [...LAB_REGION_NAME, { type: "2.5.4.3", value: "other", encoding: "utf8" }],
} as const;

const MINTED: readonly Minted[] = [
  ["a hash of something else", "ec2.digest_mismatch", {}, {
    cms: { digest: new Uint8Array(32).fill(9) },
  }],
  ["a signature that is changed", "ec2.signature_mismatch", {}, {
    cms: { signature: (bytes) => edited(bytes, -1, (byte) => byte ^ 1) },
  }],
  ["the certificate of another authority", "ec2.signer_mismatch", OTHER_NAME, {}],
  ["a certificate of a key on P-384", "ec2.certificate_shape", { publicKey: elliptic.spki }, {}],
  ["a certificate that has ended", "ec2.certificate_expired", {
    notBefore: later(-2),
    notAfter: later(-1),
  }, {}],
  ["a certificate of tomorrow", "ec2.certificate_not_yet_valid", { notBefore: later(1) }, {}],
  ["another instance's document", "ec2.instance_mismatch", {}, {
    identity: { instanceId: "i-0123456789abcdef" },
  }],
  ["another account's document", "ec2.account_mismatch", {}, {
    identity: { accountId: "012345678902" },
  }],
];

const minted = await Promise.all(MINTED.map(async ([what, code, bent, identity]) => {
  const { document, signature } = await mintIdentity(region, NOW, identity);
  const certificate = await writeCertificate({ ...describeRegion(region.key, NOW), ...bent });
  const files = {
    identityDocument: document,
    identitySignature: signature,
    identityCert: certificate,
  };
  return { what, code, change: { files } };
}));

/** Bends of a vector's identity document. */
export function bendsOfIdentity(base: Vector): readonly Bend[] {
  const text = new TextDecoder().decode(fileOf(base, "identityDocument"));
  const told = (from: string, to: string): Bend["change"] => ({
    files: { identityDocument: new TextEncoder().encode(text.replace(from, to)) },
  });
  const absent = {
    identityDocument: undefined,
    identitySignature: undefined,
    identityCert: undefined,
  };
  const unverified = { code: "ec2.identity_missing", verdict: "unavailable" } as const;
  return [
    ...minted,
    {
      what: "an account of eleven digits",
      code: "ec2.document_malformed",
      change: told("012345678901", "12345678901"),
    },
    {
      what: "another account in the document",
      code: "ec2.signature_malformed",
      change: told("012345678901", "012345678902"),
    },
    {
      what: "certificates of two regions",
      code: "x509.count",
      change: {
        files: {
          identityCert: new TextEncoder().encode(
            pem("CERTIFICATE", region.certificate).repeat(2),
          ),
        },
      },
    },
    { ...unverified, what: "no identity document", change: { files: absent } },
    {
      ...unverified,
      what: "no certificate of the region",
      change: { files: { identityCert: undefined } },
    },
  ];
}
