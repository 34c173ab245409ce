/**
 * Event logs as the engine reads them: what was extended into which register.
 *
 * A log is nobody's word. Its digests are as good as the registers that they
 * lead to, which something else must sign; the type of an event is signed by
 * nothing; its data are as good as their hash.
 *
 * Sources: TCG "PC Client Platform Firmware Profile Specification" (PFP) §10,
 * UEFI 2.10 §38.4 (CCEL), TCG "Canonical Event Log Format" (CEL).
 *
 * @module
 */

/** Hash algorithms whose registers are replayed. */
export type Bank = "sha1" | "sha256" | "sha384" | "sha512";

/** Format of a log: SHA-1 alone (TPM 1.2), crypto-agile (PFP), CEL in two encodings. */
export type LogFormat = "tcg-1.2" | "tcg-2" | "cel-tlv" | "cel-json";

/** Registers of a TPM, or of a TD: RTMR 0 to 3, which such a log numbers from 1. */
export type Registers = "pcr" | "rtmr";

/**
 * Which part of an event's data its digests are the hash of, in every bank of
 * SHA-256 or better (in SHA-1 where there is no other): all of it; the value
 * alone of an EFI variable, without its name; the text after GRUB's prefix; the
 * text alone of a name that is logged as UTF-16, in ASCII with its NUL. Null:
 * none, and nothing in the data may be believed.
 */
export type Covered = "whole" | "value" | "text" | "name" | null;

/** One event. */
export interface LogEvent {
  /** Place in the log, from 0; the header of a crypto-agile log is no event. */
  readonly number: number;
  /** Register that it extends; null where it extends none (EV_NO_ACTION). */
  readonly register: number | null;
  /** Type (PFP Table 27); null where the content of a CEL record has none. Signed by nothing. */
  readonly type: number | null;
  /** Kind of content (CEL §5.2), as `pcclient_std`; that of other logs, too. */
  readonly content: string;
  /** Digests by algorithm: hex; those without a name here under their number, as `0x0012`. */
  readonly digests: Readonly<Record<string, string>>;
  /** Data, hex. */
  readonly data: string;
  /** Which part of the data the digests cover. */
  readonly covered: Covered;
}

/** What the first event of a crypto-agile log says of it (PFP §10.4.5.1). */
export interface LogHeader {
  /** Version of the specification, as `2.0 errata 0`. */
  readonly specification: string;
  /** Class of the platform: 0 client, 1 server. */
  readonly platformClass: number;
  /** Hex. */
  readonly vendorInfo: string;
}

/** A log, read and replayed. */
export interface EventLog {
  /** Format. */
  readonly format: LogFormat;
  /** Kind of registers that it extends. */
  readonly registers: Registers;
  /** Its header; null where the format has none. */
  readonly header: LogHeader | null;
  /** Algorithms of which every event has a digest, by the names of {@linkcode LogEvent.digests}. */
  readonly banks: readonly string[];
  /** Locality from which the TPM was started, where the log says so: PCR 0 begins with it (PFP §10.4.5.3). */
  readonly startupLocality: number | null;
  /** Events. */
  readonly events: readonly LogEvent[];
  /** Values that the events lead to, hex, by bank and register; only registers that an event extends. */
  readonly replay: Readonly<Partial<Record<Bank, Readonly<Record<string, string>>>>>;
  /** Bytes of padding behind the last event. */
  readonly padding: number;
}
