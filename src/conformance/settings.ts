/**
 * What a stage needs beside its input.
 *
 * @module
 */

import type { Engine } from "../core/crypto.ts";

/** Files that the contract leaves to the program, and the machine. */
export interface Settings {
  /** Verification engine. */
  readonly engine: Engine;
  /** Moment of an input that states none. */
  readonly now: Date;
  /** AMD's chains, ASK then ARK, PEM or DER, for inputs that bring none. */
  readonly amdChains: readonly Uint8Array[];
  /** Intel's TCB signing chains, PEM or DER, for inputs that bring none. */
  readonly tcbChains: readonly Uint8Array[];
}
