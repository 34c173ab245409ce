import assert from "node:assert/strict";
import { noOpenssl, openssl } from "../../lab/openssl_test.ts";
import { readAlgorithm } from "./algorithm.ts";
import { type Certificate, readCertificate } from "./certificate.ts";
import { Malformed } from "../malformed.ts";
import { signatureScheme } from "./signature_algorithm.ts";
import { VerifyingKey } from "./verifying_key.ts";

function overOpenssl(name: string, fn: () => Promise<void>): void {
  const shown = noOpenssl ? `${name} (ignored: no openssl here)` : name;
  Deno.test({ name: shown, ignore: noOpenssl, fn });
}

/** A key as OpenSSL makes it. */
async function makeKey(...args: readonly string[]): Promise<Uint8Array> {
  const made = await openssl(["genpkey", ...args]);
  assert.ok(made.ok, made.text);
  return made.stdout;
}

/** A certificate that a key signs for itself. */
async function certify(key: Uint8Array, ...args: readonly string[]): Promise<Certificate> {
  const request = ["req", "-x509", "-new", "-key", "key", "-subj", "/CN=x", "-outform", "DER"];
  const made = await openssl([...request, ...args], { key });
  assert.ok(made.ok, made.text);
  return readCertificate(made.stdout, "x");
}

/** What the certificate says of its signature, and whether its own key has made it. */
async function judge({ algorithm, key, signed, signature }: Certificate) {
  const scheme = algorithm === undefined ? undefined : signatureScheme(algorithm);
  if (scheme === undefined) return undefined;
  const holds = (message: Uint8Array, bytes: Uint8Array) =>
    VerifyingKey.read(key).verifies(scheme, { message, signature: bytes });
  const other = signed.map((byte, i) => i === 20 ? byte ^ 1 : byte);
  const bent = signature.map((byte, i) => i === 20 ? byte ^ 1 : byte);
  assert.deepEqual([await holds(other, signature), await holds(signed, bent)], [false, false]);
  return { ...scheme, holds: await holds(signed, signature) };
}

const HASHES = ["sha256", "sha384", "sha512"] as const;

overOpenssl("VerifyingKey verifies what OpenSSL signs with RSA", async () => {
  const key = await makeKey("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048");
  for (const hash of HASHES) {
    const plain = await certify(key, `-${hash}`);
    assert.deepEqual(await judge(plain), { scheme: "rsassa", hash, holds: true });
    const pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt"];
    const salted = await certify(key, `-${hash}`, ...pss, "rsa_pss_saltlen:digest");
    assert.deepEqual(await judge(salted), { scheme: "rsapss", hash, holds: true });
    const long = await certify(key, `-${hash}`, ...pss, "rsa_pss_saltlen:max");
    assert.equal(await judge(long), undefined);
  }
});

overOpenssl(
  "VerifyingKey verifies what OpenSSL signs with P-256 and P-384, by any hash",
  async () => {
    for (const curve of ["P-256", "P-384"]) {
      const key = await makeKey("-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${curve}`);
      for (const hash of HASHES) {
        const found = await judge(await certify(key, `-${hash}`));
        assert.deepEqual(found, { scheme: "ecdsa", hash, holds: true });
      }
    }
  },
);

overOpenssl("VerifyingKey takes no key of another kind or size", async () => {
  const kinds = [
    ["-algorithm", "ED25519"],
    ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
    ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:3"],
  ];
  for (const kind of kinds) {
    const { key } = await certify(await makeKey(...kind));
    assert.throws(() => VerifyingKey.read(key), Malformed, kind.join(" "));
  }
});

overOpenssl("signatureScheme() knows no SHA-1 and no SHA-224", async () => {
  const key = await makeKey("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048");
  for (const hash of ["sha1", "sha224"]) {
    const { algorithm } = await certify(key, `-${hash}`);
    assert.ok(algorithm !== undefined);
    assert.equal(signatureScheme(algorithm), undefined);
  }
});

Deno.test("signatureScheme() takes NULL as parameters of RSA, and none of ECDSA", () => {
  const of = (hex: string) =>
    signatureScheme(
      readAlgorithm(Uint8Array.from(hex.match(/../g) ?? [], (one) => parseInt(one, 16))),
    );
  const rsassa = { scheme: "rsassa", hash: "sha256" };
  assert.deepEqual(of("300d06092a864886f70d01010b0500"), rsassa);
  assert.equal(of("300b06092a864886f70d01010b"), undefined);
  assert.equal(of("300e06092a864886f70d01010b020101"), undefined);
  assert.deepEqual(of("300a06082a8648ce3d040302"), { scheme: "ecdsa", hash: "sha256" });
  assert.equal(of("300c06082a8648ce3d0403020500"), undefined);
  // RSASSA-PSS without parameters means SHA-1 throughout.
  assert.equal(of("300b06092a864886f70d01010a"), undefined);
});
