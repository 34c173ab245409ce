/**
 * Members that several messages have.
 *
 * @module
 */

import { base64url } from "../core/base64url.ts";
import { type Decoder, hex, integer, list, listOrNone, text } from "../core/decode.ts";
import {
  MAX_CERTIFICATE_BYTES,
  MAX_MANIFEST_BYTES,
  MAX_MANIFESTS,
  MAX_REFERENCES,
} from "./limits.ts";

/** 32 bytes in lowercase hex. */
export const DIGEST: Decoder<string> = hex(32);

/** 32 bytes in lowercase hex, or nothing. */
export const MAYBE_DIGEST: Decoder<string> = text(
  "(?:[0-9a-f]{64})?",
  "32 bytes in lowercase hex, or nothing",
);

/** An id (protocol §1). */
export const ID: Decoder<string> = text(
  "[a-z0-9][a-z0-9.-]{0,62}",
  "an id of at most 63 characters out of a-z, 0-9, dot and hyphen",
);

/** An id, or nothing. */
export const MAYBE_ID: Decoder<string> = text(
  "(?:[a-z0-9][a-z0-9.-]{0,62})?",
  "an id of at most 63 characters out of a-z, 0-9, dot and hyphen, or nothing",
);

/** A count from zero. */
export const COUNT: Decoder<number> = integer(0, Number.MAX_SAFE_INTEGER);

/** A count from one. */
export const POSITIVE: Decoder<number> = integer(1, Number.MAX_SAFE_INTEGER);

/** A moment in UTC, to the second. */
export const MOMENT: Decoder<string> = text(
  "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z",
  "a moment as 2026-11-22T06:44:31Z",
);

/** DER of a certificate. */
export const CERTIFICATE: Decoder<Uint8Array> = base64url(MAX_CERTIFICATE_BYTES);

/** A chain of signed manifests, oldest first. */
export const MANIFESTS: Decoder<readonly Uint8Array[]> = list(
  base64url(MAX_MANIFEST_BYTES),
  MAX_MANIFESTS,
);

/** The same where there may be none: before init, or where all were seen. */
export const MAYBE_MANIFESTS: Decoder<readonly Uint8Array[]> = listOrNone(
  base64url(MAX_MANIFEST_BYTES),
  MAX_MANIFESTS,
);

/** Signed documents of reference values. */
export const REFERENCES: Decoder<readonly Uint8Array[]> = listOrNone(
  base64url(MAX_MANIFEST_BYTES),
  MAX_REFERENCES,
);

/** Address of a node's agent. */
export const AGENT_URL: Decoder<string> = text(
  "https://[a-z0-9.\\[\\]:-]{1,250}",
  "an address as https://10.0.0.4:9000",
);
