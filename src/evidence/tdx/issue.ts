/**
 * Evidence of TDX, collected on the node.
 *
 * @module
 */

import { equal } from "../../core/bytes.ts";
import type { NodeDevices } from "../device/devices.ts";
import type { Issuer } from "../device/issuer.ts";
import { deviceError, needed } from "../device/refused.ts";
import { reportDataOf } from "../statement/binding.ts";

/** Where REPORTDATA stand in quotes of version 4, and of 5 with its head of the body (Intel TDX DCAP Quoting Library API, A.3 and A.4). */
const REPORT_DATA_AT: Readonly<Record<number, number>> = { 4: 568, 5: 574 };

/** Largest quote: with its certificates it has some 5 KiB. */
const MAX_QUOTE_BYTES = 32 * 1024;

/**
 * Asks for a quote, and looks whether it answers this question.
 *
 * @param devices What the node has.
 * @param variant What it is for.
 * @param reportData 64 bytes.
 * @throws {UnavailableError} `device.*`
 */
export async function issueQuote(
  { tee }: Pick<NodeDevices, "tee">,
  variant: string,
  reportData: Uint8Array,
): Promise<Uint8Array> {
  const { provider, report, isQuote } = await needed(tee, variant, "TEE").report(reportData);
  if (provider !== "tdx_guest") {
    const fields = { expected: "tdx_guest", actual: provider };
    const message = `Cannot use the TEE for ${variant}: expected tdx_guest, got ${provider}`;
    throw deviceError("device.answer", message, fields);
  }
  if (!isQuote) {
    throw deviceError(
      "device.quote_unavailable",
      "The device gives a TD report and no quote: only the host's quoting enclave makes one, which configfs-tsm asks",
      { provider },
    );
  }
  checkQuote(report, reportData);
  return report;
}

function checkQuote(quote: Uint8Array, reportData: Uint8Array): void {
  const version = quote.length < 2
    ? 0
    : new DataView(quote.buffer, quote.byteOffset).getUint16(0, true);
  const at = REPORT_DATA_AT[version];
  if (at === undefined || quote.length < at + 64 || quote.length > MAX_QUOTE_BYTES) {
    const actual = `${quote.length} bytes of version ${version}`;
    const message = `Cannot use the TEE's quote: expected version 4 or 5, got ${actual}`;
    throw deviceError("device.answer", message, { expected: "a quote", actual });
  }
  if (equal(quote.subarray(at, at + 64), reportData)) return;
  const message = "The TEE's quote answers another question than the one that was asked";
  throw deviceError("device.other_question", message, { provider: "tdx_guest" }, true);
}

/** Collects evidence of `tdx`. */
export const tdxIssuer: Issuer = {
  variant: "tdx",
  issue: async (devices, { binding }) => ({
    quote: await issueQuote(devices, "tdx", reportDataOf(binding, new Uint8Array())),
  }),
};
