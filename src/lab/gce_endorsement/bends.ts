/**
 * Bends by name: each makes an endorsement that is refused, with the code that it says.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import type { Bend } from "../bend.ts";
import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import { addDays, addYears } from "../dates.ts";
import {
  basicConstraints,
  dropExtension,
  type Extension,
  LAB_MARK_OID,
  replaceExtension,
  strictKeyUsage,
} from "../extension.ts";
import { generateLabKey, type LabKey } from "../lab_key.ts";
import { endorsementName } from "./authority.ts";
import type { EndorsementBends } from "./endorsement.ts";
import type { GoldenDescription, LabSnpEndorsement, LaunchDescription } from "./golden.ts";
import { PROTO_WIRE, protoBytes, protoTag, protoVarint } from "./wire.ts";

/** What a bend is made from. */
export interface EndorsementBendContext {
  /** Moment of issue. */
  readonly now: Date;
  /** The key that signs. */
  readonly key: LabKey;
}

/** An endorsement with one thing wrong. */
export interface NamedEndorsementBend {
  /** What is wrong. */
  readonly says: string;
  /** Code with which verification refuses it. */
  readonly code: string;
  /** The changes. */
  readonly bends: (
    context: EndorsementBendContext,
  ) => EndorsementBends | Promise<EndorsementBends>;
}

/** Bends by name. */
export type NamedEndorsementBends = Readonly<Record<string, NamedEndorsementBend>>;

type Words = readonly [says: string, code: string];
type Made = (
  context: EndorsementBendContext,
) => Bend<CertificateDescription> | Promise<Bend<CertificateDescription>>;

const golden = (says: string, change: Bend<GoldenDescription>): NamedEndorsementBend => ({
  says,
  code: "gce.endorsement_malformed",
  bends: () => ({ golden: change }),
});

/** With a field behind the others. */
const more = (says: string, ...parts: readonly Uint8Array[]): NamedEndorsementBend =>
  golden(says, { more: concat(...parts) });

const launch = ([says, code]: Words, change: Bend<LaunchDescription>): NamedEndorsementBend => ({
  says,
  code: `gce.endorsement_${code}`,
  bends: () => ({ launch: change }),
});

const certificate = (
  which: "root" | "issuing" | "signer",
  [says, code]: Words,
  make: Made,
): NamedEndorsementBend => ({
  says,
  code: `gce.${code}`,
  bends: async (context) => ({ [which]: await make(context) }),
});

const replaced = (extension: Extension): Made => () => (description) => ({
  ...description,
  extensions: replaceExtension(description.extensions, extension),
});
const dropped = (oid: string): Made => () => (description) => ({
  ...description,
  extensions: dropExtension(description.extensions, oid),
});

/** With what is endorsed of SEV-SNP bent. */
const snp =
  (change: (endorsed: LabSnpEndorsement) => LabSnpEndorsement) =>
  (description: GoldenDescription): GoldenDescription => ({
    ...description,
    sevSnp: description.sevSnp === null ? null : change(description.sevSnp),
  });

/** What is signed, and how it is encoded. */
const GOLDEN: NamedEndorsementBends = {
  "digest-missing": golden("The firmware's digest is missing", { digest: new Uint8Array() }),
  "digest-short": golden("The firmware's digest is a SHA-256", { digest: new Uint8Array(32) }),
  "certificate-missing": golden("The certificate is missing", { certificate: new Uint8Array() }),
  "digest-twice": more("The firmware's digest is there twice", protoBytes(5, new Uint8Array(48))),
  "digest-number": golden("The firmware's digest is a number", {
    digest: new Uint8Array(),
    more: concat(protoTag(5, PROTO_WIRE.varint), protoVarint(1)),
  }),
  "padded-number": more(
    "A number has more bytes than it needs",
    protoTag(99, PROTO_WIRE.varint),
    protoVarint(1, 2),
  ),
  "endless-number": more(
    "A number has eleven bytes",
    protoTag(99, PROTO_WIRE.varint),
    protoVarint(1n << 70n),
  ),
  group: more("A field is a group", protoTag(99, PROTO_WIRE.group)),
  "field-zero": more("A field has the number 0", protoBytes(0)),
  "cut-short": more("A field is cut short", protoTag(99, PROTO_WIRE.four), new Uint8Array(3)),
  "time-before": golden("It was made before 1970", {
    timestamp: { seconds: (1n << 64n) - 1n, nanos: 0 },
  }),
  "measurement-short": golden(
    "A launch measurement has 47 bytes",
    snp((said) => ({ ...said, measurements: [[1, new Uint8Array(47)]] })),
  ),
  "measurement-twice": golden(
    "A number of VMSAs is there twice",
    snp((said) => ({ ...said, measurements: [...said.measurements, ...said.measurements] })),
  ),
  "measurement-many": golden(
    "There are 4097 launch measurements",
    snp((said) => ({
      ...said,
      measurements: Array.from({ length: 4097 }, (_, i) => [i, new Uint8Array(48)] as const),
    })),
  ),
  "vmsas-large": golden(
    "There are 2^32 VMSAs",
    snp((said) => ({ ...said, measurements: [[2 ** 32, new Uint8Array(48)]] })),
  ),
  "family-short": golden(
    "FAMILY_ID has 15 bytes",
    snp((said) => ({ ...said, familyId: new Uint8Array(15) })),
  ),
  "mrtd-missing": golden("An MRTD is missing", (said) => ({
    ...said,
    tdx: { svn: 1, measurements: [{ ramGib: 4, earlyAccept: false, mrTd: new Uint8Array() }] },
  })),
};

