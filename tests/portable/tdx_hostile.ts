/**
 * Files that are made to cost a reader much: long, deep, or full of the starts
 * of things.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import { type MintedTdx, pem } from "../../src/lab/mod.ts";
import { withSize } from "../tdx/bytes_of.ts";
import { withChain } from "../tdx/chain.ts";
import type { State } from "./tdx_state.ts";

/** A kind of hostile file: makes one of a size, and puts it into its place. */
export interface Hostile {
  /** What it is. */
  readonly title: string;
  /** Largest size that is read at all, bytes. */
  readonly limit: number;
  /** The evidence with a file of a size. */
  readonly of: (state: State, size: number) => State;
}

const QUOTE_LIMIT = 32 * 1024;
const DOCUMENT_LIMIT = 128 * 1024;

/** A text over and over, up to a size, between two others. */
function filled(text: string, size: number, before = "", after = ""): Uint8Array {
  const times = Math.max(0, Math.floor((size - before.length - after.length) / text.length));
  return new TextEncoder().encode(before + text.repeat(times) + after);
}

function ofQuote(
  title: string,
  make: (minted: MintedTdx, size: number) => Uint8Array,
): Hostile {
  const of: Hostile["of"] = (state, size) => ({ ...state, quote: make(state.minted, size) });
  return { title: `a quote with ${title}`, limit: QUOTE_LIMIT, of };
}

/** Certification data that take the rest of the size. */
function ofChain(title: string, text: string): Hostile {
  return ofQuote(
    `a chain of ${title}`,
    (minted, size) => withChain(minted, filled(text, size - 1400)),
  );
}

/** A document, which is shown, too. */
function ofDocument(title: string, text: string, before: string, after: string): Hostile {
  const of: Hostile["of"] = (state, size) => {
    const tcbInfo = filled(text, size, before, after);
    const { collateral } = state;
    if (collateral === null) throw new TypeError("There is no collateral to be hostile with");
    return { ...state, collateral: { ...collateral, tcbInfo }, shown: [tcbInfo] };
  };
  return { title: `TCB info of ${title}`, limit: DOCUMENT_LIMIT, of };
}

function ofList(title: string, make: (size: number) => Uint8Array): Hostile {
  const of: Hostile["of"] = (state, size) => {
    const pckCrl = make(size);
    const { collateral } = state;
    if (collateral === null) throw new TypeError("There is no collateral to be hostile with");
    return { ...state, collateral: { ...collateral, pckCrl }, shown: [pckCrl] };
  };
  return { title: `a list of ${title}`, limit: Number.POSITIVE_INFINITY, of };
}

/** SEQUENCEs within each other, with lengths of four octets. */
function nested(size: number): Uint8Array<ArrayBuffer> {
  const depth = Math.floor(size / 6);
  const der = new Uint8Array(6 * depth);
  const view = new DataView(der.buffer);
  for (let i = 0; i < depth; i++) {
    der.set([0x30, 0x84], 6 * i);
    view.setUint32(6 * i + 2, der.length - 6 * (i + 1));
  }
  return der;
}

const SIGNED = ',"signature":"00"}';

/** All kinds. */
export const HOSTILE: readonly Hostile[] = [
  ofQuote("zeros behind it", ({ quote }, size) => concat(quote, new Uint8Array(size - 5000))),
  ofQuote("sizes of 4 GiB", ({ quote }, size) => {
    const huge = withSize(quote, 48 + 584, 4, 0xffff_ffff);
    return concat(huge, new Uint8Array(size)).slice(0, size);
  }),
  ofChain("first lines of PEM", "-----BEGIN CERTIFICATE-----\n"),
  ofChain("empty PEM", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
  ofChain("dashes", "-"),
  ofChain("line breaks", "\n"),
  ofChain("blanks", " "),
  ofChain("zeros", "\0"),
  ofChain("base64", "A"),
  ofChain("small certificates", pem("CERTIFICATE", Uint8Array.of(0x30, 0))),
  ofDocument("brackets", "[", '{"tcbInfo":', ""),
  ofDocument("nested objects", '{"a":', '{"tcbInfo":', ""),
  ofDocument("escapes in a name", "\\u0041", '{"tcbInfo":{"', `":1}${SIGNED}`),
  ofDocument("one string", "a", '{"tcbInfo":{"id":"', `"}${SIGNED}`),
  ofDocument("members", '"a":1,', '{"tcbInfo":{', `"id":"TDX"}${SIGNED}`),
  ofDocument("members of the file", '"a":1,', "{", '"tcbInfo":{}}'),
  ofDocument("blanks", " ", '{"tcbInfo"', `:{}${SIGNED}`),
  ofDocument("digits", "1", '{"tcbInfo":', SIGNED),
  ofDocument("digits after a point", "1", '{"tcbInfo":1.', SIGNED),
  ofDocument("lists", "[],", '{"tcbInfo":[', `[]]${SIGNED}`),
  ofDocument("quotation marks", '\\"', '{"tcbInfo":"', `"${SIGNED}`),
  ofList("SEQUENCEs within each other", nested),
  ofList("empty SEQUENCEs", (size) => new Uint8Array(size).map((_, i) => i % 2 === 0 ? 0x30 : 0)),
  ofList("dashes", (size) => filled("-", size)),
  ofList("lines of PEM", (size) => filled("-----BEGIN X509 CRL-----\n", size)),
];
