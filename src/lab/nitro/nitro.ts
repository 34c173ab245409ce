/**
 * Mints whole attestation documents: message, certificates, revocation lists.
 *
 * @module
 */

import { type Bend, bend } from "../bend.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../core/x509_writer/certificate.ts";
import { writeCrl } from "../crl.ts";
import { pem } from "../pem.ts";
import { bendNitroAuthority, type NitroAuthority, type NitroCaBends } from "./authority.ts";
import { cborMap } from "./cbor.ts";
import { describeCose, writeCose } from "./cose.ts";
import {
  describeNitroCrl,
  describeNitroInstance,
  describeNitroLeaf,
  NITRO_CA_NAMES,
} from "./hierarchy.ts";
import {
  type MintNitroOptions,
  type NitroBends,
  nitroDefaults,
  type NitroKeys,
  type NitroMinting,
} from "./options.ts";
import { type NitroPayloadDescription, payloadEntries, REGISTER_NAMES } from "./payload.ts";

/** Certificates and lists of a minted document as DER. */
export interface MintedNitroDer {
  /** Certificate of the key that signs. */
  readonly leaf: Uint8Array;
  /** Instance. */
  readonly instance: Uint8Array;
  /** Zone. */
  readonly zone: Uint8Array;
  /** Region. */
  readonly region: Uint8Array;
  /** Root. */
  readonly root: Uint8Array;
  /** Revocation list of the root. */
  readonly rootCrl: Uint8Array;
  /** Revocation list of the region. */
  readonly regionCrl: Uint8Array;
}

/** A minted document. */
export interface MintedNitro {
  /** COSE_Sign1. */
  readonly document: Uint8Array;
  /** What it says, unless its bytes were bent. */
  readonly payload: NitroPayloadDescription;
  /** The root's certificate, PEM: what `--lab-root` takes. */
  readonly root: string;
  /** Revocation lists of root and region, PEM. */
  readonly crls: readonly [root: string, region: string];
  /** The keys that signed. */
  readonly keys: NitroKeys;
  /** Certificates and lists as DER. */
  readonly der: MintedNitroDer;
}

/**
 * Mints a document that verifies under the authority's root, unless bent.
 *
 * It says nothing about any machine: each certificate carries the lab mark.
 *
 * @param authority Who issues.
 * @param options Time, contents and bends.
 * @throws {RangeError} if a number does not fit its place.
 *
 * @example
 * ```ts
 * import { createNitroAuthority, mintNitro } from "@casemate/casemate/lab";
 *
 * const now = new Date("2026-11-21T00:00:00Z");
 * const authority = await createNitroAuthority({ now });
 * const { document } = await mintNitro(authority, { now, nonce: Uint8Array.of(1, 2, 3) });
 * if (document[0] !== 0x84) throw new Error("no array of four");
 * ```
 */
export async function mintNitro(
  authority: NitroAuthority,
  options: MintNitroOptions,
): Promise<MintedNitro> {
  const { bends = {} } = options;
  const minting = await nitroDefaults(options);
  const der = await writeCertificates(authority, minting, bends);
  const payload = bend(describePayload(minting, der), bends.payload);
  const document = await writeDocument(payload, minting.keys, bends);
  return {
    document,
    payload,
    root: pem("CERTIFICATE", der.root),
    crls: [pem("X509 CRL", der.rootCrl), pem("X509 CRL", der.regionCrl)],
    keys: minting.keys,
    der,
  };
}

function describePayload(minting: NitroMinting, der: MintedNitroDer): NitroPayloadDescription {
  const { kind, moduleId, registers, now, publicKey, userData, nonce } = minting;
  return {
    moduleId,
    digest: "SHA384",
    timestamp: now.getTime(),
    registersName: REGISTER_NAMES[kind],
    registers,
    certificate: der.leaf,
    bundle: [der.root, der.region, der.zone, der.instance],
    publicKey,
    userData,
    nonce,
  };
}

async function writeDocument(
  description: NitroPayloadDescription,
  keys: NitroKeys,
  bends: NitroBends,
): Promise<Uint8Array> {
  const entries = payloadEntries(description);
  const written = cborMap(...bends.entries?.(entries) ?? entries);
  const payload = bends.payloadBytes?.(written) ?? written;
  const message = await writeCose(bend(describeCose(payload, keys.leaf), bends.cose));
  return bends.bytes?.(message) ?? message;
}

async function writeCertificates(
  given: NitroAuthority,
  { keys, now }: NitroMinting,
  bends: NitroBends,
): Promise<MintedNitroDer> {
  const { root, region, zone } = await bendNitroAuthority(given, caBends(bends));
  const write = (what: CertificateDescription, change?: Bend<CertificateDescription>) =>
    writeCertificate(bend(what, change));
  const ofInstance = { key: keys.instance, issuerKey: zone.key, now };
  const ofLeaf = { key: keys.leaf, issuerKey: keys.instance, now };
  const rootCrl = await describeNitroCrl("root", root.key, now);
  const regionCrl = await describeNitroCrl("region", region.key, now);
  return {
    leaf: await write(await describeNitroLeaf(ofLeaf), bends.leaf),
    instance: await write(await describeNitroInstance(ofInstance), bends.instance),
    zone: zone.certificate,
    region: region.certificate,
    root: root.certificate,
    rootCrl: await writeCrl(bend(rootCrl, bends.rootCrl)),
    regionCrl: await writeCrl(bend(regionCrl, bends.regionCrl)),
  };
}

/** Those that are about the authority, and there. */
function caBends(bends: NitroBends): NitroCaBends {
  const given = NITRO_CA_NAMES.flatMap((name) => {
    const change = bends[name];
    return change === undefined ? [] : [[name, change] as const];
  });
  return Object.fromEntries(given);
}
