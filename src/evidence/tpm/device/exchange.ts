/**
 * One command and its answer as bytes: header, and the command again where the TPM wants it.
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";
import { FieldReader } from "./bytes_in.ts";
import { u16, u32 } from "./bytes_out.ts";
import type { TpmDevice } from "./device.ts";
import { COMMAND, type CommandName, TAG } from "./numbers.ts";
import { badAnswer, TpmRefusedError } from "./refused.ts";
import { wantsAgain } from "./response_code.ts";

/** Waits before a command is sent again, milliseconds: some 12 seconds in all, as a self test of a discrete TPM may last. */
const WAITS: readonly number[] = [
  ...[1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  ...Array.from({ length: 11 }, () => 1000),
];

/** Header of commands and answers: tag, size, and command or response code (Part 3 §5.2). */
const HEADER_BYTES = 10;

/**
 * Sends a command and takes the answer to it.
 *
 * @param device The TPM.
 * @param name The command.
 * @param body What follows its header.
 * @param sessions Whether the body holds authorizations.
 * @returns What follows the header of the answer.
 * @throws {TpmRefusedError} where the response code is not success.
 * @throws {UnavailableError} `tpm.device_answer`, `tpm.device_unreachable`
 */
export async function exchange(
  device: TpmDevice,
  name: CommandName,
  body: Uint8Array,
  sessions: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const tag = sessions ? TAG.sessions : TAG.noSessions;
  const size = u32(HEADER_BYTES + body.length);
  const command = concat(u16(tag), size, u32(COMMAND[name]), body);
  const answer = await untilTaken(device, command);
  const reader = new FieldReader(answer, (reason) => badAnswer(name, reason));
  const answered = readHeader(reader, answer.length);
  if (answered.code !== 0) {
    if (answered.tag !== TAG.noSessions) reader.refuse(`a refusal with tag ${hex(answered.tag)}`);
    reader.end();
    throw new TpmRefusedError(name, answered.code);
  }
  if (answered.tag !== tag) reader.refuse(`tag ${hex(answered.tag)}, expected ${hex(tag)}`);
  return reader.rest();
}

/** Sends a command until the TPM does not want it again, or it was sent often enough. */
async function untilTaken(device: TpmDevice, command: Uint8Array): Promise<Uint8Array> {
  for (const wait of WAITS) {
    const answer = await device.transport.exchange(command);
    if (!wantsAgain(responseCodeOf(answer))) return answer;
    await device.timer.wait(wait);
  }
  return await device.transport.exchange(command);
}

/** Success where the answer is too short to have a code: the strict reading follows. */
function responseCodeOf(answer: Uint8Array): number {
  if (answer.length !== HEADER_BYTES) return 0;
  return new DataView(answer.buffer, answer.byteOffset).getUint32(6);
}

function readHeader(
  reader: FieldReader,
  length: number,
): { readonly tag: number; readonly code: number } {
  const tag = reader.u16();
  if (tag === TAG.tpm12Answer) reader.refuse("it is that of a TPM 1.2, and a TPM 2.0 is needed");
  if (tag !== TAG.noSessions && tag !== TAG.sessions) reader.refuse(`unknown tag ${hex(tag)}`);
  const size = reader.u32();
  if (size !== length) reader.refuse(`it says ${size} bytes and has ${length}`);
  return { tag, code: reader.u32() };
}

function hex(number: number): string {
  return `0x${number.toString(16).padStart(4, "0")}`;
}
