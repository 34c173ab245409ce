import assert from "node:assert/strict";
import { frame } from "../../../core/bytes.ts";
import type { CrlDescription } from "../../../lab/crl.ts";
import {
  basicConstraints,
  crlDistributionPoints,
  deltaCrlIndicator,
  issuingDistributionPoint,
  replaceExtension,
  strictKeyUsage,
} from "../../../lab/extension.ts";
import { ecdsa, rsaPkcs1 } from "../../../lab/signature.ts";
import type { CertifiedKey } from "../report.ts";
import {
  AK_EXTENSIONS,
  anchor,
  days,
  foreign,
  mark,
  mintAk,
  mintCrl,
  mintIssuer,
  mintRoot,
  moment,
  name,
  NOW,
  rootKey,
  SHA1_RSA,
  URI,
} from "./authority_test.ts";
import { rsa } from "./keys_test.ts";
import { refused, run } from "./marshal_test.ts";

const root = await mintRoot();
const issuer = await mintIssuer();
const ak = await mintAk();
const trusted = await anchor(root, rootKey);

function certify(
  crls: readonly Uint8Array[],
  files: readonly Uint8Array[] = [ak, issuer, root],
  now = NOW,
): Promise<CertifiedKey> {
  const [kind, key] = [new TextEncoder().encode("AK"), new Uint8Array()];
  return run(
    "tpm_certificate",
    kind,
    frame(files),
    frame(crls),
    frame([trusted]),
    key,
    moment(now),
  );
}

/** A list of the root. */
function mintRootCrl(bent: Partial<CrlDescription> = {}): Promise<Uint8Array> {
  return mintCrl({ issuer: name("root"), algorithm: ecdsa("SHA-256"), signWith: rootKey, ...bent });
}

Deno.test("revocation is checked where each certificate with a point is covered", async () => {
  const found = await certify([await mintCrl()]);
  assert.equal(found.revocationChecked, true);
  assert.deepEqual(found.revocationLists, [{
    issuer: "CN=issuer",
    thisUpdate: "2026-01-01T03:04:05Z",
    nextUpdate: "2026-01-03T03:04:05Z",
    entries: 1,
  }]);

  assert.equal((await certify([await mintRootCrl()])).revocationChecked, false);
  assert.equal((await certify([await mintRootCrl(), await mintCrl()])).revocationChecked, true);
});

Deno.test("a list revokes what its issuer certified on the path, and nothing of others", async () => {
  const of = (serial: bigint) => ({ revoked: [{ serial, at: days(-2) }] });
  assert.deepEqual(await refused("tpm.revoked", certify([await mintCrl(of(3n))])), {
    input: "ak-cert-crl",
    certificate: "AK",
    serial: "03",
    date: "2025-12-31T03:04:05Z",
  });
  const { certificate } = await refused("tpm.revoked", certify([await mintRootCrl(of(2n))]));
  assert.equal(certificate, "CA");
  // Serial numbers of other issuers, and of the root itself.
  await certify([await mintCrl(of(2n)), await mintRootCrl(of(3n)), await mintRootCrl(of(1n))]);
});

Deno.test("a list of one distribution point covers only who names it", async () => {
  await certify([await mintCrl({ extensions: [issuingDistributionPoint(URI)] })]);
  const elsewhere = issuingDistributionPoint(`${URI}2`);
  await refused("tpm.crl_shape", certify([await mintCrl({ extensions: [elsewhere] })]));
  await refused(
    "tpm.crl_shape",
    certify([await mintRootCrl({ extensions: [issuingDistributionPoint(URI)] })]),
  );
  const other = replaceExtension(AK_EXTENSIONS, crlDistributionPoints(`${URI}2`));
  const files = [await mintAk({ extensions: other }), issuer, root];
  await certify([await mintCrl({ extensions: [elsewhere] })], files);
});

Deno.test("lists that are not whole or not understood are refused", async () => {
  const bad: readonly Partial<CrlDescription>[] = [
    { extensions: [deltaCrlIndicator(1)] },
    { extensions: [issuingDistributionPoint(URI, true)] },
    { extensions: [foreign(true)] },
    { revoked: [{ serial: 99n, at: days(-2), extensions: [foreign(true)] }] },
    { nextUpdate: null },
    { nextUpdate: days(-3) },
    { version: 1 },
  ];
  for (const bent of bad) await refused("tpm.crl_shape", certify([await mintCrl(bent)]));
});

Deno.test("lists of others are refused, and of authorities that may not sign them", async () => {
  const fields = await refused("tpm.crl_issuer", certify([await mintCrl({ issuer: name("x") })]));
  assert.deepEqual(fields, { input: "ak-cert-crl", actual: "CN=x" });
  const extensions = [basicConstraints(true, 0), strictKeyUsage("keyCertSign"), mark];
  const files = [ak, await mintIssuer({ extensions }), root];
  await refused("tpm.crl_issuer", certify([await mintCrl()], files));
});

Deno.test("lists that their issuer did not sign are refused", async () => {
  await refused("tpm.crl_signature", certify([await mintCrl({ signWith: rsa })]));
  await refused(
    "tpm.crl_signature",
    certify([await mintRootCrl({ algorithm: rsaPkcs1(), signWith: rsa })]),
  );
  await refused("tpm.crl_signature", certify([await mintCrl({ algorithm: SHA1_RSA })]));
});

Deno.test("lists are compared with the moment, both ends included, before certificates", async () => {
  const crl = [await mintCrl()];
  await certify(crl, undefined, days(1));
  await certify(crl, undefined, days(-1));
  await refused("tpm.crl_expired", certify(crl, undefined, days(2)));
  await refused("tpm.crl_not_yet_valid", certify(crl, undefined, days(-2)));
  await refused("tpm.crl_expired", certify(crl, undefined, days(20)));
});

Deno.test("lists that are no lists, and too many of them, are refused", async () => {
  const crl = await mintCrl();
  await refused("x509.crl_malformed", certify([crl.subarray(0, -1)]));
  await refused("input.wrong_kind", certify([root]));
  await refused("input.empty", certify([new Uint8Array()]));
  const many = Array.from({ length: 9 }, () => crl);
  assert.deepEqual(await refused("input.too_large", certify(many)), {
    input: "ak-cert-crl",
    limit: "8 lists",
    actual: "9 lists",
  });
});
