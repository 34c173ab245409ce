/**
 * What may differ in the files of TDX without meaning anything: written down
 * apart from the parsers, and held against them both ways. What is not written
 * here must be refused; what is, accepted.
 *
 * - Quote: behind its end zeros, where the policy takes them; within its PCK
 *   chain what PEM leaves open. All else is signed, is a size that must fit, or
 *   is a signature.
 * - TCB info and QE identity: one byte order mark in front, JSON's white space
 *   outside of the signed text, the case of the signature's hex digits.
 * - Chains: what PEM leaves open, or nothing at all in DER.
 * - Lists: the same, and in hex the case of digits, line ends, and space around.
 *
 * One more thing means nothing, and no change of a few bytes comes upon it: S of
 * a signature, replaced by the order of the group less S.
 *
 * @module
 */

import { equal } from "../../src/core/bytes.ts";
import { fileOf } from "../contracts/change.ts";
import type { Vector } from "../vectors.ts";
import { placesOf } from "./bytes_of.ts";

/**
 * Whether a file in place of a vector's own means the same.
 *
 * @param vector The vector.
 * @param role Role of the file.
 * @param file The other file.
 */
export function meansTheSame(vector: Vector, role: string, file: Uint8Array): boolean {
  const own = fileOf(vector, role);
  if (equal(own, file)) return true;
  switch (role) {
    case "quote":
      return sameQuote(own, file, takesZeros(vector));
    case "tcbInfo":
      return sameDocument("tcbInfo", own, file);
    case "qeIdentity":
      return sameDocument("enclaveIdentity", own, file);
    case "pckCrl":
    case "rootCrl":
      return sameHex(own, file) || samePem(own, file);
    case "tcbChain":
    case "pckCrlChain":
      return samePem(own, file);
    default:
      throw new Error(`There is no role ${role}`);
  }
}

/** Whether the policy takes zeros behind a quote. */
export function takesZeros({ policy }: Vector): boolean {
  const { tdx } = Object(policy);
  return Object(tdx).trailingBytes !== "forbid";
}

function sameQuote(own: Uint8Array, other: Uint8Array, zeros: boolean): boolean {
  const { chain, end } = placesOf(own);
  const behind = other.subarray(end);
  return other.length >= end && equal(own.subarray(0, chain), other.subarray(0, chain)) &&
    samePem(withoutZeros(own.subarray(chain, end)), withoutZeros(other.subarray(chain, end))) &&
    (behind.length === 0 || zeros && behind.every((byte) => byte === 0));
}

/** The chain in a quote is a text of C, which ends in zeros. */
function withoutZeros(bytes: Uint8Array): Uint8Array {
  const last = bytes.findLastIndex((byte) => byte !== 0);
  return bytes.subarray(0, last + 1);
}

/** Text as it is; null where it is not UTF-8. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function samePem(own: Uint8Array, other: Uint8Array): boolean {
  const plain = plainPem(textOf(own));
  return plain !== null && plain === plainPem(textOf(other));
}

/** Borders, each on lines of its own, and base64 without its line ends; null where it is no PEM. */
function plainPem(text: string | null): string | null {
  if (text === null) return null;
  const [before = "", ...rest] = text.split(/(-----(?:BEGIN|END) (?:CERTIFICATE|X509 CRL)-----)/);
  // Border and what follows it take turns.
  const parts = rest.map((part, i) => {
    if (i % 2 === 0) return part;
    const startsLine = i === rest.length - 1 || /^\r?\n/.test(part);
    if (!startsLine) return null;
    return rest[i - 1]?.startsWith("-----BEGIN") ? part.replace(/\r?\n/g, "") : space(part);
  });
  const isPem = rest.length > 0 && space(before) !== null && !parts.includes(null);
  return isPem ? parts.join("\n") : null;
}

/** Nothing but white space stands around blocks. */
function space(part: string): "" | null {
  return /^[ \t\n\f\r]*$/.test(part) ? "" : null;
}

function sameHex(own: Uint8Array, other: Uint8Array): boolean {
  const plain = plainHex(textOf(own));
  return plain !== null && plain === plainHex(textOf(other));
}

/** Digits, of any case and in lines of any length; null where it is no hex. */
function plainHex(text: string | null): string | null {
  const digits = text?.replace(/[\r\n]/g, "") ?? "";
  return /^ *(30(?:[0-9a-fA-F]{2})+) *$/.exec(digits)?.[1]?.toLowerCase() ?? null;
}

function sameDocument(member: string, own: Uint8Array, other: Uint8Array): boolean {
  const text = textOf(own) ?? "";
  const [, signed = "", signature = ""] =
    /^\{"[A-Za-z]+":(.*),"signature":"([0-9A-Fa-f]{128})"\}$/s.exec(text) ?? [];
  if (signed === "") throw new Error(`The vector's ${member} is not as it is written by the lab`);
  const tokens = ["{", `"${member}"`, ":", signed, ",", '"signature"', ":"];
  const rest = spelled((textOf(other) ?? "").replace(/^\uFEFF/, ""), tokens);
  const last = /^[ \t\n\r]*"([0-9A-Fa-f]{128})"[ \t\n\r]*\}[ \t\n\r]*$/.exec(rest ?? "")?.[1];
  return last?.toLowerCase() === signature.toLowerCase();
}

/** What follows tokens that stand one behind the other, with white space between; null where they do not. */
function spelled(text: string, tokens: readonly string[]): string | null {
  let rest = text;
  for (const token of tokens) {
    rest = rest.replace(/^[ \t\n\r]+/, "");
    if (!rest.startsWith(token)) return null;
    rest = rest.slice(token.length);
  }
  return rest;
}
