/**
 * The files that TPM verification takes, in the forms in which TPMs and their tools give them.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { FileInput, FilesByRole } from "../evidence.ts";
import { FileTaker, refuseText } from "../files.ts";
import { readPcrs } from "./pcrs.ts";

/** What TPM verification takes: a quote with its key and registers, and what vouches for both. */
export interface TpmFiles {
  /** Quote: TPMS_ATTEST, raw; as TPM2B_ATTEST, too. Several by one key over other banks, as TPMs are often asked for each alone. */
  readonly tpmQuoteMsg: Uint8Array | readonly Uint8Array[];
  /** Signature over it: TPMT_SIGNATURE, or the plain signature; of several quotes in their order. */
  readonly tpmQuoteSig: Uint8Array | readonly Uint8Array[];
  /** Key that signed: TPM2B_PUBLIC or TPMT_PUBLIC; the bare key as PEM or DER, too. */
  readonly akPub: Uint8Array;
  /** Values of the registers: JSON, what `tpm2_pcrread` prints, or what `tpm2_quote --pcr` writes. */
  readonly pcrs: Uint8Array;
  /** Event log of the same boot. */
  readonly eventLog?: Uint8Array;
  /** Certificate of the key, PEM or DER. */
  readonly akCert?: Uint8Array;
  /** Certificates between it and the root, PEM or DER. */
  readonly akCertIssuers?: readonly Uint8Array[];
  /** Roots that the operator believes, PEM or DER. */
  readonly akCertRoots?: readonly Uint8Array[];
  /** Revocation lists of the certificates' issuers, PEM or DER. */
  readonly akCertCrls?: readonly Uint8Array[];
}

/** A quote, and its signature. */
export interface QuoteFiles {
  /** TPMS_ATTEST. */
  readonly quote: Uint8Array;
  /** Signature over it. */
  readonly signature: Uint8Array;
}

/** Most quotes: one of each bank. */
const MAX_QUOTES = 4;

/** Most certificates between the key's and the root. */
export const MAX_ISSUERS = 6;

/** Most files with roots; the engine takes 16 roots, those of labs included. */
export const MAX_ROOTS = 8;

/** Most revocation lists: one of each issuer, twice. */
const MAX_LISTS = 8;

/** Roles that mean nothing without the key's certificate. */
const OF_CERTIFICATE = ["akCertIssuers", "akCertRoots", "akCertCrls"] as const;

/** What the flags say. */
export const TPM_FILES: readonly FileInput[] = [
  {
    ...needed(
      "tpmQuoteMsg",
      "tpm-quote-msg",
      "quote as the TPM signed it, TPMS_ATTEST; several where each is over other banks",
    ),
    multiple: true,
  },
  {
    ...needed(
      "tpmQuoteSig",
      "tpm-quote-sig",
      "its signature: TPMT_SIGNATURE, plain RSA or DER of ECDSA; of several quotes in their order",
    ),
    multiple: true,
  },
  needed(
    "akPub",
    "ak-pub",
    "attestation key: TPM2B_PUBLIC or TPMT_PUBLIC; as PEM or DER without its attributes",
  ),
  needed(
    "pcrs",
    "pcrs",
    'values of the registers: JSON as {"sha256": {"0": "HEX"}}, or as tpm2_pcrread or tpm2_quote writes them',
  ),
  optional("eventLog", "event-log", "event log of the same boot: TCG, or CEL in TLV or JSON"),
  optional("akCert", "ak-cert", "certificate of the attestation key, PEM or DER"),
  several(
    "akCertIssuers",
    "ak-cert-issuer",
    `certificates between it and the root, at most ${MAX_ISSUERS}, PEM or DER`,
  ),
  {
    ...several(
      "akCertRoots",
      "ak-cert-root",
      "root that you believe, PEM or DER; none is built in",
    ),
    believed: true,
  },
  several("akCertCrls", "ak-cert-crl", "revocation list of an issuer, PEM or DER"),
];

function needed(role: string, flag: string, says: string): FileInput {
  return { role, flag, required: true, multiple: false, says };
}

function optional(role: string, flag: string, says: string): FileInput {
  return { role, flag, required: false, multiple: false, says };
}

function several(role: string, flag: string, says: string): FileInput {
  return { role, flag, required: false, multiple: true, says };
}

/**
 * Reads the files by role.
 *
 * @param files The files.
 * @throws {InputError} `input.missing`, `input.encoding`, `input.value`, `input.empty`, `input.too_large`
 */
export function readFiles(files: FilesByRole): TpmFiles {
  const taker = new FileTaker(files, "a TPM quote");
  const pcrs = taker.one("pcrs");
  const read: TpmFiles = {
    ...readQuotes(taker),
    akPub: refuseDigits(taker.one("akPub"), "akPub"),
    pcrs,
    ...logOf(taker),
    ...certificateOf(taker),
  };
  // What is no list of registers is told before anything is verified.
  readPcrs(pcrs);
  return read;
}

