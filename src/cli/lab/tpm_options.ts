/**
 * What is minted of a TPM, read from the flags.
 *
 * @module
 */

import { nearest } from "../../core/decode.ts";
import type { AkKind, BootOptions, QuoteScheme } from "../../lab/mod.ts";
import { TPM_BENDS } from "../../lab/mod.ts";
import { flagError } from "../input/given.ts";
import { type CommonMinting, readCommonOptions } from "./options.ts";

/** Attestation keys by the word that asks for them: kind, and how it signs. */
export const TPM_KEYS: Readonly<
  Record<string, { readonly key: AkKind; readonly scheme: QuoteScheme }>
> = {
  "rsa": { key: "RSA-2048", scheme: "rsassa" },
  "rsa-pss": { key: "RSA-2048", scheme: "rsapss" },
  "p256": { key: "P-256", scheme: "ecdsa" },
  "p384": { key: "P-384", scheme: "ecdsa" },
};

/** Attestation key where none is named: quick to make, and known to every TPM. */
const DEFAULT_KEY = { key: "P-256", scheme: "ecdsa" } as const;

/** What is minted, as the flags have it. */
export interface MintTpmFlags {
  /** Folder to write to; required. */
  readonly out?: string | undefined;
  /** Nonce to answer, hex. */
  readonly nonce?: string | undefined;
  /** File with the lab's keys. */
  readonly authority?: string | undefined;
  /** Kind of the attestation key. */
  readonly key?: string | undefined;
  /** Kernel command line. */
  readonly cmdline?: string | undefined;
  /** Whether Secure Boot is on: `on` or `off`; default on. */
  readonly secureBoot?: string | undefined;
  /** Names of what shall be wrong. */
  readonly bends?: readonly string[] | undefined;
}

/** The flags, read. */
export interface TpmMintingFlags extends CommonMinting {
  /** Kind of the attestation key, and how it signs. */
  readonly signer: { readonly key: AkKind; readonly scheme: QuoteScheme };
  /** What the boot differs in. */
  readonly boot: BootOptions;
  /** Names of what shall be wrong, known ones. */
  readonly bends: readonly string[];
}

/**
 * Reads the flags, before keys are made.
 *
 * @param options The flags.
 * @throws {InputError} naming the flag.
 */
export function readTpmOptions(options: MintTpmFlags): TpmMintingFlags {
  const { out, nonce, key = "", cmdline, bends = [] } = options;
  if (nonce === undefined) {
    const message = "Cannot mint a quote without the question that it answers: give --nonce HEX";
    throw flagError("input.missing", message, "--nonce");
  }
  return {
    ...readCommonOptions({ out, nonce }),
    signer: TPM_KEYS[key] ?? DEFAULT_KEY,
    boot: {
      secureBoot: options.secureBoot !== "off",
      ...(cmdline === undefined ? {} : { cmdline: readCmdline(cmdline) }),
    },
    bends: bends.map(readBend),
  };
}

/** Longest command line of Linux on x86 (COMMAND_LINE_SIZE). */
const MAX_CMDLINE = 2048;

function readCmdline(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && text.length <= MAX_CMDLINE) return text;
  throw flagError(
    "input.value",
    `Cannot use --cmdline: expected at most ${MAX_CMDLINE} printable characters of ASCII`,
    "--cmdline",
  );
}

function readBend(name: string): string {
  if (Object.hasOwn(TPM_BENDS, name)) return name;
  const known = Object.keys(TPM_BENDS);
  const near = nearest(name, known);
  const hint = near === undefined ? `expected ${known.join(", ")}` : `did you mean ${near}?`;
  throw flagError("input.value", `Cannot use --bend ${JSON.stringify(name)}: ${hint}`, "--bend");
}
