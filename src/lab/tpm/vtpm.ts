/**
 * Mints evidence of a vTPM that stands alone: quotes of one key, each over a
 * bank of its own, bound to a statement or to a nonce.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { writeEnvelope } from "../../evidence/envelope/envelope.ts";
import type { FilesByRole } from "../../evidence/evidence.ts";
import { bindingOf, qualifyingDataOf } from "../../evidence/statement/binding.ts";
import { writeStatement } from "../../evidence/statement/read.ts";
import type { Statement } from "../../evidence/statement/statement.ts";
import { type Bend, bend } from "../bend.ts";
import type { LabBank } from "./algorithms.ts";
import type { TpmAuthority } from "./authority.ts";
import type { LabEvent } from "./event.ts";
import type { MintTpmOptions, TpmBends } from "./options.ts";
import { PHASE_REGISTER, phaseEvents } from "./phase.ts";
import { type MintedTpm, mintTpm } from "./tpm.ts";

/** What such evidence is minted by; all but time and nonce has a default. */
export interface MintVtpmOptions {
  /** Moment of issue of everything below the authority. */
  readonly now: Date;
  /** Nonce of the verifier. */
  readonly nonce: Uint8Array;
  /** Statement that it is bound to; default none, and the quotes answer the nonce alone. */
  readonly statement?: Statement;
  /** Hardware report that the quotes name beside the binding; default none. */
  readonly beside?: Uint8Array;
  /** Banks that are quoted, one after the other; default SHA-256. */
  readonly quoted?: readonly LabBank[];
  /** Whether the key's certificate comes along; default it does. */
  readonly certified?: boolean;
  /** Keys, log and boot. */
  readonly tpm?: Omit<MintTpmOptions, "now" | "nonce" | "selection" | "bends">;
  /** Changes to the quotes, and to what stands beside them. */
  readonly bends?: TpmBends;
  /** Change to the phase that PCR 15 holds. */
  readonly phase?: Bend<Statement>;
}

/** Minted evidence of a vTPM. */
export interface MintedVtpm {
  /** Files by role. */
  readonly files: FilesByRole;
  /** The quotes, as many as banks; log and certificates are the first's. */
  readonly quotes: readonly [MintedTpm, ...MintedTpm[]];
  /** Bytes of the statement; null where there is none. */
  readonly statement: Uint8Array | null;
}

/** Registers that are quoted: all of a boot, and the phase. */
const QUOTED: readonly number[] = Array.from({ length: 16 }, (_, i) => i);

/**
 * Mints evidence that verifies under the authority's root, unless bent.
 *
 * @param authority Who certifies the key.
 * @param options Time, nonce, statement, contents and bends.
 *
 * @example
 * ```ts
 * import { createTpmAuthority, mintVtpm } from "@casemate/casemate/lab";
 *
 * const now = new Date("2026-11-21T00:00:00Z");
 * const nonce = new Uint8Array(32).fill(7);
 * const { quotes } = await mintVtpm(await createTpmAuthority({ now }), { now, nonce });
 * if (quotes.length !== 1) throw new Error("one bank, one quote");
 * ```
 */
export async function mintVtpm(
  authority: TpmAuthority,
  options: MintVtpmOptions,
): Promise<MintedVtpm> {
  const { statement: said, nonce, beside = null, quoted = ["sha256"] } = options;
  const statement = said === undefined ? null : writeStatement(said);
  const asked = statement === null ? nonce : qualifyingDataOf(bindingOf(nonce, statement), beside);
  const mint = (bank: LabBank, keys: MintedTpm["keys"] | undefined): Promise<MintedTpm> =>
    mintTpm(authority, {
      ...options.tpm,
      ...(keys === undefined ? {} : { keys }),
      now: options.now,
      nonce: asked,
      selection: [{ bank, registers: QUOTED }],
      bends: withPhase(options),
    });
  const [bank = "sha256", ...others] = quoted;
  const first = await mint(bank, undefined);
  const further = await Promise.all(others.map((other) => mint(other, first.keys)));
  const quotes: MintedVtpm["quotes"] = [first, ...further];
  return { files: filesOf(quotes, options.certified ?? true), quotes, statement };
}

/** The initramfs extends what no firmware logs. */
function withPhase({ statement, phase, bends = {} }: MintVtpmOptions): TpmBends {
  if (statement === undefined) return bends;
  const added = phaseEvents(bend(statement, phase));
  const logged = (events: readonly LabEvent[]): readonly LabEvent[] =>
    events.filter(({ register }) => register !== PHASE_REGISTER);
  return {
    ...bends,
    events: (events) => [...bends.events?.(events) ?? events, ...added],
    logged: (events) => bends.logged?.(logged(events)) ?? logged(events),
  };
}

function filesOf(quotes: MintedVtpm["quotes"], certified: boolean): FilesByRole {
  const [{ akPublic, eventLog, der }] = quotes;
  const pcrs = Object.assign({}, ...quotes.map((one) => one.pcrs));
  return {
    tpmQuoteMsg: quotes.map(({ quote }) => quote),
    tpmQuoteSig: quotes.map(({ signature }) => signature),
    akPub: akPublic,
    pcrs: new TextEncoder().encode(JSON.stringify(pcrs, null, 2)),
    eventLog,
    ...(certified
      ? {
        akCert: der.ak,
        akCertIssuers: [der.issuing],
        akCertCrls: [der.issuingCrl, der.rootCrl],
      }
      : {}),
  };
}

/**
 * An envelope of minted evidence.
 *
 * @param variant Id of the variant.
 * @param minted The evidence, bound to a statement.
 * @throws {RangeError} where it is bound to none.
 */
export function sealVtpm(variant: string, { files, statement }: MintedVtpm): Uint8Array {
  if (statement === null) throw new RangeError("Evidence without a statement has no envelope");
  return writeEnvelope(variant, statement, files);
}

/**
 * Values of registers of all quotes, hex, by bank and number.
 *
 * @param minted The evidence.
 */
export function registersOfVtpm({ quotes }: MintedVtpm): MintedTpm["pcrs"] {
  const [{ registers }] = quotes;
  return Object.fromEntries(
    [...registers].map(([bank, values]) => [
      bank,
      Object.fromEntries(values.map((value, register) => [String(register), toHex(value)])),
    ]),
  );
}
