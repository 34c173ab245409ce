/**
 * In what an accepted quote, key or signature may differ from the one that was
 * minted, written down apart from the engines.
 *
 * @module
 */

import { concat, equal, toHex } from "../../../src/core/bytes.ts";
import { LAB_HASHES, type PublicDescription, TPM_ALGORITHMS } from "../../../src/lab/mod.ts";
import { derNode } from "../../bends/der_edits.ts";
import { type QuoteField, quoteFields } from "../../bends/tpm_quote.ts";
import { numberOf, withoutZeros } from "../../bends/tpm_signature.ts";
import type { TpmBase } from "./tpm_bases.ts";
import { plainItems } from "./x509_papers.ts";

/** Fields that the policy leaves open: the caller reads them. */
const FREE: readonly QuoteField[] = ["signer", "clock", "counters", "firmware"];

/** What is wrong with accepting a quote in place of the minted one. */
export function objectionToQuote(own: Uint8Array, quote: Uint8Array): string | null {
  const [mine, others] = [quoteFields(own), quoteFields(quote)];
  const names = Object.keys(mine) as readonly QuoteField[];
  const different = names.filter((name) =>
    name === "selections"
      ? selected(mine.selections) !== selected(others.selections)
      : !FREE.includes(name) && !equal(mine[name], others[name])
  );
  return different.length === 0 ? null : `the quote differs in ${different.join(", ")}`;
}

/** Registers that are selected, as text; banks without any and zeros at the end of a bitmap say nothing. */
function selected(selections: Uint8Array): string {
  const banks: string[] = [];
  for (let at = 0; at < selections.length;) {
    const size = selections[at + 2] ?? 0;
    const bitmap = toHex(selections.subarray(at + 3, at + 3 + size)).replace(/(00)*$/, "");
    if (bitmap !== "") banks.push(`${toHex(selections.subarray(at, at + 2))}:${bitmap}`);
    at += 3 + size;
  }
  return banks.join();
}

/** What is wrong with accepting a signature over a quote: asks WebCrypto, which the WASM engine does not use. */
export async function objectionToSignature(
  base: TpmBase,
  quote: Uint8Array,
  signature: Uint8Array,
): Promise<string | null> {
  const raw = rawSignature(base, signature);
  if (raw === null) return "the signature is of no form";
  const { name } = LAB_HASHES[base.hash];
  const { spki, kind } = base.minted.keys.ak;
  const longest = 256 - LAB_HASHES[base.hash].bytes - 2;
  const salts = base.scheme === "rsapss" ? [LAB_HASHES[base.hash].bytes, longest] : [0];
  const names = { ecdsa: "ECDSA", rsassa: "RSASSA-PKCS1-v1_5", rsapss: "RSA-PSS" };
  const algorithm = { name: names[base.scheme], hash: name, namedCurve: kind };
  const key = await crypto.subtle.importKey("spki", concat(spki), algorithm, false, ["verify"]);
  for (const saltLength of salts) {
    const way = { ...algorithm, saltLength };
    if (await crypto.subtle.verify(way, key, concat(raw), concat(quote))) return null;
  }
  return "the signature does not hold";
}

/** As WebCrypto takes it; null where it has neither of the forms, or names another scheme than the key's. */
function rawSignature(
  { area, scheme, hash }: TpmBase,
  signature: Uint8Array,
): Uint8Array | null {
  const sizes = area.unique.map(({ length }) => length);
  const numbers = plainNumbers(signature, scheme) ??
    markedNumbers(signature, TPM_ALGORITHMS[scheme], LAB_HASHES[hash].id, sizes.length);
  if (numbers === null) return null;
  const padded = numbers.map((number, i) => {
    const size = sizes[i] ?? 0;
    const bare = scheme === "ecdsa" ? withoutZeros(number) : number;
    return concat(new Uint8Array(Math.max(0, size - bare.length)), bare);
  });
  return concat(...padded);
}

/** DER of ECDSA, or the number of RSA alone. */
function plainNumbers(signature: Uint8Array, scheme: string): readonly Uint8Array[] | null {
  if (scheme !== "ecdsa") return signature.length === 256 ? [signature] : null;
  if (signature[0] !== 0x30) return null;
  return derNode(signature).inner.map(({ content }) => content);
}

function markedNumbers(
  signature: Uint8Array,
  scheme: number,
  hash: number,
  count: number,
): readonly Uint8Array[] | null {
  const head = Uint8Array.of(scheme >> 8, scheme & 0xff, hash >> 8, hash & 0xff);
  if (!equal(signature.subarray(0, 4), head)) return null;
  const numbers: Uint8Array[] = [];
  let at = 4;
  for (; at < signature.length && numbers.length < count;) {
    const size = Number(numberOf(signature.subarray(at, at + 2)));
    numbers.push(signature.subarray(at + 2, at + 2 + size));
    at += 2 + size;
  }
  return at === signature.length && numbers.length === count ? numbers : null;
}

/** Attributes that an attestation key must have, one that it must not, and those that it may (Part 2 §8.3.2). */
const NEEDED = 0x0005_0032;
const FORBIDDEN = 0x0002_0000;
const OPTIONAL = 0x0000_0cc4;

/** What is wrong with accepting a file as the key. */
export function objectionToKey({ minted, area }: TpmBase, file: Uint8Array): string | null {
  const { spki } = minted.keys.ak;
  if (isBare(file)) return equal(bareKey(file), spki) ? null : "it is another key";
  const size = Number(numberOf(file.subarray(0, 2)));
  const whole = size === file.length - 2 ? file.subarray(2) : file;
  const attributes = Number(numberOf(whole.subarray(4, 8)));
  if ((attributes & NEEDED) !== NEEDED || (attributes & FORBIDDEN) !== 0) {
    return "its attributes are no attestation key's";
  }
  if ((attributes & ~(NEEDED | OPTIONAL)) !== 0) return "a reserved attribute is set";
  return endsAs(whole, area) ? null : "what it says of the key differs";
}

/**
 * What follows the policy is the same: how it signs, its size and itself. Of
 * what is left open, the symmetric algorithm, key derivation and the other way
 * to write the exponent have a length of their own, so the end is searched for.
 */
function endsAs(whole: Uint8Array, area: PublicDescription): boolean {
  const policy = Number(numberOf(whole.subarray(8, 10)));
  const rest = toHex(whole.subarray(10 + policy));
  const scheme = words(area.scheme);
  const unique = area.unique.map(toHex);
  const rsa = area.unique.length === 1;
  const size = rsa ? toHex(area.parameters.subarray(0, 2)) : toHex(area.parameters.subarray(0, 2));
  const open = rsa ? "(?:00000000|00010001)" : "(?:0010|[0-9a-f]{8})";
  const keys = unique.map((one) => `[0-9a-f]{4}(?:00)*${one.replace(/^(00)+/, "")}`).join("");
  return new RegExp(`^(?:0010|0006[0-9a-f]{8})${scheme}${size}${open}${keys}$`).test(rest);
}

function words(values: readonly number[]): string {
  return values.map((value) => value.toString(16).padStart(4, "0")).join("");
}

function isBare(file: Uint8Array): boolean {
  return file[0] === 0x30 || new TextDecoder().decode(file).trimStart().startsWith("-----BEGIN");
}

/** SubjectPublicKeyInfo of a bare key; PEM by its own plain rules. */
function bareKey(file: Uint8Array): Uint8Array {
  return plainItems(file);
}
