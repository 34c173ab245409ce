/**
 * Intel's collateral as evidence brings it, in the form of the answers that it
 * came from: chains stand in headers there.
 *
 * @module
 */

import { isBytes, toHex } from "../../core/bytes.ts";
import type { CollateralAnswer } from "../collateral.ts";
import type { FilesByRole } from "../evidence.ts";

/** Finds an answer among the files of evidence. */
export type Brought = (files: FilesByRole) => CollateralAnswer | null;

/** Roles of the quote: alone and on Google Cloud, and on Azure. */
const QUOTE_ROLES = ["quote", "tdQuote"] as const;

/**
 * A file alone.
 *
 * @param role Its role.
 */
export function broughtList(role: string): Brought {
  return (files) => {
    const body = files[role];
    return isBytes(body) ? { body, headers: {} } : null;
  };
}

/**
 * A file and the chain of who signed it.
 *
 * @param role Its role.
 * @param chainRole Role of the chain.
 * @param header Header in which the chain comes.
 */
export function broughtPair(role: string, chainRole: string, header: string): Brought {
  return (files) => {
    const [body, chain] = [files[role], files[chainRole]];
    return isBytes(body) && isBytes(chain)
      ? { body, headers: { [header]: headerText(chain) } }
      : null;
  };
}

/**
 * The list of the CA, with its chain or with that in the quote, which is the same.
 *
 * @param header Header in which the chain comes.
 */
export function broughtPckList(header: string): Brought {
  return (files) => {
    const pair = broughtPair("pckCrl", "pckCrlChain", header)(files);
    const body = files["pckCrl"];
    if (pair !== null || !isBytes(body)) return pair;
    const chain = chainInQuote(files);
    return chain === null ? null : { body, headers: { [header]: chain } };
  };
}

/** A chain of DER has no place in a header; as hex it is read like any other. */
function headerText(chain: Uint8Array): string {
  const isText = chain.every((byte) => byte < 0x7f && (byte >= 0x20 || byte === 10 || byte === 13));
  return isText ? new TextDecoder().decode(chain) : toHex(chain);
}

/** CA and root out of the PEM that a quote carries behind its PCK certificate. Whether they are such is not looked at here. */
function chainInQuote(files: FilesByRole): string | null {
  const quote = QUOTE_ROLES.map((role) => files[role]).find(isBytes);
  if (quote === undefined) return null;
  const text = new TextDecoder("latin1").decode(quote);
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]{1,8192}-----END CERTIFICATE-----/g);
  return blocks?.length === 3 ? blocks.slice(1).join("\n") : null;
}
