/** What is no evidence: shown as what it is, and told as that where it was given to the wrong place. */
import assert from "node:assert/strict";
import { BUNDLE_TYPE, writeBundle } from "../../src/collateral/bundle.ts";
import { signDsse } from "../../src/core/dsse.ts";
import {
  generateSigningKey,
  keyPem,
  readSigningKey,
  SIGNING_KEY_KINDS,
} from "../../src/core/signing_key.ts";
import { ENVELOPE_FILES, envelopeArguments } from "./envelope_files.ts";
import { type FakeFile, type Ran, runCli } from "./fake_host.ts";

const { pkcs8, publicKey } = await generateSigningKey("P-256");
const signer = await readSigningKey(pkcs8);
const bytes = (text: string) => new TextEncoder().encode(text);
const bundle = writeBundle({
  made: new Date("2026-11-20T10:00:00Z"),
  items: [{
    key: "amd-kds/x",
    answer: { body: bytes("x"), headers: {} },
    confirmed: new Date("2026-11-20T09:00:00Z"),
  }],
});

const BASE: Readonly<Record<string, FakeFile>> = {
  ...ENVELOPE_FILES,
  "a.key": keyPem("PRIVATE KEY", pkcs8),
  "a.pub": keyPem("PUBLIC KEY", publicKey.spki),
  "a.key.der": pkcs8,
  "a.pub.der": publicKey.spki,
  "rsa.pub": "-----BEGIN PUBLIC KEY-----\nMFwwDQYJ\n-----END PUBLIC KEY-----\n",
  "ec.key": "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----\n",
  "policy.yaml": "version: 1\nacceptRoots: [amd]\n",
  "bad-policy.yaml": "version: 1\nallowLab: true\nsev-snp: { debgu: allow }\n",
  "settings.yaml": "version: 1\nsev-snp: { debug: allow }\n",
  "mixed.yaml": `version: 1\nsev-snp: { debug: allow, measurements: [${"ab".repeat(48)}] }\n`,
  "short.yaml": `version: 1\nsev-snp: { measurements: [${"ab".repeat(48)}] }\n`,
  "known.yaml": `version: 1\nsev-snp:\n  measurements: { known: computed, value: [${
    "ab".repeat(48)
  }] }\n`,
  "reference.yaml": [
    "version: 1",
    "release: casemate-1.4.0",
    "issued: 2026-11-20T10:00:00Z",
    "sets:",
    `  - { name: "1.4.0", sev-snp: { measurements: [${"ab".repeat(48)}] } }`,
    "",
  ].join("\n"),
  "plain-collateral.json": bundle,
  "signed-collateral.json": await signDsse(BUNDLE_TYPE, bundle, [signer]),
  "other.dsse": await signDsse("application/vnd.in-toto+json", bytes("{}"), [signer]),
  "secret.jwk": JSON.stringify({ kty: "EC", crv: "P-256", d: "TOPSECRET" }),
  "notes.txt": "version: of these notes is 3\n",
};

async function ran(line: string, files: Readonly<Record<string, FakeFile>>): Promise<Ran> {
  return await runCli(envelopeArguments(line), { files, width: 400 });
}

/** Makes with the program itself what only it makes. */
async function made(): Promise<Readonly<Record<string, FakeFile>>> {
  const flags = "--token node.jwt --token-key a.key --token-audience me --audit audit.json -o json";
  const verified = await ran(`evidence verify node.json @asked @terms ${flags}`, BASE);
  assert.equal(verified.exitCode, 0, verified.err);
  const signed = await ran("reference sign reference.yaml --key a.key --out signed.json", BASE);
  assert.equal(signed.exitCode, 0, signed.err);
  const keys = await ran("result keys a.pub", BASE);
  return {
    ...BASE,
    ...Object.fromEntries([...verified.written, ...signed.written]),
    "jwks.json": keys.out,
    "result.json": verified.out,
  };
}

const FILES = await made();

