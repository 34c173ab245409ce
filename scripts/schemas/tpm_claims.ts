/**
 * Schema of the claims of a verified TPM quote: `TpmEvidence` of `src/evidence/tpm/report.ts`.
 *
 * @module
 */
import type { JsonSchema } from "../../src/core/decode.ts";
import { LOG } from "./log_claims.ts";
import {
  ANY_HEX,
  bits,
  CERTIFICATE,
  exactly,
  hexOf,
  listOf,
  MOMENT,
  orNull,
  TEXT,
  upTo,
  words,
  YES_OR_NO,
} from "./shapes.ts";

const UINT32 = upTo(0xffff_ffff);
const BANK = words("sha1", "sha256", "sha384", "sha512");
const STRONG = words("sha256", "sha384", "sha512");
const REGISTER = upTo(23);

/** Hash algorithm, then hash. */
const NAME: JsonSchema = {
  type: "string",
  pattern: "^(?:000b[0-9a-f]{64}|000c[0-9a-f]{96}|000d[0-9a-f]{128})$",
};

/** A digest of some bank: SHA-1, SHA-256, SHA-384 or SHA-512. */
const DIGEST: JsonSchema = {
  type: "string",
  pattern: "^(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$",
};

const KEY = exactly({
  kind: [TEXT, "Kind, as ECC P-256"],
  spkiSha256: [hexOf(32), "SHA-256 of its SubjectPublicKeyInfo"],
  spki: [ANY_HEX, "SubjectPublicKeyInfo, DER"],
});

const SCHEME = exactly({
  scheme: [words("rsassa", "rsapss", "ecdsa"), "Algorithm"],
  hash: [STRONG, "Hash"],
});

const QUOTE = exactly({
  qualifiedSigner: [NAME, "Qualified Name of the key that signed"],
  qualifyingData: [ANY_HEX, "Data of the caller, extraData"],
  clock: [
    exactly({
      clock: [{ type: "string", pattern: "^[0-9]{1,20}$" }, "Milliseconds that it was powered"],
      resetCount: [UINT32, "Starts"],
      restartCount: [UINT32, "Resumes since"],
      safe: [YES_OR_NO, "Whether no higher clock was ever reported"],
    }),
    "Clock and counters",
  ],
  firmwareVersion: [hexOf(8), "Version of the TPM's firmware"],
  selections: [
    listOf(exactly({
      bank: [BANK, "Bank"],
      registers: [listOf(REGISTER), "Registers, rising"],
    })),
    "Registers that were quoted",
  ],
  pcrDigest: [DIGEST, "Hash over their values"],
});

const PUBLIC_AREA = exactly({
  key: [KEY, "The key"],
  name: [NAME, "Name"],
  nameAlgorithm: [STRONG, "Hash of the Name"],
  attributes: [
    exactly(bits({
      fixedTPM: "Cannot be duplicated",
      fixedParent: "Cannot be loaded under another parent",
      sensitiveDataOrigin: "Was made inside the TPM",
      userWithAuth: "Its use takes a password",
      adminWithPolicy: "Administration takes a policy",
      noDA: "Free of the protection against guessing",
      encryptedDuplication: "Duplication takes encryption",
      restricted: "Works only on what the TPM made",
      decrypt: "Decrypts",
      sign: "Signs",
      stClear: "Loses its context at a start",
    })),
    "Attributes",
  ],
  authPolicy: [ANY_HEX, "Digest of the policy; empty where there is none"],
  scheme: [orNull(SCHEME), "How it signs"],
});

const CERTIFIED_KEY = exactly({
  key: [KEY, "The key"],
  identity: [
    orNull(exactly({
      manufacturer: [TEXT, "Manufacturer"],
      model: [TEXT, "Model"],
      version: [TEXT, "Version of the firmware"],
    })),
    "What the certificate says of the TPM",
  ],
  certificates: [listOf(CERTIFICATE), "From the key's certificate to the root"],
  lab: [YES_OR_NO, "Whether the root is a lab's"],
  revocationChecked: [YES_OR_NO, "Whether lists cover every certificate that names one"],
  revocationLists: [
    listOf(exactly({
      issuer: [TEXT, "Issuer, RFC 4514"],
      thisUpdate: [MOMENT, "Time of issue"],
      nextUpdate: [MOMENT, "Time by which the next is due"],
      entries: [upTo(Number.MAX_SAFE_INTEGER), "How many certificates it revokes"],
    })),
    "Lists that were used",
  ],
});

/** The claims. */
export const TPM_CLAIMS: JsonSchema = exactly({
  quote: [QUOTE, "Quote"],
  furtherQuotes: [listOf(QUOTE), "Further quotes over other banks"],
  signature: [SCHEME, "How it was signed"],
  key: [KEY, "Key that signed it"],
  publicArea: [orNull(PUBLIC_AREA), "Its public area; null where the bare key was given"],
  certificate: [orNull(CERTIFIED_KEY), "Its certificate; null where none was given"],
  registers: [
    listOf(exactly({
      bank: [BANK, "Bank"],
      register: [REGISTER, "Number"],
      value: [DIGEST, "Value"],
    })),
    "Values of the quoted registers",
  ],
  notQuoted: [
    listOf(exactly({ bank: [BANK, "Bank"], register: [REGISTER, "Number"] })),
    "Registers whose values were given, but not quoted",
  ],
  hierarchy: [
    orNull(words("owner", "endorsement", "platform", "null")),
    "Hierarchy of which the key is a primary key",
  ],
  log: [orNull(LOG), "Event log; null where none was given"],
});
