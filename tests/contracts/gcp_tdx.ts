/**
 * Google's TDX under the contract suite.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import type { Vector } from "../vectors.ts";
import { fileOf } from "./change.ts";
import type { Bend, Contract, SignedField } from "./contract.ts";
import { ENDORSEMENT_DAMAGE, endorsementFields } from "./gcp_vtpm.ts";
import { sectionOf } from "./paravisor_tpm.ts";
import { tdxContract } from "./tdx.ts";

const ID = "gcp-tdx";

const TABLE = "gce.ccel_table";

/** Google's TDX. What is the matter with a log is tested beside the registers of a TPM, by the same code. */
export const gcpTdxContract: Contract = {
  parts: ["tdx", "tpm"],
  signed: (vector) => [
    ...tdxContract.signed(vector),
    ...logFields(vector),
    ...endorsementFields(vector),
  ],
  damage: {
    ...tdxContract.damage,
    ...ENDORSEMENT_DAMAGE,
    // A zero behind the quote is the padding of quoting services, which no policy here forbids.
    quote: { short: "tdx.quote_length", long: "lab-trusted: null", empty: "tdx.quote_length" },
    // A zero behind the last event is padding, as firmware leaves it.
    eventLog: { short: "logs.truncated", long: "lab-trusted: null", empty: "input.empty" },
    ccelTable: { short: TABLE, long: TABLE, empty: TABLE },
  },
  together: tdxContract.together,
  absent: {
    firmwareEndorsementRoots: "a lab's root is given as one; a refused vector has it",
  },
  forms: tdxContract.forms,
  expired: tdxContract.expired,
  notYet: tdxContract.notYet,
  otherNonce: "tdx.report_data_mismatch",
  base: "join",
  bends: (base) => [...ofPolicy(base), ...ofFiles(base)],
  shown: [],
};

/** Header of an event in a CCEL: register, type, count of digests, algorithm. */
const BEFORE_DIGEST = 14;

/** The digest of the first event, the last one's data, and the table, whose sum is zero. */
function logFields(vector: Vector): readonly SignedField[] {
  if (vector.files["eventLog"] === undefined) return [];
  const log = fileOf(vector, "eventLog");
  const first = 32 + new DataView(log.buffer, log.byteOffset).getUint32(28, true);
  return [
    {
      role: "eventLog",
      field: "digest of the first event",
      at: first + BEFORE_DIGEST,
      length: 48,
      codes: ["logs.replay_mismatch", "logs.data_mismatch"],
    },
    {
      role: "eventLog",
      field: "data of the last event",
      at: log.length - 7,
      length: 7,
      codes: ["logs.data_mismatch"],
    },
    { role: "ccelTable", field: "table", at: 0, length: 56, codes: [TABLE] },
  ];
}

function ofPolicy(base: Vector): readonly Bend[] {
  const { tee } = sectionOf(base, ID);
  const other = "ee".repeat(48);
  const unlogged = { eventLog: undefined, ccelTable: undefined };
  return [
    {
      what: "another RTMR 1",
      code: "tdx.rtmr1_mismatch",
      change: { section: { tee: { ...tee, rtmr1: [other] } } },
    },
    {
      what: "another MRTD, whatever is endorsed",
      code: "tdx.mrtd_mismatch",
      change: { section: { tee: { ...tee, mrTd: [other] } } },
    },
    {
      what: "firmware that is neither pinned nor endorsed",
      code: "tdx.mrtd_not_pinned",
      verdict: "platform-only",
      change: { files: { firmwareEndorsement: undefined } },
    },
    {
      what: "no log, which its policy demands",
      code: "gce.event_log_missing",
      verdict: "platform-only",
      change: { files: unlogged },
    },
    {
      what: "no log, and a policy that demands Secure Boot",
      code: "gce.secure_boot_unknown",
      verdict: "platform-only",
      change: { files: unlogged, section: { tee, secureBoot: "require" } },
    },
    {
      // The host chooses some of what stands in RTMR 0 beside the variables, and not all of it is logged as it was hashed.
      what: "Secure Boot beside events that cannot be read",
      code: "gce.secure_boot_unknown",
      verdict: "platform-only",
      change: { section: { tee, secureBoot: "require" } },
    },
  ];
}

function ofFiles(base: Vector): readonly Bend[] {
  const chain = fileOf(base, "tcbChain");
  return [
    {
      what: "a TCB chain twice",
      code: "x509.count",
      change: { files: { tcbChain: concat(chain, chain) } },
    },
    { what: "no lab root for the quote", code: "tdx.lab_on_vendor_path", change: { labRoots: [] } },
  ];
}
