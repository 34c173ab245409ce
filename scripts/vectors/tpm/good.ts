/**
 * TPM evidence that is accepted.
 *
 * @module
 */

import type { MintTpmOptions } from "../../../src/lab/mod.ts";
import type { TpmRole } from "./files.ts";

/** A good case. */
export interface Good {
  readonly name: string;
  readonly says: string;
  /** What is minted, beside time, nonce and the label of the kernel. */
  readonly options: Omit<MintTpmOptions, "now" | "nonce">;
  /** Bank in which the registers that say what runs are pinned; default SHA-256. */
  readonly bank?: "sha256" | "sha384";
  /** Keys of the policy's section beside the pinned registers. */
  readonly section?: Readonly<Record<string, unknown>>;
  /** Roles of files that it does not have. */
  readonly absent?: readonly TpmRole[];
}

/** Roles of the certificate. */
const CERTIFICATE: readonly TpmRole[] = ["akCert", "akCertIssuers", "akCertCrls"];

const NUMBERS = [0, 1, 2, 3, 4, 5, 6, 7, 11];

/** Each kind of key and scheme, several banks, each format of log that leads to them, and less evidence than all. */
export const GOOD_CASES: readonly Good[] = [
  {
    name: "p256",
    says: "Key on P-256, log as firmware writes it, Secure Boot on",
    options: { key: "P-256" },
    section: { eventLog: "require", secureBoot: "require" },
  },
  {
    name: "p384",
    says: "Key on P-384 with SHA-384, quote over the bank of SHA-384 alone",
    options: { key: "P-384", selection: [{ bank: "sha384", registers: NUMBERS }] },
    bank: "sha384",
  },
  {
    name: "rsa",
    says: "RSA key that signs with RSASSA",
    options: { key: "RSA-2048", scheme: "rsassa" },
  },
  {
    name: "rsa-pss",
    says: "RSA key that signs with RSAPSS, log of a boot without Secure Boot",
    options: { key: "RSA-2048", scheme: "rsapss", boot: { secureBoot: false } },
  },
  {
    name: "banks",
    says: "Three banks quoted at once, TPM started from locality 3",
    options: {
      boot: { locality: 3 },
      selection: [
        { bank: "sha1", registers: NUMBERS },
        { bank: "sha256", registers: NUMBERS },
        { bank: "sha384", registers: [0, 4, 7, 23] },
      ],
    },
  },
  {
    name: "cel-tlv",
    says: "Log in CEL as TLV, command line from outside of the image",
    options: { log: "cel-tlv", banks: ["sha256", "sha384"], boot: { cmdlineOutside: true } },
  },
  {
    name: "cel-json",
    says: "Log in CEL as JSON",
    options: { log: "cel-json", banks: ["sha256", "sha384", "sha512"] },
  },
  {
    name: "no-log",
    says: "No event log",
    options: { crlPoint: false, identity: null },
    absent: ["eventLog"],
  },
  {
    name: "no-lists",
    says: "No revocation lists, which the policy accepts",
    options: {},
    section: { akRevocation: "skip" },
    absent: ["akCertCrls"],
  },
  {
    name: "bare",
    says: "No certificate and no log: nobody vouches for the key",
    options: {},
    absent: [...CERTIFICATE, "eventLog"],
  },
];
