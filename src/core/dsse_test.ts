import assert from "node:assert/strict";
import { fromBase64, toBase64 } from "./bytes.ts";
import { looksLikeDsse, preAuthEncoding, readDsse, signDsse, verifyDsse } from "./dsse.ts";
import { CasemateError } from "./errors.ts";
import { generateSigningKey, keyPem, readPublicKey, readSigningKey } from "./signing_key.ts";

const TYPE = "application/vnd.casemate.test+json";
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const key = await generateSigningKey("P-384");
const other = await generateSigningKey("P-384");
const signer = await readSigningKey(utf8(keyPem("PRIVATE KEY", key.pkcs8)));

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
  return "accepted";
}

async function openssl(...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("openssl", { args: [...args] })
    .output();
  return success ? new TextDecoder().decode(stdout) : new TextDecoder().decode(stderr);
}

Deno.test("preAuthEncoding() is the example of the specification", () => {
  const encoded = preAuthEncoding("http://example.com/HelloWorld", utf8("hello world"));
  assert.equal(
    new TextDecoder().decode(encoded),
    "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
  );
});

Deno.test("signDsse() signs what OpenSSL verifies, and verifyDsse() takes what OpenSSL signs", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const payload = utf8('{"a":1}');
    const envelope = readDsse(await signDsse(TYPE, payload, [signer]), "test");
    const [signature] = envelope.signatures;
    await Deno.writeTextFile(`${folder}/pub.pem`, keyPem("PUBLIC KEY", key.publicKey.spki));
    await Deno.writeTextFile(`${folder}/key.pem`, keyPem("PRIVATE KEY", key.pkcs8));
    await Deno.writeFile(`${folder}/message`, preAuthEncoding(TYPE, payload));
    await Deno.writeFile(`${folder}/sig`, signature?.sig ?? new Uint8Array());
    const dgst = ["dgst", "-sha384"];
    assert.match(
      await openssl(
        ...dgst,
        "-verify",
        `${folder}/pub.pem`,
        "-signature",
        `${folder}/sig`,
        `${folder}/message`,
      ),
      /Verified OK/,
    );
    await openssl(
      ...dgst,
      "-sign",
      `${folder}/key.pem`,
      "-out",
      `${folder}/theirs`,
      `${folder}/message`,
    );
    const sig = await Deno.readFile(`${folder}/theirs`);
    const theirs = { payloadType: TYPE, payload, signatures: [{ keyid: "", sig }] };
    const { by } = await verifyDsse(theirs, TYPE, [other.publicKey, key.publicKey]);
    assert.equal(by.id, key.publicKey.id);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("verifyDsse() refuses another type, key, payload and signature by their codes", async () => {
  const envelope = readDsse(await signDsse(TYPE, utf8("{}"), [signer]), "test");
  const keys = [key.publicKey];
  assert.equal(await codeOf(() => verifyDsse(envelope, "application/other", keys)), "dsse.type");
  assert.equal(await codeOf(() => verifyDsse(envelope, TYPE, [other.publicKey])), "dsse.key");
  const changed = { ...envelope, payload: utf8("[]") };
  assert.equal(await codeOf(() => verifyDsse(changed, TYPE, keys)), "dsse.signature");
  const [signature] = envelope.signatures;
  const bytes = signature?.sig ?? new Uint8Array();
  for (let at = 0; at < bytes.length; at++) {
    const sig = bytes.slice();
    sig[at] = (sig[at] ?? 0) ^ 1;
    const bent = { ...envelope, signatures: [{ keyid: key.publicKey.id, sig }] };
    assert.equal(await codeOf(() => verifyDsse(bent, TYPE, keys)), "dsse.signature", `byte ${at}`);
  }
  await assert.rejects(() => verifyDsse(envelope, TYPE, []), RangeError);
});

Deno.test("readDsse() refuses what is no envelope", () => {
  const good = { payloadType: TYPE, payload: toBase64(utf8("{}")), signatures: [{ sig: "AA==" }] };
  const bad: readonly unknown[] = [
    {},
    { ...good, signatures: [] },
    { ...good, payload: "a" },
    { ...good, more: 1 },
    { ...good, payloadType: "a b" },
    [],
  ];
  assert.equal(readDsse(utf8(JSON.stringify(good)), "good").signatures.length, 1);
  for (const form of bad) {
    assert.throws(
      () => readDsse(utf8(JSON.stringify(form)), "bad"),
      (error) => error instanceof CasemateError && error.code === "dsse.malformed",
      JSON.stringify(form),
    );
  }
});

for (const kind of ["P-256", "P-384", "Ed25519"] as const) {
  Deno.test(`readSigningKey() reads ${kind} of OpenSSL, and readPublicKey() its public half`, async () => {
    const algorithm = kind === "Ed25519"
      ? ["-algorithm", "ed25519"]
      : ["-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${kind}`];
    const text = await openssl("genpkey", ...algorithm);
    const secret = await readSigningKey(utf8(text));
    assert.equal(secret.publicKey.kind, kind);
    const signed = await signDsse(TYPE, utf8("{}"), [secret]);
    const open = await readPublicKey(utf8(keyPem("PUBLIC KEY", secret.publicKey.spki)));
    assert.equal((await verifyDsse(readDsse(signed, "t"), TYPE, [open])).by.id, open.id);
  });
}

Deno.test("keys of other kinds are refused", async () => {
  const rsa = await openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048");
  assert.equal(await codeOf(() => readSigningKey(utf8(rsa))), "key.wrong_kind");
  assert.equal(await codeOf(() => readSigningKey(utf8("none"))), "key.wrong_kind");
  const pem = keyPem("PRIVATE KEY", key.pkcs8);
  assert.equal(await codeOf(() => readPublicKey(utf8(pem))), "key.wrong_kind");
  assert.equal(await codeOf(() => readPublicKey(fromBase64("MA=="))), "key.wrong_kind");
  const bent = key.publicKey.spki.slice();
  bent[bent.length - 1] = (bent[bent.length - 1] ?? 0) ^ 1;
  assert.equal(await codeOf(() => readPublicKey(bent)), "key.malformed");
});

Deno.test("looksLikeDsse() knows an envelope whatever stands first in it, however long that is", () => {
  const long = "QUJD".repeat(3000);
  const forms = [
    { payloadType: "a/b", payload: long, signatures: [] },
    { payload: long, payloadType: "a/b", signatures: [] },
    { signatures: [{ keyid: "", sig: long }], payload: "", payloadType: "a/b" },
  ];
  for (const form of forms) {
    assert.ok(looksLikeDsse(new TextEncoder().encode(` ${JSON.stringify(form, null, 2)}`)));
  }
  for (const other of ["", "[]", "{}", '{"version":1}', '{"release":"payloadType"}', '"payload"']) {
    assert.equal(looksLikeDsse(new TextEncoder().encode(other)), false, other);
  }
});
