import assert from "node:assert/strict";
import { type CrlDescription, writeCrl } from "./crl.ts";
import {
  certificateIssuer,
  crlNumber,
  deltaCrlIndicator,
  issuingDistributionPoint,
} from "./extension.ts";
import { describeArk, describeCrl } from "./snp/amd_hierarchy.ts";
import { writeCertificate } from "../core/x509_writer/certificate.ts";
import { generateLabKey } from "./lab_key.ts";
import { labName } from "./name.ts";
import { noOpenssl, openssl } from "./openssl_test.ts";
import { pem } from "./pem.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const key = await generateLabKey("RSA-2048");
const ark = pem("CERTIFICATE", await writeCertificate(await describeArk("Genoa", key, NOW)));

/** What OpenSSL reads in a list, and whether its signature holds. */
async function show(change: Partial<CrlDescription> = {}): Promise<string> {
  const description = { ...await describeCrl("Genoa", "VCEK", key, NOW), ...change };
  const files = { ark, crl: pem("X509 CRL", await writeCrl(description)) };
  const { text } = await openssl([
    "crl",
    "-in",
    "crl",
    "-noout",
    "-text",
    "-verify",
    "-CAfile",
    "ark",
  ], files);
  return text;
}

Deno.test({
  name: "writeCrl() writes a list that openssl verifies and reads as described",
  ignore: noOpenssl,
  fn: async () => {
    const text = await show();
    assert.match(text, /verify OK/);
    assert.match(text, /Version 2/);
    assert.match(text, /Salt Length: 0x30/);
    assert.match(text, /Last Update: Nov 21 12:00:00 2026 GMT/);
    assert.match(text, /Next Update: Nov 21 12:00:00 2027 GMT/);
    assert.match(text, /CRL Number: *\n *1\n/);
    assert.match(
      text,
      /Issuing Distribution Point: critical\n *Full Name:\n *URI:lab:vcek\/v1\/Genoa\/crl/,
    );
    assert.match(text, /No Revoked Certificates/);
  },
});

Deno.test({
  name: "writeCrl() lists revoked certificates and extensions of entries",
  ignore: noOpenssl,
  fn: async () => {
    const issuer = certificateIssuer(labName("SEV-Genoa"));
    const text = await show({
      revoked: [{ serial: 0x20001n, at: NOW }, { serial: 0n, at: NOW, extensions: [issuer] }],
      extensions: [issuingDistributionPoint("lab:x", true), deltaCrlIndicator(4), crlNumber(5)],
    });
    assert.match(text, /verify OK/);
    assert.match(text, /Serial Number: 020001\n *Revocation Date: Nov 21 12:00:00 2026 GMT/);
    assert.match(
      text,
      /Serial Number: 00\n[^]*Certificate Issuer: critical\n *DirName:.*CN *= *SEV-Genoa/,
    );
    assert.match(text, /Indirect CRL/);
    assert.match(text, /Delta CRL Indicator: critical\n *4\n/);
  },
});

Deno.test({
  name: "writeCrl() leaves out nextUpdate, version 1 and empty lists",
  ignore: noOpenssl,
  fn: async () => {
    const text = await show({ version: 1, nextUpdate: null, extensions: [] });
    assert.match(text, /verify OK/);
    assert.match(text, /Version 1/);
    assert.match(text, /Next Update: NONE/);
    assert.doesNotMatch(text, /extensions/);
  },
});

Deno.test({
  name: "writeCrl() bends signer and signature so that openssl refuses the list",
  ignore: noOpenssl,
  fn: async () => {
    const other = await generateLabKey("RSA-2048");
    assert.match(await show({ signWith: other }), /verify failure/);
    assert.match(await show({ signature: new Uint8Array(256) }), /verify failure/);
  },
});
