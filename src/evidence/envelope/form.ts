/**
 * What an envelope consists of, and which file each member is (protocol §4).
 * The published schema is generated from here.
 *
 * @module
 */

import { base64url } from "../../core/base64url.ts";
import {
  type Decoder,
  type Key,
  list,
  object,
  oneNumber,
  optional,
  required,
  text,
} from "../../core/decode.ts";
import { ID_PATTERN } from "../statement/form.ts";
import { MAX_STATEMENT_BYTES } from "../statement/read.ts";
import { notEmpty } from "./not_empty.ts";
import { PCR_VALUES, type PcrValues } from "./pcrs.ts";

/** Largest envelope, bytes (protocol §4). */
export const MAX_ENVELOPE_BYTES = 512 * 1024;

/** A quote and its signature. */
export interface EnvelopeQuote {
  /** TPMS_ATTEST. */
  readonly msg: Uint8Array;
  /** TPMT_SIGNATURE, or the plain signature. */
  readonly sig: Uint8Array;
}

/** Files of a part by their roles, which are the names of its members. */
export type Part = Readonly<Record<string, Uint8Array | readonly Uint8Array[] | undefined>>;

/** What a TPM says: quotes with their key and registers, or one document. */
export interface VtpmPart {
  /** Quotes, one for each bank. */
  readonly quotes: readonly EnvelopeQuote[] | undefined;
  /** Values of registers. */
  readonly pcrs: PcrValues | undefined;
  /** Attestation key. */
  readonly akPub: Uint8Array | undefined;
  /** Its certificate. */
  readonly akCert: Uint8Array | undefined;
  /** Certificates between it and the root. */
  readonly akCertIssuers: readonly Uint8Array[] | undefined;
  /** Revocation lists of the issuers. */
  readonly akCertCrls: readonly Uint8Array[] | undefined;
  /** Attestation document of NitroTPM. */
  readonly document: Uint8Array | undefined;
  /** Event log of the same boot. */
  readonly eventLog: Uint8Array | undefined;
}

/** An envelope, read member by member. */
export interface EnvelopeForm {
  /** Version of the form. */
  readonly v: 1;
  /** Id of the variant. */
  readonly variant: string;
  /** Bytes of the statement. */
  readonly statement: Uint8Array;
  /** Evidence of a TEE. */
  readonly tee: Part | undefined;
  /** Evidence of a TPM. */
  readonly vtpm: VtpmPart | undefined;
  /** Identity of the instance, as its cloud states it. */
  readonly instance: Part | undefined;
}

/** Most quotes: one for each bank that TPMs have. */
const MAX_QUOTES = 4;

const FILE = base64url(MAX_ENVELOPE_BYTES);

function file(says: string): Key<Uint8Array | undefined> {
  return optional(FILE, undefined, says);
}

function files(most: number, says: string): Key<readonly Uint8Array[] | undefined> {
  return optional(list(FILE, most), undefined, says);
}

const TEE = {
  report: file("Attestation report of SEV-SNP"),
  leaf: file("VCEK or VLEK certificate"),
  chainAskArk: file("Certificates between it and AMD's root"),
  crls: files(4, "Revocation lists of AMD's hierarchy"),
  quote: file("TDX quote"),
  tcbInfo: file("TCB info of the platform"),
  qeIdentity: file("Identity of the quoting enclave"),
  tcbChain: file("Certificates of TCB info and QE identity"),
  pckCrl: file("Revocation list of PCK certificates"),
  pckCrlChain: file("Certificates of its issuer"),
  rootCrl: file("Revocation list of Intel's root"),
  hclReport: file("Report of Azure's paravisor"),
  tdQuote: file("TDX quote over the TD report in the paravisor's"),
  eventLog: file("Event log of a TD"),
  firmwareEndorsement: file("Endorsement of the firmware by the provider"),
};

const QUOTE = object<EnvelopeQuote>({
  msg: required(FILE, "What the TPM signed, TPMS_ATTEST"),
  sig: required(FILE, "Its signature: TPMT_SIGNATURE, plain RSA or DER of ECDSA"),
});

const VTPM = {
  quotes: optional(list(QUOTE, MAX_QUOTES), undefined, "Quotes, one for each bank"),
  pcrs: optional(PCR_VALUES, undefined, "Values of registers by bank and number, lowercase hex"),
  akPub: file("Attestation key: TPM2B_PUBLIC or TPMT_PUBLIC"),
  akCert: file("Its certificate"),
  akCertIssuers: files(
    6,
    "Certificates between it and the root; the root is never taken from here",
  ),
  akCertCrls: files(8, "Revocation lists of the issuers"),
  document: file("Attestation document of NitroTPM, in place of quotes, registers and key"),
  eventLog: file("Event log of the same boot"),
};

const INSTANCE = {
  identityDocument: file("Identity document of EC2"),
  identitySignature: file("Its signature"),
};

/** Roles of the files in each part, but for those of quotes and registers. */
export const ROLES: Readonly<Record<"tee" | "vtpm" | "instance", readonly string[]>> = {
  tee: Object.keys(TEE),
  vtpm: Object.keys(VTPM).filter((name) => name !== "quotes" && name !== "pcrs"),
  instance: Object.keys(INSTANCE),
};

/** Roles of which there may be several files. */
export const SEVERAL: readonly string[] = ["crls", "akCertIssuers", "akCertCrls"];

/** Reads an envelope, each member for itself. */
export const ENVELOPE_FORM: Decoder<EnvelopeForm> = object<EnvelopeForm>({
  v: required(oneNumber(1), "Version of the form"),
  variant: required(text(ID_PATTERN, "an id"), "Id of the variant"),
  statement: required(
    base64url(MAX_STATEMENT_BYTES),
    "Bytes of the statement, as they were bound; all bytes here are base64url without padding",
  ),
  tee: optional(notEmpty(object<Part>(TEE)), undefined, "Evidence of a TEE"),
  vtpm: optional(notEmpty(object<VtpmPart>(VTPM)), undefined, "Evidence of a TPM"),
  instance: optional(
    notEmpty(object<Part>(INSTANCE)),
    undefined,
    "Identity of the instance, as its cloud states it",
  ),
});
