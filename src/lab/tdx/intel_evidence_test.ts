/**
 * Rebuilds Intel's own certificates, revocation lists and quotes byte for
 * byte, out of the lab's descriptions and of what other parsers say about
 * them: so the lab writes what Intel writes, not only what this project's
 * verifier likes.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromHex } from "../../core/bytes.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../core/x509_writer/certificate.ts";
import { writeCrl } from "../crl.ts";
import {
  crlDistributionPoints,
  dropExtension,
  LAB_MARK_OID,
  replaceExtension,
} from "../extension.ts";
import type { Name } from "../name.ts";
import { noOpenssl, openssl } from "../openssl_test.ts";
import {
  assertSame,
  EVIDENCE,
  noEvidence,
  readManifest,
  readReal,
  type Real,
  signatureOf,
} from "../real_test.ts";
import {
  describeIntelCa,
  describeIntelCrl,
  type IntelCaName,
  intelCrlUri,
  intelRevoked,
  type PckCa,
} from "./hierarchy.ts";
import { describePck, type PckFields, SGX_EXTENSION_OID } from "./pck.ts";
import { writeQuote } from "./quote.ts";
import { readQuote } from "./read_quote_test.ts";

/** A case of the manifest with a quote. */
interface QuoteCase {
  readonly tech: string;
  readonly id: string;
  readonly kind: string;
  readonly files: Readonly<Record<"quote" | "tcb_chain" | "pck_crl" | "root_crl", string>>;
}

const cases = (await readManifest<QuoteCase>()).filter(({ kind }) =>
  kind.startsWith("tdx-quote-") || kind.startsWith("sgx-quote-")
);

function read(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(file, EVIDENCE));
}

/** Runs a check over every real quote, of which there must be some. */
async function overCases(check: (found: QuoteCase, name: string) => Promise<void>): Promise<void> {
  assert.ok(cases.length >= 8, `${cases.length} quotes in the manifest`);
  for (const found of cases) await check(found, `${found.tech}/${found.id}`);
}

/** A name of the lab's with Intel's organization. */
function intel(name: Name): Name {
  return name.map((attribute) =>
    attribute.type === "2.5.4.10" ? { ...attribute, value: "Intel Corporation" } : attribute
  );
}

/** Intel's address of a list, where the lab has its own; older PCK certificates name version 3 of the PCS. */
function realUri(issuer: "root" | PckCa, { der }: Real): string {
  if (issuer === "root") {
    return "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der";
  }
  const [version = ""] = /\/v[34]\//.exec(new TextDecoder("latin1").decode(der)) ?? [];
  return intelCrlUri(issuer).replace("lab:", "https://api.trustedservices.intel.com/")
    .replace("/v4/", version);
}

/** A description of the lab's, with Intel's names, address and signature, and without the lab mark. */
function asIntel(
  description: CertificateDescription,
  issuer: "root" | PckCa,
  real: Real,
): CertificateDescription {
  const marked = replaceExtension(
    description.extensions,
    crlDistributionPoints(realUri(issuer, real)),
  );
  return {
    ...description,
    issuer: intel(description.issuer),
    subject: intel(description.subject),
    extensions: dropExtension(marked, LAB_MARK_OID),
    signature: real.signature,
  };
}

/** Which CA issued a chain. */
async function caOf(certificate: string): Promise<PckCa> {
  const { text } = await openssl(["x509", "-in", "it", "-noout", "-subject"], { it: certificate });
  return /Platform CA/.test(text) ? "platform" : "processor";
}

async function assertCa(member: IntelCaName, pemOfIt: string, root: Real): Promise<void> {
  const real = await readReal(pemOfIt, "P-256");
  const lab = await describeIntelCa({ member, key: real.key, root: root.key, now: real.notBefore });
  const { notAfter } = member === "root" ? real : lab;
  const description = { ...asIntel(lab, "root", real), notAfter };
  assertSame(await writeCertificate(description), real.der, member);
}

Deno.test({
  name: "describeIntelCa() says what Intel's certificates say: root, CAs, TCB signing",
  ignore: noEvidence || noOpenssl,
  fn: () =>
    overCases(async ({ files }) => {
      const [, ca = "", rootPem = ""] = readQuote(await read(files.quote)).chain;
      const root = await readReal(rootPem, "P-256");
      await assertCa("root", rootPem, root);
      await assertCa(await caOf(ca), ca, root);
      const chain = new TextDecoder().decode(await read(files.tcb_chain));
      await assertCa("tcbSigning", chain.slice(0, chain.indexOf("-----END") + 26), root);
    }),
});