/** A byte of the time at which it was made: behind tags and lengths of envelope, signed part and time. */
const CHANGED = 8;

/** The envelope. */
const ENVELOPE: NamedEndorsementBends = {
  "golden-missing": launch(["Nothing is signed", "malformed"], { golden: new Uint8Array() }),
  "signature-missing": launch(["There is no signature", "malformed"], {
    signature: () => new Uint8Array(),
  }),
  "signature-twice": launch(["There are two signatures", "malformed"], {
    more: protoBytes(2, Uint8Array.of(1)),
  }),
  "golden-changed": {
    ...launch(["The endorsement was changed after signing", "signature"], {}),
    bends: () => ({
      bytes: (bytes) => bytes.map((byte, i) => i === CHANGED ? byte ^ 1 : byte),
    }),
  },
  forged: launch(["A bit of the signature is another", "signature"], {
    signature: (bytes) => bytes.map((byte, i) => i === bytes.length - 1 ? byte ^ 1 : byte),
  }),
  salt: launch(["The signature has 20 bytes of salt", "signature"], {
    method: { name: "RSA-PSS", hash: "SHA-256", saltLength: 20 },
  }),
  sha384: launch(["The signature is over a SHA-384", "signature"], {
    method: { name: "RSA-PSS", hash: "SHA-384", saltLength: 48 },
  }),
  pkcs1: launch(["The signature is one of PKCS#1 v1.5", "signature"], {
    method: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  }),
  "signed-by-other": {
    ...launch(["Somebody else signed", "signature"], {}),
    bends: async () => ({ launch: { signWith: await generateLabKey("RSA-2048") } }),
  },
};

/** Certificates. */
const CERTIFICATES: NamedEndorsementBends = {
  "signer-authority": certificate(
    "signer",
    ["The signer may issue certificates", "endorsement_shape"],
    replaced(basicConstraints(true)),
  ),
  "signer-usage": certificate(
    "signer",
    ["The signer's key may not sign", "endorsement_shape"],
    replaced(strictKeyUsage("keyAgreement")),
  ),
  "signer-ec": certificate(
    "signer",
    ["The signer's key is of P-256", "endorsement_shape"],
    async () => ({ publicKey: (await generateLabKey("P-256")).spki }),
  ),
  "signer-forged": certificate(
    "signer",
    ["The signer's certificate is signed by itself in the CA's name", "endorsement_chain"],
    ({ key }) => ({ signWith: key }),
  ),
  "signer-expired": certificate(
    "signer",
    ["The signer's certificate expired yesterday", "endorsement_expired"],
    ({ now }) => ({ notBefore: addYears(now, -1), notAfter: addDays(now, -1) }),
  ),
  "signer-tomorrow": certificate(
    "signer",
    ["The signer's certificate holds from tomorrow on", "endorsement_not_yet_valid"],
    ({ now }) => ({ notBefore: addDays(now, 1) }),
  ),
  "signer-unmarked": certificate(
    "signer",
    ["The signer lacks the lab mark", "lab_extension_missing"],
    dropped(LAB_MARK_OID),
  ),
  "issuing-no-authority": certificate(
    "issuing",
    ["The CA may not issue certificates", "endorsement_shape"],
    replaced(basicConstraints(false)),
  ),
  "issuing-usage": certificate(
    "issuing",
    ["The CA's key may not sign certificates", "endorsement_shape"],
    replaced(strictKeyUsage("cRLSign")),
  ),
  "foreign-root": certificate(
    "issuing",
    ["A root that nobody gave issued the CA", "endorsement_root"],
    () => ({ issuer: endorsementName("Foreign root") }),
  ),
  "issuing-name": certificate(
    "issuing",
    ["The CA has another name than its certificates say", "endorsement_root"],
    () => ({ subject: endorsementName("Another CA") }),
  ),
};

/** All of them. */
export const ENDORSEMENT_BENDS: NamedEndorsementBends = { ...GOLDEN, ...ENVELOPE, ...CERTIFICATES };
