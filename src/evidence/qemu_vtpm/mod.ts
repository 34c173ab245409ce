/**
 * QEMU with a software TPM: for trying out and for tests. Nothing in it is confidential.
 *
 * @module
 */

import { type VtpmVariant, vtpmVariant } from "../tpm/variant.ts";
import { VARIANTS } from "../variants/table.ts";

/** The variant `qemu-vtpm`. */
export const qemuVtpm: VtpmVariant<"qemu-vtpm"> = vtpmVariant(
  "qemu-vtpm",
  VARIANTS["qemu-vtpm"],
  { yes: [], no: VARIANTS["qemu-vtpm"].provesNot },
);
