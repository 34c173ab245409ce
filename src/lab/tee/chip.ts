/**
 * A chip of the lab, in the place of an AMD processor that runs one guest: its
 * key, the papers of that key, and what its reports say of the guest.
 *
 * @module
 */

import { base64url, toBase64url } from "../../core/base64url.ts";
import { concat } from "../../core/bytes.ts";
import {
  DecodeError,
  type Decoder,
  listOrNone,
  object,
  oneOf,
  required,
} from "../../core/decode.ts";
import { InputError } from "../../core/errors.ts";
import { type LabKey, readLabKey } from "../lab_key.ts";
import type { AmdAuthority } from "../snp/authority.ts";
import { mintSnp } from "../snp/snp.ts";
import { REPORT_BYTES, signSnpReport } from "../snp/snp_report.ts";

/** Where REPORT_DATA and VMPL stand (56860 Table 23). */
const REPORT_DATA_OFFSET = 0x50;
const VMPL_OFFSET = 0x30;

/** Largest certificate or list that the lab writes, with room; RSA-4096 makes some 1.5 KiB. */
const MAX_PAPER_BYTES = 8 * 1024;

/** A chip with its guest. */
export interface LabChip {
  /** A report of the guest, without question. */
  readonly report: Uint8Array;
  /** Key that signs reports, P-384. */
  readonly key: LabKey;
  /** The key's certificate (VCEK), DER. */
  readonly leaf: Uint8Array;
  /** ASK, then ARK, DER. */
  readonly chain: readonly [Uint8Array, Uint8Array];
  /** Revocation lists, DER. */
  readonly lists: readonly Uint8Array[];
}

/** A chip in its stored form. */
interface StoredChip {
  readonly kind: "casemate-lab-chip/v1";
  readonly report: Uint8Array;
  readonly key: Uint8Array;
  readonly leaf: Uint8Array;
  readonly ask: Uint8Array;
  readonly ark: Uint8Array;
  readonly lists: readonly Uint8Array[];
}

const PAPER = base64url(MAX_PAPER_BYTES);

const STORED: Decoder<StoredChip> = object<StoredChip>({
  kind: required(oneOf("casemate-lab-chip/v1"), "Mark of the form"),
  report: required(base64url(REPORT_BYTES), "A report of the guest"),
  key: required(PAPER, "Key that signs reports, PKCS #8"),
  leaf: required(PAPER, "The key's certificate"),
  ask: required(PAPER, "Its issuer's"),
  ark: required(PAPER, "The root"),
  lists: required(listOrNone(PAPER, 4), "Revocation lists"),
});

/**
 * Makes a chip, and launches a guest on it.
 *
 * @param authority In AMD's place.
 * @param guest Time of making, and what whoever launches the guest states in its HOST_DATA, 32 bytes.
 */
export async function makeLabChip(
  authority: AmdAuthority,
  { now, hostData }: { readonly now: Date; readonly hostData: Uint8Array },
): Promise<LabChip> {
  const bends = { report: { hostData } };
  const { report, leafKey, der } = await mintSnp(authority, { now, bends });
  const { leaf, intermediate, ark, crl } = der;
  return { report, key: leafKey, leaf, chain: [intermediate, ark], lists: [crl] };
}

/**
 * What the chip reports of its guest.
 *
 * @param chip The chip.
 * @param reportData What the guest wants in the report, 64 bytes.
 * @param privilege VMPL that the guest asks from, 0 to 3.
 */
export function reportOf(
  { report, key }: LabChip,
  reportData: Uint8Array,
  privilege: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const asked = concat(report);
  asked.set(reportData, REPORT_DATA_OFFSET);
  asked.set([privilege], VMPL_OFFSET);
  return signSnpReport(asked, key);
}

/**
 * A chip as text for `JSON.stringify`, with its private key.
 *
 * @param chip The chip.
 */
export function exportLabChip({ report, key, leaf, chain, lists }: LabChip): object {
  const [ask, ark] = chain;
  return {
    kind: "casemate-lab-chip/v1",
    report: toBase64url(report),
    key: toBase64url(key.pkcs8),
    leaf: toBase64url(leaf),
    ask: toBase64url(ask),
    ark: toBase64url(ark),
    lists: lists.map(toBase64url),
  };
}

/**
 * Reads a chip.
 *
 * @param stored What `JSON.parse` gave.
 * @throws {InputError} `input.value`
 */
export async function importLabChip(stored: unknown): Promise<LabChip> {
  try {
    const { report, key, leaf, ask, ark, lists } = STORED.decode(stored, "");
    return { report, key: await readLabKey("P-384", key), leaf, chain: [ask, ark], lists };
  } catch (cause) {
    const foreign = !(cause instanceof DecodeError || cause instanceof DOMException);
    if (foreign) throw cause;
    const message = `Cannot read lab chip: ${cause.message}`;
    throw new InputError(message, { code: "input.value", fields: { key: "chip" }, cause });
  }
}
