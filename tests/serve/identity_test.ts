/**
 * Certificates and keys that a server can show, and those that it refuses before a client
 * meets them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import { connect } from "node:tls";
import { checkIdentity } from "../../src/hosts/server/identity.ts";
import { listen } from "../../src/hosts/server/listen.ts";
import { makeIdentity, ownKey, type PemIdentity } from "./identity.ts";

const identityOf = ({ certificate, key }: PemIdentity) => ({
  certificate: new TextEncoder().encode(certificate),
  key: new TextEncoder().encode(key),
});

const ec = (namedCurve: string): KeyPairKeyObjectResult =>
  generateKeyPairSync("ec", { namedCurve });
const rsa = (modulusLength: number): KeyPairKeyObjectResult =>
  generateKeyPairSync("rsa", { modulusLength });

/** Resolves when a handshake is done; who vouches for the certificate is not asked. */
function shaken(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}

Deno.test("checkIdentity() takes the keys that clients are shown, and a server shows them", async () => {
  const taken = [ec("P-256"), ec("P-384"), ec("P-521"), rsa(2048), generateKeyPairSync("ed25519")];
  for (const pair of taken) {
    const identity = await makeIdentity("localhost", ownKey(pair));
    const tls = identityOf(identity);
    checkIdentity(tls);
    const running = await listen({
      hostname: "127.0.0.1",
      port: 0,
      tls,
      handle: () => Promise.resolve(new Response("shown")),
      listening: () => {},
    });
    await shaken(Number(new URL(running.url).port));
    await running.drain();
  }
});

Deno.test("checkIdentity() refuses keys that no handshake is signed with", async () => {
  const refused: readonly (readonly [KeyPairKeyObjectResult, RegExp])[] = [
    [ec("secp256k1"), /secp256k1/],
    [rsa(1024), /RSA of 1024 bits/],
    [generateKeyPairSync("ed448"), /ed448/],
    [generateKeyPairSync("x25519"), /x25519/],
  ];
  for (const [pair, message] of refused) {
    const identity = await makeIdentity("localhost", ownKey(pair));
    assert.throws(() => checkIdentity(identityOf(identity)), { code: "key.wrong_kind", message });
  }
});

Deno.test("checkIdentity() refuses what is none, also above the first certificate", async () => {
  const [own, other] = [await makeIdentity("own"), await makeIdentity("other")];
  const none = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const wrong: readonly (readonly [PemIdentity, string])[] = [
    [{ ...own, certificate: "" }, "input.wrong_kind"],
    [{ ...own, certificate: own.key }, "input.wrong_kind"],
    [{ ...own, certificate: own.certificate + none }, "input.wrong_kind"],
    [{ ...own, certificate: none + own.certificate }, "input.wrong_kind"],
    [{ ...own, key: "" }, "key.malformed"],
    [{ ...own, key: own.certificate }, "key.malformed"],
    [{ ...own, key: other.key }, "key.wrong_kind"],
    // The certificate of the server comes first (RFC 8446 §4.4.2).
    [{ ...own, certificate: other.certificate + own.certificate }, "key.wrong_kind"],
  ];
  for (const [identity, code] of wrong) {
    assert.throws(() => checkIdentity(identityOf(identity)), { code });
  }
  checkIdentity(identityOf({ ...own, certificate: own.certificate + other.certificate }));
});
