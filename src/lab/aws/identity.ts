/**
 * Mints identity documents of instances, with their signatures.
 *
 * @module
 */

import { type Bend, bend } from "../bend.ts";
import type { LabCa } from "../ca.ts";
import { bareBase64, type CmsDescription, writeCms } from "./cms.ts";
import { LAB_REGION_NAME, LAB_REGION_SERIAL } from "./region.ts";

/** What an identity document says (AWS, "Instance identity documents"); null where AWS writes null. */
export type IdentityMembers = Readonly<Record<string, string | null | readonly string[]>>;

/** An account that is nobody's. */
export const LAB_ACCOUNT = "012345678901";

/** A region that AWS does not have. */
export const LAB_REGION = "xx-lab-1";

/** What the identity document of the lab's instance says. */
export const LAB_IDENTITY: IdentityMembers = {
  accountId: LAB_ACCOUNT,
  architecture: "x86_64",
  availabilityZone: `${LAB_REGION}a`,
  billingProducts: null,
  devpayProductCodes: null,
  marketplaceProductCodes: null,
  imageId: "ami-0123456789abcdef0",
  instanceId: "i-0123456789abcdef0",
  instanceType: "m6a.large",
  kernelId: null,
  pendingTime: "2026-11-21T00:00:00Z",
  privateIp: "192.0.2.1",
  ramdiskId: null,
  region: LAB_REGION,
  version: "2017-09-30",
};

/** Changes to an identity document. */
export interface IdentityBends {
  /** Changes to what is signed. */
  readonly identity?: Bend<IdentityMembers>;
  /** Change to the document after it was signed. */
  readonly shown?: (document: Uint8Array) => Uint8Array;
  /** Changes to the signature. */
  readonly cms?: Bend<CmsDescription>;
}

/** An identity document with its signature. */
export interface MintedIdentity {
  /** The document, as the metadata service gives it. */
  readonly document: Uint8Array;
  /** Its signature: base64 in lines. */
  readonly signature: Uint8Array;
}

/**
 * Mints an identity document.
 *
 * @param region The region's key and certificate.
 * @param now When it is signed.
 * @param bends Changes.
 */
export async function mintIdentity(
  region: LabCa,
  now: Date,
  bends: IdentityBends = {},
): Promise<MintedIdentity> {
  const text = new TextEncoder();
  const document = text.encode(JSON.stringify(bend(LAB_IDENTITY, bends.identity), null, 2));
  const honest: CmsDescription = {
    content: document,
    digest: null,
    issuer: LAB_REGION_NAME,
    serial: LAB_REGION_SERIAL,
    signedAt: now,
    signWith: region.key,
    signature: (bytes) => bytes,
  };
  const signature = bareBase64(await writeCms(bend(honest, bends.cms)));
  return { document: bends.shown?.(document) ?? document, signature: text.encode(signature) };
}
