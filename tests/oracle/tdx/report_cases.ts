/**
 * Quotes that say other things and are signed rightly: header, body, and the
 * report of the quoting enclave against its identity.
 *
 * @module
 */

import { concat } from "../../../src/core/bytes.ts";
import { type QeIdentity, signQuote, type TcbInfo } from "../../../src/lab/mod.ts";
import { changed, type TdxCase } from "./case.ts";
import { keys, labCase, type LabOptions } from "./lab.ts";
import { type Field, fieldsOf, turned } from "./quote.ts";

/** Bits turned in each signed field. */
const FLIPS = 6;

/** All cases. */
export async function reportCases(): Promise<readonly TdxCase[]> {
  const named = Object.entries({ ...identityBends(), ...reportBends(), ...bodyBends() });
  const minted = await Promise.all(
    named.map(([what, options]) => labCase(`report/${what}`, options)),
  );
  const turnedAndSigned = await Promise.all([3, 4, 5].map(signedBitCases));
  return [...minted, ...turnedAndSigned.flat()];
}

/** One quote with single bits turned in what the keys sign, and signed anew. */
async function signedBitCases(version: number): Promise<readonly TdxCase[]> {
  const base = await labCase(`report/signed-bit/v${version}`, { version });
  const { quote } = base.input;
  const signed = fieldsOf(quote).filter(({ name }) =>
    /^(header|descriptor|body|qeReport)\./.test(name)
  );
  const cases = signed.flatMap((field) =>
    bitsOf(field).map(async (bit): Promise<TdxCase> => {
      const bent = turned(quote, field.at * 8 + bit);
      // Where the layout itself changed, there is no place for the signatures any more.
      const again = await signQuote(bent, keys).catch(() => bent);
      return changed(base, `${field.name}/${bit}`, { quote: again });
    })
  );
  return await Promise.all(cases);
}

/** Bits of small fields, and some spread over large ones. */
function bitsOf({ size }: Field): readonly number[] {
  const bits = size * 8;
  const step = Math.max(1, bits / (size <= 16 ? 4 * FLIPS : FLIPS));
  return [...new Set(Array.from({ length: bits }, (_, i) => Math.floor(i * step)))]
    .filter((bit) => bit < bits);
}

type Options = Readonly<Record<string, LabOptions>>;

/** What the identity of the quoting enclave says. */
function identityBends(): Options {
  const bent = (change: Partial<QeIdentity>): LabOptions => ({ bends: { qeIdentity: change } });
  const svns = (...list: readonly (readonly [number, string])[]): LabOptions => ({
    bends: {
      qeIdentity: (identity) => ({
        ...identity,
        tcbLevels: list.map(([isvsvn, tcbStatus]) => ({
          tcb: { isvsvn },
          tcbDate: "2025-01-01T00:00:00Z",
          tcbStatus,
        })),
      }),
    },
  });
  const open = "00".repeat(16);
  return {
    "identity/other-signer": bent({ mrsigner: "01".repeat(32) }),
    "identity/other-product": bent({ isvprodid: 3 }),
    "identity/product-0": bent({ isvprodid: 0 }),
    "identity/other-misc-select": bent({ miscselect: "01000000" }),
    "identity/misc-select-open": bent({ miscselectMask: "00000000" }),
    "identity/misc-select-beyond-mask": bent({
      miscselect: "01000000",
      miscselectMask: "00000000",
    }),
    "identity/other-attributes": bent({
      attributes: `15${open.slice(2)}`,
      attributesMask: `FB${open.slice(2)}`,
    }),
    "identity/attributes-exact": bent({
      attributes: "1500000000000000E700000000000000",
      attributesMask: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
    }),
    "identity/attributes-open": bent({ attributes: open, attributesMask: open }),
    "identity/attributes-beyond-mask": bent({
      attributes: `10${open.slice(2)}`,
      attributesMask: open,
    }),
    "identity/svn-above": svns([7, "UpToDate"]),
    "identity/svn-equal": svns([6, "UpToDate"]),
    "identity/svn-below": svns([5, "UpToDate"]),
    "identity/svn-second": svns([7, "UpToDate"], [6, "OutOfDate"], [1, "Revoked"]),
    "identity/svn-reversed": svns([1, "Revoked"], [6, "OutOfDate"], [7, "UpToDate"]),
    "identity/svn-same-twice": svns([6, "OutOfDate"], [6, "UpToDate"]),
    "identity/svn-none": svns(),
    "identity/svn-65535": svns([65535, "UpToDate"], [6, "OutOfDate"]),
    "identity/svn-65536": svns([65536, "UpToDate"], [6, "OutOfDate"]),
  };
}

