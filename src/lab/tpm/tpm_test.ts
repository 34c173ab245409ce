import assert from "node:assert/strict";
import { concat, toHex } from "../../core/bytes.ts";
import { integer, sequence } from "../../core/x509_writer/der.ts";
import { noOpenssl, openssl } from "../openssl_test.ts";
import { pem } from "../pem.ts";
import type { LabBank, QuoteScheme } from "./algorithms.ts";
import { createTpmAuthority } from "./authority.ts";
import { AK_KINDS, type AkKind, type TpmBends } from "./options.ts";
import { signingMethod } from "./quote_signature.ts";
import { type MintedTpm, mintTpm } from "./tpm.ts";
import { noSwtpm, noTpm2Tools, onBench, withSwtpm } from "./tpm2_tools_test.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const NONCE = new TextEncoder().encode("a nonce of the lab");
const authority = await createTpmAuthority({ now: NOW });

const SIGNERS: readonly (readonly [AkKind, QuoteScheme, LabBank])[] = [
  ["RSA-2048", "rsassa", "sha256"],
  ["RSA-2048", "rsapss", "sha256"],
  ["P-256", "ecdsa", "sha256"],
  ["P-384", "ecdsa", "sha384"],
];

/** The opinion of tpm2_checkquote; the values of the registers are not among what it is given. */
async function checkQuote(
  { quote, signature, akPublic }: MintedTpm,
  hash: LabBank,
  nonce: Uint8Array = NONCE,
): Promise<string> {
  return await onBench(async ({ write, run }) => {
    await write("quote", quote);
    await write("signature", signature);
    await write("ak.pub", akPublic);
    const { ok, text } = await run(
      "tpm2_checkquote",
      ...["-u", "ak.pub", "-m", "quote", "-s", "signature", "-g", hash, "-q", toHex(nonce)],
    );
    return ok ? "ok" : text;
  });
}

for (const [key, scheme, hash] of SIGNERS) {
  Deno.test({
    name: `mintTpm() makes quotes of ${key}, ${scheme}, that tpm2_checkquote accepts and refuses`,
    // tpm2_checkquote verifies RSASSA and ECDSA alone.
    ignore: noTpm2Tools || scheme === "rsapss",
    fn: async () => {
      const minted = await mintTpm(authority, { now: NOW, nonce: NONCE, key, scheme, hash });
      assert.equal(await checkQuote(minted, hash), "ok");
      assert.match(await checkQuote(minted, hash, NONCE.subarray(1)), /nonce|extraData/i);
      const bent = minted.quote.map((byte, i) => i === 100 ? byte ^ 1 : byte);
      assert.match(await checkQuote({ ...minted, quote: bent }, hash), /signature/i);
    },
  });
  Deno.test({
    name: `mintTpm() makes quotes of ${key}, ${scheme}, whose signatures a TPM verifies`,
    ignore: noSwtpm,
    fn: async () => {
      const minted = await mintTpm(authority, { now: NOW, key, scheme, hash });
      await withSwtpm(async ({ write, run }) => {
        await write("ak.pub", minted.akPublic);
        await write("quote", minted.quote);
        await write("signature", minted.signature);
        const loaded = await run("tpm2_loadexternal", "-C", "n", "-u", "ak.pub", "-c", "ak.ctx");
        assert.ok(loaded.ok, loaded.text);
        const args = ["-c", "ak.ctx", "-g", hash, "-s", "signature", "-m"];
        const verified = await run("tpm2_verifysignature", ...args, "quote");
        assert.ok(verified.ok, verified.text);
        await write("other", minted.quote.map((byte, i) => i === 100 ? byte ^ 1 : byte));
        assert.ok(!(await run("tpm2_verifysignature", ...args, "other")).ok);
      });
    },
  });
  Deno.test({
    name:
      `mintTpm() makes signatures of ${key}, ${scheme}, that openssl verifies with the AK's certificate`,
    ignore: noOpenssl,
    fn: async () => {
      const { quote, signature, keys } = await mintTpm(authority, { now: NOW, key, scheme, hash });
      const files = { key: pem("PUBLIC KEY", keys.ak.spki), signature: plain(signature), quote };
      const padding = scheme === "rsapss"
        ? ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
        : [];
      const args = ["dgst", `-${hash}`, "-verify", "key", ...padding, "-signature", "signature"];
      const { text } = await openssl([...args, "quote"], files);
      assert.match(text, /Verified OK/);
    },
  });
}

