/**
 * Evidence of a TPM, collected on the node: quote, signature, key, registers,
 * event log and certificate, over data that the caller states.
 *
 * @module
 */

import { concat, equal, toHex } from "../../core/bytes.ts";
import { InputError } from "../../core/errors.ts";
import type { Files } from "../../core/ports.ts";
import { sized } from "./device/bytes_out.ts";
import type { TpmDevice } from "./device/device.ts";
import { readNv } from "./device/nv.ts";
import { readPublic, type TpmObject, withPrimary } from "./device/objects.ts";
import { type DeviceQuote, quote } from "./device/quote.ts";
import { readRegisters, type Register, registersChanging } from "./device/registers.ts";
import { ATTESTATION_KEYS, type AttestationKeyName } from "./device/templates.ts";
import type { TpmFiles } from "./files.ts";
import { hash } from "./hash.ts";
import { readNvCertificate } from "./nv_certificate.ts";
import type { PcrBank, Selection } from "./report.ts";

/** Where the attestation key comes from. */
export type AttestationKey =
  /** Made of a template of this program under the endorsement hierarchy, the same each time. */
  | { readonly kind: "template"; readonly name: AttestationKeyName }
  /** Kept in the TPM, as Azure's at 0x81000003. */
  | { readonly kind: "persistent"; readonly handle: number }
  /** Made of a template that stands in NV memory, as Google's at 0x01c10001. */
  | { readonly kind: "nv-template"; readonly index: number };

/** The firmware's event log. */
export interface EventLogSource {
  /** Files of the machine. */
  readonly files: Pick<Files, "read">;
  /** Path, as {@linkcode EVENT_LOG}. */
  readonly path: string;
}

/** What is asked for. */
export interface IssueOptions {
  /** What the quote answers, 1 to 64 bytes; TPMs without SHA-512 take 48 at most. */
  readonly qualifyingData: Uint8Array;
  /** Registers. */
  readonly selections: readonly Selection[];
  /** Attestation key. */
  readonly key: AttestationKey;
  /** NV index of the key's certificate, as Azure's 0x01c101d0; without it none is read. */
  readonly certificateIndex?: number;
  /** Event log; without it none is read. */
  readonly eventLog?: EventLogSource;
}

/** The evidence by the roles that verification knows: key as TPM2B_PUBLIC, registers as JSON, certificate as DER. */
export interface CollectedFiles extends Pick<TpmFiles, "akPub" | "pcrs" | "eventLog" | "akCert"> {
  /** The quote. */
  readonly tpmQuoteMsg: Uint8Array;
  /** Its signature. */
  readonly tpmQuoteSig: Uint8Array;
}

/** What was collected. */
export interface Issued {
  /** The evidence. */
  readonly evidence: CollectedFiles;
  /** Name of the attestation key. */
  readonly name: Uint8Array;
  /** Values of the registers. */
  readonly registers: readonly Register[];
  /** Why there is no event log; null where there is one, or none was asked for. */
  readonly withoutEventLog: string | null;
}

/** Where Linux shows the event log of its first TPM. */
export const EVENT_LOG = "/sys/kernel/security/tpm0/binary_bios_measurements";

/** Largest event log; verifiers take no larger one. */
const MAX_EVENT_LOG_BYTES = 1024 * 1024;

/** Quotes that are made, before it is said that the registers never rest. */
const MAX_QUOTES = 8;

/** A quote with the values that it quotes. */
interface QuotedRegisters {
  readonly quoted: DeviceQuote;
  readonly registers: readonly Register[];
}

/**
 * Collects evidence of a TPM.
 *
 * @param device The TPM.
 * @param options What is asked for.
 * @throws {UnavailableError} `tpm.device_unreachable`, `tpm.device_refused`, `tpm.device_answer`, `tpm.registers_changing`
 * @throws {InputError} `tpm.bank_inactive`, `tpm.nv_not_certificate`
 */
