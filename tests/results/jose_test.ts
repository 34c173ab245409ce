/**
 * Tokens and keys held against an independent library, npm `jose`: what this
 * project signs it verifies until it expires, what it signs this project
 * verifies, and keys are written alike.
 */
import assert from "node:assert/strict";
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importPKCS8,
  importSPKI,
  jwtVerify,
  SignJWT,
} from "jose";
import {
  generateSigningKey,
  keyPem,
  readSigningKey,
  SIGNING_KEY_KINDS,
} from "../../src/core/signing_key.ts";
import { earClaims, signResult } from "../../src/results/ear.ts";
import { examineToken } from "../../src/results/judge.ts";
import { jwkOf, readVerifierKeys } from "../../src/results/jwks.ts";
import { ALGORITHMS } from "../../src/results/jws.ts";
import { AUDIENCE, expectation, NOW, OPTIONS, realResult, verifierKey } from "./tokens.ts";

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

for (const kind of SIGNING_KEY_KINDS) {
  const [alg] = ALGORITHMS[kind];

  Deno.test(`jose verifies tokens of ${kind}, by key and by key set`, async () => {
    const key = await verifierKey(kind);
    const token = await signResult(await realResult(), key, OPTIONS);
    const terms = { audience: AUDIENCE, currentDate: NOW, algorithms: [alg], typ: "eat+jwt" };

    const byKey = await jwtVerify(
      token,
      await importSPKI(keyPem("PUBLIC KEY", key.publicKey.spki), alg),
      terms,
    );
    const set = createLocalJWKSet({ keys: [{ ...jwkOf(key.publicKey) }] });
    const bySet = await jwtVerify(token, set, terms);

    assert.deepEqual({ ...byKey.payload }, { ...earClaims(await realResult(), OPTIONS) });
    assert.deepEqual(byKey.payload, bySet.payload);
    assert.equal(byKey.protectedHeader.kid, key.publicKey.id);
    const late = new Date(NOW.getTime() + 300_000);
    await assert.rejects(jwtVerify(token, set, { ...terms, currentDate: late }), {
      code: "ERR_JWT_EXPIRED",
    });
  });

  Deno.test(`tokens that jose signs with ${kind} are verified, and refused once bent`, async () => {
    const { pkcs8, publicKey } = await generateSigningKey(kind);
    const claims = earClaims(await realResult(), OPTIONS);
    const signer = await importPKCS8(keyPem("PRIVATE KEY", pkcs8), alg);
    const token = await new SignJWT({ ...claims }).setProtectedHeader({ alg, typ: "eat+jwt" }).sign(
      signer,
    );

    assert.equal(
      (await examineToken(token, await expectation({ keys: [publicKey] }))).verdict,
      "trusted",
    );
    const other = (await readSigningKey((await generateSigningKey(kind)).pkcs8)).publicKey;
    await assert.rejects(examineToken(token, await expectation({ keys: [other] })), {
      code: "results.signature",
    });
  });

  Deno.test(`jwkOf() writes a key of ${kind} as jose does, and readVerifierKeys() reads both`, async () => {
    const { publicKey } = await verifierKey(kind);
    const theirs = await exportJWK(
      await importSPKI(keyPem("PUBLIC KEY", publicKey.spki), alg, { extractable: true }),
    );
    const ours = jwkOf(publicKey);

    assert.deepEqual(
      { ...theirs },
      Object.fromEntries(
        Object.entries(ours).filter(([name]) => ["kty", "crv", "x", "y"].includes(name)),
      ),
    );
    assert.equal(await calculateJwkThumbprint({ ...ours }), await calculateJwkThumbprint(theirs));
    for (
      const file of [ours, theirs, { keys: [theirs] }, {
        keys: [{ kty: "RSA", n: "AQAB", e: "AQAB" }, ours],
      }]
    ) {
      const [read] = await readVerifierKeys(json(file));
      assert.equal(read?.id, publicKey.id);
    }
    const [pem] = await readVerifierKeys(
      new TextEncoder().encode(keyPem("PUBLIC KEY", publicKey.spki)),
    );
    const [der] = await readVerifierKeys(publicKey.spki);
    assert.deepEqual([pem?.id, der?.id], [publicKey.id, publicKey.id]);
  });
}

Deno.test("readVerifierKeys() refuses keys that are no public keys of signers", async () => {
  const good = jwkOf((await verifierKey()).publicKey);
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const bad: readonly (readonly [string, unknown, string])[] = [
    ["a private key", await exportJWK(privateKey), "results.jwks"],
    ["a shared secret", { kty: "oct", k: "AAAA" }, "results.jwks"],
    ["a shared secret beside", { keys: [good, { kty: "oct", k: "AAAA" }] }, "results.jwks"],
    ["a key for encryption", { ...good, use: "enc" }, "results.jwks"],
    ["a key for other operations", { ...good, key_ops: ["sign"] }, "results.jwks"],
    ["a key for another algorithm", { ...good, alg: "ES384" }, "results.jwks"],
    ["a short coordinate", { ...good, x: good.x.slice(4) }, "results.jwks"],
    ["a coordinate with padding", { ...good, x: `${good.x}=` }, "results.jwks"],
    ["a point on no curve", { ...good, x: good.y }, "key.malformed"],
    ["another kind for the curve", { ...good, kty: "OKP" }, "results.jwks"],
    ["no coordinate", { ...good, y: undefined }, "results.jwks"],
    ["an empty set", { keys: [] }, "results.jwks"],
    ["a set that is none", { keys: good }, "results.jwks"],
    ["a set of no objects", { keys: ["x"] }, "results.jwks"],
    ["nothing", {}, "results.jwks"],
  ];
  for (const [what, file, code] of bad) {
    await assert.rejects(readVerifierKeys(json(file)), { code }, what);
  }
  const twice = `{"keys":[],"keys":[${JSON.stringify(good)}]}`;
  await assert.rejects(readVerifierKeys(new TextEncoder().encode(twice)), { code: "results.jwks" });
});
