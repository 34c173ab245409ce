/**
 * The lab's TEE, which answers over a unix socket in the place of hardware. It
 * is used where it is named, and never found by looking.
 *
 * @module
 */

import { base64url } from "../../core/base64url.ts";
import { concat, toHex } from "../../core/bytes.ts";
import { type Decoder, list, object, oneOf, required } from "../../core/decode.ts";
import { DecodeError } from "../../core/decode.ts";
import { UnavailableError } from "../../core/errors.ts";
import type { ReportDevice, TeeReport } from "../../core/node_ports.ts";
import { printable } from "../../core/printable.ts";
import { parseStrictJson } from "../../core/strict_json.ts";
import { writeCertificateTable } from "./certificate_table.ts";
import { AnswerTooLarge, askPlainly, type PlainAnswer } from "./plain_http.ts";

/** Largest answer: a report, three certificates and lists. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_CERTIFICATE_BYTES = 4096;
const MAX_LIST_BYTES = 16 * 1024;

/** How long a report may take, ms: the lab signs it in a few. */
const PATIENCE = 10_000;

/** What the lab's TEE answers. */
interface LabReport {
  readonly provider: "sev_guest";
  readonly report: Uint8Array;
  readonly leaf: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly lists: readonly Uint8Array[];
}

const LAB_REPORT: Decoder<LabReport> = object<LabReport>({
  provider: required(oneOf("sev_guest"), "Kind of TEE that it plays"),
  report: required(base64url(4096), "The report"),
  leaf: required(base64url(MAX_CERTIFICATE_BYTES), "Certificate of its key, DER"),
  chain: required(list(base64url(MAX_CERTIFICATE_BYTES), 2), "ASK, then ARK, DER"),
  lists: required(list(base64url(MAX_LIST_BYTES), 4), "Revocation lists, DER"),
});

/**
 * The lab's TEE.
 *
 * @param path Path of its socket.
 */
export function labTee(path: string): ReportDevice {
  return {
    async report(reportData, privilege) {
      const question = privilege === undefined ? {} : { privilege };
      const text = JSON.stringify({ reportData: toHex(reportData), ...question });
      const { status, body } = await ask(path, new TextEncoder().encode(text));
      if (status !== 200) throw refused(path, status, body);
      return reportOf(path, body);
    },
  };
}

async function ask(path: string, body: Uint8Array): Promise<PlainAnswer> {
  try {
    return await askPlainly({ socket: path }, {
      method: "POST",
      path: "/report",
      headers: { "content-type": "application/json" },
      body,
      maxBytes: MAX_ANSWER_BYTES,
      timeout: PATIENCE,
    });
  } catch (cause) {
    if (cause instanceof AnswerTooLarge) throw malformed(path, cause.message);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnavailableError(`Cannot reach the lab's TEE at ${path}: ${reason}`, {
      code: "device.unreachable",
      fields: { path, reason },
      cause,
      retryable: true,
    });
  }
}

function reportOf(path: string, body: Uint8Array): TeeReport {
  const { provider, report, leaf, chain, lists } = decode(path, body);
  const [ask, ark] = chain;
  if (ask === undefined || ark === undefined) {
    throw malformed(path, "chain has no two certificates");
  }
  const certificates = writeCertificateTable({ vcek: leaf, ask, ark });
  return { provider, report, isQuote: true, certificates, lists };
}

function decode(path: string, body: Uint8Array): LabReport {
  try {
    return LAB_REPORT.decode(parseStrictJson(body), "answer");
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof DecodeError) {
      throw malformed(path, cause.message);
    }
    throw cause;
  }
}

function refused(path: string, status: number, body: Uint8Array): UnavailableError {
  const says = printable(new TextDecoder().decode(concat(body).subarray(0, 300)));
  return new UnavailableError(`The lab's TEE at ${path} refused with status ${status}: ${says}`, {
    code: "device.lab_refused",
    fields: { path, status: String(status), says },
    retryable: status >= 500,
  });
}

function malformed(path: string, reason: string): UnavailableError {
  return new UnavailableError(`Cannot read what the lab's TEE at ${path} answers: ${reason}`, {
    code: "device.answer",
    fields: { path, reason },
    retryable: false,
  });
}
