/**
 * A TPM with what its commands need beside it.
 *
 * @module
 */

import type { Random, Timer, TpmTransport } from "../../../core/ports.ts";

/** A TPM with what its commands need beside it. */
export interface TpmDevice {
  /** Takes commands. */
  readonly transport: TpmTransport;
  /** Waits, where the TPM wants a command again. */
  readonly timer: Timer;
  /** Nonces of sessions. */
  readonly random: Random;
}
