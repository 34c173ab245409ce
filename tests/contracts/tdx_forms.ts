/**
 * Forms in which Intel and its caches hand collateral out.
 *
 * @module
 */

import { toHex } from "../../src/core/bytes.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { pem } from "../../src/lab/pem.ts";
import type { Vector } from "../vectors.ts";
import { fileOf } from "./change.ts";
import type { Form } from "./contract.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Forms of a vector's collateral that make no difference.
 *
 * @param vector The vector, whose chains and lists are DER.
 */
export function formsOf(vector: Vector): readonly Form[] {
  const changed = (
    roles: readonly string[],
    change: (file: Uint8Array) => Uint8Array,
  ): FilesByRole => Object.fromEntries(roles.map((role) => [role, change(fileOf(vector, role))]));
  const chains = ["tcbChain", "pckCrlChain"];
  const lists = ["pckCrl", "rootCrl"];
  return [
    { what: "no chain of the PCK CRL", files: { pckCrlChain: undefined } },
    { what: "chains in PEM", files: changed(chains, (der) => encode(chainPem(der))) },
    {
      what: "chains as in the headers of the PCS",
      files: changed(chains, (der) => encode(encodeURIComponent(chainPem(der)))),
    },
    { what: "lists in PEM", files: changed(lists, (der) => encode(pem("X509 CRL", der))) },
    { what: "lists in hex", files: changed(lists, (der) => encode(toHex(der))) },
    {
      what: "lists in upper-case hex with a line end",
      files: changed(lists, (der) => encode(`${toHex(der).toUpperCase()}\n`)),
    },
  ];
}

/** PEM of certificates that stand behind each other in DER; each has a length of two bytes. */
function chainPem(der: Uint8Array): string {
  if (der.length === 0) return "";
  const end = 4 + (der[2] ?? 0) * 256 + (der[3] ?? 0);
  return pem("CERTIFICATE", der.subarray(0, end)) + chainPem(der.subarray(end));
}
