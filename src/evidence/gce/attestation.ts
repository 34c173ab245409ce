/**
 * Attestations as Google's go-tpm-tools write them: one protocol buffer that
 * holds quotes, registers, log, key and certificates. A container and no more:
 * nothing in it is signed but the quotes and the certificates, and each piece is
 * verified as if it had come on its own.
 *
 * Not read are what it says of the instance, which nobody signs, the canonical
 * log of user space, and parsed reports of a TEE.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { InputError } from "../../core/errors.ts";
import { Malformed } from "../../core/malformed.ts";
import { Message } from "../../core/protobuf.ts";
import type { FileInput, FilesByRole } from "../evidence.ts";

/** Largest container: an event log, quotes of all banks, certificates. */
const MAX_BYTES = 1024 * 1024;
const MAX_QUOTES = 4;
const MAX_CERTIFICATES = 6;
const MAX_REGISTERS = 24;

/** Banks by the numbers of their hashes (TCG Algorithm Registry §6.2). */
const BANKS: Readonly<Record<string, string>> = {
  4: "sha1",
  11: "sha256",
  12: "sha384",
  13: "sha512",
};

/** Role of the container. */
const ROLE = "attestationPb";

/** What the flag says. */
export const ATTESTATION_FILE: FileInput = {
  role: ROLE,
  flag: "attestation-pb",
  required: false,
  multiple: false,
  says:
    "in place of quotes, registers, key, log and certificates: all of them as go-tpm-tools write them",
  instead: true,
};

/** Values of registers: bank, number, hex. */
type Registers = Record<string, Readonly<Record<string, string>>>;

/**
 * The pieces of a container beside what else was given.
 *
 * @param files Files by role.
 * @returns The files without the container, with its pieces by their own roles.
 * @throws {InputError} `input.wrong_kind` for what is no such container, `input.too_large`,
 * `input.conflict` where a piece of it was given on its own, too: one of the two would be looked at by nothing.
 */
export function unpackAttestation(files: FilesByRole): FilesByRole {
  const { [ROLE]: container, ...others } = files;
  if (container === undefined) return others;
  if (!(container instanceof Uint8Array)) throw refuse("input.value", "it is not a file");
  const pieces = piecesOrRefuse(container);
  const [both] = Object.keys(pieces).filter((role) => others[role] !== undefined);
  if (both === undefined) return { ...others, ...pieces };
  throw refuse("input.conflict", `${both} stands in it, and was given on its own, too`);
}

function piecesOrRefuse(container: Uint8Array): FilesByRole {
  if (container.length === 0) throw refuse("input.empty", "it is empty");
  if (container.length > MAX_BYTES) {
    throw refuse("input.too_large", `it has more than ${MAX_BYTES} bytes`);
  }
  try {
    return piecesOf(container);
  } catch (error) {
    if (error instanceof Malformed) throw refuse("input.wrong_kind", error.message);
    throw error;
  }
}

/**
 * The pieces of a container by their roles.
 *
 * @param container The container.
 * @throws {Malformed} saying what is wrong.
 */
export function piecesOf(container: Uint8Array): FilesByRole {
  const message = new Message(container, {
    1: "bytes",
    2: "repeated",
    3: "bytes",
    6: "bytes",
    7: "repeated",
  });
  const quotes = message.all(2, MAX_QUOTES).map((bytes) =>
    new Message(bytes, { 1: "bytes", 2: "bytes", 3: "bytes" })
  );
  const issuers = message.all(7, MAX_CERTIFICATES);
  const pieces = {
    tpmQuoteMsg: quotes.map((quote) => needed(quote.bytes(1), "a quote")),
    tpmQuoteSig: quotes.map((quote) => needed(quote.bytes(2), "a signature")),
    akPub: message.bytes(1),
    pcrs: new TextEncoder().encode(JSON.stringify(registersOf(quotes))),
    eventLog: message.bytes(3),
    akCert: message.bytes(6),
    akCertIssuers: issuers.length === 0 ? undefined : issuers,
  };
  if (quotes.length === 0) throw new Malformed("there is no quote in it");
  return Object.fromEntries(Object.entries(pieces).filter(([, piece]) => piece !== undefined));
}

function registersOf(quotes: readonly Message[]): Registers {
  const registers: Registers = {};
  for (const quote of quotes) {
    const values = new Message(needed(quote.bytes(3), "values of registers"), {
      1: "number",
      2: "repeated",
    });
    const bank = BANKS[String(values.number(1, 0xffffn))];
    if (bank === undefined) throw new Malformed("the hash of a bank is not known");
    if (bank in registers) throw new Malformed(`two quotes are over the bank ${bank}`);
    registers[bank] = valuesOf(values.all(2, MAX_REGISTERS));
  }
  return registers;
}

/** A map: a message for each entry, with key and value. */
function valuesOf(entries: readonly Uint8Array[]): Readonly<Record<string, string>> {
  const values = entries.map((bytes): readonly [string, string] => {
    const entry = new Message(bytes, { 1: "number", 2: "bytes" });
    const register = entry.number(1, BigInt(MAX_REGISTERS - 1));
    return [String(register), toHex(needed(entry.bytes(2), "the value of a register"))];
  });
  const numbers = new Set(values.map(([register]) => register));
  if (numbers.size < values.length) throw new Malformed("a register is there twice");
  return Object.fromEntries(values);
}

function needed(bytes: Uint8Array | undefined, what: string): Uint8Array {
  if (bytes === undefined) throw new Malformed(`${what} is missing`);
  return bytes;
}

function refuse(code: string, problem: string): InputError {
  return new InputError(`Cannot read the attestation-pb: ${problem}`, {
    code,
    fields: { role: ROLE, reason: problem },
  });
}
