import assert from "node:assert/strict";
import { concat } from "../../src/core/bytes.ts";
import { isDeviceKey } from "../../src/core/device_keys.ts";
import { ecdsaDer } from "../../src/core/ecdsa_form.ts";
import { keyPem, verifySignature } from "../../src/core/signing_key.ts";
import { denoDeviceKeys } from "../../src/hosts/pkcs11/device_keys.ts";
import { fromFileUrl, output } from "../../scripts/process.ts";
import { generateInDevice } from "./generate_in_device.ts";
import { MODULE, PIN, testWithTokens } from "./softhsm.ts";

const MESSAGE = new TextEncoder().encode("what the owner signs");

/** An address in the module of these tests. */
function at(path: string, pinFile: string): string {
  return `pkcs11:${path}?module-path=${MODULE}&pin-source=file:${pinFile}`;
}

testWithTokens("a key in a device signs, and Web Crypto and OpenSSL verify it", async (store) => {
  await store.token("owner's key");
  const expected = await store.key("owner's key", "casemate", "a1b2");
  const pin = await store.file("pin", `${PIN}\n`);
  for (
    const path of [
      "token=owner's%20key;object=casemate",
      "id=%a1%B2;token=owner's%20key",
      "token=owner's%20key;object=casemate;id=%A1%B2;type=private;manufacturer=SoftHSM%20project",
    ]
  ) {
    const uri = at(path, pin);
    assert.ok(isDeviceKey(uri));
    const key = await denoDeviceKeys.open(uri);
    try {
      assert.deepEqual(key.publicKey, expected);
      const signature = await key.sign(MESSAGE);
      assert.equal(signature.length, 96);
      assert.ok(await verifySignature(key.publicKey, MESSAGE, signature));
      assert.ok(!await verifySignature(key.publicKey, concat(MESSAGE, MESSAGE), signature));
      assert.notDeepEqual(await key.sign(MESSAGE), signature, "each has randomness of its own");
      await verifyByOpenSsl(store.folder, keyPem("PUBLIC KEY", key.publicKey.spki), signature);
    } finally {
      key.close();
    }
    key.close();
    await assert.rejects(key.sign(MESSAGE), TypeError);
  }
});

async function verifyByOpenSsl(folder: string, publicKey: string, signature: Uint8Array) {
  const files = { "key.pem": publicKey, "message": MESSAGE, "signature": ecdsaDer(signature) };
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
  const args = ["-sha384", "-verify", "key.pem", "-signature", "signature", "message"];
  assert.equal(await output("openssl", ["dgst", ...args], { cwd: folder }), "Verified OK\n");
}

for (const alwaysAuthenticate of [false, true]) {
  const asked = alwaysAuthenticate ? "the PIN is wanted for each signature" : "it is wanted once";
  testWithTokens(`a key that was made in the device signs; ${asked}`, async (store) => {
    await store.token("owner");
    generateInDevice({ label: "made", id: Uint8Array.of(1, 0, 255), alwaysAuthenticate });
    const pin = await store.file("pin", PIN);
    const key = await denoDeviceKeys.open(at("token=owner;id=%01%00%ff", pin));
    try {
      for (const message of [MESSAGE, new Uint8Array(), new Uint8Array(100_000)]) {
        assert.ok(await verifySignature(key.publicKey, message, await key.sign(message)));
      }
    } finally {
      key.close();
    }
  });
}

testWithTokens(
  "two keys of one device are open at once, and each closes for itself",
  async (store) => {
    await store.token("a");
    await store.token("b");
    const pin = await store.file("pin", PIN);
    await store.key("a", "one", "01");
    await store.key("b", "two", "02");
    const one = await denoDeviceKeys.open(at("token=a;object=one", pin));
    const two = await denoDeviceKeys.open(at("token=b;object=two", pin));
    const again = await denoDeviceKeys.open(at("token=a;id=%01", pin));
    try {
      assert.notEqual(one.publicKey.id, two.publicKey.id);
      assert.equal(again.publicKey.id, one.publicKey.id);
      one.close();
      for (const key of [two, again]) {
        assert.ok(await verifySignature(key.publicKey, MESSAGE, await key.sign(MESSAGE)));
      }
    } finally {
      for (const key of [one, two, again]) key.close();
    }
  },
);

