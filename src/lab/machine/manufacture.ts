/**
 * What the maker of a machine does to its TPM, in the manner of Google Compute
 * Engine: template and certificate of the attestation key into NV memory.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { writeCertificate } from "../../core/x509_writer/certificate.ts";
import { FieldReader } from "../../evidence/tpm/device/bytes_in.ts";
import { listHandles } from "../../evidence/tpm/device/capability.ts";
import type { TpmDevice } from "../../evidence/tpm/device/device.ts";
import { readNvPublic, writeNv } from "../../evidence/tpm/device/nv.ts";
import { defineNv, undefineNv } from "../../evidence/tpm/device/nv_space.ts";
import { withPrimary } from "../../evidence/tpm/device/objects.ts";
import { ATTESTATION_KEYS } from "../../evidence/tpm/device/templates.ts";
import { gceInstanceExtension, type LabInstance } from "../gcp/instance.ts";
import type { TpmAuthority } from "../tpm/authority.ts";
import { describeTpmKey, LAB_TPM, tpmCaName } from "../tpm/hierarchy.ts";

/** Where template and certificate of the key on P-256 stand. */
export const AK_INDEX = { certificate: 0x01c10002, template: 0x01c10003 } as const;

/** Who certifies, when, and for which instance. */
export interface Manufacture {
  /** In Google's place; its root signs, so that nothing stands between it and the key. */
  readonly authority: TpmAuthority;
  /** Which instance the certificate says that the key is of. */
  readonly instance: LabInstance;
  /** Start of validity. */
  readonly now: Date;
}

/**
 * Makes a TPM that of a machine; what an earlier making left is made anew.
 *
 * @param device The TPM, fresh or begun with.
 * @param manufacture Who certifies.
 */
export async function manufactureTpm(device: TpmDevice, manufacture: Manufacture): Promise<void> {
  const template = ATTESTATION_KEYS.ecc;
  const spki = await withPrimary(
    device,
    { hierarchy: "endorsement", template },
    ({ publicArea }) => spkiOf(publicArea),
  );
  const there = await listHandles(device, "nv");
  await place(device, there, AK_INDEX.template, template);
  await place(device, there, AK_INDEX.certificate, await certify(spki, manufacture));
}

async function place(
  device: TpmDevice,
  there: readonly number[],
  index: number,
  content: Uint8Array,
): Promise<void> {
  // Two certificates of one key may differ in length, as signatures do.
  if (there.includes(index)) await undefineNv(device, await readNvPublic(device, index));
  await defineNv(device, index, { size: content.length });
  await writeNv(device, index, content);
}

/** The certificate; the issuer's key is the root's, so that its name is, too. */
async function certify(
  spki: Uint8Array<ArrayBuffer>,
  { authority: { root }, instance, now }: Manufacture,
): Promise<Uint8Array> {
  const description = await describeTpmKey({
    kind: "ak",
    // The private half never leaves the TPM, and is not asked for.
    key: { kind: "P-256", spki, pkcs8: new Uint8Array() },
    issuerKey: root.key,
    identity: LAB_TPM,
    crlPoint: false,
    now,
  });
  return await writeCertificate({
    ...description,
    issuer: tpmCaName("root"),
    extensions: [...description.extensions, gceInstanceExtension(instance)],
  });
}

/** SubjectPublicKeyInfo of a key on P-256 that signs with ECDSA (TPMT_PUBLIC, Part 2 §12.2.4). */
async function spkiOf(publicArea: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new FieldReader(publicArea, (reason) => new RangeError(`TPMT_PUBLIC: ${reason}`));
  reader.u32();
  reader.u32();
  reader.sized();
  for (let field = 0; field < 5; field++) reader.u16();
  const point = concat(Uint8Array.of(4), coordinate(reader.sized()), coordinate(reader.sized()));
  reader.end();
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("raw", point, curve, true, ["verify"]);
  return new Uint8Array(await crypto.subtle.exportKey("spki", key));
}

/** A coordinate may stand without its leading zeros. */
function coordinate(bytes: Uint8Array): Uint8Array {
  return concat(new Uint8Array(32 - bytes.length), bytes);
}