export async function issueTpmEvidence(
  device: TpmDevice,
  options: IssueOptions,
): Promise<Issued> {
  const { certificateIndex } = options;
  const certificate = certificateIndex === undefined
    ? {}
    : { akCert: await readNvCertificate(device, certificateIndex) };
  return await withAttestationKey(device, options.key, async (key) => {
    const issued = await issueUnderKey(device, key, options);
    return { ...issued, evidence: { ...issued.evidence, ...certificate } };
  });
}

/** What is quoted under a key that there is already. */
export type QuoteRequest = Pick<IssueOptions, "qualifyingData" | "selections" | "eventLog">;

/**
 * Quotes under a key that is in use, as where its Name must be known before what the quote answers.
 *
 * @param device The TPM.
 * @param key The key.
 * @param request What is quoted.
 * @throws {UnavailableError} `tpm.device_unreachable`, `tpm.device_refused`, `tpm.device_answer`, `tpm.registers_changing`
 * @throws {InputError} `tpm.bank_inactive`
 */
export async function issueUnderKey(
  device: TpmDevice,
  key: TpmObject,
  request: QuoteRequest,
): Promise<Issued> {
  const { eventLog } = request;
  const { quoted, registers } = await quoteAtRest(device, key, request);
  // After the quote: the log then holds what the quoted registers hold, and perhaps more.
  const log = eventLog === undefined ? null : await readEventLog(eventLog);
  const evidence: CollectedFiles = {
    tpmQuoteMsg: quoted.attest,
    tpmQuoteSig: quoted.signature,
    akPub: sized(key.publicArea),
    pcrs: registersJson(registers),
    ...(log instanceof Uint8Array ? { eventLog: log } : {}),
  };
  const withoutEventLog = typeof log === "string" ? log : null;
  return { evidence, name: key.name, registers, withoutEventLog };
}

/**
 * Uses an attestation key.
 *
 * @param device The TPM.
 * @param key Where the key comes from.
 * @param use What is done with it.
 */
export async function withAttestationKey<T>(
  device: TpmDevice,
  key: AttestationKey,
  use: (key: TpmObject) => Promise<T>,
): Promise<T> {
  if (key.kind === "persistent") return await use(await readPublic(device, key.handle));
  const template = key.kind === "template"
    ? ATTESTATION_KEYS[key.name]
    : await readNv(device, key.index);
  return await withPrimary(device, { hierarchy: "endorsement", template }, use);
}

/** Quotes until the values that were read before are the quoted ones: a register may be extended in between. */
async function quoteAtRest(
  device: TpmDevice,
  key: TpmObject,
  { qualifyingData, selections }: QuoteRequest,
): Promise<QuotedRegisters> {
  for (let attempt = 0; attempt < MAX_QUOTES; attempt++) {
    const { registers } = await readRegisters(device, selections);
    const quoted = await quote(device, { key, qualifyingData, selections });
    const digest = await hash(quoted.hash, concat(...registers.map(({ value }) => value)));
    if (equal(digest, quoted.pcrDigest)) return { quoted, registers };
  }
  throw registersChanging(MAX_QUOTES);
}

/**
 * The log, or why it cannot be read: a TPM without firmware's log still quotes.
 *
 * @param source Where it is.
 * @throws {InputError} `input.too_large`
 */
export async function readEventLog({ files, path }: EventLogSource): Promise<Uint8Array | string> {
  try {
    return await files.read(path, MAX_EVENT_LOG_BYTES);
  } catch (error) {
    if (error instanceof InputError && error.code === "input.unreadable") return error.message;
    throw error;
  }
}

/**
 * Values of registers as JSON.
 *
 * @param registers The registers.
 */
export function registersJson(registers: readonly Register[]): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(registersByBank(registers), null, 2)}\n`);
}

/**
 * Values of registers by bank and number, in hex.
 *
 * @param registers The registers.
 */
export function registersByBank(
  registers: readonly Register[],
): Readonly<Partial<Record<PcrBank, Readonly<Record<string, string>>>>> {
  const banks = new Set(registers.map(({ bank }) => bank));
  return Object.fromEntries(
    [...banks].map((bank) => [
      bank,
      Object.fromEntries(
        registers.filter((item) => item.bank === bank).map((
          { register, value },
        ) => [String(register), toHex(value)]),
      ),
    ]),
  );
}