testWithTokens(
  "what is not there, not one or of another kind has its own code each",
  async (store) => {
    await store.token("owner");
    await store.token("twin");
    await store.token("twin");
    await store.key("owner", "casemate", "01");
    await store.key("owner", "double", "02");
    await store.key("owner", "double", "03");
    await store.key("owner", "small", "04", { curve: "P-256" });
    await store.key("owner", "half", "05", { privateOnly: true });
    const pin = await store.file("pin", `${PIN}\r\n`);
    const wrong = await store.file("wrong", "00000000\n");
    const short = await store.file("short", "1\n");
    const lines = await store.file("lines", `${PIN}\n${PIN}\n`);
    const none = await store.file("none", "\n");
    const text = await store.file("text.so", "no library");
    const cases: readonly (readonly [string, string, RegExp])[] = [
      [at("token=other;object=casemate", pin), "keys.token", /No token is/],
      [at("token=owner;serial=0000;object=casemate", pin), "keys.token", /No token is/],
      [at("token=owner;manufacturer=other;object=casemate", pin), "keys.token", /No token is/],
      [at("token=twin;object=casemate", pin), "keys.token", /2 tokens are/],
      [at("token=owner;object=other", pin), "keys.object", /No private key is/],
      [at("token=owner;object=casemate;id=%02", pin), "keys.object", /No private key is/],
      [at("token=owner;object=double", pin), "keys.object", /Several private keys are/],
      [at("token=owner;object=half", pin), "keys.object", /public half/],
      [at("token=owner;object=small", pin), "keys.kind", /P-384/],
      [at("token=owner;object=casemate", wrong), "keys.pin", /it is wrong/],
      [at("token=owner;object=casemate", short), "keys.pin", /refuses the PIN/],
      [at("token=owner;object=casemate", lines), "keys.pin", /not one line/],
      [at("token=owner;object=casemate", none), "keys.pin", /not one line/],
      [at("token=owner;object=casemate", `${store.folder}/missing`), "keys.pin", /Cannot read/],
      [`pkcs11:token=owner;object=casemate?module-path=${text}`, "keys.module", /no library/],
      ["pkcs11:token=owner;object=casemate?module-path=/missing.so", "keys.module", /no library/],
      ["pkcs11:token=owner;object=casemate", "keys.uri", /module-path/],
    ];
    for (const [uri, code, message] of cases) {
      await assert.rejects(denoDeviceKeys.open(uri), (error) => {
        assert.ok(error instanceof Error && "code" in error);
        assert.equal(error.code, code, uri);
        assert.match(error.message, message);
        for (const secret of [PIN, "00000000"]) assert.ok(!String(error.stack).includes(secret));
        return true;
      });
    }
    // The one that is right still opens: no failure left the module in another state.
    const key = await denoDeviceKeys.open(at("token=owner;object=double;id=%03", pin));
    key.close();
  },
);

testWithTokens("a signature that the shown public key does not verify is none", async (store) => {
  await store.token("owner");
  const pin = await store.file("pin", PIN);
  // The private half of one pair beside the public half of another, under one id.
  await store.key("owner", "mixed", "07", { privateOnly: true });
  const other = await store.key("owner", "other", "08");
  assert.ok(other);
  await output("softhsm2-util", [
    "--import",
    `${store.folder}/owner-other-08.pem`,
    "--token",
    "owner",
    "--label",
    "impostor",
    "--id",
    "07",
    "--pin",
    PIN,
    "--force",
  ]);
  const key = await denoDeviceKeys.open(at("token=owner;object=mixed", pin));
  try {
    assert.equal(key.publicKey.id, other.id);
    await assert.rejects(key.sign(MESSAGE), { code: "keys.device" });
  } finally {
    key.close();
  }
});

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const OPEN_KEY = `${ROOT}tests/keys/open_key.ts`;

/** An address that says no file for the PIN. */
const ASKING = `pkcs11:token=owner;object=casemate?module-path=${MODULE}`;

testWithTokens("without a file for the PIN and without a terminal there is none", async (store) => {
  await store.token("owner");
  await store.key("owner", "casemate", "01");
  // In a process of its own, whose standard input is no terminal.
  const args = ["run", "-A", "--no-check", "--quiet", OPEN_KEY, ASKING];
  assert.equal(await output(Deno.execPath(), args, { cwd: ROOT }), "refused keys.pin\n");
});

testWithTokens("a PIN that is typed opens the key, and none of it is shown", async (store) => {
  await store.token("owner");
  const key = await store.key("owner", "casemate", "01");
  const program = [Deno.execPath(), "run", "-A", "--no-check", "--quiet", OPEN_KEY, ASKING];
  const typing = fromFileUrl(new URL("../python/type_pin.py", import.meta.url));
  const lines: readonly (readonly [string, string])[] = [
    [`${PIN}\r`, `opened ${key?.id}`],
    [`${PIN}x\x7f\n`, `opened ${key?.id}`],
    ["00000000\r", "refused keys.pin"],
    ["\r", "refused keys.pin"],
    [`${PIN}\x03`, "refused keys.pin"],
    [`${PIN}\x04`, "refused keys.pin"],
  ];
  for (const [line, expected] of lines) {
    const shown = await output("python3", [typing, line, ...program], { cwd: ROOT });
    assert.equal(shown.replaceAll("\r\n", "\n"), `PIN of owner: \n${expected}\n`);
  }
}, { python: true });

Deno.test("a file is no key in a device", () => {
  for (const word of ["owner.pem", "./pkcs11:x", "-", ""]) assert.ok(!isDeviceKey(word));
  assert.ok(isDeviceKey("PKCS11:token=a"));
});
