/**
 * By what reports of Azure's paravisor are known.
 *
 * @module
 */

/** Signature of the header: `HCLA`. */
const MAGIC = "HCLA";

/** How runtime data begin, which are JSON: only these have a key with a name first. */
const RUNTIME_DATA = /^\s*\{\s*"keys"\s*:\s*\[\s*\{\s*"kid"\s*:\s*"HCL/;

/**
 * Whether a file is meant as an HCL report.
 *
 * @param bytes The file.
 */
export function looksLikeHclReport(bytes: Uint8Array): boolean {
  return startOf(bytes).startsWith(MAGIC);
}

/**
 * Whether a file is meant as the runtime data of an HCL report.
 *
 * @param bytes The file.
 */
export function looksLikeRuntimeData(bytes: Uint8Array): boolean {
  return RUNTIME_DATA.test(startOf(bytes));
}

function startOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 256));
}
