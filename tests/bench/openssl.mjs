// Verifies one signature many times with OpenSSL, through node:crypto of Node,
// and prints how long one took on average, ns: `node openssl.mjs QUESTION`,
// where QUESTION is JSON with hex of `spki`, `message` and `signature`, and
// `times`. Deno's own node:crypto is no OpenSSL.
import { createPublicKey, verify } from "node:crypto";
import process from "node:process";

const { spki, message, signature, times } = JSON.parse(process.argv[2]);
const [der, signed, value] = [spki, message, signature].map((hex) => Buffer.from(hex, "hex"));
// ECDSA's R and S stand one after the other; RSA does not look at the encoding.
const key = createPublicKey({ key: der, format: "der", type: "spki" });
const once = () => verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, value);

for (let i = 0; i < Math.min(times, 50); i++) once();
const start = process.hrtime.bigint();
for (let i = 0; i < times; i++) {
  if (!once()) throw new Error("the signature does not verify");
}
const took = process.hrtime.bigint() - start;
console.log(
  JSON.stringify({ nanoseconds: Number(took) / times, openssl: process.versions.openssl }),
);
