/**
 * Kinds of pieces that evidence consists of, and the roles that each can have.
 *
 * @module
 */

/** What a kind is. */
export interface Kind {
  /** What it is, for a person. */
  readonly title: string;
  /** Roles that it can have; the technology takes the first that it knows. */
  readonly roles: readonly string[];
  /** Whether several go into one role. */
  readonly several?: boolean;
  /** Whether it comes from a vendor, and not from the machine that is judged. */
  readonly vendor?: boolean;
}

/** The kinds. */
export const KINDS = {
  "snp-report": { title: "AMD SEV-SNP attestation report", roles: ["report"] },
  "tdx-quote": { title: "Intel TDX quote", roles: ["quote", "tdQuote"] },
  "tcb-info": {
    title: "Intel TCB info: which firmware has known holes",
    roles: ["tcbInfo"],
    vendor: true,
  },
  "qe-identity": {
    title: "Intel QE identity: which quoting enclave may sign",
    roles: ["qeIdentity"],
    vendor: true,
  },
  "hcl-report": { title: "HCL report of Azure’s paravisor", roles: ["hclReport"] },
  "hcl-runtime-data": { title: "Runtime data of Azure’s paravisor", roles: ["runtimeData"] },
  "tpm-quote": { title: "TPM quote", roles: ["tpmQuoteMsg"], several: true },
  "tpm-signature": { title: "Signature of a TPM", roles: ["tpmQuoteSig"], several: true },
  "tpm-public": { title: "Public key of a TPM", roles: ["akPub"] },
  "public-key": { title: "Public key", roles: ["akPub"] },
  "tpm-pcrs": { title: "Values of TPM registers", roles: ["pcrs"] },
  "event-log": { title: "Event log of a boot", roles: ["eventLog"] },
  "ccel-table": { title: "ACPI table of an event log", roles: ["ccelTable"] },
  "nitro-document": { title: "AWS Nitro attestation document", roles: ["document"] },
  "ec2-identity": { title: "Identity document of an EC2 instance", roles: ["identityDocument"] },
  "ec2-signature": { title: "Signature of an identity document", roles: ["identitySignature"] },
  "gce-attestation": { title: "Attestation of go-tpm-tools", roles: ["attestationPb"] },
  "gce-endorsement": {
    title: "Google’s endorsement of firmware",
    roles: ["firmwareEndorsement"],
    vendor: true,
  },
  "leaf": {
    title: "AMD certificate of the key that signs reports",
    roles: ["leaf"],
    vendor: true,
  },
  "amd-chain": {
    title: "AMD certificates above the key’s",
    roles: ["chainAskArk"],
    vendor: true,
  },
  "amd-list": {
    title: "Revocation list of AMD",
    roles: ["crls"],
    several: true,
    vendor: true,
  },
  "tcb-chain": { title: "Certificates that sign TCB info", roles: ["tcbChain"], vendor: true },
  "pck-chain": {
    title: "Certificates of a list of Intel",
    roles: ["pckCrlChain"],
    vendor: true,
  },
  "pck-list": {
    title: "Revocation list of Intel’s platform keys",
    roles: ["pckCrl"],
    vendor: true,
  },
  "root-list": { title: "Revocation list of Intel’s root", roles: ["rootCrl"], vendor: true },
  "ak-certificate": {
    title: "Certificate of a TPM’s key",
    roles: ["akCert"],
    vendor: true,
  },
  "ak-issuer": {
    title: "Issuer of a TPM key’s certificate",
    roles: ["akCertIssuers"],
    several: true,
    vendor: true,
  },
  "ak-root": {
    title: "Root above a TPM key’s certificate",
    roles: ["akCertRoots"],
    several: true,
    vendor: true,
  },
  "ak-list": {
    title: "Revocation list of a TPM key’s issuer",
    roles: ["akCertCrls"],
    several: true,
    vendor: true,
  },
  "document-list": {
    title: "Revocation list of AWS",
    roles: ["documentCrls"],
    several: true,
    vendor: true,
  },
  "identity-certificate": {
    title: "AWS’s certificate of a region",
    roles: ["identityCert"],
    vendor: true,
  },
  "endorsement-root": {
    title: "Root above an endorsement of firmware",
    roles: ["firmwareEndorsementRoots"],
    several: true,
    vendor: true,
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** A kind of piece. */
export type KindId = keyof typeof KINDS;

/** A piece of evidence: a file, or what was found in one. */
export interface Piece {
  /** What it is. */
  readonly kind: KindId;
  /** Its bytes, in the form that verification takes. */
  readonly bytes: Uint8Array;
  /** Name of the file that it came from. */
  readonly from: string;
  /** Whether it is that file, byte for byte, so that a command line can name it. */
  readonly whole: boolean;
}

/**
 * What is known of a kind.
 *
 * @param kind The kind.
 */
export function aboutKind(kind: KindId): Kind {
  return KINDS[kind];
}
