/**
 * Test support: reads quotes by offsets taken from Intel's specifications
 * ("TDX DCAP Quoting Library API" A.3, "SGX ECDSA Quote Library Reference"
 * A.4), not from the lab's writer. Holds no tests of its own.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { QuoteDescription } from "./quote.ts";
import type { EnclaveReportFields, TdReportFields } from "./quote_body.ts";

/** A quote, described; and the parts that are signed. */
export interface ReadQuote {
  readonly description: QuoteDescription;
  /** Header and body, as the attestation key signs them. */
  readonly signedPart: Uint8Array<ArrayBuffer>;
  /** The QE report, as the PCK signs it. */
  readonly qeReport: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
  readonly qeReportSignature: Uint8Array<ArrayBuffer>;
  /** PEM of each certificate of the chain. */
  readonly chain: readonly string[];
}

/** Little-endian numbers and byte strings at offsets. */
class Cut {
  constructor(readonly bytes: Uint8Array<ArrayBuffer>) {}

  at(offset: number, length: number): Uint8Array<ArrayBuffer> {
    assert.ok(offset + length <= this.bytes.length, `${offset} + ${length}`);
    return this.bytes.slice(offset, offset + length);
  }

  number(offset: number, length: number): number {
    return Number(this.long(offset, length));
  }

  long(offset: number, length: number): bigint {
    return this.at(offset, length).reduceRight((sum, byte) => sum << 8n | BigInt(byte), 0n);
  }
}

/** Where the body begins and ends, by version and TEE type. */
function bodyRange(quote: Cut): readonly [number, number] {
  if (quote.number(0, 2) === 5) return [54, 54 + quote.number(50, 4)];
  return [48, 48 + (quote.number(4, 4) === 0x81 ? 584 : 384)];
}

/** Reads a quote. */
export function readQuote(bytes: Uint8Array<ArrayBuffer>): ReadQuote {
  const quote = new Cut(bytes);
  const version = quote.number(0, 2);
  const [start, end] = bodyRange(quote);
  const size = quote.number(end, 4);
  const data = new Cut(quote.at(end + 4, size));
  const inner = version === 3 ? 128 : 134;
  const authSize = data.number(inner + 448, 2);
  const head = inner + 450 + authSize;
  const chainSize = data.number(head + 2, 4);
  assert.equal(head + 6 + chainSize, size);
  if (version !== 3) assert.equal(data.number(130, 4), size - 134);
  const signature = data.at(0, 64);
  const qeReportSignature = data.at(inner + 384, 64);
  const certification = { type: data.number(head, 2), bytes: data.at(head + 6, chainSize) };
  return {
    description: {
      header: {
        version,
        attestationKeyType: quote.number(2, 2),
        teeType: quote.number(4, 4),
        qeSvn: quote.number(8, 2),
        pceSvn: quote.number(10, 2),
        qeVendor: quote.at(12, 16),
        userData: quote.at(28, 20),
      },
      descriptor: version === 5 ? { type: quote.number(48, 2) } : null,
      body: readBody(new Cut(quote.at(start, end - start))),
      signature,
      attestationKey: data.at(64, 64),
      outer: version === 3 ? null : { type: data.number(128, 2) },
      qeReport: readEnclaveReport(new Cut(data.at(inner, 384))),
      qeReportSignature,
      authenticationData: { bytes: data.at(inner + 450, authSize) },
      certification,
      trailing: bytes.slice(end + 4 + size),
    },
    signedPart: quote.at(0, end),
    qeReport: data.at(inner, 384),
    signature,
    qeReportSignature,
    chain: readChain(certification.bytes),
  };
}

function readBody(body: Cut): TdReportFields | EnclaveReportFields {
  return body.bytes.length === 384 ? readEnclaveReport(body) : readTdReport(body);
}

function readTdReport(body: Cut): TdReportFields {
  assert.ok([584, 648].includes(body.bytes.length), `${body.bytes.length} bytes of body`);
  return {
    teeTcbSvn: body.at(0, 16),
    mrSeam: body.at(16, 48),
    mrSignerSeam: body.at(64, 48),
    seamAttributes: body.long(112, 8),
    tdAttributes: body.long(120, 8),
    xfam: body.long(128, 8),
    mrTd: body.at(136, 48),
    mrConfigId: body.at(184, 48),
    mrOwner: body.at(232, 48),
    mrOwnerConfig: body.at(280, 48),
    rtmrs: [body.at(328, 48), body.at(376, 48), body.at(424, 48), body.at(472, 48)],
    reportData: body.at(520, 64),
    added: body.bytes.length === 584
      ? null
      : { teeTcbSvn2: body.at(584, 16), mrServiceTd: body.at(600, 48) },
  };
}

function readEnclaveReport(report: Cut): EnclaveReportFields {
  return {
    cpuSvn: report.at(0, 16),
    miscSelect: report.number(16, 4),
    isvExtProdId: report.at(32, 16),
    flags: report.long(48, 8),
    xfrm: report.long(56, 8),
    mrEnclave: report.at(64, 32),
    mrSigner: report.at(128, 32),
    configId: report.at(192, 64),
    isvProdId: report.number(256, 2),
    isvSvn: report.number(258, 2),
    configSvn: report.number(260, 2),
    isvFamilyId: report.at(304, 16),
    reportData: report.at(320, 64),
  };
}

function readChain(bytes: Uint8Array): readonly string[] {
  const text = new TextDecoder().decode(bytes);
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}
