#!/usr/bin/env node
// Node's WebCrypto and node:crypto, which are OpenSSL's, as an oracle: answers
// each line of its input with one line, both JSON, bytes as base64.
//
//   {"op": "verify", "scheme": "p256-raw", "items": [{"key", "message", "signature"}]}   valid or not, in order
//   {"op": "generate"}                                          an RSA key: pkcs8, spki and modulus, base64
//   {"op": "raw", "pkcs8": "…", "blocks": ["…"]}                each block to the private exponent
import { Buffer } from "node:buffer";
import * as crypto from "node:crypto";
import process from "node:process";
import { createInterface } from "node:readline";

const { subtle } = crypto.webcrypto;
const bytes = (text) => Buffer.from(text, "base64");

const ECDSA = {
  p256: { namedCurve: "P-256", hash: "SHA-256" },
  p384: { namedCurve: "P-384", hash: "SHA-384" },
};

async function verifyWith(algorithm, parameters, { key, message, signature }) {
  const imported = await subtle.importKey("spki", bytes(key), algorithm, false, ["verify"]);
  return await subtle.verify(parameters, imported, bytes(signature), bytes(message));
}

/** WebCrypto has no signatures in DER; OpenSSL is asked past it. */
function verifyDer(hash, { key, message, signature }) {
  const spki = crypto.createPublicKey({ key: bytes(key), format: "der", type: "spki" });
  const options = { key: spki, dsaEncoding: "der" };
  return crypto.verify(hash, bytes(message), options, bytes(signature));
}

async function verify(scheme, item) {
  if (scheme === "pss") {
    const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
    return await verifyWith(algorithm, { name: "RSA-PSS", saltLength: 48 }, item);
  }
  const [curve, form] = scheme.split("-");
  const { namedCurve, hash } = ECDSA[curve];
  if (form === "der") return verifyDer(hash, item);
  return await verifyWith({ name: "ECDSA", namedCurve }, { name: "ECDSA", hash }, item);
}

function generate() {
  const pair = crypto.generateKeyPairSync("rsa", { modulusLength: 4096 });
  const base64 = (key, type) => key.export({ format: "der", type }).toString("base64");
  const { n } = pair.publicKey.export({ format: "jwk" });
  const modulus = Buffer.from(n, "base64url").toString("base64");
  return { pkcs8: base64(pair.privateKey, "pkcs8"), spki: base64(pair.publicKey, "spki"), modulus };
}

function raw(pkcs8, blocks) {
  const key = crypto.createPrivateKey({ key: bytes(pkcs8), format: "der", type: "pkcs8" });
  const options = { key, padding: crypto.constants.RSA_NO_PADDING };
  return blocks.map((block) => crypto.privateEncrypt(options, bytes(block)).toString("base64"));
}

async function answer({ op, scheme, items, pkcs8, blocks }) {
  switch (op) {
    case "verify":
      return await Promise.all(items.map((item) => verify(scheme, item)));
    case "generate":
      return generate();
    case "raw":
      return raw(pkcs8, blocks);
    default:
      throw new Error(`unknown: ${op}`);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
