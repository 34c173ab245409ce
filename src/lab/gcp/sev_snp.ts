/**
 * Mints whole evidence of Google's instances with SEV-SNP: a report that names the
 * attestation key, and quotes that name the report.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { writeEnvelope } from "../../evidence/envelope/envelope.ts";
import type { FilesByRole } from "../../evidence/evidence.ts";
import { bindingOf, reportDataOf } from "../../evidence/statement/binding.ts";
import { writeStatement } from "../../evidence/statement/read.ts";
import { bend } from "../bend.ts";
import type { EndorsementAuthority } from "../gce_endorsement/authority.ts";
import { type MintedEndorsement, mintEndorsement } from "../gce_endorsement/endorsement.ts";
import type { LabSnpEndorsement } from "../gce_endorsement/golden.ts";
import type { AmdAuthority } from "../snp/authority.ts";
import { type MintedSnp, mintSnp, type MintSnpOptions } from "../snp/snp.ts";
import type { TpmAuthority } from "../tpm/authority.ts";
import { tpmDefaults } from "../tpm/options.ts";
import { describeAk, nameOf, writePublic } from "../tpm/public_area.ts";
import type { MintedVtpm } from "../tpm/vtpm.ts";
import { type GceVtpmOptions, mintGcpSevEs } from "./sev_es.ts";

/** Who issues. */
export interface GcpSnpAuthorities {
  /** Of the report, in AMD's place. */
  readonly amd: AmdAuthority;
  /** Of the key's certificate, in Google's place. */
  readonly tpm: TpmAuthority;
  /** Of the firmware's endorsement, in Google's place; absent: none is minted. */
  readonly firmware?: EndorsementAuthority;
}

/** What such evidence is minted by. */
export interface MintGcpSnpOptions extends Omit<GceVtpmOptions, "beside"> {
  /** Report data where there is no statement; default zeros. */
  readonly reportData?: Uint8Array;
  /** Report and leaf. */
  readonly snp?: Omit<MintSnpOptions, "now" | "reportData">;
  /** Name of another key, which the report names in place of the key's. */
  readonly akNameInReport?: Uint8Array;
  /** Another report, which the quotes name in place of the report. */
  readonly reportInQuote?: Uint8Array;
  /** Launch measurement that is endorsed; default that of the report. */
  readonly endorsed?: Uint8Array;
}

/** Minted evidence of SEV-SNP on Google Cloud. */
export interface MintedGcpSnp {
  /** Files by role, without roots. */
  readonly files: FilesByRole;
  /** Report, leaf and chain. */
  readonly snp: MintedSnp;
  /** Quotes, registers, log and certificates. */
  readonly vtpm: MintedVtpm;
  /** The endorsement; null where there is none. */
  readonly firmware: MintedEndorsement | null;
  /** Name of the attestation key. */
  readonly akName: Uint8Array;
  /** Bytes of the statement; null where there is none. */
  readonly statement: Uint8Array | null;
  /** Envelope of all that; null without a statement. */
  readonly envelope: Uint8Array | null;
}

/**
 * Mints evidence that verifies under the authorities' roots, unless bent.
 *
 * It says nothing about any hardware: each certificate carries the lab mark.
 *
 * @param authorities Who issues.
 * @param options Time, nonce, statement, contents and bends.
 */
export async function mintGcpSevSnp(
  authorities: GcpSnpAuthorities,
  options: MintGcpSnpOptions,
): Promise<MintedGcpSnp> {
  const { now } = options;
  const keyed = await withKeys(options);
  const snp = await mintSnp(authorities.amd, {
    ...options.snp,
    now,
    reportData: reportDataFor(keyed, keyed.akName),
  });
  const beside = options.reportInQuote ?? snp.report;
  const vtpm = await mintGcpSevEs(authorities.tpm, { ...keyed, beside });
  const firmware = authorities.firmware === undefined
    ? null
    : await mintEndorsement(authorities.firmware, {
      now,
      tdx: null,
      sevSnp: endorsementOf(options.endorsed ?? snp.measurement),
    });
  const files = { ...snpFiles(snp), ...vtpm.files, ...endorsementFile(firmware) };
  const { statement } = vtpm;
  const envelope = statement === null ? null : writeEnvelope("gcp-sev-snp", statement, files);
  return { files, snp, vtpm, firmware, akName: keyed.akName, statement, envelope };
}

/** The key is made first, since the report names it and the quotes name the report. */
async function withKeys(
  options: MintGcpSnpOptions,
): Promise<MintGcpSnpOptions & { readonly akName: Uint8Array }> {
  const { keys, scheme, hash } = await tpmDefaults({ ...options.tpm, now: options.now });
  const area = writePublic(bend(describeAk(keys.ak, scheme, hash), options.bends?.publicArea));
  return { ...options, tpm: { ...options.tpm, keys }, akName: await nameOf(area, hash) };
}

function reportDataFor(
  { nonce, statement, reportData, akNameInReport }: MintGcpSnpOptions,
  akName: Uint8Array,
): Uint8Array {
  if (statement === undefined) return reportData ?? new Uint8Array(64);
  const binding = bindingOf(nonce, writeStatement(statement));
  return reportDataOf(binding, akNameInReport ?? akName);
}

function endorsementOf(measurement: Uint8Array): LabSnpEndorsement {
  return {
    svn: 1,
    measurements: [[2, measurement]],
    familyId: new Uint8Array(),
    imageId: new Uint8Array(),
    policy: 0x30000n,
    svsmMeasurement: new Uint8Array(),
  };
}

function snpFiles({ report, der }: MintedSnp): FilesByRole {
  return {
    report,
    leaf: der.leaf,
    chainAskArk: concat(der.intermediate, der.ark),
    crls: [der.crl],
  };
}

function endorsementFile(firmware: MintedEndorsement | null): FilesByRole {
  return firmware === null ? {} : { firmwareEndorsement: firmware.endorsement };
}
