/**
 * A quote with its key, its certificates and the values of the registers in one call.
 *
 * @module
 */

import { type PinnedRoot, readRoots } from "../../../core/portable/anchors.ts";
import { argumentsOf, misuse, unframe } from "../../../core/portable/frame.ts";
import { momentOf } from "../../../core/portable/moment.ts";
import type { CertifiedKey, PublicArea, TpmKey, VerifiedQuote } from "../report.ts";
import { checkAttestationKey } from "./attributes.ts";
import { MAX_FIELDS, verifyCertificate } from "./certified_key.ts";
import { parseKey } from "./public_area.ts";
import { parseQuote } from "./quote.ts";
import { refuseTpm } from "./refuse.ts";
import { verifyRegisters } from "./registers.ts";
import { verifySignature } from "./signature.ts";

/** What a quote is verified with. */
interface Input {
  readonly quote: Uint8Array;
  readonly signature: Uint8Array;
  readonly key: Uint8Array;
  readonly values: readonly Uint8Array[];
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly roots: readonly PinnedRoot[];
  readonly now: number;
}

/**
 * Verifies a quote: the operation `tpm_verify`.
 *
 * @param parts Quote; signature; key; list of values of registers; list of files
 * with certificates, which may be empty; list of revocation lists; list of pinned roots; now.
 * @throws {RejectedError} all codes of TPMs that are not about appraisal, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function tpmVerify(parts: readonly Uint8Array[]): Promise<VerifiedQuote> {
  const none = new Uint8Array();
  const [quote = none, signature = none, key = none, ...rest] = argumentsOf(parts, 8);
  const [values = none, certificates = none, crls = none, roots = none, now = none] = rest;
  return await verify({
    quote,
    signature,
    key,
    values: unframe(values, MAX_FIELDS),
    certificates: unframe(certificates, MAX_FIELDS),
    crls: unframe(crls, MAX_FIELDS),
    roots: readRoots(roots),
    now: momentOf(now),
  });
}

/** The steps stand in the checks of this technology in this order: a refusal at one is shown with those before it as done. */
async function verify(input: Input): Promise<VerifiedQuote> {
  if (input.certificates.length === 0 && input.crls.length > 0) {
    throw misuse("revocation lists without certificates");
  }
  const quote = parseQuote(input.quote);
  const parsed = parseKey(input.key, "AK");
  const { key, area } = parsed;
  if (area !== null) checkArea(area);
  const certificate = await certificateOf(input, key);
  const signature = await verifySignature(input.signature, input.quote, parsed);
  const values = verifyRegisters(input.values, quote, signature.hash);
  return { quote, signature, key, publicArea: area, certificate, ...values };
}

/** A key that leaves the scheme to the caller leaves it to whoever asks for the signature. */
function checkArea({ attributes, scheme }: PublicArea): void {
  checkAttestationKey(attributes);
  if (scheme !== null) return;
  throw refuseTpm("tpm.public_algorithm", { reason: "the key has no scheme of its own" });
}

async function certificateOf(input: Input, key: TpmKey): Promise<CertifiedKey | null> {
  if (input.certificates.length === 0) return null;
  return await verifyCertificate({ ...input, role: "AK" }, key);
}
