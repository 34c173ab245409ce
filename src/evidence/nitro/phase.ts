/**
 * The register of a NitroTPM that holds the phase of the boot.
 *
 * @module
 */

import type { RuntimeRegister } from "../evidence.ts";
import type { NitroDocument } from "./report.ts";

/** PCR that holds the phase of the boot (protocol §3). */
const RUNTIME_REGISTER = 15;

/**
 * The register that holds the phase, none where the document lacks it.
 *
 * @param document A NitroTPM's document.
 */
export function runtimeRegistersOf({ registers }: NitroDocument): readonly RuntimeRegister[] {
  return registers.flatMap(({ register, value }) =>
    register === RUNTIME_REGISTER ? [{ bank: "sha384", register, value }] : []
  );
}
