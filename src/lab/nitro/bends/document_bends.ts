/**
 * Bends of the document itself: encoding, message, fields.
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";
import type { Bend } from "../../bend.ts";
import {
  cborBytes,
  cborHead,
  cborInteger,
  cborMap,
  cborNull,
  type CborPair,
  cborText,
} from "../cbor.ts";
import { type CoseDescription, coseHeader } from "../cose.ts";
import type { NitroBends } from "../options.ts";
import type { NitroPayloadDescription } from "../payload.ts";
import type { NamedNitroBend, NamedNitroBends } from "./named_bend.ts";

type Words = readonly [says: string, code: string];

const document = ([says, code]: Words, bends: NitroBends): NamedNitroBend => ({
  says,
  code: `nitro.${code}`,
  files: ["document"],
  bends: () => bends,
});

const cose = (words: Words, change: Bend<CoseDescription>): NamedNitroBend =>
  document(words, { cose: change });
const payload = (words: Words, change: Bend<NitroPayloadDescription>): NamedNitroBend =>
  document(words, { payload: change });

const ONE = Uint8Array.of(0);
const HOUR = 3_600_000;

/** The entries and one more. */
const added = (entry: CborPair) => (entries: readonly CborPair[]): readonly CborPair[] => [
  ...entries,
  entry,
];

/** The entries with another value of one field, which stands at a place of AWS's order. */
const replaced = (at: number, value: Uint8Array) => (entries: readonly CborPair[]) =>
  entries.map(([key, old], i): CborPair => [key, i === at ? value : old]);

/** How it is encoded. */
const ENCODING: NamedNitroBends = {
  trailing: cose(["A byte follows the document", "cbor"], { trailing: ONE }),
  "tag-other": cose(["The document is tagged as a COSE_Mac0", "cbor"], { tag: 17 }),
  "cut-short": document(["The document ends too soon", "cbor"], {
    bytes: (bytes) => bytes.slice(0, -1),
  }),
  indefinite: document(["The document is an array of no stated length", "cbor"], {
    bytes: (bytes) => concat(Uint8Array.of(0x9f), bytes.subarray(1), Uint8Array.of(0xff)),
  }),
  "long-head": document(["The document says its length in more bytes than it needs", "cbor"], {
    bytes: (bytes) => concat(cborHead("array", 4, 1), bytes.subarray(1)),
  }),
  "field-twice": document(["A field is there twice", "cbor"], {
    entries: (entries) => [...entries, ...entries.slice(0, 1)],
  }),
  float: document(["The time is a float", "cbor"], {
    entries: replaced(2, Uint8Array.of(0xfb, 0x42, 0x78, 0, 0, 0, 0, 0, 0)),
  }),
  "payload-trailing": document(["A byte follows the payload, and is signed", "cbor"], {
    payloadBytes: (bytes) => concat(bytes, ONE),
  }),
};

/** The message around it. */
const MESSAGE: NamedNitroBends = {
  es256: cose(["The header names ES256", "algorithm"], { protectedHeader: coseHeader(-7) }),
  "header-more": cose(["The header says something more", "cose"], {
    protectedHeader: cborMap(
      [cborInteger(1), cborInteger(-35)],
      [cborInteger(4), cborBytes(ONE)],
    ),
  }),
  "header-empty": cose(["The header says nothing", "cose"], { protectedHeader: new Uint8Array() }),
  unprotected: cose(["Something stands in the header that is not signed", "cose"], {
    unprotectedHeader: cborMap([cborInteger(4), cborBytes(ONE)]),
  }),
  "signature-short": cose(["The signature is too short", "cose"], {
    signature: (bytes) => bytes.slice(1),
  }),
  forged: cose(["A bit of the signature is another", "signature_mismatch"], {
    signature: (bytes) => bytes.map((byte, i) => i === bytes.length - 1 ? byte ^ 1 : byte),
  }),
  "signature-zero": cose(["The signature is zero", "signature_mismatch"], {
    signature: (bytes) => bytes.map(() => 0),
  }),
  "context-other": cose(["The signature is one for other messages", "signature_mismatch"], {
    context: "Signature",
  }),
  "signed-by-other": {
    ...cose(["The instance signed the document itself", "signature_mismatch"], {}),
    bends: ({ keys }) => ({ cose: { signWith: keys.instance } }),
  },
  "payload-changed": document(["The module was changed after signing", "signature_mismatch"], {
    // Behind the heads of message, header and payload stands the name of the first field, and its value.
    bytes: (bytes) => bytes.map((byte, i) => i === 30 ? byte ^ 1 : byte),
  }),
};