/** What OpenSSL reads in Intel's extension: values by object identifier. */
async function sgxValues(certificate: Uint8Array): Promise<ReadonlyMap<string, string>> {
  const parse = ["asn1parse", "-inform", "DER", "-in", "it"];
  const { text } = await openssl(parse, { it: certificate });
  const [, at = ""] = new RegExp(`:${SGX_EXTENSION_OID}\\n *(\\d+):`).exec(text) ??
    assert.fail(text);
  const inner = await openssl([...parse, "-strparse", at], { it: certificate });
  const pairs = inner.text.matchAll(
    /OBJECT +:([\d.]+)\n.*prim: (?:INTEGER|ENUMERATED|BOOLEAN|OCTET STRING) *(?:\[HEX DUMP\])?:(\w+)/g,
  );
  return new Map([...pairs].map(([, id = "", value = ""]) => [id, value]));
}

async function readPck(certificate: Uint8Array): Promise<PckFields> {
  const values = await sgxValues(certificate);
  const at = (id: string): string =>
    values.get(`${SGX_EXTENSION_OID}.${id}`) ?? assert.fail(`${id} in ${[...values.keys()]}`);
  const svn = (id: string): number => Number(`0x${at(id)}`);
  const flag = (id: string): boolean => at(id) === "255";
  const multi = values.has(`${SGX_EXTENSION_OID}.6`);
  return {
    ppid: fromHex(at("1")),
    components: Array.from({ length: 16 }, (_, i) => svn(`2.${i + 1}`)),
    pceSvn: svn("2.17"),
    cpuSvn: fromHex(at("2.18")),
    pceId: fromHex(at("3")),
    fmspc: fromHex(at("4")),
    sgxType: svn("5"),
    platformInstanceId: multi ? fromHex(at("6")) : null,
    configuration: multi
      ? { dynamicPlatform: flag("7.1"), cachedKeys: flag("7.2"), smtEnabled: flag("7.3") }
      : null,
  };
}

Deno.test({
  name: "describePck() says what every real PCK certificate says, Intel's extension too",
  ignore: noEvidence || noOpenssl,
  fn: async () => {
    const issuers = new Set<PckCa>();
    await overCases(async ({ files }, name) => {
      const [leaf = "", caPem = ""] = readQuote(await read(files.quote)).chain;
      const [real, issuer] = [await readReal(leaf, "P-256"), await readReal(caPem, "P-256")];
      const ca = await caOf(caPem);
      issuers.add(ca);
      const description = await describePck({
        ca,
        key: real.key,
        issuerKey: issuer.key,
        fields: await readPck(real.der),
        now: real.notBefore,
      });
      const { serial } = real;
      const written = await writeCertificate({ ...asIntel(description, ca, real), serial });
      assertSame(written, real.der, name);
    });
    assert.deepEqual([...issuers].sort(), ["platform", "processor"]);
  },
});

/** What OpenSSL reads in a revocation list. */
async function readRealCrl(der: Uint8Array) {
  const facts = ["-lastupdate", "-nextupdate", "-dateopt", "iso_8601", "-text"];
  const { text } = await openssl(["crl", "-inform", "DER", "-in", "it", "-noout", ...facts], {
    it: der,
  });
  const date = (name: string): Date => {
    const [, said = ""] = new RegExp(`^${name}=(.+)$`, "m").exec(text) ?? assert.fail(text);
    return new Date(said.replace(" ", "T"));
  };
  const entries = text.matchAll(/Serial Number: (\w+)\n +Revocation Date: (.+ GMT)/g);
  return {
    thisUpdate: date("lastUpdate"),
    nextUpdate: date("nextUpdate"),
    revoked: [...entries].map(([, serial, at = ""]) =>
      intelRevoked(BigInt(`0x${serial}`), new Date(at))
    ),
  };
}

Deno.test({
  name: "describeIntelCrl() says what Intel's revocation lists say, with and without entries",
  ignore: noEvidence || noOpenssl,
  fn: async () => {
    const counts = new Set<boolean>();
    await overCases(async ({ files }, name) => {
      const [, ca = "", root = ""] = readQuote(await read(files.quote)).chain;
      const lists = [["root", root, files.root_crl], [await caOf(ca), ca, files.pck_crl]] as const;
      for (const [issuer, issuerPem, file] of lists) {
        const real = await read(file);
        const { thisUpdate, nextUpdate, revoked } = await readRealCrl(real);
        const { key } = await readReal(issuerPem, "P-256");
        const lab = await describeIntelCrl(issuer, key, thisUpdate);
        counts.add(revoked.length > 0);
        const description = {
          ...lab,
          issuer: intel(lab.issuer),
          nextUpdate,
          revoked,
          signature: await signatureOf(real),
        };
        assertSame(await writeCrl(description), real, `${name} ${issuer}`);
      }
    });
    assert.equal(counts.size, 2);
  },
});

Deno.test({
  name: "writeQuote() writes every real quote as Intel's quoting enclaves did: versions 3, 4, 5",
  ignore: noEvidence,
  fn: async () => {
    const versions = new Set<number>();
    await overCases(async ({ files }, name) => {
      const real = await read(files.quote);
      const { description } = readQuote(real);
      versions.add(description.header.version);
      assertSame(await writeQuote(description), real, name);
    });
    assert.deepEqual([...versions].sort(), [3, 4, 5]);
  },
});
