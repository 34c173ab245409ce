/** Tokens on the command line: written by a verification, verified, shown. */
import assert from "node:assert/strict";
import { generateSigningKey, keyPem } from "../../src/core/signing_key.ts";
import type { Case } from "./cases.ts";
import { ENVELOPE_FILES, envelopeArguments } from "./envelope_files.ts";
import { expectCase, expectError } from "./expect.ts";
import { type FakeFile, type Ran, runCli, type RunWith } from "./fake_host.ts";

const { pkcs8, publicKey } = await generateSigningKey("P-256");
const other = (await generateSigningKey("P-384")).publicKey;

const AUDIENCE = "https://keys.example.org";
const SIGN = `--token node.jwt --token-key v.key --token-audience ${AUDIENCE}`;

const FILES: Readonly<Record<string, FakeFile>> = {
  ...ENVELOPE_FILES,
  "v.key": keyPem("PRIVATE KEY", pkcs8),
  "v.pub": keyPem("PUBLIC KEY", publicKey.spki),
  "other.pub": keyPem("PUBLIC KEY", other.spki),
  "warning.json": JSON.stringify({
    version: 1,
    acceptRoots: ["amd", "paravisor"],
    tokens: { platformOnly: "warning" },
  }),
};

function runLine(line: string, options: RunWith = {}): Promise<Ran> {
  return runCli(envelopeArguments(line), { files: FILES, ...options });
}

/** Digest of the policy, and the token that a verification wrote. */
async function issue(
  line = "evidence verify node.json @asked @terms",
): Promise<{ readonly token: Uint8Array; readonly digest: string; readonly nonce: string }> {
  const { written, out, err } = await runLine(`${line} ${SIGN} -o json`);
  const token = written.get("node.jwt");
  assert.ok(token, err);
  const { digests, nonce } = JSON.parse(out);
  return { token, digest: digests.policy, nonce };
}

const issued = await issue();

const ASK =
  `--key v.pub --audience ${AUDIENCE} --nonce ${issued.nonce} --policy-digest ${issued.digest}`;

/** Runs `casemate result` over the token that was issued. */
function relying(line: string, options: RunWith = {}): Promise<Ran> {
  const files = { ...FILES, "node.jwt": issued.token, "-": issued.token, ...options.files };
  return runCli(line.split(" "), { ...options, files });
}

Deno.test("casemate evidence verify --token writes a token and says so, whatever the verdict but unavailable", async () => {
  const { exitCode, out, written, secret } = await runLine(
    `evidence verify node.json @asked @terms ${SIGN}`,
  );
  assert.equal(exitCode, 0);
  assert.match(out, /^LAB-TRUSTED\n[\s\S]*\nWrote the token node\.jwt\n$/);
  assert.ok(!secret.has("node.jwt"));
  assert.match(new TextDecoder().decode(written.get("node.jwt")), /^[\w-]+\.[\w-]+\.[\w-]+\n$/);

  const refused = await runLine(`evidence verify node.json @nonce @terms ${SIGN}`);
  assert.deepEqual([refused.exitCode, refused.written.has("node.jwt")], [3, true]);

  const unknown = await runLine(`evidence verify no-crl.json @asked @terms ${SIGN}`);
  assert.deepEqual([unknown.exitCode, unknown.written.has("node.jwt")], [4, false]);
  assert.match(unknown.err, /No token was written: trust could not be examined/);
});

const LAB = "! Lab evidence: it shows that the checks work";

const ANSWERS: readonly Case[] = [
  {
    name: "a token about lab evidence is lab-trusted where that is allowed",
    line: `result verify node.jwt ${ASK} --allow-lab`,
    exit: 0,
    out: ["LAB-TRUSTED", LAB, "The verifier affirms evidence of azure-sev-snp", "cpu0", "vtpm0"],
  },
  {
    name: "a token from standard input",
    line: `result verify - ${ASK} --allow-lab`,
    exit: 0,
    out: ["LAB-TRUSTED"],
  },
  {
    name: "a token without a nonce of one's own says what that leaves open",
    line: `result verify node.jwt ${ASK.replace(/--nonce \S+/, "--no-nonce")} --allow-lab`,
    exit: 0,
    out: ["! No nonce was asked with"],
  },
  {
    name: "a token that is shown is not verified",
    line: "result show node.jwt",
    exit: 0,
    out: [
      "NOTHING OF IT IS VERIFIED",
      "submods.cpu0.ear_trustworthiness_vector",
      "eat+jwt",
      "2026-11-21T12:05:00.000Z",
    ],
  },
  {
    name: "keys are printed as a set, each once",
    line: "result keys v.pub v.pub other.pub",
    exit: 0,
    out: [`"kid": "${publicKey.id}"`, `"kid": "${other.id}"`, '"alg": "ES384"'],
  },
];