/** What it says. */
const FIELDS: NamedNitroBends = {
  "field-unknown": document(["There is a field of no known name", "field"], {
    entries: added([cborText("debug"), cborNull()]),
  }),
  "field-missing": document(["The time is missing", "field"], {
    entries: (entries) => entries.filter((_, i) => i !== 2),
  }),
  "key-number": document(["A field is named by a number", "field"], {
    entries: added([cborInteger(1), cborNull()]),
  }),
  "module-empty": payload(["The module has no name", "field"], { moduleId: "" }),
  digest: payload(["The registers are SHA-256", "field"], { digest: "SHA256" }),
  "timestamp-zero": payload(["The time is 1970", "field"], { timestamp: 0 }),
  "timestamp-text": document(["The time is a text", "field"], {
    entries: replaced(2, cborText("now")),
  }),
  "nonce-long": payload(["The nonce has 513 bytes", "field"], { nonce: new Uint8Array(513) }),
  "key-empty": payload(["The public key is empty", "field"], { publicKey: new Uint8Array() }),
  "bundle-empty": payload(["There are no certificates above", "field"], { bundle: [] }),
  "kind-none": payload(["There are no registers", "field"], { registersName: "registers" }),
  "kind-both": document(["There are registers of an enclave and of a NitroTPM", "kind"], {
    entries: (entries) => {
      const other = cborText("pcrs");
      const [, , , [name, value] = [other, cborMap()]] = entries;
      const isEnclave = name.length === other.length;
      return [...entries, [isEnclave ? cborText("nitrotpm_pcrs") : other, value]];
    },
  }),
  "kind-neither": document(["There are no registers at all", "kind"], {
    entries: (entries) => entries.filter((_, i) => i !== 3),
  }),
  "register-short": payload(["A register has 32 bytes", "pcr_length"], (said) => ({
    ...said,
    registers: said.registers.map(([register, value], i) => [
      register,
      i === 0 ? value.slice(0, 32) : value,
    ]),
  })),
  "register-32": payload(["There is a register 32", "pcr_length"], (said) => ({
    ...said,
    registers: [...said.registers, [32, new Uint8Array(48)]],
  })),
  "registers-empty": payload(["There is no register", "pcr_length"], { registers: [] }),
  early: payload(["It was made before its key was certified", "timestamp"], (said) => ({
    ...said,
    timestamp: Number(said.timestamp) - 1000,
  })),
  late: payload(["It was made after its key was certified", "timestamp"], (said) => ({
    ...said,
    timestamp: Number(said.timestamp) + 4 * HOUR,
  })),
};

/** Which certificates it brings. */
const BUNDLE: NamedNitroBends = {
  "bundle-reversed": payload(["The certificates stand the other way round", "chain_order"], (
    said,
  ) => ({ ...said, bundle: said.bundle.toReversed() })),
  "bundle-more": payload(["A certificate stands there that is not of the chain", "chain_order"], (
    said,
  ) => ({ ...said, bundle: [...said.bundle, said.certificate] })),
  "bundle-rootless": payload(["The root is missing", "root_unknown"], (said) => ({
    ...said,
    bundle: said.bundle.slice(1),
  })),
  "bundle-gap": payload(["The zone is missing", "root_unknown"], (said) => ({
    ...said,
    bundle: said.bundle.filter((_, i) => i !== 2),
  })),
};

/** All of them. */
export const DOCUMENT_BENDS: NamedNitroBends = { ...ENCODING, ...MESSAGE, ...FIELDS, ...BUNDLE };