/** A signature as others than TPMs write it. */
function plain(signature: Uint8Array): Uint8Array {
  const size = (signature[4] ?? 0) * 256 + (signature[5] ?? 0);
  const first = signature.subarray(6, 6 + size);
  const rest = signature.subarray(6 + size);
  if (rest.length === 0) return first;
  const number = (bytes: Uint8Array) => integer(BigInt(`0x${toHex(bytes)}`));
  return sequence(number(first), number(rest.subarray(2)));
}

Deno.test({
  name: "mintTpm() signs with the salt that is asked for",
  ignore: noOpenssl,
  fn: async () => {
    const longest = 256 - 32 - 2;
    for (const salt of [32, longest]) {
      const { quote, signature, keys } = await mintTpm(authority, {
        now: NOW,
        key: "RSA-2048",
        scheme: "rsapss",
        bends: { signature: { method: signingMethod("rsapss", "sha256", salt) } },
      });
      const files = { key: pem("PUBLIC KEY", keys.ak.spki), signature: plain(signature), quote };
      const options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", `rsa_pss_saltlen:${salt}`];
      const args = ["dgst", "-sha256", "-verify", "key", ...options, "-signature", "signature"];
      assert.match((await openssl([...args, "quote"], files)).text, /Verified OK/);
    }
  },
});

/** OpenSSL's opinion of a certificate of minted evidence, under its root alone. */
async function verifyCertificate(
  minted: MintedTpm,
  target: "akCertificate" | "ekCertificate",
  ...more: readonly string[]
): Promise<string> {
  const args = ["verify", "-x509_strict", "-check_ss_sig", "-attime", `${NOW.getTime() / 1000}`];
  const files = ["-CAfile", "root", "-untrusted", "issuers", "-CRLfile", "lists", "it"];
  const { text } = await openssl([...args, ...more, ...files], {
    it: minted[target],
    issuers: minted.issuers,
    root: minted.root,
    lists: minted.crls.join(""),
  });
  return text;
}

for (const key of AK_KINDS) {
  Deno.test({
    name: `mintTpm() makes certificates of ${key} that openssl verifies but for the lab mark`,
    ignore: noOpenssl,
    fn: async () => {
      const minted = await mintTpm(authority, { now: NOW, key });
      for (const target of ["akCertificate", "ekCertificate"] as const) {
        const judged = await verifyCertificate(
          minted,
          target,
          "-ignore_critical",
          "-crl_check_all",
        );
        assert.match(judged, /it: OK/);
      }
      const refused = await verifyCertificate(minted, "akCertificate");
      for (const depth of [0, 1, 2]) {
        assert.match(
          refused,
          new RegExp(`error 34 at ${depth} depth lookup: unhandled critical extension`),
        );
      }
    },
  });
}

Deno.test({
  name: "mintTpm() writes purposes and the TPM's name so that openssl reads them",
  ignore: noOpenssl,
  fn: async () => {
    const { der } = await mintTpm(authority, { now: NOW });
    const shown = async (certificate: Uint8Array): Promise<string> =>
      (await openssl(["x509", "-inform", "DER", "-in", "it", "-noout", "-text"], {
        it: certificate,
      })).text;
    const [ak, ek] = [await shown(der.ak), await shown(der.ek)];
    assert.match(ak, /Extended Key Usage:\s+(2\.23\.133\.8\.3|Attestation Key Certificate)/);
    assert.match(ek, /Extended Key Usage:\s+(2\.23\.133\.8\.1|Endorsement Key Certificate)/);
    assert.match(ak, /Digital Signature/);
    assert.match(ek, /Key Agreement/);
    for (const text of [ak, ek]) {
      assert.match(text, /DirName:.*id:4C414200.*Casemate lab.*id:00010000/);
      assert.match(text, /URI:lab:tpm\/issuing\.crl/);
    }
  },
});

Deno.test("mintTpm() changes nothing but what is bent", async () => {
  const keys = (await mintTpm(authority, { now: NOW, key: "RSA-2048" })).keys;
  const mint = (bends: TpmBends) => mintTpm(authority, { now: NOW, keys, bends });
  const plain = await mint({});
  const bent = await mint({ attest: { safe: 0 }, pcrs: () => ({}) });
  assert.deepEqual(bent.pcrs, {});
  assert.deepEqual(
    [bent.akPublic, bent.akName, bent.eventLog, bent.registers],
    [plain.akPublic, plain.akName, plain.eventLog, plain.registers],
  );
  const differing = [...plain.quote].filter((byte, i) => byte !== bent.quote[i]);
  assert.equal(differing.length, 1);
  assert.deepEqual(concat(plain.signature).subarray(0, 6), concat(bent.signature).subarray(0, 6));
});
