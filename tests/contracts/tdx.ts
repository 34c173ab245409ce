/**
 * TDX under the contract suite.
 *
 * @module
 */

import type { Vector } from "../vectors.ts";
import { fileOf } from "./change.ts";
import type { Contract, Damage, SignedField } from "./contract.ts";
import { bendsOfCertificates, bendsOfCollateral, bendsOfQuote } from "./tdx_bends.ts";
import { formsOf } from "./tdx_forms.ts";
import { bendsOfPolicy } from "./tdx_policy.ts";
import { quoteFields } from "./tdx_quote.ts";

const CHAIN: Damage = { short: "x509.malformed", long: "x509.malformed", empty: "input.empty" };
const LIST: Damage = {
  short: "x509.crl_malformed",
  long: "x509.crl_malformed",
  empty: "input.empty",
};

/** TDX. */
export const tdxContract: Contract = {
  signed: (vector) => [...quoteFields(vector), ...documentFields(vector), ...listFields(vector)],
  damage: {
    quote: { short: "tdx.quote_length", long: "tdx.trailing_bytes", empty: "tdx.quote_length" },
    tcbInfo: {
      short: "tdx.tcb_info_format",
      long: "tdx.tcb_info_format",
      empty: "input.empty",
    },
    qeIdentity: {
      short: "tdx.qe_identity_format",
      long: "tdx.qe_identity_format",
      empty: "input.empty",
    },
    tcbChain: CHAIN,
    pckCrl: LIST,
    pckCrlChain: CHAIN,
    rootCrl: LIST,
  },
  together: [{
    roles: ["tcbInfo", "qeIdentity", "tcbChain", "pckCrl", "rootCrl"],
    beside: ["pckCrlChain"],
    absent: { verdict: "unavailable", code: "tdx.collateral_missing" },
  }],
  forms: formsOf,
  expired: "tdx.certificate_expired",
  notYet: "tdx.certificate_not_yet_valid",
  otherNonce: "tdx.report_data_mismatch",
  base: "v4-platform",
  bends: (base, vectors) => [
    ...bendsOfQuote(base, vectors),
    ...bendsOfCertificates(base, vectors),
    ...bendsOfCollateral(base, vectors),
    ...bendsOfPolicy(base, vectors),
  ],
  shown: [
    {
      what: "TCB info with a member that nobody knows",
      bytes: new TextEncoder().encode('{"tcbInfo":{"id":"TDX"},"signature":"","more":1}'),
      code: "tdx.tcb_info_format",
    },
    {
      what: "a QE identity without its signature",
      bytes: new TextEncoder().encode('{"enclaveIdentity":{"id":"TD_QE"}}'),
      code: "tdx.qe_identity_format",
    },
    {
      what: "a quote of another vendor's enclave",
      bytes: Uint8Array.of(4, 0, 2, 0, 0x81, 0, 0, 0, ...new Uint8Array(1000)),
      code: "tdx.qe_vendor",
    },
  ],
};

/** Members of the signed documents; a bit flipped may make them text that is no JSON. */
function documentFields(vector: Vector): readonly SignedField[] {
  const members = (role: string, code: string, names: readonly string[]): SignedField[] =>
    names.map((name) => ({
      role,
      field: `${role}.${name}`,
      ...memberOf(fileOf(vector, role), name),
      codes: [`tdx.${code}_signature`, `tdx.${code}_format`],
    }));
  const both = ["id", "issueDate", "nextUpdate", "tcbEvaluationDataNumber", "tcbDate", "signature"];
  return [
    ...members("tcbInfo", "tcb_info", [...both, "fmspc", "pceId", "mrsigner", "tcbStatus", "svn"]),
    ...members("qeIdentity", "qe_identity", [...both, "miscselectMask", "mrsigner", "isvsvn"]),
  ];
}

/** Where the value of a member's first occurrence stands, without quotation marks. */
function memberOf(file: Uint8Array, name: string): Pick<SignedField, "at" | "length"> {
  const text = new TextDecoder().decode(file);
  const found = new RegExp(`"${name}":"?([^",}]+)`).exec(text);
  const value = found?.[1];
  if (found === null || value === undefined) throw new Error(`The document has no ${name}`);
  return { at: found.index + found[0].length - value.length, length: value.length };
}

/** The list's last bytes are of S. */
function listFields(vector: Vector): readonly SignedField[] {
  return ["pckCrl", "rootCrl"].map((role) => ({
    role,
    field: `signature of ${role}`,
    at: fileOf(vector, role).length - 16,
    length: 16,
    codes: ["tdx.crl_signature"],
  }));
}
