/**
 * What a document says beyond the checks, for a person.
 *
 * @module
 */

import type { ShownRow, ShownSection } from "../../core/shown.ts";
import type { NitroDocument, NitroEvidence } from "./report.ts";

/**
 * The module of a verified document, and the registers that are known to say something.
 *
 * @param proven What `verify` established.
 */
export function tell({ document }: NitroEvidence): readonly ShownSection[] {
  const known = meaningsOf(document);
  const registers = document.registers.filter(({ register, value }) =>
    register in known && !isZero(value)
  );
  return [
    { title: "Attestation document", rows: moduleRows(document) },
    { title: "Registers, SHA-384", rows: registerRows({ ...document, registers }) },
  ].filter(({ rows }) => rows.length > 0);
}

/**
 * All that a document says.
 *
 * @param document The document.
 */
export function sectionsOf(document: NitroDocument): readonly ShownSection[] {
  return [
    {
      title: "Module, by its own word",
      rows: [...moduleRows(document), { name: "digest", value: document.digest }],
    },
    { title: "Registers, SHA-384", rows: registerRows(document) },
    {
      title: "Of the caller",
      rows: [
        { name: "nonce", value: textOf(document.nonce) },
        { name: "user_data", value: textOf(document.userData) },
        { name: "public_key", value: textOf(document.publicKey) },
      ],
    },
  ];
}

function moduleRows({ moduleId, timestamp }: NitroDocument): readonly ShownRow[] {
  return [
    { name: "module_id", value: moduleId },
    { name: "timestamp", value: momentOf(timestamp) },
  ];
}

function registerRows(document: NitroDocument): readonly ShownRow[] {
  const meanings = meaningsOf(document);
  return document.registers.map(({ register, value }) => {
    const meaning = isZero(value) ? "zeros: nothing was measured" : meanings[register];
    return { name: `PCR ${register}`, value, ...(meaning === undefined ? {} : { meaning }) };
  });
}

function isZero(value: string): boolean {
  return /^0+$/.test(value);
}

function meaningsOf({ kind }: NitroDocument): Readonly<Record<number, string>> {
  return kind === "enclave" ? OF_ENCLAVE : OF_TPM;
}

/** AWS, "Cryptographic attestation". */
const OF_ENCLAVE: Readonly<Record<number, string>> = {
  0: "image file of the enclave",
  1: "kernel and boot ramdisk",
  2: "application",
  3: "IAM role of the instance",
  4: "id of the instance",
  8: "certificate that signed the image file",
};

/** TCG PC Client Platform Firmware Profile §3.3.4, systemd "TPM2 PCR Measurements". */
const OF_TPM: Readonly<Record<number, string>> = {
  0: "firmware",
  4: "boot loader or unified kernel image",
  7: "Secure Boot",
  11: "kernel, initrd and command line of the unified kernel image",
  15: "phase of the boot",
};

/** Milliseconds since 1970; what no calendar has is told as a number. */
function momentOf(timestamp: number): string {
  const moment = new Date(timestamp);
  return Number.isNaN(moment.getTime()) ? `${timestamp} ms` : moment.toISOString();
}

function textOf(value: string | null): string {
  return value === null ? "absent" : value === "" ? "empty" : value;
}
