/** RFC 9180, Appendix A.1: the package below `hpke.ts`, with the RFC's own ephemeral keys. */
import assert from "node:assert/strict";
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { fromHex, toHex } from "../../src/core/bytes.ts";

const INFO = fromHex("4f6465206f6e2061204772656369616e2055726e");
const PLAIN = fromHex("4265617574792069732074727574682c20747275746820626561757479");

interface Vector {
  readonly section: string;
  readonly ikmE: string;
  readonly ikmR: string;
  readonly ikmS: string | null;
  readonly enc: string;
  readonly pkRm: string;
  readonly pkSm: string | null;
  /** By sequence number, from 0; the additional data is `Count-` and the number. */
  readonly ciphertexts: readonly string[];
  /** Of the empty context, 32 bytes. */
  readonly exported: string;
}

const VECTORS: readonly Vector[] = [
  {
    section: "A.1.1, mode_base",
    ikmE: "7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234",
    ikmR: "6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037",
    ikmS: null,
    enc: "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
    pkRm: "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
    pkSm: null,
    ciphertexts: [
      "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
    ],
    exported: "3853fe2b4035195a573ffc53856e77058e15d9ea064de3e59f4961d0095250ee",
  },
  {
    section: "A.1.3, mode_auth",
    ikmE: "6e6d8f200ea2fb20c30b003a8b4f433d2f4ed4c2658d5bc8ce2fef718059c9f7",
    ikmR: "f1d4a30a4cef8d6d4e3b016e6fd3799ea057db4f345472ed302a67ce1c20cdec",
    ikmS: "94b020ce91d73fca4649006c7e7329a67b40c55e9e93cc907d282bbbff386f58",
    enc: "23fb952571a14a25e3d678140cd0e5eb47a0961bb18afcf85896e5453c312e76",
    pkRm: "1632d5c2f71c2b38d0a8fcc359355200caa8b1ffdf28618080466c909cb69b2e",
    pkSm: "8b0c70873dc5aecb7f9ee4e62406a397b350e57012be45cf53b7105ae731790b",
    ciphertexts: [
      "5fd92cc9d46dbf8943e72a07e42f363ed5f721212cd90bcfd072bfd9f44e06b80fd17824947496e21b680c141b",
      "d3736bb256c19bfa93d79e8f80b7971262cb7c887e35c26370cfed62254369a1b52e3d505b79dd699f002bc8ed",
      "122175cfd5678e04894e4ff8789e85dd381df48dcaf970d52057df2c9acc3b121313a2bfeaa986050f82d93645",
    ],
    exported: "28c70088017d70c896a8420f04702c5a321d9cbf0279fba899b59e51bac72c85",
  },
];

function suite(): CipherSuite {
  return new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes128Gcm(),
  });
}

async function pairOf(ikm: string): Promise<CryptoKeyPair> {
  return await suite().kem.deriveKeyPair(fromHex(ikm));
}

for (const vector of VECTORS) {
  Deno.test(`HPKE gives what RFC 9180 ${vector.section} does, at both ends`, async () => {
    const [ephemeral, recipient] = await Promise.all([pairOf(vector.ikmE), pairOf(vector.ikmR)]);
    const own = vector.ikmS === null ? null : await pairOf(vector.ikmS);
    assert.equal(await raw(recipient.publicKey), vector.pkRm);
    assert.equal(own === null ? null : await raw(own.publicKey), vector.pkSm);

    const sender = await suite().createSenderContext({
      recipientPublicKey: recipient.publicKey,
      info: INFO,
      ekm: ephemeral,
      ...(own === null ? {} : { senderKey: own }),
    });
    const receiver = await suite().createRecipientContext({
      recipientKey: recipient,
      enc: fromHex(vector.enc),
      info: INFO,
      ...(own === null ? {} : { senderPublicKey: own.publicKey }),
    });
    assert.equal(hex(sender.enc), vector.enc);
    for (const [sequence, expected] of vector.ciphertexts.entries()) {
      const aad = new TextEncoder().encode(`Count-${sequence}`);
      assert.equal(hex(await sender.seal(PLAIN, aad)), expected);
      assert.equal(hex(await receiver.open(fromHex(expected), aad)), toHex(PLAIN));
    }
    for (const end of [sender, receiver]) {
      assert.equal(hex(await end.export(new Uint8Array(), 32)), vector.exported);
    }
  });
}

async function raw(key: CryptoKey): Promise<string> {
  return hex(await crypto.subtle.exportKey("raw", key));
}

function hex(bytes: ArrayBuffer): string {
  return toHex(new Uint8Array(bytes));
}