/** What the report of the quoting enclave says. */
function reportBends(): Options {
  const open: Partial<QeIdentity> = {
    attributes: "00".repeat(16),
    attributesMask: "00".repeat(16),
  };
  return {
    "qe/debug": { bends: { qeReport: { flags: 0x17n } } },
    "qe/debug-masked": { bends: { qeReport: { flags: 0x17n }, qeIdentity: open } },
    "qe/not-initialized": { bends: { qeReport: { flags: 0x14n } } },
    "qe/not-initialized-masked": { bends: { qeReport: { flags: 0x14n }, qeIdentity: open } },
    "qe/no-provision-key": { bends: { qeReport: { flags: 0x5n } } },
    "qe/mode-32": { bends: { qeReport: { flags: 0x11n } } },
    "qe/other-xfrm": { bends: { qeReport: { xfrm: 3n } } },
    "qe/misc-select": { bends: { qeReport: { miscSelect: 1 } } },
    "qe/svn-5": { bends: { qeReport: { isvSvn: 5 } } },
    "qe/svn-0": { bends: { qeReport: { isvSvn: 0 } } },
    "qe/svn-7": { bends: { qeReport: { isvSvn: 7 } } },
    "qe/svn-65535": { bends: { qeReport: { isvSvn: 65535 } } },
    "qe/other-signer": { bends: { qeReport: { mrSigner: new Uint8Array(32) } } },
    "qe/product-1": { bends: { qeReport: { isvProdId: 1 } } },
    "qe/product-258": { bends: { qeReport: { isvProdId: 258 } } },
    "qe/report-data-longer": {
      bends: {
        qeReport: (report) => ({
          ...report,
          reportData: concat(report.reportData.subarray(0, 63), Uint8Array.of(1)),
        }),
      },
    },
    "qe/report-data-zero": { bends: { qeReport: { reportData: new Uint8Array(64) } } },
    ...Object.fromEntries([0, 1, 31, 33, 64, 1000].map((size) => [
      `qe/authentication-data-${size}`,
      { qeAuthenticationData: new Uint8Array(size) },
    ])),
    "qe/signed-by-attestation-key": { bends: { quote: { qeReportSignature: keys.attestation } } },
    "qe/quote-signed-by-pck": { bends: { quote: { signature: keys.pck } } },
  };
}

/** What the body says of module and TD. */
function bodyBends(): Options {
  const module = (
    seamAttributes: bigint,
    attributes: string,
    attributesMask: string,
    version: number,
  ): LabOptions => {
    const bent = { mrsigner: "00".repeat(48), attributes, attributesMask };
    const tcbInfo = (info: TcbInfo): TcbInfo => ({
      ...info,
      tdxModule: bent,
      tdxModuleIdentities: (info.tdxModuleIdentities ?? []).map((one) => ({ ...one, ...bent })),
    });
    const teeTcbSvn = Uint8Array.of(6, version, 3, ...new Uint8Array(13));
    return { teeTcbSvn, bends: { tcbInfo, body: { seamAttributes } } };
  };
  const [zeros, ones, one] = ["00".repeat(8), "FF".repeat(8), `01${"00".repeat(7)}`];
  const seam = [0, 1].flatMap((version) =>
    [
      [`seam/v${version}/set-and-expected`, module(1n, one, ones, version)],
      [`seam/v${version}/set-not-expected`, module(1n, zeros, ones, version)],
      [`seam/v${version}/expected-not-set`, module(0n, one, ones, version)],
      [`seam/v${version}/set-beyond-mask`, module(2n, one.replace("01", "00"), one, version)],
      [`seam/v${version}/mask-open`, module(1n, zeros, zeros, version)],
      [`seam/v${version}/expected-beyond-mask`, module(0n, one, zeros, version)],
    ] as const
  );
  return {
    ...Object.fromEntries(seam),
    "body/other-module-signer": { bends: { body: { mrSignerSeam: new Uint8Array(48).fill(1) } } },
    "body/debug": { tdAttributes: 1n | 1n << 28n },
    "body/profiled": { tdAttributes: 1n << 4n | 1n << 28n },
    "body/migratable": { tdAttributes: 1n << 29n | 1n << 28n },
    "body/no-attributes": { tdAttributes: 0n },
    "body/reserved-attributes": { tdAttributes: 1n << 40n | 1n << 28n },
    "body/all-attributes": { tdAttributes: (1n << 64n) - 1n },
    "body/service-td": {
      version: 5,
      bends: {
        body: (body) => ({
          ...body,
          added: { teeTcbSvn2: body.teeTcbSvn, mrServiceTd: new Uint8Array(48).fill(1) },
        }),
      },
    },
    ...Object.fromEntries(
      ([["tdx-1.0", 5], ["sgx", 4], ["sgx", 5]] as const).map(([body, version]) => [
        `body/${body}-in-version-${version}`,
        { body, version },
      ]),
    ),
  };
}
