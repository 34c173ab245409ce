/**
 * What TPM evidence is minted by, and what stands for what is not given.
 *
 * @module
 */

import type { Bend } from "../bend.ts";
import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import type { CrlDescription } from "../crl.ts";
import { generateLabKey, type LabKey } from "../lab_key.ts";
import type { LabBank, QuoteScheme } from "./algorithms.ts";
import type { AttestDescription, LabSelection } from "./attest.ts";
import type { BootOptions } from "./boot.ts";
import type { LabEvent } from "./event.ts";
import { LAB_TPM, type LabTpmIdentity } from "./hierarchy.ts";
import type { LogHeaderDescription } from "./log_tcg.ts";
import type { PublicDescription } from "./public_area.ts";
import type { QuoteSignatureDescription } from "./quote_signature.ts";

/** Kinds of attestation keys. */
export type AkKind = "RSA-2048" | "P-256" | "P-384";

/** All of them. */
export const AK_KINDS: readonly AkKind[] = ["RSA-2048", "P-256", "P-384"];

/** Formats of event logs: of a TPM, crypto-agile, and of old; CEL in two encodings. */
export type LabLogFormat = "tcg-2" | "tcg-1.2" | "cel-tlv" | "cel-json";

/** Values of registers as they are given beside a quote: bank, register, hex. */
export type GivenRegisters = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Keys of the lab's TPM. */
export interface TpmKeys {
  /** Attestation key. */
  readonly ak: LabKey;
  /** Endorsement key. */
  readonly ek: LabKey;
}

/** Changes to evidence before it is written and signed, but for those that say otherwise. */
export interface TpmBends {
  /** Changes to the root's certificate. */
  readonly root?: Bend<CertificateDescription>;
  /** Changes to the issuing CA's certificate. */
  readonly issuing?: Bend<CertificateDescription>;
  /** Changes to the attestation key's certificate. */
  readonly ak?: Bend<CertificateDescription>;
  /** Changes to the endorsement key's certificate. */
  readonly ek?: Bend<CertificateDescription>;
  /** Changes to the root's revocation list. */
  readonly rootCrl?: Bend<CrlDescription>;
  /** Changes to the issuing CA's revocation list. */
  readonly issuingCrl?: Bend<CrlDescription>;
  /** Changes to the attestation key's public area, and so to its Name. */
  readonly publicArea?: Bend<PublicDescription>;
  /** Changes to what the quote says. */
  readonly attest?: Bend<AttestDescription>;
  /** Change to the quote's bytes before they are signed. */
  readonly attestBytes?: (bytes: Uint8Array) => Uint8Array;
  /** Changes to how the quote is signed. */
  readonly signature?: Bend<QuoteSignatureDescription>;
  /** Change to the boot: what is extended, and logged. */
  readonly events?: (events: readonly LabEvent[]) => readonly LabEvent[];
  /** Change to what is logged alone; the registers keep their values. */
  readonly logged?: (events: readonly LabEvent[]) => readonly LabEvent[];
  /** Changes to what the log's first event says. */
  readonly logHeader?: Bend<LogHeaderDescription>;
  /** Change to the values that are given beside the quote. */
  readonly pcrs?: (values: GivenRegisters) => GivenRegisters;
}

/** What evidence is minted by; all but the time has a default. */
export interface MintTpmOptions {
  /** Moment of issue of everything below the authority. */
  readonly now: Date;
  /** Nonce: at most 64 bytes; default none. */
  readonly nonce?: Uint8Array;
  /** Kind of the attestation key; default that of the key given, or P-256. */
  readonly key?: AkKind;
  /** How it signs; default RSASSA or ECDSA. */
  readonly scheme?: QuoteScheme;
  /** Hash of its signatures and its Name; default SHA-256, on P-384 SHA-384. */
  readonly hash?: LabBank;
  /** Banks of the TPM and of its log; default SHA-1, SHA-256 and SHA-384. */
  readonly banks?: readonly LabBank[];
  /** Registers that are quoted; default all that the boot extends, and some besides, in SHA-256. */
  readonly selection?: readonly LabSelection[];
  /** The boot. */
  readonly boot?: BootOptions;
  /** Format of the log; default that of firmware. */
  readonly log?: LabLogFormat;
  /** What certificates say of the TPM; null says nothing. */
  readonly identity?: LabTpmIdentity | null;
  /** Whether the keys' certificates name a revocation list; default they do. */
  readonly crlPoint?: boolean;
  /** The TPM's keys; default new ones. */
  readonly keys?: Partial<TpmKeys>;
  /** Changes, to bend the evidence. */
  readonly bends?: TpmBends;
}

/** The options with every default in place. */
export interface TpmMinting {
  /** Moment of issue. */
  readonly now: Date;
  /** Nonce. */
  readonly nonce: Uint8Array;
  /** How the attestation key signs. */
  readonly scheme: QuoteScheme;
  /** Hash of its signatures and its Name. */
  readonly hash: LabBank;
  /** Banks. */
  readonly banks: readonly LabBank[];
  /** Registers that are quoted. */
  readonly selection: readonly LabSelection[];
  /** The boot. */
  readonly boot: BootOptions;
  /** Format of the log. */
  readonly log: LabLogFormat;
  /** What certificates say of the TPM. */
  readonly identity: LabTpmIdentity | null;
  /** Whether the keys' certificates name a revocation list. */
  readonly crlPoint: boolean;
  /** Keys. */
  readonly keys: TpmKeys;
}

/** All that firmware, loader and kernel extend; IMA's PCR 10 and those of a dynamic launch are others' matter. */
const QUOTED: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14];

/**
 * Fills in what was not given.
 *
 * @param options What was given.
 */
export async function tpmDefaults(options: MintTpmOptions): Promise<TpmMinting> {
  const keys = await tpmKeys(options);
  const rsa = keys.ak.kind.startsWith("RSA");
  return {
    now: options.now,
    nonce: options.nonce ?? new Uint8Array(),
    scheme: options.scheme ?? (rsa ? "rsassa" : "ecdsa"),
    hash: options.hash ?? (keys.ak.kind === "P-384" ? "sha384" : "sha256"),
    banks: options.banks ?? ["sha1", "sha256", "sha384"],
    selection: options.selection ?? [{ bank: "sha256", registers: QUOTED }],
    boot: options.boot ?? {},
    log: options.log ?? "tcg-2",
    identity: options.identity === undefined ? LAB_TPM : options.identity,
    crlPoint: options.crlPoint ?? true,
    keys,
  };
}

/** The keys: those given, and new ones; the endorsement key is on P-256, which is quick to make. */
async function tpmKeys({ key = "P-256", keys = {} }: MintTpmOptions): Promise<TpmKeys> {
  return {
    ak: keys.ak ?? await generateLabKey(key),
    ek: keys.ek ?? await generateLabKey("P-256"),
  };
}
