import assert from "node:assert/strict";
import { concat, fromHex, toHex } from "../../core/bytes.ts";
import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import { addDays } from "../dates.ts";
import { dropExtension, LAB_MARK_OID } from "../extension.ts";
import { generateLabKey } from "../lab_key.ts";
import { noOpenssl, openssl } from "../openssl_test.ts";
import { createIntelAuthority } from "./authority.ts";
import { intelRevoked, intelSerial, type PckCa } from "./hierarchy.ts";
import { mintCollateral } from "./mint_collateral.ts";
import type { QuoteBodyKind, TdxBends } from "./options.ts";
import { SGX_OIDS, sgxEntries, sgxExtension } from "./pck.ts";
import { rawPublicKey } from "./quote.ts";
import type { EnclaveReportFields, TdReportFields } from "./quote_body.ts";
import { readQuote } from "./read_quote_test.ts";
import { type MintedTdx, mintTdx } from "./tdx.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const CAS: readonly PckCa[] = ["platform", "processor"];
const authority = await createIntelAuthority({ now: NOW });
const keys = { pck: await generateLabKey("P-256"), attestation: await generateLabKey("P-256") };

const LAYOUTS: readonly (readonly [number, QuoteBodyKind])[] = [
  [3, "sgx"],
  [4, "sgx"],
  [4, "tdx-1.0"],
  [5, "sgx"],
  [5, "tdx-1.0"],
  [5, "tdx-1.5"],
];

/** OpenSSL's opinion of a certificate of minted evidence, under its root alone. */
async function verify(
  minted: MintedTdx,
  target: "pck" | "tcbSigning" | "ca",
  ...more: readonly string[]
): Promise<string> {
  const [leaf = "", ca = "", root = ""] = readQuote(concat(minted.quote)).chain;
  const targets = { pck: leaf, ca, tcbSigning: minted.tcbChain };
  const args = ["verify", "-x509_strict", "-check_ss_sig", "-attime", `${NOW.getTime() / 1000}`];
  const lists = ["-CAfile", "root", "-untrusted", "ca", "-CRLfile", "lists"];
  const { text } = await openssl([...args, ...more, ...lists, "it"], {
    it: targets[target],
    ca,
    root,
    lists: minted.pckCrl + minted.rootCrl,
  });
  return text;
}

for (const ca of CAS) {
  Deno.test({
    name: `mintTdx() makes certificates of the ${ca} CA that openssl verifies but for the lab mark`,
    ignore: noOpenssl,
    fn: async () => {
      const minted = await mintTdx(authority, { now: NOW, ca });
      for (const target of ["pck", "ca", "tcbSigning"] as const) {
        const judged = await verify(minted, target, "-ignore_critical", "-crl_check_all");
        assert.match(judged, /it: OK/);
      }
      const refused = await verify(minted, "pck");
      for (const depth of [0, 1, 2]) {
        const [found] = refused.match(
          new RegExp(`error 34 at ${depth} depth lookup: unhandled critical extension`),
        ) ?? [];
        assert.ok(found, refused);
      }
    },
  });
}

Deno.test({
  name: "mintTdx() makes lists and certificates whose bends openssl names",
  ignore: noOpenssl,
  fn: async () => {
    const judged = async (bends: TdxBends, target: "pck" | "tcbSigning" = "pck") =>
      await verify(
        await mintTdx(authority, { now: NOW, keys, bends }),
        target,
        "-ignore_critical",
        "-crl_check_all",
      );
    const revoked = async (key: Parameters<typeof intelSerial>[0]) => ({
      revoked: [intelRevoked(await intelSerial(key), NOW)],
    });
    const { root, platform, tcbSigning } = authority;
    assert.match(await judged({ pckCrl: await revoked(keys.pck) }), /error 23 at 0 depth/);
    assert.match(await judged({ rootCrl: await revoked(platform.key) }), /error 23 at 1 depth/);
    assert.match(
      await judged({ rootCrl: await revoked(tcbSigning.key) }, "tcbSigning"),
      /error 23 at 0 depth/,
    );
    assert.match(await judged({ pckCrl: { signWith: root.key } }), /CRL signature failure/);
    assert.match(await judged({ rootCrl: { signWith: keys.pck } }), /CRL signature failure/);
    assert.match(await judged({ pckCrl: { nextUpdate: addDays(NOW, -1) } }), /CRL has expired/);
    assert.match(await judged({ pck: { signWith: root.key } }), /certificate signature failure/);
    assert.match(await judged({ ca: { notAfter: addDays(NOW, -1) } }), /certificate has expired/);
    assert.match(
      await judged({ tcbSigning: { notBefore: addDays(NOW, 1) } }, "tcbSigning"),
      /certificate is not yet valid/,
    );
    assert.match(await judged({ root: { signWith: platform.key } }), /signature failure/);
  },
});

