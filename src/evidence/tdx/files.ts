/**
 * The files that TDX verification takes, in the forms in which Intel and its caches hand them out.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import { InputError } from "../../core/errors.ts";
import type { FileInput, FilesByRole } from "../evidence.ts";
import { FileTaker, refuseText } from "../files.ts";

/** What TDX verification takes: a quote, and the collateral whole or not at all. */
export interface TdxFiles {
  /** Quote, raw. */
  readonly quote: Uint8Array;
  /** TCB info, JSON as the PCS returns it. */
  readonly tcbInfo?: Uint8Array;
  /** QE identity, JSON as the PCS returns it. */
  readonly qeIdentity?: Uint8Array;
  /** TCB signing certificate, then root; PEM (also percent-encoded, as in the PCS's headers) or DER. */
  readonly tcbChain?: Uint8Array;
  /** Revocation list of the CA of the PCK certificate; DER, PEM or hex. */
  readonly pckCrl?: Uint8Array;
  /** That CA, then root; may be left out, since the quote carries both. */
  readonly pckCrlChain?: Uint8Array;
  /** Revocation list of the root; DER, PEM or hex. */
  readonly rootCrl?: Uint8Array;
}

/** Roles that are given together or not at all. */
const COLLATERAL = ["tcbInfo", "qeIdentity", "tcbChain", "pckCrl", "rootCrl"] as const;

/** What the flags say. */
export const TDX_FILES: readonly FileInput[] = [
  {
    role: "quote",
    flag: "quote",
    required: true,
    multiple: false,
    says: "quote of version 4 or 5, raw bytes",
  },
  collateral(
    "tcbInfo",
    "tcb-info",
    "TCB info, JSON as Intel's PCS returns it; collateral is given whole or not at all",
  ),
  collateral("qeIdentity", "qe-identity", "QE identity, JSON as Intel's PCS returns it"),
  collateral("tcbChain", "tcb-chain", "TCB signing certificate and root, PEM or DER"),
  collateral("pckCrl", "pck-crl", "revocation list of the PCK CA, DER, PEM or hex"),
  collateral("pckCrlChain", "pck-crl-chain", "issuer chain of that list, if it came with one"),
  collateral("rootCrl", "root-crl", "revocation list of Intel's root, DER, PEM or hex"),
];

function collateral(role: string, flag: string, says: string): FileInput {
  return { role, flag, required: false, multiple: false, says };
}

/**
 * Reads the files by role. Half of the collateral would leave half of the
 * checks undone, so it is refused.
 *
 * @param files The files.
 * @throws {InputError} `input.missing`, `input.encoding`, `input.value`
 */
export function readFiles(files: FilesByRole): TdxFiles {
  const taker = new FileTaker(files, "a TDX quote");
  const quote = refuseText(taker.one("quote"), "quote");
  const given = [...COLLATERAL, "pckCrlChain"].filter((role) => taker.maybe(role) !== undefined);
  if (given.length === 0) return { quote };
  const missing = COLLATERAL.filter((role) => !given.includes(role));
  if (missing.length > 0) throw incomplete(missing);
  const chain = taker.maybe("pckCrlChain");
  return {
    quote,
    tcbInfo: taker.one("tcbInfo"),
    qeIdentity: taker.one("qeIdentity"),
    tcbChain: plainChain(taker.one("tcbChain")),
    pckCrl: plainList(taker.one("pckCrl")),
    rootCrl: plainList(taker.one("rootCrl")),
    ...(chain === undefined ? {} : { pckCrlChain: plainChain(chain) }),
  };
}

function incomplete(missing: readonly string[]): InputError {
  const flags = TDX_FILES.filter(({ role }) => missing.includes(role)).map(({ flag }) => flag);
  const fields = { role: missing[0] ?? "", missing: missing.join(", ") };
  return new InputError(
    `Cannot use half of the collateral: ${flags.join(", ")} not given; give all of it, or none`,
    { code: "input.missing", fields },
  );
}

/**
 * A chain or a list in whichever form Intel's services hand it out, as PEM or
 * DER; any other file as it is.
 *
 * @param file The file.
 */
export function plainForm(file: Uint8Array): Uint8Array {
  return plainList(plainChain(file));
}

/** The PCS hands chains out in headers, percent-encoded; whoever saved the header's line has its name in front. */
function plainChain(file: Uint8Array): Uint8Array {
  const text = asText(file)?.replace(/^\s*[\w-]+-Issuer-Chain:/i, "");
  if (text === undefined || !/^\s*-----BEGIN%20/.test(text)) return file;
  try {
    return new TextEncoder().encode(decodeURIComponent(text));
  } catch (error) {
    // Not percent-encoded after all: the engine says what is wrong with it.
    if (error instanceof URIError) return file;
    throw error;
  }
}

/** Caches of the PCS hand lists out as hex, and programs that write hex break its lines. */
function plainList(file: Uint8Array): Uint8Array {
  const digits = asText(file)?.replaceAll(/[\r\n]/g, "").trim();
  const isHex = digits !== undefined && /^30(?:[0-9a-fA-F]{2})+$/.test(digits);
  return isHex ? fromHex(digits) : file;
}

/** Text, if all of it is ASCII that can be printed. */
function asText(file: Uint8Array): string | null {
  const printable = file.every((byte) =>
    (byte >= 0x20 && byte < 0x7f) || byte === 10 || byte === 13
  );
  return printable ? new TextDecoder().decode(file) : null;
}