/** File, kind, and what its description must say. */
const SHOWN: readonly (readonly [string, string, ...string[]])[] = [
  ["policy.yaml", "policy", "Goes into: casemate policy explain or", "digest"],
  ["settings.yaml", "policy", "sev-snp"],
  ["mixed.yaml", "pinning-policy", "Policy that pins values"],
  ["short.yaml", "pinned-values", "casemate policy explain or casemate reference explain"],
  ["known.yaml", "reference-values", "that nobody signed"],
  ["reference.yaml", "reference-values", "casemate-1.4.0", "set 1.4.0", "that nobody signed"],
  ["signed.json", "signed-reference-values", publicKey.id, "signature is not verified", "1.4.0"],
  ["plain-collateral.json", "collateral", "that nobody signed", "amd-kds/x"],
  ["signed-collateral.json", "signed-collateral", publicKey.id, "casemate collateral import or"],
  ["other.dsse", "signed-document", "application/vnd.in-toto+json", publicKey.id],
  ["node.jwt", "ear", publicKey.id, "Goes into: casemate result verify FILE"],
  ["jwks.json", "jwks", publicKey.id, "casemate result verify --key"],
  ["secret.jwk", "jwks-secret", "private halves"],
  ["a.pub", "public-key", publicKey.id, "--owner-key", "P-256"],
  ["a.pub.der", "public-key", publicKey.id],
  ["a.key", "private-key", publicKey.id, "casemate reference sign --key", "not shown"],
  ["a.key.der", "private-key", publicKey.id],
  ["rsa.pub", "other-public-key", "Public key of a kind"],
  ["ec.key", "other-private-key", "Private key of a kind"],
  ["audit.json", "audit-bundle", "Audit bundle of azure-sev-snp", "casemate audit verify"],
  ["result.json", "result", "nobody's word", "lab-trusted"],
];

/** Parts of private keys that are never to be printed. */
const SECRETS: readonly string[] = [
  ...keyPem("PRIVATE KEY", pkcs8).split("\n").slice(1, -2),
  "TOPSECRET",
  "c2VjcmV0",
];

for (const [file, kind, ...says] of SHOWN) {
  Deno.test(`casemate evidence show says what ${file} is, and that nothing of it is verified`, async () => {
    const { exitCode, out, err } = await ran(`evidence show ${file}`, FILES);
    assert.equal(exitCode, 0, err);
    for (const part of says) assert.ok(out.includes(part), `${part} is not in\n${out}`);
    assert.match(out.split("\n")[0] ?? "", /\(not verified\)$/);
    const json = await ran(`evidence show ${file} -o json`, FILES);
    assert.equal(JSON.parse(json.out).kind, kind);
    for (const secret of SECRETS) assert.ok(!(out + json.out).includes(secret), secret);
  });
}

Deno.test("casemate evidence show takes no letter for a policy, and tells what is wrong in a damaged document", async () => {
  const cut: Readonly<Record<string, FakeFile>> = {
    ...FILES,
    "cut.dsse": `{"payloadType":"x","payload":`,
    "cut.json": `{"casemate":"1","kind":"casemate-audit","statement":"`,
  };
  for (
    const [file, code] of [
      ["notes.txt", "input.wrong_kind"],
      ["bad-policy.yaml", "policy.unknown_key"],
      ["cut.dsse", "dsse.malformed"],
      ["cut.json", "audit.malformed"],
    ]
  ) {
    const { exitCode, err } = await ran(`evidence show ${file}`, cut);
    assert.deepEqual([exitCode, err.includes(`${code} (exit 2)`)], [2, true], err);
  }
});

Deno.test("casemate evidence show knows every kind of key, whatever its form", async () => {
  for (const kind of SIGNING_KEY_KINDS) {
    const pair = await generateSigningKey(kind);
    const files = { "k.der": pair.pkcs8, "k.pub": pair.publicKey.spki };
    for (const [file, wanted] of [["k.der", "private-key"], ["k.pub", "public-key"]]) {
      const { out } = await ran(`evidence show ${file} -o json`, files);
      const shown = JSON.parse(out);
      assert.equal(shown.kind, wanted);
      assert.ok(out.includes(pair.publicKey.id));
    }
  }
});

const RELY = "--audience me --no-nonce --policy-id x --key a.pub";
const OF_POLICY = "casemate policy explain or casemate evidence verify --policy takes that";
const OF_REFERENCE =
  "casemate reference explain or casemate evidence verify --reference takes that";
