/**
 * Certificates that say of which instance they are, bent as trees of DER.
 *
 * @module
 */

import { boolean, explicit, integer, utf8String } from "../../src/core/x509_writer/der.ts";
import {
  certificateWith,
  INSTANCE,
  type InstanceParts,
  OTHERS,
  writeInstance,
} from "../../src/evidence/gce/portable/certificate_test.ts";
import { editBytes } from "./byte_edits.ts";
import { derNode, editDer, writeDer } from "./der_edits.ts";
import type { Dice } from "./dice.ts";

/** Values that are allowed, or nearly. */
function parts(dice: Dice): Partial<InstanceParts> {
  const number = (): Uint8Array =>
    integer(dice.pick([0n, 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n]));
  const text = (): Uint8Array =>
    utf8String(dice.pick(["", "a", "\u{1f30d}".repeat(256), "a".repeat(257), "\ufeffa", "\0"]));
  const version = explicit(0, integer(dice.pick([0n, 255n, 2n ** 63n])));
  const production = explicit(1, boolean(dice.once(2)));
  const bends: readonly (() => Partial<InstanceParts>)[] = [
    () => ({}),
    () => ({ instanceId: number() }),
    () => ({ projectNumber: number() }),
    () => ({ zone: text() }),
    () => ({ instanceName: text() }),
    () => ({ security: null }),
    () => ({ security: [version, ...OTHERS] }),
    () => ({ security: [production] }),
    () => ({ security: dice.once(2) ? [production, version] : [version, production, ...OTHERS] }),
  ];
  return dice.pick(bends)();
}

/** A certificate whose extension is mostly bent, or that is bent itself. */
export async function bentInstance(dice: Dice): Promise<Uint8Array> {
  const node = derNode(writeInstance(parts(dice)));
  const edits = dice.pick([0, 1, 1, 1, 2]);
  for (let i = 0; i < edits; i++) editDer(node, dice);
  const instance = writeDer(node);
  const value = dice.once(12) ? editBytes(instance, dice) : instance;
  const oid = dice.once(20) ? `${INSTANCE}.1` : INSTANCE;
  const certificate = await certificateWith(value, oid);
  return dice.once(8) ? editBytes(certificate, dice) : certificate;
}
