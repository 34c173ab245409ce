/**
 * What documents are minted by, and what stands for what is not given.
 *
 * @module
 */

import type { Bend } from "../bend.ts";
import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import type { CrlDescription } from "../crl.ts";
import { digestOf } from "../fields.ts";
import { generateLabKey, type LabKey } from "../lab_key.ts";
import type { CborPair } from "./cbor.ts";
import type { CoseDescription } from "./cose.ts";
import type { NitroKind, NitroPayloadDescription, NitroRegisterValues } from "./payload.ts";

/** Keys that are made for a document. */
export interface NitroKeys {
  /** Key of the instance, which certifies those of its documents. */
  readonly instance: LabKey;
  /** Key that signs the document. */
  readonly leaf: LabKey;
}

/** Changes to a document before it is written and signed, but for those that say otherwise. */
export interface NitroBends {
  /** Changes to the root's certificate. */
  readonly root?: Bend<CertificateDescription>;
  /** Changes to the region's certificate. */
  readonly region?: Bend<CertificateDescription>;
  /** Changes to the zone's certificate. */
  readonly zone?: Bend<CertificateDescription>;
  /** Changes to the instance's certificate. */
  readonly instance?: Bend<CertificateDescription>;
  /** Changes to the certificate of the key that signs. */
  readonly leaf?: Bend<CertificateDescription>;
  /** Changes to the root's revocation list. */
  readonly rootCrl?: Bend<CrlDescription>;
  /** Changes to the region's revocation list. */
  readonly regionCrl?: Bend<CrlDescription>;
  /** Changes to what the document says. */
  readonly payload?: Bend<NitroPayloadDescription>;
  /** Change to the entries of its map, as encodings. */
  readonly entries?: (entries: readonly CborPair[]) => readonly CborPair[];
  /** Change to the bytes of its map. */
  readonly payloadBytes?: (bytes: Uint8Array) => Uint8Array;
  /** Changes to the message around it, and to its signature. */
  readonly cose?: Bend<CoseDescription>;
  /** Change to the bytes of the whole after it was signed. */
  readonly bytes?: (bytes: Uint8Array) => Uint8Array;
}

/** What a document is minted by; all but the time has a default. */
export interface MintNitroOptions {
  /** Moment at which it is made, and from which its key's certificate holds. */
  readonly now: Date;
  /** What it is of; default a NitroTPM. */
  readonly kind?: NitroKind;
  /** Module that issues it; default one that nobody has. */
  readonly moduleId?: string;
  /** Registers; default those of a boot that never was. */
  readonly registers?: NitroRegisterValues;
  /** Public key; default null. */
  readonly publicKey?: Uint8Array | null;
  /** User data; default null. */
  readonly userData?: Uint8Array | null;
  /** Nonce; default null. */
  readonly nonce?: Uint8Array | null;
  /** Keys; default new ones on P-384. */
  readonly keys?: Partial<NitroKeys>;
  /** Changes, to bend the document. */
  readonly bends?: NitroBends;
}

/** The options with every default in place. */
export type NitroMinting = Required<Omit<MintNitroOptions, "keys" | "bends">> & {
  /** Keys. */
  readonly keys: NitroKeys;
};

const MODULE_IDS: Readonly<Record<NitroKind, string>> = {
  enclave: "i-0123456789abcdef0-enc0123456789abcdef",
  tpm: "i-0123456789abcdef0-tpm0000000000000000",
};

/** Registers that a boot extends. */
const MEASURED: Readonly<Record<NitroKind, readonly number[]>> = {
  enclave: [0, 1, 2, 3, 4, 8],
  tpm: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14],
};
/** Registers that a document tells. */
const REGISTERS: Readonly<Record<NitroKind, number>> = { enclave: 16, tpm: 24 };

/**
 * Fills in what was not given.
 *
 * @param options What was given.
 */
export async function nitroDefaults(options: MintNitroOptions): Promise<NitroMinting> {
  const { now, kind = "tpm", keys = {} } = options;
  return {
    now,
    kind,
    moduleId: options.moduleId ?? MODULE_IDS[kind],
    registers: options.registers ?? await labRegisters(kind),
    publicKey: options.publicKey ?? null,
    userData: options.userData ?? null,
    nonce: options.nonce ?? null,
    keys: {
      instance: keys.instance ?? await generateLabKey("P-384"),
      leaf: keys.leaf ?? await generateLabKey("P-384"),
    },
  };
}

/**
 * Registers of a boot that never was: digests of their names, and zeros.
 *
 * @param kind What the document is of.
 */
export async function labRegisters(kind: NitroKind): Promise<NitroRegisterValues> {
  const numbers = Array.from({ length: REGISTERS[kind] }, (_, register) => register);
  return await Promise.all(numbers.map(async (register) => {
    const isMeasured = MEASURED[kind].includes(register);
    const value = isMeasured
      ? await digestOf("SHA-384", `lab ${kind} register ${register}`)
      : new Uint8Array(48);
    return [register, value] as const;
  }));
}