const OF_AUDIT = "casemate audit verify takes that";
const OF_PRIVATE = "casemate reference sign --key or casemate evidence verify --token-key takes";

/** Line, where to look, and what the one sentence says. */
const MISPLACED: readonly (readonly [string, string, string])[] = [
  ["policy lint reference.yaml", "FILE", OF_REFERENCE],
  ["policy lint known.yaml", "FILE", OF_REFERENCE],
  ["policy lint signed.json", "FILE", OF_REFERENCE],
  ["policy explain audit.json", "FILE", OF_AUDIT],
  ["policy digest a.pub", "FILE", "Public key"],
  ["policy diff policy.yaml reference.yaml", "FILE", OF_REFERENCE],
  [
    "policy lint node.json",
    "FILE",
    "Envelope of azure-sev-snp; casemate evidence verify takes that",
  ],
  ["reference check policy.yaml", "FILE", OF_POLICY],
  ["reference check bad-policy.yaml", "FILE", OF_POLICY],
  ["reference check signed-collateral.json", "FILE", "casemate collateral import or"],
  ["reference check signed-collateral.json --owner-key a.pub", "FILE", "collateral import or"],
  ["reference explain other.dsse", "FILE", "Signed document of a kind that is not known"],
  ["reference explain node.jwt", "FILE", "casemate result verify takes that"],
  ["reference sign reference.yaml --key a.pub --out x", "--key", "Public key"],
  ["evidence verify node.json @asked @root --policy reference.yaml", "--policy", OF_REFERENCE],
  ["evidence verify node.json @asked @root --policy signed.json", "--policy", OF_REFERENCE],
  ["evidence verify node.json @asked @root --reference policy.yaml", "--reference", OF_POLICY],
  [
    "evidence verify node.json @asked @root --reference policy.yaml --owner-key a.pub",
    "--reference",
    OF_POLICY,
  ],
  [
    "evidence verify node.json @asked @root --reference signed.json --owner-key a.key",
    "--owner-key",
    OF_PRIVATE,
  ],
  ["evidence verify audit.json @asked @root", "ENVELOPE", OF_AUDIT],
  ["evidence verify policy.yaml @asked @root", "ENVELOPE", OF_POLICY],
  [`result verify audit.json ${RELY}`, "TOKEN", OF_AUDIT],
  [`result verify result.json ${RELY}`, "TOKEN", "nobody's word"],
  ["result show signed.json", "TOKEN", OF_REFERENCE],
  [`result verify node.jwt ${RELY.replace("a.pub", "a.key")}`, "--key", OF_PRIVATE],
  ["result keys a.key", "FILE", OF_PRIVATE],
  ["audit verify node.json", "FILE", "casemate evidence verify takes that"],
  ["audit show node.jwt", "FILE", "casemate result verify takes that"],
  ["audit verify audit.json --owner-key a.key", "--owner-key", OF_PRIVATE],
  ["collateral import signed.json --owner-key a.pub", "FILE", OF_REFERENCE],
  ["collateral fetch policy.yaml", "FILE", OF_POLICY],
  ["owner show jwks.json", "FILE", "casemate result verify --key takes that"],
];

for (const [line, flag, says] of MISPLACED) {
  Deno.test(`casemate ${line} says what the file is and where it goes, once`, async () => {
    const { exitCode, out, err } = await ran(line, FILES);
    assert.deepEqual([exitCode, out], [2, ""], out + err);
    assert.ok(err.includes("input.wrong_kind (exit 2)"), err);
    assert.ok(err.includes(says), `${says} is not in\n${err}`);
    assert.match(err, new RegExp(`look at +${flag}\\n`));
    assert.equal(err.match(/it seems to be/g)?.length, 1);
    for (const secret of SECRETS) assert.ok(!err.includes(secret), secret);
  });
}

Deno.test("what may be a policy and reference values at once is taken as either, and one wrong key is told as such", async () => {
  for (const line of ["policy lint short.yaml", "reference check short.yaml"]) {
    assert.equal((await ran(line, FILES)).exitCode, 0, line);
  }
  const { err } = await ran("reference check mixed.yaml", FILES);
  assert.match(err, /sev-snp\.debug is no reference value; it belongs in the policy/);
});
