/**
 * Where the fields of a quote stand, and which of them nobody judges under a
 * policy that pins MRTD, RTMR 1 and RTMR 2 alone (Intel TDX DCAP Quoting
 * Library API, A.3 and A.4; SGX ECDSA QuoteLibReference, Appendix A).
 *
 * @module
 */

import { placesOf } from "../../tdx/bytes_of.ts";

/** A field, by its offset and size; `judged` tells whether another value may be refused. */
export type QuoteField = readonly [name: string, at: number, size: number, judged: boolean];

const HEADER: readonly QuoteField[] = [
  ["version", 0, 2, true],
  ["attestation key type", 2, 2, true],
  ["TEE type", 4, 4, true],
  ["header SVNs", 8, 4, true],
  ["QE vendor", 12, 16, true],
  ["user data", 28, 20, false],
];

const TD_REPORT: readonly QuoteField[] = [
  ["TEE_TCB_SVN", 0, 16, true],
  ["MRSEAM", 16, 48, false],
  ["MRSIGNERSEAM", 64, 48, true],
  ["SEAMATTRIBUTES", 112, 8, true],
  ["TDATTRIBUTES", 120, 8, true],
  ["XFAM", 128, 8, true],
  ["MRTD", 136, 48, true],
  ["MRCONFIGID", 184, 48, false],
  ["MROWNER", 232, 48, false],
  ["MROWNERCONFIG", 280, 48, false],
  ["RTMR 0", 328, 48, false],
  ["RTMR 1", 376, 48, true],
  ["RTMR 2", 424, 48, true],
  ["RTMR 3", 472, 48, false],
  ["REPORTDATA", 520, 64, true],
];

const TD_REPORT_15: readonly QuoteField[] = [
  ...TD_REPORT,
  ["TEE_TCB_SVN_2", 584, 16, true],
  ["MRSERVICETD", 600, 48, true],
];

/** Casemate gives no verdict on an enclave: all that its report says is told, and only its form judged. */
const ENCLAVE: readonly QuoteField[] = [
  ["CPUSVN", 0, 16, false],
  ["MISCSELECT", 16, 4, false],
  ["reserved 1", 20, 12, true],
  ["ISVEXTPRODID", 32, 16, false],
  ["ATTRIBUTES", 48, 16, false],
  ["MRENCLAVE", 64, 32, false],
  ["reserved 2", 96, 32, true],
  ["MRSIGNER", 128, 32, false],
  ["reserved 3", 160, 32, true],
  ["CONFIGID", 192, 64, false],
  ["ISVPRODID", 256, 2, false],
  ["ISVSVN", 258, 2, false],
  ["CONFIGSVN", 260, 2, false],
  ["reserved 4", 262, 42, true],
  ["ISVFAMILYID", 304, 16, false],
  ["REPORTDATA", 320, 64, false],
];

/** Fields of a right quote's header, of its body and of what follows. */
export function quoteFields(quote: Uint8Array): readonly QuoteField[] {
  const { signedEnd, signature, attestationKey, outer, qeReport, ...more } = placesOf(quote);
  const start = quote[0] === 5 ? 54 : 48;
  const body = { 384: ENCLAVE, 584: TD_REPORT, 648: TD_REPORT_15 }[signedEnd - start] ?? [];
  const moved = (fields: readonly QuoteField[], by: number): readonly QuoteField[] =>
    fields.map(([name, at, size, judged]) => [name, at + by, size, judged]);
  const { qeSignature, authenticationSize, certification, chain } = more;
  return [
    ...HEADER,
    ...(start === 48 ? [] : [["body type", 48, 2, true], ["body size", 50, 4, true]] as const),
    ...moved(body, start),
    ["signature data size", signedEnd, 4, true],
    ["signature", signature, 64, true],
    ["attestation key", attestationKey, 64, true],
    ...(outer === null
      ? []
      : [["outer type", outer, 2, true], ["outer size", outer + 2, 4, true]] as const),
    ...moved(ENCLAVE, qeReport).map(([name, at, size]) => [`QE ${name}`, at, size, true] as const),
    ["QE signature", qeSignature, 64, true],
    ["authentication size", authenticationSize, 2, true],
    ["authentication data", authenticationSize + 2, certification - authenticationSize - 2, true],
    ["certification type", certification, 2, true],
    ["certification size", certification + 2, 4, true],
    ["chain", chain, more.end - chain, true],
  ];
}
