/**
 * A double of a TPM: it gives the answers of a script, whatever it is asked, and keeps what it was asked.
 *
 * @module
 */

import { concat, fromHex } from "../../src/core/bytes.ts";
import type { TpmConnection, Tpms } from "../../src/core/ports.ts";
import { u16, u32 } from "../../src/evidence/tpm/device/bytes_out.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";

/** An answer of a script: bytes, or what is thrown instead. */
export type ScriptedAnswer = Uint8Array | Error;

/** A TPM that follows a script. */
export interface ScriptedTpm extends TpmDevice {
  /** Commands that it was given. */
  readonly commands: readonly Uint8Array[];
  /** Waits between them, milliseconds. */
  readonly waits: readonly number[];
}

/**
 * A TPM that follows a script; past its end it answers as its last answer says.
 *
 * @param answers The answers in order, at least one.
 */
export function scriptedTpm(...answers: readonly ScriptedAnswer[]): ScriptedTpm {
  const commands: Uint8Array[] = [];
  const waits: number[] = [];
  return {
    commands,
    waits,
    transport: {
      exchange(command) {
        const answer = answers[Math.min(commands.length, answers.length - 1)];
        commands.push(command);
        return answer instanceof Uint8Array ? Promise.resolve(answer) : Promise.reject(answer);
      },
    },
    timer: {
      wait: (milliseconds) => Promise.resolve(void waits.push(milliseconds)),
    },
    random: { bytes: (length) => new Uint8Array(length).fill(0x5f) },
  };
}

/**
 * TPMs of which each follows the same script.
 *
 * @param answers The answers.
 */
export function scriptedTpms(...answers: readonly ScriptedAnswer[]): Tpms {
  const { transport } = scriptedTpm(...answers);
  const connection: TpmConnection = { ...transport, close: () => {} };
  return { open: () => Promise.resolve(connection) };
}

/**
 * An answer without authorizations.
 *
 * @param code Response code.
 * @param parameters What follows, hex.
 */
export function answer(code: number, parameters = ""): Uint8Array<ArrayBuffer> {
  const rest = fromHex(parameters.replaceAll(" ", ""));
  return concat(u16(0x8001), u32(10 + rest.length), u32(code), rest);
}

/**
 * A successful answer to a command that was authorized by the empty password.
 *
 * @param parameters Parameters, hex.
 * @param handle Handle before them, hex.
 */
export function authorizedAnswer(parameters = "", handle = ""): Uint8Array<ArrayBuffer> {
  const rest = fromHex(parameters.replaceAll(" ", ""));
  const body = concat(fromHex(handle), u32(rest.length), rest, fromHex("0000010000"));
  return concat(u16(0x8002), u32(10 + body.length), u32(0), body);
}
