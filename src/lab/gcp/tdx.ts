/**
 * Mints whole evidence of Google's instances with TDX: a quote over registers, the
 * event log that led to them, and the endorsement of the firmware.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { writeEnvelope } from "../../evidence/envelope/envelope.ts";
import type { FilesByRole } from "../../evidence/evidence.ts";
import { bindingOf, reportDataOf } from "../../evidence/statement/binding.ts";
import { writeStatement } from "../../evidence/statement/read.ts";
import type { Statement } from "../../evidence/statement/statement.ts";
import { type Bend, bend } from "../bend.ts";
import type { EndorsementAuthority } from "../gce_endorsement/authority.ts";
import {
  type EndorsementBends,
  type MintedEndorsement,
  mintEndorsement,
} from "../gce_endorsement/endorsement.ts";
import type { IntelAuthority } from "../tdx/authority.ts";
import type { MintTdxOptions } from "../tdx/options.ts";
import { type MintedTdx, mintTdx } from "../tdx/tdx.ts";
import { type BootOptions, describeBoot, inTrustDomain } from "../tpm/boot.ts";
import { extendAll, type LabEvent } from "../tpm/event.ts";
import { writeCcel } from "../tpm/log_tcg.ts";
import { phaseEvents } from "../tpm/phase.ts";
import { type CcelTableDescription, LAB_CCEL_TABLE, writeCcelTable } from "./ccel_table.ts";

/** Who issues. */
export interface GcpTdxAuthorities {
  /** Of quote and collateral, in Intel's place. */
  readonly intel: IntelAuthority;
  /** Of the firmware's endorsement, in Google's place; absent: none is minted. */
  readonly firmware?: EndorsementAuthority;
}

/** Changes to such evidence. */
export interface GcpTdxBends {
  /** Change to the boot: what is extended, and logged; registers numbered from 1. */
  readonly events?: (events: readonly LabEvent[]) => readonly LabEvent[];
  /** Change to what is logged alone. */
  readonly logged?: (events: readonly LabEvent[]) => readonly LabEvent[];
  /** Changes to the table that points to the log. */
  readonly table?: Bend<CcelTableDescription>;
  /** Changes to the endorsement. */
  readonly endorsement?: EndorsementBends;
  /** Change to the phase that RTMR 3 holds. */
  readonly phase?: Bend<Statement>;
}

/** What such evidence is minted by; all but time and nonce has a default. */
export interface MintGcpTdxOptions {
  /** Moment of issue. */
  readonly now: Date;
  /** Nonce of the verifier. */
  readonly nonce: Uint8Array;
  /** Statement that it is bound to; default none, and the report data are the nonce. */
  readonly statement?: Statement;
  /** Whether the kernel extends RTMR 3 by the phase; default it does. */
  readonly extendsRtmr3?: boolean;
  /** The boot. */
  readonly boot?: BootOptions;
  /** Quote and collateral. */
  readonly tdx?: Omit<MintTdxOptions, "now" | "reportData" | "rtmrs">;
  /** MRTD that is endorsed; default that of the quote. */
  readonly endorsed?: Uint8Array;
  /** Changes. */
  readonly bends?: GcpTdxBends;
}

/** Minted evidence of TDX on Google Cloud. */
export interface MintedGcpTdx {
  /** Files by role, without roots. */
  readonly files: FilesByRole;
  /** Quote and collateral. */
  readonly tdx: MintedTdx;
  /** The endorsement; null where there is none. */
  readonly firmware: MintedEndorsement | null;
  /** Bytes of the statement; null where there is none. */
  readonly statement: Uint8Array | null;
  /** Envelope of all that, but the table; null without a statement. */
  readonly envelope: Uint8Array | null;
}

/** RTMR 3, as logs number it. */
const RTMR3 = 4;

/**
 * Mints evidence that verifies under the authorities' roots, unless bent.
 *
 * It says nothing about any hardware: each certificate carries the lab mark.
 *
 * @param authorities Who issues.
 * @param options Time, nonce, statement, contents and bends.
 */
export async function mintGcpTdx(
  authorities: GcpTdxAuthorities,
  options: MintGcpTdxOptions,
): Promise<MintedGcpTdx> {
  const { now, nonce, statement: said, bends = {} } = options;
  const statement = said === undefined ? null : writeStatement(said);
  const booted = await bootOf(options);
  const tdx = await mintTdx(authorities.intel, {
    ...options.tdx,
    now,
    rtmrs: booted.rtmrs,
    reportData: statement === null
      ? nonce
      : reportDataOf(bindingOf(nonce, statement), new Uint8Array()),
  });
  const firmware = await endorse(authorities, options, tdx.mrTd);
  const { ccelTable, ...carried } = {
    ...quoteFiles(tdx),
    eventLog: booted.eventLog,
    ccelTable: writeCcelTable(bend(LAB_CCEL_TABLE, bends.table)),
    ...(firmware === null ? {} : { firmwareEndorsement: firmware.endorsement }),
  };
  const envelope = statement === null ? null : writeEnvelope("gcp-tdx", statement, carried);
  return { files: { ...carried, ccelTable }, tdx, firmware, statement, envelope };
}

/** What a boot comes to. */
interface Booted {
  readonly rtmrs: NonNullable<MintTdxOptions["rtmrs"]>;
  readonly eventLog: Uint8Array;
}

/** The initramfs extends RTMR 3 by what no firmware logs. */
async function bootOf(
  { boot, statement, extendsRtmr3 = true, bends = {} }: MintGcpTdxOptions,
): Promise<Booted> {
  const plain = inTrustDomain(await describeBoot(boot));
  const events = bends.events?.(plain) ?? plain;
  const phase = statement === undefined || !extendsRtmr3
    ? []
    : phaseEvents(bend(statement, bends.phase)).map((event) => ({ ...event, register: RTMR3 }));
  const [, ...values] = await extendAll([...events, ...phase], "sha384");
  const zero = new Uint8Array(48);
  const [first = zero, second = zero, third = zero, fourth = zero] = values;
  return {
    rtmrs: { 0: first, 1: second, 2: third, 3: fourth },
    eventLog: await writeCcel(bends.logged?.(events) ?? events),
  };
}

async function endorse(
  { firmware }: GcpTdxAuthorities,
  { now, endorsed, bends }: MintGcpTdxOptions,
  mrTd: Uint8Array,
): Promise<MintedEndorsement | null> {
  if (firmware === undefined) return null;
  const shape = { ramGib: 16, earlyAccept: false, mrTd: endorsed ?? mrTd };
  return await mintEndorsement(firmware, {
    now,
    sevSnp: null,
    tdx: { svn: 1, measurements: [shape] },
    ...(bends?.endorsement === undefined ? {} : { bends: bends.endorsement }),
  });
}

function quoteFiles(tdx: MintedTdx): FilesByRole {
  const { der } = tdx;
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  return {
    quote: tdx.quote,
    tcbInfo: text(tdx.tcbInfo),
    qeIdentity: text(tdx.qeIdentity),
    tcbChain: concat(der.tcbSigning, der.root),
    pckCrl: der.pckCrl,
    pckCrlChain: concat(der.ca, der.root),
    rootCrl: der.rootCrl,
  };
}
