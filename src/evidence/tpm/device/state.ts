/**
 * TPM2_Startup, TPM2_Shutdown, TPM2_GetRandom, TPM2_ReadClock (Part 3 §9.3, §9.4, §16.1, §29.1).
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";
import type { ClockInfo } from "../report.ts";
import { u16 } from "./bytes_out.ts";
import { execute, nothing } from "./command.ts";
import type { TpmDevice } from "./device.ts";
import { badAnswer, TpmRefusedError } from "./refused.ts";

/** TPM_SU_CLEAR (Part 2 §6.10). */
const STARTUP_CLEAR = 0x0000;

/** Clock of a TPM with the time since it was switched on (TPMS_TIME_INFO, Part 2 §10.11.6). */
export interface DeviceTime extends ClockInfo {
  /** Milliseconds since the TPM was switched on, decimal. */
  readonly time: string;
}

/**
 * Starts a TPM; of one that was started already, nothing comes. Firmware does this on real machines.
 *
 * @param device The TPM.
 */
export async function startup(device: TpmDevice): Promise<void> {
  try {
    await execute(device, { name: "Startup", parameters: [u16(STARTUP_CLEAR)] }, nothing);
  } catch (error) {
    const started = error instanceof TpmRefusedError && error.response.name === "TPM_RC_INITIALIZE";
    if (!started) throw error;
  }
}

/**
 * Says that the TPM is about to lose its power (Part 3 §9.4): a TPM that was not told
 * has its clock run unsafely for an hour after its next start.
 *
 * @param device The TPM.
 */
export async function shutdown(device: TpmDevice): Promise<void> {
  await execute(device, { name: "Shutdown", parameters: [u16(STARTUP_CLEAR)] }, nothing);
}

/**
 * Random bytes of the TPM.
 *
 * @param device The TPM.
 * @param length How many.
 */
export async function getRandom(
  device: TpmDevice,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  let random = new Uint8Array();
  while (random.length < length) {
    const left = length - random.length;
    // As many as its largest digest has, at most.
    const command = { name: "GetRandom", parameters: [u16(Math.min(left, 0xffff))] } as const;
    const some = await execute(device, command, (answer) => answer.sized());
    if (some.length === 0 || some.length > left) {
      throw badAnswer("GetRandom", `${some.length} bytes, asked for ${left}`);
    }
    random = concat(random, some);
  }
  return random;
}

/**
 * Clock and counters.
 *
 * @param device The TPM.
 */
export function readClock(device: TpmDevice): Promise<DeviceTime> {
  return execute(device, { name: "ReadClock" }, (answer) => {
    const time = answer.u64().toString();
    const clock = answer.u64().toString();
    const [resetCount, restartCount, safe] = [answer.u32(), answer.u32(), answer.u8()];
    if (safe > 1) answer.refuse(`${safe} as yes or no`);
    return { time, clock, resetCount, restartCount, safe: safe === 1 };
  });
}
