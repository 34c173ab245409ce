/**
 * Certificates and revocation lists one by one, however many a file has.
 *
 * @module
 */

import { fromBase64, toBase64 } from "../core/bytes.ts";
import { textOf } from "./written.ts";

/** What PEM calls what is looked for; anything else in a file is not taken along. */
const LABELS = /-----BEGIN (CERTIFICATE|X509 CRL)-----([A-Za-z0-9+/=\s]*?)-----END \1-----/g;

/** Header lines of Intel's PCS hold chains percent-encoded. */
const ENCODED = /^\s*(?:[\w-]+-Issuer-Chain:\s*)?-----BEGIN%20/i;

/**
 * Takes a file apart.
 *
 * @param bytes PEM, also percent-encoded, or DER, several behind each other too.
 * @returns Each item in DER, in the order of the file; none where it has none.
 */
export function derItems(bytes: Uint8Array): readonly Uint8Array<ArrayBuffer>[] {
  const text = textOf(bytes);
  if (text === null || !/-----BEGIN/.test(text)) return derSequences(bytes);
  const decoded = ENCODED.test(text) ? percentDecoded(text) : text;
  return [...decoded.matchAll(LABELS)].flatMap(([, , body = ""]) => {
    const digits = body.replace(/\s+/g, "");
    return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(digits)
      ? [fromBase64(digits)]
      : [];
  });
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** SEQUENCEs of two or three bytes of length, as every certificate and list is, that fill the file. */
function derSequences(bytes: Uint8Array): readonly Uint8Array<ArrayBuffer>[] {
  const items: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag, form = 0, a = 0, b = 0, c = 0] = bytes.subarray(at, at + 5);
    if (tag !== 0x30 || form < 0x81 || form > 0x83) return [];
    const length = form === 0x81 ? a : form === 0x82 ? a << 8 | b : a << 16 | b << 8 | c;
    const end = at + 2 + (form - 0x80) + length;
    if (end > bytes.length) return [];
    items.push(bytes.slice(at, end));
    at = end;
  }
  return items;
}

/**
 * Items in one file.
 *
 * @param label What PEM calls them.
 * @param items Each in DER.
 */
export function pemOf(
  label: "CERTIFICATE" | "X509 CRL",
  items: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const text = items.map((item) => {
    const lines = toBase64(item).match(/.{1,64}/g) ?? [];
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
  });
  return new TextEncoder().encode(text.join(""));
}
