/**
 * Writes attestations as Google's go-tpm-tools do: quotes, registers, log, key and
 * certificates in one protocol buffer.
 *
 * @module
 */

import { concat, fromHex } from "../../core/bytes.ts";
import { protoBytes, protoNumber } from "../gce_endorsement/wire.ts";
import { LAB_HASHES } from "../tpm/algorithms.ts";
import type { MintedTpm } from "../tpm/tpm.ts";
import type { MintedVtpm } from "../tpm/vtpm.ts";

/**
 * Writes the container.
 *
 * @param minted What stands in it.
 * @param certified Whether the key's certificate and its issuer's do, too.
 */
export function writeGceAttestation({ quotes }: MintedVtpm, certified = true): Uint8Array {
  const [{ akPublic, eventLog, der }] = quotes;
  return concat(
    // TPMT_PUBLIC: without the size in front.
    protoBytes(1, akPublic.subarray(2)),
    ...quotes.map((one) => protoBytes(2, writeQuote(one))),
    protoBytes(3, eventLog),
    ...(certified ? [protoBytes(6, der.ak), protoBytes(7, der.issuing)] : []),
  );
}

function writeQuote({ quote, signature, pcrs }: MintedTpm): Uint8Array {
  return concat(protoBytes(1, quote), protoBytes(2, signature), protoBytes(3, writePcrs(pcrs)));
}

/** Values of one bank: its hash, and a map of registers. */
function writePcrs(pcrs: MintedTpm["pcrs"]): Uint8Array {
  const [[bank, values] = ["", {}]] = Object.entries(pcrs);
  const [, hash] = Object.entries(LAB_HASHES).find(([name]) => name === bank) ?? [];
  if (hash === undefined) throw new RangeError(`Cannot write registers of ${bank}`);
  return concat(
    protoNumber(1, hash.id),
    ...Object.entries(values).map(([register, value]) =>
      protoBytes(2, protoNumber(1, Number(register)), protoBytes(2, fromHex(value)))
    ),
  );
}
