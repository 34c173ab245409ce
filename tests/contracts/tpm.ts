/**
 * TPM 2.0 under the contract suite.
 *
 * @module
 */

import type { Vector } from "../vectors.ts";
import { fileOf } from "./change.ts";
import type { Contract, Damage, SignedField } from "./contract.ts";
import { bendsOfCertificates, bendsOfLog, bendsOfQuote } from "./tpm_bends.ts";
import { keyFields, logFields, quoteFields, signatureFields } from "./tpm_fields.ts";
import { formsOf } from "./tpm_forms.ts";
import { bendsOfPolicy } from "./tpm_policy.ts";

const CERTIFICATE: Damage = {
  short: "x509.malformed",
  long: "x509.malformed",
  empty: "input.empty",
};

/** Of logs in CEL, by vector. */
const CEL_DAMAGE: Readonly<Record<string, Readonly<Record<string, Damage>>>> = {
  "cel-tlv": {
    eventLog: { short: "logs.truncated", long: "logs.truncated", empty: "input.empty" },
  },
  "cel-json": { eventLog: { short: "logs.syntax", long: "logs.syntax", empty: "input.empty" } },
};

/** TPM 2.0. */
export const tpmContract: Contract = {
  signed: (vector) => [
    ...quoteFields(vector),
    ...signatureFields(vector),
    ...keyFields(vector),
    ...logFields(vector),
    ...certificateFields(vector),
  ],
  damage: {
    tpmQuoteMsg: {
      short: "tpm.attest_length",
      long: "tpm.attest_length",
      empty: "input.empty",
    },
    tpmQuoteSig: {
      short: "tpm.signature_malformed",
      long: "tpm.signature_malformed",
      empty: "input.empty",
    },
    akPub: { short: "tpm.public_algorithm", long: "tpm.public_algorithm", empty: "input.empty" },
    pcrs: { short: "input.encoding", long: "input.encoding", empty: "input.empty" },
    // A zero behind the last event is padding, as firmware leaves it.
    eventLog: { short: "logs.truncated", long: "lab-trusted: null", empty: "input.empty" },
    akCert: CERTIFICATE,
    akCertIssuers: CERTIFICATE,
    akCertCrls: {
      short: "x509.crl_malformed",
      long: "x509.crl_malformed",
      empty: "input.empty",
    },
  },
  damageOf: ({ name }) => CEL_DAMAGE[name] ?? {},
  together: [],
  absent: { akCertRoots: "a lab's root is given as one; tests of real quotes give these" },
  forms: formsOf,
  expired: "tpm.crl_expired",
  notYet: "tpm.crl_not_yet_valid",
  validityOf({ files }) {
    if (files["akCert"] === undefined) return null;
    return files["akCertCrls"] === undefined
      ? { expired: "tpm.certificate_expired", notYet: "tpm.certificate_not_yet_valid" }
      : { expired: "tpm.crl_expired", notYet: "tpm.crl_not_yet_valid" };
  },
  otherNonce: "tpm.qualifying_data_mismatch",
  base: "p256",
  bends: (base, vectors) => [
    ...bendsOfQuote(base, vectors),
    ...bendsOfCertificates(base, vectors),
    ...bendsOfLog(base),
    ...bendsOfPolicy(base, vectors),
  ],
  shown: [],
};

/** The certificate's last bytes are of S. */
function certificateFields(vector: Vector): readonly SignedField[] {
  if (vector.files["akCert"] === undefined) return [];
  const at = fileOf(vector, "akCert").length - 16;
  return [{
    role: "akCert",
    field: "signature of the key's certificate",
    at,
    length: 16,
    codes: ["tpm.chain_signature"],
  }];
}
