/**
 * How a Worker is set up, without workerd: what is read, and what is refused.
 */
import assert from "node:assert/strict";
import { generateSigningKey, keyPem, readSigningKey } from "../../src/core/signing_key.ts";
import { tokenKeysOf } from "../../src/worker/keys.ts";
import { policiesOf } from "../../src/worker/policies.ts";
import { readSettings } from "../../src/worker/settings.ts";
import { sourceOf } from "../../src/worker/source.ts";
import { signReference } from "../../src/policy/reference/authority.ts";
import { SignedReference } from "../../src/policy/reference/signed.ts";

const SECRET = "5e".repeat(32);
const KV = { get() {}, put() {}, delete() {}, list() {} };
const { pkcs8, publicKey } = await generateSigningKey("P-384");
const KEY = keyPem("PRIVATE KEY", pkcs8);
const PUBLIC = keyPem("PUBLIC KEY", publicKey.spki);

/** That something is refused as misconfigured, naming a setting. */
function wrong(field: string): (error: unknown) => boolean {
  return (error) => {
    const { code, fields }: { code?: unknown; fields?: unknown } = Object(error);
    assert.deepEqual([code, Object(fields).field], ["api.misconfigured", field]);
    return true;
  };
}

Deno.test("readSettings() takes what is needed, and the usual for the rest", () => {
  assert.deepEqual(readSettings({ NONCE_SECRET: SECRET }), {
    nonceSecret: new Uint8Array(32).fill(0x5e),
    nonces: null,
    tokenKey: null,
    publishedKeys: "",
    issuer: null,
    tokenProfile: "casemate",
    policies: [],
    collateralSource: "given",
    collateralUrls: {},
    kv: null,
    limiter: null,
    origins: "*",
    labRoots: "",
  });
});

Deno.test("readSettings() asks vendors where there is a place to keep what they say", () => {
  const read = readSettings({ NONCE_SECRET: SECRET, COLLATERAL: KV });
  assert.deepEqual([read.collateralSource, read.kv], ["fetch", KV]);
  const given = { NONCE_SECRET: SECRET, COLLATERAL: KV, COLLATERAL_SOURCE: "given" };
  assert.equal(readSettings(given).collateralSource, "given");
});

Deno.test("readSettings() refuses what is missing, unknown or of another form", () => {
  const wrongs: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ NONCE_SECRET: undefined }, "NONCE_SECRET"],
    [{ NONCE_SECRET: "5e".repeat(31) }, "NONCE_SECRET"],
    [{ NONCE_SECRET: "z".repeat(64) }, "NONCE_SECRET"],
    [{ NONCE: {} }, "NONCE"],
    [{ NONCES: KV }, "NONCES"],
    [{ NONCES: "nonces" }, "NONCES"],
    [{ COLLATERAL: "kv" }, "COLLATERAL"],
    [{ COLLATERAL_SOURCE: "vendors" }, "COLLATERAL_SOURCE"],
    [{ COLLATERAL_URLS: "http://mirror" }, "COLLATERAL_URLS"],
    [{ COLLATERAL_URLS: "amd=http://mirror" }, "COLLATERAL_URLS"],
    [{ COLLATERAL_URLS: "amd-kds=http://a amd-kds=http://b" }, "COLLATERAL_URLS"],
    [{ RATE_LIMIT: {} }, "RATE_LIMIT"],
    [{ ORIGINS: "https://app.example/path" }, "ORIGINS"],
    [{ ORIGINS: "* https://app.example" }, "ORIGINS"],
    [{ ORIGINS: "" }, "ORIGINS"],
    [{ TOKEN_KEY: KEY }, "ISSUER"],
    [{ ISSUER: "https://verifier.example" }, "TOKEN_KEY"],
    [{ TOKEN_KEY: KEY, ISSUER: "verifier" }, "ISSUER"],
    [{ TOKEN_PROFILE: "other" }, "TOKEN_PROFILE"],
    [{ LAB_ROOTS: 7 }, "LAB_ROOTS"],
  ];
  for (const [change, field] of wrongs) {
    assert.throws(() => readSettings({ NONCE_SECRET: SECRET, ...change }), wrong(field));
  }
});

Deno.test("readSettings() never tells what a secret says", () => {
  const secret = "not hex, but secret";
  assert.throws(
    () => readSettings({ NONCE_SECRET: secret }),
    (error: Error) => !`${error.message}${JSON.stringify(error)}`.includes(secret),
  );
});

