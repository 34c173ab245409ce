/**
 * Reports of enclaves, 384 bytes: of the quoting enclave, and the body of an SGX
 * quote (SGX ECDSA Quote Library Reference, appendix A.4, "Enclave Report Body").
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import type { EnclaveReport } from "../report.ts";
import { QuoteFields } from "./quote_fields.ts";
import { refuseTdx } from "./refuse.ts";

/** Bytes of a report. */
export const ENCLAVE_REPORT_BYTES = 384;
/** DEBUG in the first byte of ATTRIBUTES (SGX, SECS.ATTRIBUTES). */
const DEBUG = 0b10;

/**
 * Reads a report.
 *
 * @param bytes Exactly its bytes.
 * @param owner Whose it is, for a person.
 * @throws {RejectedError} `tdx.quote_length`, `tdx.reserved_not_zero`
 */
export function readEnclaveReport(bytes: Uint8Array, owner: string): EnclaveReport {
  const fields = new QuoteFields(bytes);
  const skip = (length: number): void => skipReserved(fields, length, owner);
  const cpuSvn = fields.hex(16, "CPUSVN");
  const miscSelect = fields.hex(4, "MISCSELECT");
  skip(12);
  const isvExtProdId = fields.hex(16, "ISVEXTPRODID");
  const attributes = fields.take(16, "ATTRIBUTES");
  const mrEnclave = fields.hex(32, "MRENCLAVE");
  skip(32);
  const mrSigner = fields.hex(32, "MRSIGNER");
  skip(32);
  const configId = fields.hex(64, "CONFIGID");
  const isvProdId = fields.u16("ISVPRODID");
  const isvSvn = fields.u16("ISVSVN");
  const configSvn = fields.u16("CONFIGSVN");
  skip(42);
  const isvFamilyId = fields.hex(16, "ISVFAMILYID");
  const reportData = fields.hex(64, "REPORTDATA");
  fields.finish(owner);
  return {
    kind: "sgx",
    cpuSvn,
    miscSelect,
    isvExtProdId,
    attributes: toHex(attributes),
    debug: ((attributes[0] ?? 0) & DEBUG) !== 0,
    mrEnclave,
    mrSigner,
    configId,
    isvProdId,
    isvSvn,
    configSvn,
    isvFamilyId,
    reportData,
  };
}

function skipReserved(fields: QuoteFields, length: number, owner: string): void {
  const start = fields.taken;
  const bytes = fields.take(length, "reserved");
  if (bytes.every((byte) => byte === 0)) return;
  throw refuseTdx("tdx.reserved_not_zero", {
    field: `bytes ${start} to ${start + length - 1} of the ${owner}`,
    actual: toHex(bytes),
  });
}
