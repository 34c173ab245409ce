/**
 * The lab's paravisor: runtime data that hardware is asked to report, and a TPM
 * whose quote names the HCL report.
 *
 * @module
 */

import { padded } from "../fields.ts";
import { bindingOf, qualifyingDataOf } from "../../evidence/statement/binding.ts";
import { writeStatement } from "../../evidence/statement/read.ts";
import { bend } from "../bend.ts";
import { createTpmAuthority } from "../tpm/authority.ts";
import type { LabEvent } from "../tpm/event.ts";
import { PHASE_REGISTER, phaseEvents } from "../tpm/phase.ts";
import { type MintedTpm, mintTpm } from "../tpm/tpm.ts";
import { describeHcl, writeHclReport } from "./hcl_report.ts";
import { type ParavisorBends, paravisorKeys, type ParavisorOptions } from "./options.ts";
import { describeRuntime, type ParavisorKeys, writeRuntime } from "./runtime_data.ts";

/** Bytes of user data and of report data. */
const DATA_BYTES = 64;

/** Registers that are quoted: all of a boot, and the phase. */
const QUOTED: readonly number[] = Array.from({ length: 16 }, (_, i) => i);

/** What a paravisor has said before the hardware reports it. */
export interface ParavisorSaid {
  /** Keys of its TPM. */
  readonly keys: ParavisorKeys;
  /** Bytes of the statement; null where there is none. */
  readonly statement: Uint8Array | null;
  /** What statement and nonce come to; null likewise. */
  readonly binding: Uint8Array | null;
  /** The runtime data. */
  readonly runtimeData: Uint8Array;
  /** What the hardware is asked to report: their hash, and zeros. */
  readonly reportData: Uint8Array;
}

/**
 * Writes runtime data.
 *
 * @param options What they are made by.
 * @param bends Changes.
 */
export async function sayRuntime(
  options: ParavisorOptions,
  bends: ParavisorBends,
): Promise<ParavisorSaid> {
  const { nonce, statement: stated } = options;
  const keys = await paravisorKeys(options.keys);
  const statement = stated === undefined ? null : writeStatement(stated);
  const binding = statement === null ? null : bindingOf(nonce, statement);
  const written = stated?.purpose === "serve" ? null : binding;
  const userData = options.userData ?? written ?? new Uint8Array(DATA_BYTES);
  const runtime = writeRuntime(bend(await describeRuntime(keys, userData), bends.runtime));
  const text = new TextDecoder().decode(runtime);
  const runtimeData = new TextEncoder().encode(bends.runtimeText?.(text) ?? text);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", runtimeData));
  const reportData = padded(hash, DATA_BYTES);
  return {
    keys,
    statement,
    binding,
    runtimeData,
    reportData: bends.reportData?.(reportData) ?? reportData,
  };
}

/** An HCL report, and the quote that names it. */
export interface ParavisorEvidence {
  /** The HCL report. */
  readonly hclReport: Uint8Array;
  /** Quote, registers and log. */
  readonly vtpm: MintedTpm;
}

/**
 * Puts the HCL report together and quotes.
 *
 * @param said What was said before.
 * @param hardware The hardware report, and the TEE that made it.
 * @param options What the evidence is made by.
 * @param bends Changes.
 */
export async function quoteBeside(
  said: ParavisorSaid,
  hardware: { readonly tee: "snp" | "tdx"; readonly report: Uint8Array },
  options: ParavisorOptions,
  bends: ParavisorBends,
): Promise<ParavisorEvidence> {
  const { keys, binding, runtimeData } = said;
  const description = bend(describeHcl(hardware.tee, hardware.report, runtimeData), bends.hcl);
  const named = writeHclReport(description);
  const nonce = binding === null ? options.nonce : qualifyingDataOf(binding, named);
  // Nobody looks at the certificates that come with it.
  const vtpm = await mintTpm(await createTpmAuthority({ now: options.now }), {
    now: options.now,
    nonce,
    scheme: "rsassa",
    keys: { ak: options.quoteKey ?? keys.ak, ek: keys.ek },
    selection: [{ bank: "sha256", registers: QUOTED }],
    ...(options.boot === undefined ? {} : { boot: options.boot }),
    ...options.tpm,
    bends: withPhase(options, bends),
  });
  return { hclReport: writeHclReport(bend(description, bends.hclGiven)), vtpm };
}

/** The initramfs extends what no firmware logs. */
function withPhase(
  { statement }: ParavisorOptions,
  { tpm = {}, phase }: ParavisorBends,
): ParavisorBends["tpm"] & object {
  if (statement === undefined) return tpm;
  const added = phaseEvents(bend(statement, phase));
  const logged = (events: readonly LabEvent[]): readonly LabEvent[] =>
    events.filter(({ register }) => register !== PHASE_REGISTER);
  return {
    ...tpm,
    events: (events) => [...tpm.events?.(events) ?? events, ...added],
    logged: (events) => tpm.logged?.(logged(events)) ?? logged(events),
  };
}
