/**
 * Machines for tests of collection: a TPM in software that is provisioned as a
 * cloud does it, and TEEs of the lab beside it.
 *
 * @module
 */

import { concat, fromHex, uint64 } from "../../src/core/bytes.ts";
import { labelledHash } from "../../src/core/labelled_hash.ts";
import type { ReportDevice, TeeReport } from "../../src/core/node_ports.ts";
import type { FilesByRole } from "../../src/evidence/files_by_role.ts";
import type { NodeDevices } from "../../src/evidence/device/devices.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import type { TpmDevice } from "../../src/evidence/tpm/device/device.ts";
import { writeNv } from "../../src/evidence/tpm/device/nv.ts";
import { defineNv } from "../../src/evidence/tpm/device/nv_space.ts";
import { type TpmObject, withPrimary } from "../../src/evidence/tpm/device/objects.ts";
import { extendRegister } from "../../src/evidence/tpm/device/registers.ts";
import {
  ATTESTATION_KEYS,
  type AttestationKeyName,
} from "../../src/evidence/tpm/device/templates.ts";
import { denoHost } from "../../src/hosts/deno.ts";
import {
  type AmdAuthority,
  describeTpmCrl,
  describeTpmKey,
  type Extension,
  generateLabKey,
  LAB_TPM,
  type LabKey,
  mintSnp,
  type MintSnpOptions,
  type TpmAuthority,
  writeCertificate,
  writeCrl,
} from "../../src/lab/mod.ts";
import { writeCertificateTable } from "../../src/hosts/devices/certificate_table.ts";
import { NOW } from "../lab_authority.ts";

/** Waits for real. */
export const TIMER = {
  wait: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
};

/** Chance. */
export const RANDOM = {
  bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
};

/** A node without anything. */
export const BARE: NodeDevices = {
  tee: null,
  tpm: null,
  files: denoHost("0.0.0").files,
  eventLogs: { tpm: null, td: null },
  metadata: null,
  timer: TIMER,
};

/**
 * A TEE of the lab that answers in this process, as hardware would.
 *
 * @param amd Who certifies it.
 * @param change Changes what it answers.
 * @param form Whose key signs.
 */
export function labSnpDevice(
  amd: AmdAuthority,
  change: (report: TeeReport) => TeeReport = (report) => report,
  form: Pick<MintSnpOptions, "form" | "cspId"> = {},
): ReportDevice & { readonly measurement: () => Uint8Array } {
  let leafKey: LabKey | undefined;
  const hwid = new Uint8Array(64).fill(0x17);
  let measurement = new Uint8Array();
  return {
    measurement: () => measurement,
    async report(reportData) {
      leafKey ??= await generateLabKey("P-384");
      const minted = await mintSnp(amd, { now: NOW, reportData, leafKey, hwid, ...form });
      measurement = new Uint8Array(minted.measurement);
      const { leaf, intermediate: ask, ark, crl } = minted.der;
      const own = form.form === "VLEK" ? { vlek: leaf } : { vcek: leaf };
      return change({
        provider: "sev_guest",
        report: minted.report,
        isQuote: true,
        certificates: writeCertificateTable({ ...own, ask, ark }),
        lists: [crl],
      });
    },
  };
}

/** An attestation key with a certificate of the lab. */
export interface CertifiedAk {
  /** Template that it is made of. */
  readonly template: Uint8Array;
  /** Its certificate, DER. */
  readonly certificate: Uint8Array;
}

/**
 * Certifies an attestation key that the TPM makes of a template.
 *
 * @param device The TPM.
 * @param authority Who certifies.
 * @param name Which template.
 * @param extensions What the certificate says beside.
 */
export async function certifyAk(
  device: TpmDevice,
  authority: TpmAuthority,
  name: AttestationKeyName,
  extensions: readonly Extension[],
): Promise<CertifiedAk> {
  const template = ATTESTATION_KEYS[name];
  const spki = await withPrimary(device, { hierarchy: "endorsement", template }, spkiOf);
  const key: LabKey = { kind: "P-256", spki, pkcs8: new Uint8Array() };
  const description = await describeTpmKey({
    ...{ kind: "ak", key, issuerKey: authority.issuing.key },
    ...{ identity: LAB_TPM, crlPoint: false, now: NOW },
  });
  const certificate = await writeCertificate({
    ...description,
    extensions: [...description.extensions, ...extensions],
  });
  return { template, certificate };
}

/**
 * Revocation lists of an authority, as a node takes them along.
 *
 * @param authority The authority.
 */
export async function listsOf({ root, issuing }: TpmAuthority): Promise<FilesByRole> {
  const lists = [
    await describeTpmCrl("issuing", issuing.key, NOW),
    await describeTpmCrl("root", root.key, NOW),
  ];
  return { akCertCrls: await Promise.all(lists.map((list) => writeCrl(list))) };
}

/**
 * Writes content to an NV index that is made for it.
 *
 * @param device The TPM.
 * @param index The index.
 * @param content The content.
 */
export async function provideNv(
  device: TpmDevice,
  index: number,
  content: Uint8Array,
): Promise<void> {
  await defineNv(device, index, { size: content.length });
  await writeNv(device, index, content);
}

/** Head of SubjectPublicKeyInfo of a point on P-256 (RFC 5480). */
const P256_HEAD = fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

/** TPMT_PUBLIC of ECC ends with the coordinates, each behind its length. */
function spkiOf({ publicArea }: TpmObject): Promise<Uint8Array<ArrayBuffer>> {
  const y = publicArea.slice(-32);
  const x = publicArea.slice(-66, -34);
  return Promise.resolve(concat(P256_HEAD, Uint8Array.of(4), x, y));
}

/**
 * Extends what an initramfs would, in all banks that verifiers look at.
 *
 * @param device The TPM.
 * @param statement Phase, cluster, role and name.
 */
export async function extendPhase(device: TpmDevice, statement: Statement): Promise<void> {
  const { phase, clusterId, role, nodeName, manifestSequence } = statement;
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const steps = [
    ["casemate/phase/cluster", fromHex(clusterId)],
    ["casemate/phase/member", text(role), text(nodeName), uint64(manifestSequence)],
  ] as const;
  const count = { zero: 0, cluster: 1, member: 2 }[phase];
  for (const [label, ...fields] of steps.slice(0, count)) {
    await extendRegister(device, 15, {
      sha256: labelledHash("sha256", label, ...fields),
      sha384: labelledHash("sha384", label, ...fields),
    });
  }
}

/**
 * Boots: registers that say what runs get values.
 *
 * @param device The TPM.
 * @returns What a policy pins: SHA-256 by register.
 */
export async function bootRegisters(device: TpmDevice): Promise<void> {
  for (const register of [4, 11]) {
    await extendRegister(device, register, { sha256: new Uint8Array(32).fill(register) });
  }
}