Deno.test("tokenKeysOf() reads the key that signs and those that are published", async () => {
  const other = await generateSigningKey("Ed25519");
  const settings = readSettings({
    NONCE_SECRET: SECRET,
    TOKEN_KEY: KEY,
    ISSUER: "https://verifier.example",
    PUBLISHED_KEYS: `${PUBLIC}${keyPem("PUBLIC KEY", other.publicKey.spki)}`,
  });
  const keys = await tokenKeysOf(settings);
  assert.equal(keys?.signer.publicKey.id, publicKey.id);
  assert.deepEqual(keys?.others.map(({ id }) => id), [publicKey.id, other.publicKey.id]);
});

Deno.test("tokenKeysOf() refuses keys that are none, and those that nothing is signed with", async () => {
  const tokens = { TOKEN_KEY: KEY, ISSUER: "https://verifier.example" };
  for (
    const [change, field] of [
      [{ ...tokens, TOKEN_KEY: PUBLIC }, "TOKEN_KEY"],
      [{ ...tokens, PUBLISHED_KEYS: KEY }, "PUBLISHED_KEYS"],
      [{ ...tokens, PUBLISHED_KEYS: `${PUBLIC} and more` }, "PUBLISHED_KEYS"],
      [{ PUBLISHED_KEYS: PUBLIC }, "PUBLISHED_KEYS"],
    ] as const
  ) {
    const settings = readSettings({ NONCE_SECRET: SECRET, ...change });
    await assert.rejects(tokenKeysOf(settings), wrong(field));
  }
});

Deno.test("policiesOf() takes plain and signed reference values, and roots that are believed", async () => {
  const document = { version: 1, "sev-snp": { measurements: ["5f".repeat(48)] } };
  const file = await signReference(document, [await readSigningKey(pkcs8)]);
  const reference: unknown = JSON.parse(new TextDecoder().decode(file));
  const policy = { version: 1 };
  const list = [
    { policy },
    { policy, reference: document },
    { policy, reference, ownerKeys: PUBLIC, believed: { akCertRoots: ["AAEC", PUBLIC] } },
  ];
  for (const given of [list, JSON.stringify(list)]) {
    const [bare, plain, signed] = await policiesOf("POLICIES", given);
    assert.deepEqual([bare?.reference, plain?.reference], [undefined, document]);
    assert.ok(signed?.reference instanceof SignedReference);
    assert.equal(signed.reference.owner, publicKey.id);
    assert.deepEqual(signed.reference.document, document);
    const roots = [Uint8Array.of(0, 1, 2), new TextEncoder().encode(PUBLIC)];
    assert.deepEqual(signed.believed, { akCertRoots: roots });
  }
});

Deno.test("policiesOf() refuses what is none, and what its owner did not sign", async () => {
  const stranger = await generateSigningKey("P-384");
  const file = await signReference({ version: 1 }, [await readSigningKey(stranger.pkcs8)]);
  const foreign: unknown = JSON.parse(new TextDecoder().decode(file));
  const policy = { version: 1 };
  const wrongs: readonly (readonly [unknown, string])[] = [
    [{}, "POLICIES"],
    ["[", "POLICIES"],
    [`[{"policy": {}, "policy": {}}]`, "POLICIES"],
    [[7], "POLICIES[0]"],
    [[{ policy }, {}], "POLICIES[1].policy"],
    [[{ policy, owner: PUBLIC }], "POLICIES[0].owner"],
    [[{ policy, ownerKeys: PUBLIC }], "POLICIES[0].reference"],
    [[{ policy, reference: foreign, ownerKeys: "" }], "POLICIES[0].ownerKeys"],
    [[{ policy, reference: foreign, ownerKeys: PUBLIC }], "POLICIES[0].reference"],
    [[{ policy, reference: { version: 1 }, ownerKeys: PUBLIC }], "POLICIES[0].reference"],
    [[{ policy, believed: { akCertRoots: "!" } }], "POLICIES[0].believed.akCertRoots"],
    [[{ policy, believed: [] }], "POLICIES[0].believed"],
  ];
  for (const [given, field] of wrongs) {
    await assert.rejects(policiesOf("POLICIES", given), wrong(field));
  }
});

Deno.test("sourceOf() takes an IPv4 address whole and the network of an IPv6 address", () => {
  const of = (address: string): string => sourceOf(new Headers({ "cf-connecting-ip": address }));
  assert.equal(of("192.0.2.7"), "192.0.2.7");
  assert.equal(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  assert.equal(of("2001:DB8:1::6"), "2001:db8:1:0::/64");
  assert.equal(of("2001:db8::1:2:3:4:5"), "2001:db8:0:1::/64");
  assert.equal(of("::1"), "0:0:0:0::/64");
  assert.equal(sourceOf(new Headers()), "unknown");
});
