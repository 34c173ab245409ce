/**
 * What contracts of AWS share: fields of attestation documents, damages, and
 * bends that need keys of a lab of their own.
 *
 * @module
 */

import { fromHex } from "../../src/core/bytes.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import {
  bendNitroAuthority,
  createNitroAuthority,
  dropExtension,
  LAB_MARK_OID,
  mintNitro,
  type MintNitroOptions,
  NITRO_BENDS,
} from "../../src/lab/mod.ts";
import { NOW } from "../lab_authority.ts";
import type { Vector } from "../vectors.ts";
import { fileOf } from "./change.ts";
import type { Bend, Damage, SignedField } from "./contract.ts";

const SIGNATURE = "nitro.signature_mismatch";

/** Damages of a document and of its lists. */
export const DOCUMENT_DAMAGE: Readonly<Record<string, Damage>> = {
  document: { short: "nitro.cbor", long: "nitro.cbor", empty: "input.empty" },
  documentCrls: {
    short: "x509.crl_malformed",
    long: "x509.crl_malformed",
    empty: "input.empty",
  },
};

/** Offset of the first byte behind a text in a file. */
function after(file: Uint8Array, text: string): number {
  const wanted = new TextEncoder().encode(text);
  const at = file.findIndex((_, i) => wanted.every((byte, j) => file[i + j] === byte));
  if (at < 0) throw new Error(`The document has no ${text}`);
  return at + wanted.length;
}

/** Fields of a vector's document. Names of the map of registers differ by kind. */
export function documentFields(vector: Vector): readonly SignedField[] {
  const file = fileOf(vector, "document");
  const field = (name: string, at: number, length: number, ...codes: string[]): SignedField => ({
    role: "document",
    field: name,
    at,
    length,
    codes,
  });
  // Behind the name of a field stands the head of its value: of a text of 24 and more bytes two, of a certificate three.
  const module = after(file, "module_id") + 2;
  const registers = after(file, "pcrs") + 1;
  const certificate = after(file, "certificate");
  const [high = 0, low = 0] = file.subarray(certificate + 1, certificate + 3);
  const end = certificate + 3 + (high << 8 | low);
  return [
    field("signature", file.length - 96, 96, SIGNATURE),
    field("module_id", module, 20, SIGNATURE, "nitro.cbor"),
    field("timestamp", after(file, "timestamp") + 1, 8, SIGNATURE, "nitro.field"),
    // The number of the first register, and the head of its value, stand before it.
    field("PCR 0", registers + 3, 48, SIGNATURE, "nitro.cbor", "nitro.pcr_length"),
    field("signature of the certificate", end - 16, 16, "nitro.chain_signature"),
    field("nonce", after(file, "nonce") + 2, 32, SIGNATURE),
  ];
}

/** An authority that contracts have the keys of. */
const authority = await createNitroAuthority({ now: NOW });
const unmarked = await bendNitroAuthority(authority, {
  root: (root) => ({ ...root, extensions: dropExtension(root.extensions, LAB_MARK_OID) }),
});

/** What a base vector says beside its signature. */
export interface Said extends Pick<MintNitroOptions, "kind" | "userData" | "registers"> {
  /** Nonce. */
  readonly nonce: Uint8Array;
}

/** Bends of lists and of times, each signed where it has to be, under an authority of their own. */
const MINTED: readonly string[] = [
  "leaf-expired",
  "leaf-tomorrow",
  "crl-expired",
  "crl-tomorrow",
  "crl-endless",
  "crl-forged",
  "crl-issuer",
];

/**
 * Bends of a document that no vector has.
 *
 * @param said What the document says.
 * @param roots Lab roots for an authority's root.
 */
export async function bendsOfDocument(
  said: Said,
  roots: (root: Uint8Array) => readonly Uint8Array[],
): Promise<readonly Bend[]> {
  const honest = await mintNitro(authority, { ...said, now: NOW });
  const { keys } = honest;
  const files = (minted: typeof honest): FilesByRole => ({
    document: minted.document,
    documentCrls: [minted.der.rootCrl, minted.der.regionCrl],
  });
  const bends = MINTED.map(async (name): Promise<Bend> => {
    const bend = NITRO_BENDS[name];
    if (bend === undefined) throw new Error(`The lab knows no bend ${name}`);
    const bends = await bend.bends({ now: NOW, keys, authority });
    const minted = await mintNitro(authority, { ...said, now: NOW, keys, bends });
    const change = { files: files(minted), labRoots: roots(minted.der.root) };
    return { what: `${name}: ${bend.says}`, code: bend.code, change };
  });
  const unreadable = await mintNitro(authority, {
    ...said,
    now: NOW,
    keys,
    bends: { payload: (payload) => ({ ...payload, certificate: payload.certificate.slice(1) }) },
  });
  const vendor = await mintNitro(unmarked, { ...said, now: NOW, keys });
  return [
    ...await Promise.all(bends),
    {
      what: "a certificate that is none",
      code: "x509.malformed",
      change: { files: files(unreadable), labRoots: roots(unreadable.der.root) },
    },
    {
      what: "a root that is no lab's",
      code: "nitro.lab_extension_missing",
      change: { files: files(vendor), labRoots: roots(vendor.der.root) },
    },
    { what: "no lab root", code: "nitro.lab_root", change: { labRoots: [] } },
  ];
}

/** Pins of a vector's document, by what its policy says. */
export function pinsOf(vector: Vector, id: string): Readonly<Record<string, readonly string[]>> {
  const section: unknown = Object(vector.policy)[id];
  const registers = Object(Object(section)["vtpm"] ?? section)["registers"];
  return Object.fromEntries(
    Object.entries(Object(registers)).map(([register, values]) => [
      register,
      Array.isArray(values) ? values.map(String) : [],
    ]),
  );
}

/** A value that nothing was measured to. */
export const OTHER_VALUE = "ee".repeat(48);

/** Registers of a minted document, all of them zero but for those of a list. */
export function registersWith(
  pins: Readonly<Record<string, readonly string[]>>,
): readonly (readonly [number, Uint8Array])[] {
  return Object.entries(pins).map(([register, [value = ""]]) => [
    Number(register),
    fromHex(value),
  ]);
}
