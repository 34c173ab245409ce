/**
 * The attestation document of NitroTPM: AWS's own command takes a request of the
 * Nitro Secure Module out of an NV index and puts the answer into the same (AWS,
 * NitroTPM-Tools). `/dev/tpmrm0` does not pass the command on: the TPM must be
 * opened as `/dev/tpm0`.
 *
 * @module
 */

import { concat, equal } from "../../core/bytes.ts";
import { deviceError } from "../device/refused.ts";
import { password } from "./device/authorization.ts";
import { u16, u8 } from "./device/bytes_out.ts";
import { listHandles } from "./device/capability.ts";
import { execute, nothing } from "./device/command.ts";
import type { TpmDevice } from "./device/device.ts";
import { readNv, readNvPublic, writeNv } from "./device/nv.ts";
import { defineNv, undefineNv } from "./device/nv_space.ts";
import { TpmRefusedError } from "./device/refused.ts";

/** What a document says of the question. */
export interface NitroQuestion {
  /** What it answers, at most 512 bytes. */
  readonly nonce: Uint8Array;
  /** What is bound beside it; null for nothing. */
  readonly userData: Uint8Array | null;
}

/** Room for request and answer: a document has some 5 KiB. */
const BUFFER_BYTES = 8192;

/** Where the buffer is made: the first that is free of these, in the owner's range. */
const INDICES = { first: 0x01800100, count: 64 } as const;

/** Bytes of the buffer's own secret. */
const SECRET_BYTES = 32;

/**
 * Asks for an attestation document.
 *
 * @param device The TPM.
 * @param question What it answers.
 * @returns COSE_Sign1, as the hypervisor signed it.
 * @throws {UnavailableError} `device.nitro_refused`, `device.answer`, `tpm.*`
 */
export async function nitroDocument(
  device: TpmDevice,
  question: NitroQuestion,
): Promise<Uint8Array> {
  const index = freeIndex(await listHandles(device, "nv"));
  const secret = device.random.bytes(SECRET_BYTES);
  // Zeros at the end of a secret are no part of it (Part 1 §19.6.5).
  secret[SECRET_BYTES - 1] = 1;
  await defineNv(device, index, { size: BUFFER_BYTES, secret });
  try {
    return documentIn(await exchangeIn(device, index, secret, requestBytes(question)));
  } finally {
    await undefineNv(device, await readNvPublic(device, index));
  }
}

function freeIndex(taken: readonly number[]): number {
  const places = Array.from({ length: INDICES.count }, (_, i) => INDICES.first + i);
  const free = places.find((place) => !taken.includes(place));
  if (free !== undefined) return free;
  const message = "Cannot ask NitroTPM: no NV index is free for the request";
  throw deviceError("device.nitro_refused", message, { reason: "no free NV index" });
}

async function exchangeIn(
  device: TpmDevice,
  index: number,
  secret: Uint8Array,
  request: Uint8Array,
): Promise<Uint8Array> {
  const by = password(secret);
  await writeNv(device, index, request, { by, asOwner: false });
  // Anew: the first write changed the Name.
  const buffer = await readNvPublic(device, index);
  const command = { name: "VendorNsmRequest", on: [buffer, buffer], by: [by] } as const;
  try {
    await execute(device, command, nothing);
  } catch (cause) {
    if (!(cause instanceof TpmRefusedError)) throw cause;
    const reason = `${cause.response.name}, ${cause.response.says}`;
    const message = `NitroTPM refused to make an attestation document: ${reason}`;
    throw deviceError("device.nitro_refused", message, { reason });
  }
  return await readNv(device, index, { by, asOwner: false });
}

/** CBOR heads: a map of one, of three entries; null. */
const MAP_OF_ONE = u8(0xa1);
const MAP_OF_THREE = u8(0xa3);
const NULL = u8(0xf6);

function text(value: string): Uint8Array {
  return concat(u8(0x60 + value.length), new TextEncoder().encode(value));
}

function bytesOrNull(value: Uint8Array | null): Uint8Array {
  if (value === null) return NULL;
  const { length } = value;
  const head = length < 24
    ? u8(0x40 + length)
    : length < 256
    ? concat(u8(0x58), u8(length))
    : concat(u8(0x59), u16(length));
  return concat(head, value);
}

/** `Request::Attestation` of the Nitro Secure Module's API, in CBOR. */
function requestBytes({ nonce, userData }: NitroQuestion): Uint8Array {
  return concat(
    ...[MAP_OF_ONE, text("Attestation"), MAP_OF_THREE],
    ...[text("user_data"), bytesOrNull(userData)],
    ...[text("nonce"), bytesOrNull(nonce)],
    ...[text("public_key"), NULL],
  );
}

/** What stands before the document in `Response::Attestation`, up to the length. */
const BEFORE_DOCUMENT = concat(MAP_OF_ONE, text("Attestation"), MAP_OF_ONE, text("document"));
const BEFORE_ERROR = concat(MAP_OF_ONE, text("Error"));

/** The answer stands at the buffer's beginning; what lies behind it is the request's rest. */
function documentIn(buffer: Uint8Array): Uint8Array {
  if (startsWith(buffer, BEFORE_ERROR)) {
    const reason = errorIn(buffer.subarray(BEFORE_ERROR.length));
    const message = `NitroTPM refused to make an attestation document: ${reason}`;
    throw deviceError("device.nitro_refused", message, { reason });
  }
  if (!startsWith(buffer, BEFORE_DOCUMENT)) throw malformed("it is no attestation");
  const at = BEFORE_DOCUMENT.length;
  const [head = 0, high = 0, low = 0] = buffer.subarray(at);
  const [start, length] = head === 0x59
    ? [at + 3, high * 256 + low]
    : head === 0x58
    ? [at + 2, high]
    : [0, 0];
  if (length === 0 || start + length > buffer.length) throw malformed("its length does not fit");
  return buffer.slice(start, start + length);
}

function errorIn(rest: Uint8Array): string {
  const length = (rest[0] ?? 0) - 0x60;
  const name = new TextDecoder().decode(rest.subarray(1, 1 + Math.min(Math.max(length, 0), 23)));
  return /^[A-Za-z]+$/.test(name) ? name : "an error without a name";
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return equal(bytes.subarray(0, prefix.length), prefix);
}

function malformed(reason: string): Error {
  const message = `Cannot read the answer of NitroTPM: ${reason}`;
  return deviceError("device.answer", message, { reason });
}