for (const wanted of ANSWERS) {
  Deno.test(`casemate: ${wanted.name}`, async () => {
    const ran = await relying(wanted.line);
    expectCase(ran, wanted);
    assert.equal(ran.err, "");
  });
}

Deno.test("casemate result keys new makes a key that signs tokens, the private half for its owner alone", async () => {
  for (const [flags, kind] of [["", "P-256"], [" --kind P-384", "P-384"]] as const) {
    const made = await runCli(`result keys new --out keys${flags}`.split(" "), { files: {} });
    assert.equal(made.exitCode, 0, made.err);
    assert.deepEqual([...made.written.keys()], ["keys/verifier.key", "keys/verifier.pub"]);
    assert.deepEqual([...made.secret], ["keys/verifier.key"]);
    assert.ok(made.out.startsWith(`Made a verifier's key of ${kind}\n`), made.out);
    const files = { ...FILES, ...Object.fromEntries(made.written) };
    const line = `evidence verify node.json @asked @terms ${SIGN} -o json`;
    const signed = await runLine(line.replace("v.key", "keys/verifier.key"), { files });
    const token = signed.written.get("node.jwt");
    assert.ok(token, signed.err);
    const ask = ASK.replace("v.pub", "keys/verifier.pub");
    const ran = await relying(`result verify node.jwt ${ask} --allow-lab`, {
      files: { ...files, "node.jwt": token },
    });
    assert.equal(ran.exitCode, 0, ran.err);
    const again = await runCli("result keys new --out keys".split(" "), {
      files: { "keys/verifier.pub": "mine" },
    });
    assert.deepEqual([again.exitCode, again.written.size], [2, 0]);
  }
});

const REFUSED: readonly (readonly [string, string, string, number])[] = [
  ["a lab's token where none is allowed", ASK, "results.lab", 3],
  ["another key", `${ASK.replace("v.pub", "other.pub")} --allow-lab`, "results.algorithm", 3],
  ["another audience", `${ASK.replace(AUDIENCE, "me")} --allow-lab`, "results.audience", 3],
  ["another nonce", `${ASK.replace(/--nonce \S\S/, "--nonce 00")} --allow-lab`, "results.nonce", 3],
  ["another policy", `${ASK.replace(/digest \S\S/, "digest 00")} --allow-lab`, "results.policy", 3],
  ["another profile", `${ASK} --ear-profile trustee`, "results.profile", 3],
  ["another issuer", `${ASK} --allow-lab --issuer me`, "results.issuer", 3],
  ["a later day", `${ASK} --allow-lab --at 2026-11-22`, "results.expired", 3],
  ["an earlier day", `${ASK} --allow-lab --at 2026-11-20`, "results.not_yet_valid", 3],
  ["no key", ASK.replace("--key v.pub ", ""), "input.missing", 2],
  ["no audience", ASK.replace(`--audience ${AUDIENCE} `, ""), "input.missing", 2],
  ["an empty audience", ASK.replace(AUDIENCE, ""), "input.empty", 2],
  ["an audience and none", `${ASK} --no-audience`, "input.conflict", 2],
  [
    "no audience of one's own tokens",
    `${ASK.replace(`--audience ${AUDIENCE}`, "--no-audience")} --allow-lab`,
    "input.conflict",
    2,
  ],
  ["neither nonce nor none", ASK.replace(/--nonce \S+ /, ""), "input.missing", 2],
  ["nonce and none", `${ASK} --no-nonce`, "input.conflict", 2],
  ["no policy", ASK.replace(/--policy-digest \S+/, ""), "input.missing", 2],
  ["a digest that is none", ASK.replace(/digest \S\S/, "digest "), "input.value", 2],
  ["two policies", `${ASK} --policy-id default`, "input.conflict", 2],
  ["a root that is none", `${ASK} --accept-root amdd`, "input.value", 2],
  ["a lab as root", `${ASK} --accept-root lab`, "input.value", 2],
  ["a private key", ASK.replace("v.pub", "v.key"), "input.wrong_kind", 2],
];

