/**
 * Test support: real evidence of vendors, and what OpenSSL says about it.
 * Holds no tests of its own.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromBase64, toHex } from "../core/bytes.ts";
import type { LabKey, LabKeyKind } from "./lab_key.ts";
import { openssl } from "./openssl_test.ts";

/** Folder of the real evidence; it lies outside of this repository. */
export const EVIDENCE: URL = new URL("../../../shared/evidence/", import.meta.url);

/** Whether there is none; said once. */
export const noEvidence: boolean = !(await exists(new URL("MANIFEST.json", EVIDENCE)));
if (noEvidence) {
  console.warn("ignored: tests against vendors' own evidence, ../shared/evidence is absent");
}

async function exists(file: URL): Promise<boolean> {
  try {
    await Deno.stat(file);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The cases of the manifest, none where there is no evidence; a fixed file, so of whatever shape the caller says. */
export async function readManifest<Case>(): Promise<readonly Case[]> {
  if (noEvidence) return [];
  return JSON.parse(await Deno.readTextFile(new URL("MANIFEST.json", EVIDENCE)));
}

/** Compares long byte strings and shows only where they part. */
export function assertSame(actual: Uint8Array, expected: Uint8Array, what: string): void {
  const at = actual.findIndex((byte, i) => byte !== expected[i]);
  const around = (bytes: Uint8Array): string =>
    toHex(bytes.subarray(Math.max(0, at - 16), at + 16));
  assert.ok(at < 0, `${what} at ${at}: ${around(actual)}, expected ${around(expected)}`);
  assert.equal(actual.length, expected.length, what);
}

/** A real certificate and what OpenSSL says about it. */
export interface Real {
  readonly der: Uint8Array;
  /** Its public key; the private half is empty. */
  readonly key: LabKey;
  readonly serial: bigint;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Contents of its signature value. */
  readonly signature: Uint8Array;
}

const FACTS = ["-noout", "-serial", "-startdate", "-enddate", "-dateopt", "iso_8601", "-pubkey"];

/**
 * Asks OpenSSL about a certificate.
 *
 * @param certificate PEM or DER.
 * @param kind Kind of its key.
 */
export async function readReal(certificate: Uint8Array | string, kind: LabKeyKind): Promise<Real> {
  const files = { it: certificate };
  const [der, facts] = await Promise.all([
    openssl(["x509", "-in", "it", "-outform", "DER"], files),
    openssl(["x509", "-in", "it", ...FACTS], files),
  ]);
  assert.ok(der.ok && facts.ok, facts.text);
  const said = (pattern: RegExp): string =>
    pattern.exec(facts.text)?.[1] ?? assert.fail(`${pattern} in ${facts.text}`);
  const spki = fromBase64(said(/PUBLIC KEY-----([^-]+)-----END/).replaceAll("\n", ""));
  return {
    der: der.stdout,
    key: { kind, pkcs8: new Uint8Array(), spki },
    serial: BigInt(`0x${said(/serial=(\w+)/)}`),
    notBefore: new Date(said(/notBefore=(.+)/).replace(" ", "T")),
    notAfter: new Date(said(/notAfter=(.+)/).replace(" ", "T")),
    signature: await signatureOf(der.stdout),
  };
}

/**
 * Contents of the signature value of a certificate or revocation list: the last BIT STRING.
 *
 * @param der DER of it.
 */
export async function signatureOf(der: Uint8Array): Promise<Uint8Array> {
  const { text } = await openssl(["asn1parse", "-inform", "DER", "-in", "it"], { it: der });
  const last = text.trim().split("\n").at(-1) ?? "";
  const [, length] = /d=1 +hl=\d+ l= *(\d+) prim: BIT STRING/.exec(last) ?? assert.fail(last);
  return der.subarray(der.length - Number(length) + 1);
}