Deno.test({
  name: "mintTdx() drops the lab mark on demand, from each certificate alone",
  ignore: noOpenssl,
  fn: async () => {
    const bends = {
      root: withoutMark,
      ca: withoutMark,
      pck: withoutMark,
      tcbSigning: withoutMark,
    };
    const clean = await mintTdx(authority, { now: NOW, ca: "processor", bends });
    assert.match(await verify(clean, "pck", "-crl_check_all"), /it: OK/);
    assert.match(await verify(clean, "tcbSigning", "-crl_check_all"), /it: OK/);
  },
});

/** The description without the lab mark. */
function withoutMark(description: CertificateDescription): CertificateDescription {
  return { ...description, extensions: dropExtension(description.extensions, LAB_MARK_OID) };
}

/** Whether a key verifies a signature of R and S, as WebCrypto has it. */
async function verifies(
  format: "raw" | "spki",
  key: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const read = await crypto.subtle.importKey(format, concat(key), algorithm, false, ["verify"]);
  const method = { name: "ECDSA", hash: "SHA-256" };
  return await crypto.subtle.verify(method, read, concat(signature), concat(message));
}

/** Text and signature of a document as the PCS serves it. */
function readDocument(document: string, member: string): readonly [Uint8Array, Uint8Array] {
  const [, text = "", signature = ""] =
    new RegExp(`^\\{"${member}":(.*),"signature":"([0-9a-f]{128})"\\}$`).exec(document) ??
      assert.fail(document);
  return [new TextEncoder().encode(text), fromHex(signature)];
}

for (const [version, body] of LAYOUTS) {
  Deno.test(`mintTdx() makes a ${body} quote of version ${version} whose signatures WebCrypto verifies`, async () => {
    const minted = await mintTdx(authority, { now: NOW, version, body, keys });
    const read = readQuote(concat(minted.quote));
    const { description: { header, attestationKey, authenticationData } } = read;
    const point = concat(Uint8Array.of(4), attestationKey);
    assert.ok(await verifies("raw", point, read.signature, read.signedPart));
    assert.ok(await verifies("spki", keys.pck.spki, read.qeReportSignature, read.qeReport));
    const bound = await crypto.subtle.digest(
      "SHA-256",
      concat(attestationKey, authenticationData.bytes),
    );
    const qeReportData = toHex(read.qeReport.subarray(320));
    assert.equal(qeReportData, toHex(new Uint8Array(bound)) + "00".repeat(32));
    assert.equal(header.version, version);
    assert.equal(header.teeType, body === "sgx" ? 0 : 0x81);
    const { tcbSigning: { key } } = authority;
    for (const member of ["tcbInfo", "enclaveIdentity"] as const) {
      const document = member === "tcbInfo" ? minted.tcbInfo : minted.qeIdentity;
      const [text, signature] = readDocument(document, member);
      assert.ok(await verifies("spki", key.spki, signature, text), member);
    }
  });
}

Deno.test("mintTdx() ends the chain in the quote with a NUL byte, and has the same root in every file", async () => {
  const minted = await mintTdx(authority, { now: NOW });
  const { description: { certification }, chain } = readQuote(concat(minted.quote));
  assert.equal(certification.bytes.at(-1), 0);
  assert.equal(certification.bytes.indexOf(0), certification.bytes.length - 1);
  assert.equal(chain.length, 3);
  assert.equal(`${chain[2]}\n`, minted.root);
  assert.ok(minted.tcbChain.endsWith(minted.root));
  assert.ok(minted.pckCrlChain.endsWith(minted.root));
  assert.ok(minted.pckCrlChain.startsWith(chain[1] ?? ""));
});

/** The body of a quote, if it is of a trust domain. */
function tdOf({ quote }: MintedTdx): TdReportFields {
  const { description: { body } } = readQuote(concat(quote));
  return body instanceof Uint8Array || !("mrTd" in body) ? assert.fail("no TD report") : body;
}

Deno.test("mintTdx() writes by default what an honest guest reports, and says what it wrote", async () => {
  const minted = await mintTdx(authority, { now: NOW, version: 5 });
  const td = tdOf(minted);
  assert.equal(td.tdAttributes, 1n << 28n);
  assert.equal(td.xfam, 0x602e7n);
  assert.equal(td.seamAttributes, 0n);
  assert.deepEqual(td.mrSignerSeam, new Uint8Array(48));
  assert.deepEqual(td.rtmrs[3], new Uint8Array(48));
  assert.deepEqual(td.rtmrs, minted.rtmrs);
  assert.deepEqual(td.mrTd, minted.mrTd);
  assert.deepEqual(td.reportData, minted.reportData);
  assert.deepEqual(td.added?.teeTcbSvn2, td.teeTcbSvn);
  assert.equal(new Set([td.mrTd, ...td.rtmrs].map(toHex)).size, 5);
});