/** As many signatures as quotes: one without the other would be looked at by nothing. */
function readQuotes(taker: FileTaker): Pick<TpmFiles, "tpmQuoteMsg" | "tpmQuoteSig"> {
  const quotes = taker.severalOrRefuse("tpmQuoteMsg", MAX_QUOTES);
  const signatures = taker.severalOrRefuse("tpmQuoteSig", MAX_QUOTES);
  if (quotes.length !== signatures.length) {
    const role = quotes.length < signatures.length ? "tpmQuoteMsg" : "tpmQuoteSig";
    const counts = `${quotes.length} quotes and ${signatures.length} signatures`;
    throw new InputError(
      `Cannot verify a TPM quote: expected one signature a quote, got ${counts}`,
      { code: "input.missing", fields: { role, missing: role } },
    );
  }
  return {
    tpmQuoteMsg: alone(quotes.map((file) => plainQuote(refuseText(file, "tpmQuoteMsg")))),
    tpmQuoteSig: alone(signatures.map((file) => refuseText(file, "tpmQuoteSig"))),
  };
}

/** A list of one file is that file. */
function alone(files: readonly Uint8Array[]): Uint8Array | readonly Uint8Array[] {
  const [first, ...others] = files;
  return first === undefined || others.length > 0 ? files : first;
}

/**
 * The quotes, each with its signature.
 *
 * @param files The files, as {@linkcode readFiles} gives them.
 * @throws {TypeError} where there are not as many signatures as quotes.
 */
export function quotesOf(
  { tpmQuoteMsg, tpmQuoteSig }: Pick<TpmFiles, "tpmQuoteMsg" | "tpmQuoteSig">,
): readonly [QuoteFiles, ...QuoteFiles[]] {
  const signatures = listOf(tpmQuoteSig);
  const quotes = listOf(tpmQuoteMsg);
  const [first, ...others] = quotes.flatMap((quote, i): QuoteFiles[] => {
    const signature = signatures[i];
    return signature === undefined ? [] : [{ quote, signature }];
  });
  const paired = others.length + 1;
  if (first === undefined || quotes.length !== paired || signatures.length !== paired) {
    throw new TypeError("Cannot verify TPM quotes: each needs its signature");
  }
  return [first, ...others];
}

function listOf(files: Uint8Array | readonly Uint8Array[]): readonly Uint8Array[] {
  return files instanceof Uint8Array ? [files] : files;
}

function logOf(taker: FileTaker): Pick<TpmFiles, "eventLog"> {
  const eventLog = taker.maybe("eventLog");
  return eventLog === undefined ? {} : { eventLog };
}

/** A root or a list beside no certificate would be looked at by nothing, and seem to have been. */
function certificateOf(taker: FileTaker): Partial<TpmFiles> {
  const akCert = taker.maybe("akCert");
  const others = {
    akCertIssuers: taker.several("akCertIssuers", MAX_ISSUERS),
    akCertRoots: taker.several("akCertRoots", MAX_ROOTS),
    akCertCrls: taker.several("akCertCrls", MAX_LISTS),
  };
  const [orphan] = OF_CERTIFICATE.filter((role) => others[role].length > 0);
  if (akCert !== undefined) return { akCert, ...others };
  if (orphan === undefined) return {};
  const flag = TPM_FILES.find(({ role }) => role === orphan)?.flag ?? orphan;
  throw new InputError(
    `Cannot use ${flag} without ak-cert: there is no certificate to judge by it`,
    {
      code: "input.missing",
      fields: { role: "akCert", missing: "akCert" },
    },
  );
}

/** TPM2B_ATTEST: two bytes of length before the same structure, as some libraries keep it. */
function plainQuote(file: Uint8Array): Uint8Array {
  const [high = 0, low = 0] = file;
  const isSized = file.length >= 6 && (high << 8 | low) === file.length - 2;
  return isSized && ATTEST_MAGIC.every((byte, i) => file[i + 2] === byte) ? file.subarray(2) : file;
}

/** TPM_GENERATED_VALUE (Part 2 §6.2). */
const ATTEST_MAGIC: readonly number[] = [0xff, 0x54, 0x43, 0x47];

/** Keys come as PEM, too; any other text is a structure that somebody wrote in hex or base64. */
function refuseDigits(file: Uint8Array, role: string): Uint8Array {
  const isPem = new TextDecoder().decode(file.subarray(0, 64)).trimStart().startsWith(
    "-----BEGIN ",
  );
  return isPem ? file : refuseText(file, role);
}
