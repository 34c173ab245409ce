/**
 * Mints whole evidence of Google's instances with SEV-ES.
 *
 * @module
 */

import { bend } from "../bend.ts";
import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import type { TpmAuthority } from "../tpm/authority.ts";
import type { TpmBends } from "../tpm/options.ts";
import { type MintedVtpm, mintVtpm, type MintVtpmOptions } from "../tpm/vtpm.ts";
import { gceInstanceExtension, LAB_INSTANCE, type LabInstance } from "./instance.ts";

/** What evidence of a vTPM on Google Cloud is minted by. */
export interface GceVtpmOptions extends MintVtpmOptions {
  /** Which instance the key's certificate says it is of; null says nothing; default the lab's. */
  readonly instance?: LabInstance | null;
}

/**
 * Mints evidence that verifies under the authority's root, unless bent.
 *
 * It says nothing about any instance: each certificate carries the lab mark.
 *
 * @param authority Who certifies the key, in Google's place.
 * @param options Time, nonce, statement, instance, contents and bends.
 *
 * @example
 * ```ts
 * import { createTpmAuthority, mintGcpSevEs } from "@casemate/casemate/lab";
 *
 * const now = new Date("2026-11-21T00:00:00Z");
 * const authority = await createTpmAuthority({ now });
 * const nonce = new Uint8Array(32).fill(7);
 * const { files } = await mintGcpSevEs(authority, { now, nonce, quoted: ["sha256", "sha384"] });
 * if (files["akCert"] === undefined) throw new Error("nobody certifies the key");
 * ```
 */
export function mintGcpSevEs(
  authority: TpmAuthority,
  options: GceVtpmOptions,
): Promise<MintedVtpm> {
  return mintVtpm(authority, { ...options, bends: ofInstance(options) });
}

/** The key's certificate says which instance it is of, before it is bent. */
function ofInstance({ instance = LAB_INSTANCE, bends = {} }: GceVtpmOptions): TpmBends {
  if (instance === null) return bends;
  const ak = (description: CertificateDescription): CertificateDescription =>
    bend(
      {
        ...description,
        extensions: [...description.extensions, gceInstanceExtension(instance)],
      },
      bends.ak,
    );
  return { ...bends, ak };
}
