/**
 * The errors of talking to a TPM.
 *
 * @module
 */

import { RejectedError, UnavailableError } from "../../../core/errors.ts";
import type { TpmCode } from "../codes.ts";
import type { CommandName } from "./numbers.ts";
import { readResponseCode, type ResponseCode, wantsAgain } from "./response_code.ts";

/** The TPM answered a command with a response code other than success. */
export class TpmRefusedError extends UnavailableError {
  /** The response code. */
  readonly response: ResponseCode;

  /**
   * @param command Name of the command.
   * @param number The response code.
   */
  constructor(command: CommandName, number: number) {
    const response = readResponseCode(number);
    const code: TpmCode = "tpm.device_refused";
    const where = response.about === "" ? "" : ` (${response.about})`;
    super(`The TPM refused TPM2_${command}: ${response.name}${where}, ${response.says}`, {
      code,
      fields: {
        command: `TPM2_${command}`,
        response: response.name,
        number: `0x${number.toString(16).padStart(3, "0")}`,
        ...(response.about === "" ? {} : { about: response.about }),
      },
      retryable: wantsAgain(number),
    });
    this.response = response;
  }
}

/**
 * What a TPM answered is not what the specification lets it answer.
 *
 * @param command What it answered.
 * @param reason What does not fit.
 */
export function badAnswer(command: CommandName, reason: string): UnavailableError {
  const code: TpmCode = "tpm.device_answer";
  const fields = { command: `TPM2_${command}`, reason };
  const message = `Cannot read the TPM's answer to TPM2_${command}: ${reason}`;
  return new UnavailableError(message, { code, fields, retryable: false });
}

/**
 * Work whose refusal by the TPM, with certain response codes, is a refusal of trust.
 *
 * @param work The work.
 * @param names Names of these response codes.
 * @param told Code and message instead.
 * @throws {RejectedError} the given code.
 */
export async function rejectedOn<T>(
  work: Promise<T>,
  names: readonly string[],
  told: { readonly code: TpmCode; readonly message: string },
): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof TpmRefusedError) || !names.includes(cause.response.name)) throw cause;
    const message = `${told.message}: ${cause.response.says}`;
    throw new RejectedError(message, { code: told.code, fields: cause.fields, cause });
  }
}