Deno.test("mintTdx() writes what it is given", async () => {
  const filled = (value: number): Uint8Array => new Uint8Array(48).fill(value);
  const svn = (...svns: readonly number[]): Uint8Array =>
    Uint8Array.from({ length: 16 }, (_, i) => svns[i] ?? 0);
  const minted = await mintTdx(authority, {
    now: NOW,
    version: 5,
    reportData: Uint8Array.of(7),
    mrTd: filled(1),
    rtmrs: [filled(2), filled(3), filled(4), filled(5)],
    tdAttributes: 1n,
    xfam: 3n,
    teeTcbSvn: svn(1, 2),
    teeTcbSvn2: svn(3, 4),
    qeAuthenticationData: new Uint8Array(1000),
    bends: { body: (td) => ({ ...td, seamAttributes: 9n }) },
  });
  const td = tdOf(minted);
  assert.equal(toHex(td.reportData), "07" + "00".repeat(63));
  assert.deepEqual([td.mrTd, ...td.rtmrs], [1, 2, 3, 4, 5].map(filled));
  assert.deepEqual([td.tdAttributes, td.xfam, td.seamAttributes], [1n, 3n, 9n]);
  assert.deepEqual([td.teeTcbSvn, td.added?.teeTcbSvn2], [svn(1, 2), svn(3, 4)]);
  const { description: { authenticationData } } = readQuote(concat(minted.quote));
  assert.equal(authenticationData.bytes.length, 1000);
  await assert.rejects(
    mintTdx(authority, { now: NOW, reportData: new Uint8Array(65) }),
    RangeError,
  );
});

Deno.test("mintTdx() signs what was bent, and binds what was not", async () => {
  const minted = await mintTdx(authority, {
    now: NOW,
    keys,
    bends: { header: { qeVendor: new Uint8Array(16) }, qeReport: { isvSvn: 1 } },
  });
  const read = readQuote(concat(minted.quote));
  const { header, qeReport } = read.description;
  assert.deepEqual(header.qeVendor, new Uint8Array(16));
  assert.equal((qeReport as EnclaveReportFields).isvSvn, 1);
  const point = concat(Uint8Array.of(4), rawPublicKey(keys.attestation));
  assert.ok(await verifies("raw", point, read.signature, read.signedPart));
  assert.ok(await verifies("spki", keys.pck.spki, read.qeReportSignature, read.qeReport));
  const unbound = await mintTdx(authority, {
    now: NOW,
    keys,
    bends: { quote: { attestationKey: rawPublicKey(keys.pck), signature: keys.pck } },
  });
  assert.deepEqual(readQuote(concat(unbound.quote)).qeReport, read.qeReport.with(258, 6));
});

Deno.test({
  name: "mintTdx() certifies less under the Processor CA, and drops members on demand",
  ignore: noOpenssl,
  fn: async () => {
    const identifiers = async (minted: MintedTdx): Promise<string> => {
      const parse = ["asn1parse", "-inform", "DER", "-in", "it"];
      const { text } = await openssl(parse, { it: minted.der.pck });
      const [, at = ""] = /13\.1\n *(\d+):/.exec(text) ?? assert.fail(text);
      return (await openssl([...parse, "-strparse", at], { it: minted.der.pck })).text;
    };
    const platform = await identifiers(await mintTdx(authority, { now: NOW }));
    for (const id of Object.values(SGX_OIDS)) assert.ok(platform.includes(`:${id}\n`), id);
    const processor = await identifiers(await mintTdx(authority, { now: NOW, ca: "processor" }));
    assert.doesNotMatch(processor, /13\.1\.[67]/);
    assert.match(processor, /13\.1\.5\n.*ENUMERATED +:00/);
    const minted = await mintTdx(authority, { now: NOW });
    const entries = sgxEntries(minted.pck).filter(({ oid }) => oid !== SGX_OIDS.fmspc);
    const bent = await mintTdx(authority, {
      now: NOW,
      bends: { pck: (pck) => ({ ...pck, extensions: [sgxExtension(entries)] }) },
    });
    assert.doesNotMatch(await identifiers(bent), /13\.1\.4\n/);
  },
});

Deno.test("mintCollateral() makes collateral that several quotes are minted with", async () => {
  const collateral = await mintCollateral(authority, { now: NOW, tcbStatus: "OutOfDate" });
  const first = await mintTdx(authority, { now: NOW, collateralFrom: collateral });
  const second = await mintTdx(authority, { now: NOW, version: 5, collateralFrom: first });
  for (const { tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl } of [first, second]) {
    assert.deepEqual(
      { tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl },
      {
        tcbInfo: collateral.tcbInfo,
        qeIdentity: collateral.qeIdentity,
        tcbChain: collateral.tcbChain,
        pckCrl: collateral.pckCrl,
        rootCrl: collateral.rootCrl,
      },
    );
  }
  assert.deepEqual(second.der.rootCrl, collateral.der.rootCrl);
  assert.notDeepEqual(first.quote, second.quote);
});
