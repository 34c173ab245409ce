/**
 * Forms in which TPMs and their tools hand out the same evidence.
 *
 * @module
 */

import { concat, toHex } from "../../src/core/bytes.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { integer, sequence } from "../../src/core/x509_writer/der.ts";
import { pem } from "../../src/lab/pem.ts";
import type { Vector } from "../vectors.ts";
import { fileOf } from "./change.ts";
import type { Form } from "./contract.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Forms of a vector's files that make no difference.
 *
 * @param vector The vector, whose certificates are DER and whose structures are as a TPM returns them.
 */
export function formsOf(vector: Vector): readonly Form[] {
  const file = (role: string): Uint8Array => fileOf(vector, role);
  const pcrs: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
    new TextDecoder().decode(file("pcrs")),
  );
  const quote = file("tpmQuoteMsg");
  const size = Uint8Array.of(quote.length >> 8, quote.length & 0xff);
  return [
    { what: "the quote behind its size", files: { tpmQuoteMsg: concat(size, quote) } },
    { what: "a plain signature", files: { tpmQuoteSig: plainSignature(file("tpmQuoteSig")) } },
    { what: "the key without its size", files: { akPub: file("akPub").subarray(2) } },
    {
      what: "registers in capitals",
      files: {
        pcrs: encode(
          JSON.stringify(pcrs).replaceAll(/[a-f]+(?=[0-9a-f]*"[,}])/g, (hex) => hex.toUpperCase()),
        ),
      },
    },
    { what: "registers as tpm2_pcrread prints them", files: { pcrs: encode(printed(pcrs)) } },
    ...certificateForms(vector),
  ];
}

/** A signature as others than TPMs write it: RSA's bytes, or DER of R and S. */
export function plainSignature(signature: Uint8Array): Uint8Array {
  const size = (signature[4] ?? 0) * 256 + (signature[5] ?? 0);
  const first = signature.subarray(6, 6 + size);
  const rest = signature.subarray(6 + size);
  if (rest.length === 0) return first;
  const number = (bytes: Uint8Array) => integer(BigInt(`0x${toHex(bytes)}`));
  return sequence(number(first), number(rest.subarray(2)));
}

function printed(pcrs: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  return Object.entries(pcrs).map(([bank, values]) => {
    const lines = Object.entries(values).map(([register, value]) =>
      `    ${register.padEnd(2)}: 0x${value.toUpperCase()}\n`
    );
    return `  ${bank}:\n${lines.join("")}`;
  }).join("");
}

/** Certificates and lists in PEM, in any order, in one file. */
function certificateForms({ files }: Vector): readonly Form[] {
  const { akCert, akCertIssuers, akCertCrls } = files;
  if (!(akCert instanceof Uint8Array) || akCertIssuers === undefined) return [];
  const all = (file: FilesByRole[string]): readonly Uint8Array[] =>
    file instanceof Uint8Array ? [file] : file ?? [];
  const text = (label: string, ders: readonly Uint8Array[]): Uint8Array =>
    encode(ders.map((der) => pem(label, der)).join(""));
  const issuers = all(akCertIssuers);
  const lists = all(akCertCrls);
  return [
    { what: "the key's certificate in PEM", files: { akCert: text("CERTIFICATE", [akCert]) } },
    {
      what: "issuers in one file, the root first",
      files: { akCertIssuers: [text("CERTIFICATE", issuers.toReversed())] },
    },
    ...(lists.length === 0 ? [] : [{
      what: "lists in PEM",
      files: { akCertCrls: lists.map((list) => text("X509 CRL", [list])) },
    }]),
  ];
}