for (const [what, flags, code, exit] of REFUSED) {
  Deno.test(`casemate result verify with ${what} ends with ${exit}, ${code}`, async () => {
    const args = ["result", "verify", "node.jwt", ...flags.trim().split(" ")];
    const { exitCode, out, err } = await runCli(args, {
      files: { ...FILES, "node.jwt": issued.token },
    });
    assert.deepEqual([exitCode, out], [exit, ""], err);
    assert.match(
      err,
      new RegExp(`\\n {2}code {8}${code.replace(".", "\\.")} \\(exit ${exit}\\)\\n`),
    );
  });
}

const MISUSED: readonly Case[] = [
  {
    name: "a token without key",
    line: "--token t.jwt --token-audience a",
    exit: 2,
    err: ["--token-key"],
  },
  {
    name: "a token for nobody",
    line: "--token t.jwt --token-key v.key",
    exit: 2,
    err: ["--token-audience"],
  },
  { name: "a token's key without token", line: "--token-key v.key", exit: 2, err: ["--token"] },
  {
    name: "a token about signatures alone",
    line: `${SIGN} --profile crypto-only`,
    exit: 2,
    err: ["input.conflict"],
  },
  {
    name: "a token about another day",
    line: `${SIGN} --at 2026-11-21`,
    exit: 2,
    err: ["input.conflict"],
  },
  {
    name: "a token with a public key",
    line: SIGN.replace("v.key", "v.pub"),
    exit: 2,
    err: ["input.wrong_kind", "Public key"],
  },
  {
    name: "a token over a file",
    line: SIGN.replace("node.jwt", "v.pub"),
    exit: 2,
    err: ["input.unwritable"],
  },
];

for (const wanted of MISUSED) {
  Deno.test(`casemate: ${wanted.name} is one sentence with code and flag`, async () => {
    const ran = await runLine(`evidence verify node.json @asked @terms ${wanted.line}`);
    expectError(ran, wanted);
    assert.equal(ran.written.size, 0);
  });
}

Deno.test("casemate lets the policy say that genuine evidence gets a warning, which is not enough for trust", async () => {
  const line = "evidence verify node.json @asked @root";
  for (
    const [policy, status] of [["@policy", "contraindicated"], ["--policy warning.json", "warning"]]
  ) {
    const { token, digest, nonce } = await issue(`${line} ${policy}`);
    const flags = `--key v.pub --audience ${AUDIENCE} --nonce ${nonce} --policy-digest ${digest}`;
    const ran = await relying(`result verify node.jwt ${flags} --allow-lab -o json`, {
      files: { "node.jwt": token },
    });
    const told = JSON.parse(ran.out);
    assert.deepEqual([ran.exitCode, told.status, told.code], [6, status, "results.not_enough"]);
  }
});

Deno.test("casemate verifies tokens within 40 columns, shows their longer names within 60, and lets no escape sequence through", async () => {
  const lines: readonly (readonly [string, number])[] = [
    ["result show node.jwt", 60],
    [`result verify node.jwt ${ASK} --allow-lab`, 40],
  ];
  for (const [line, width] of lines) {
    const { out } = await relying(line, { width });
    assert.deepEqual(out.split("\n").filter((text) => [...text].length > width), [], line);
  }
  const text = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const evil = `${text({ alg: "\x1b[2J" })}.${text({ "\x1b[32m": "\x1b[2JTRUSTED" })}.AAAA`;
  for (const line of ["result show evil.jwt", `result verify evil.jwt ${ASK}`]) {
    const { out, err } = await relying(line, { files: { "evil.jwt": evil } });
    // deno-lint-ignore no-control-regex -- the sequence is what must not be there
    assert.doesNotMatch(out + err, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/, line);
  }
  const garbage = await relying("result show notes.txt", { files: { "notes.txt": "no token\n" } });
  assert.equal(garbage.exitCode, 3);
  assert.match(garbage.err, /^error: Cannot read notes\.txt as a token: it has 1 parts/);
});
