/**
 * `casemate serve` as a process: all that a service of verification must do, TLS,
 * new keys while it runs, and its end.
 *
 * @module
 */

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { toHex } from "../../src/core/bytes.ts";
import { generateSigningKey, keyPem } from "../../src/core/signing_key.ts";
import { envelopeOf, verify } from "../api/asking.ts";
import { serviceLab } from "../api/lab.ts";
import { SERVICE_CASES, serviceAt } from "../api/suite.ts";
import { runCli } from "../cli/fake_host.ts";
import { startServe, writeLab } from "./process.ts";
import { makeIdentity, ownKey } from "./identity.ts";

const lab = await serviceLab(new Date());

/** A folder of files for a service, gone afterwards. */
async function inFolder(
  work: (folder: string, flags: readonly string[]) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_serve_" });
  try {
    await work(folder, await writeLab(lab, folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("casemate serve does all that a service of verification must do", async (t) => {
  await inFolder(async (_, flags) => {
    await using serving = await startServe(...flags);
    const service = serviceAt(serving.url, { lab, remembers: true });
    for (const { name, run } of SERVICE_CASES) await t.step(name, () => run(service));

    assert.equal((await serving.end()).code, 0);

    const [first, second] = serving.lines;
    assert.deepEqual([first?.["event"], second?.["event"]], ["lab", "listening"]);
    assert.equal(serving.lines.at(-1)?.["event"], "ended");
    const verified = serving.lines.find(({ verdict }) => verdict === "lab-trusted");
    assert.deepEqual(Object.keys(verified ?? {}), [
      "time",
      "event",
      "method",
      "route",
      "status",
      "code",
      "verdict",
      "variant",
      "policy",
      "took",
    ]);
    assert.equal(serving.errors(), "");
  });
});

Deno.test("casemate serve shows a new certificate and signs with a new key on SIGHUP, and keeps both where they are wrong", async () => {
  await inFolder(async (folder, flags) => {
    const [first, second] = [await makeIdentity("first"), await makeIdentity("second")];
    const write = async (name: string, text: string): Promise<void> =>
      await Deno.writeTextFile(`${folder}/${name}`, text);
    await write("tls.pem", first.certificate);
    await write("tls.key", first.key);
    const tls = ["--tls-cert", `${folder}/tls.pem`, "--tls-key", `${folder}/tls.key`];
    await using serving = await startServe(...flags, ...tls);
    const ids = async (ca: string): Promise<readonly string[]> => {
      const client = Deno.createHttpClient({ caCerts: [ca] });
      const url = `${serving.url.replace("127.0.0.1", "localhost")}/.well-known/jwks.json`;
      try {
        const { keys } = await (await fetch(url, { client })).json();
        return keys.map(({ kid }: { readonly kid: string }) => kid);
      } finally {
        client.close();
      }
    };
    const [before] = await ids(first.certificate);

    const { pkcs8, publicKey } = await generateSigningKey("P-384");
    await write("token.key", keyPem("PRIVATE KEY", pkcs8));
    await write("tls.pem", second.certificate);
    await write("tls.key", second.key);
    serving.kill("SIGHUP");
    assert.equal((await serving.said("reloaded"))["key"], publicKey.id);
    const after = await ids(second.certificate);
    assert.notDeepEqual(after, [before]);
    await assert.rejects(ids(first.certificate), TypeError);

    await write("tls.key", first.key);
    serving.kill("SIGHUP");
    assert.match(String((await serving.said("not_reloaded"))["warning"]), /key\.wrong_kind/);
    // Of a kind that a server which did not look would end by.
    const weak = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const third = await makeIdentity("third", ownKey(weak));
    await write("tls.pem", third.certificate);
    await write("tls.key", third.key);
    serving.kill("SIGHUP");
    assert.match(String((await serving.said("not_reloaded", 2))["warning"]), /RSA of 1024 bits/);
    assert.deepEqual(await ids(second.certificate), after);
    assert.equal((await serving.end()).code, 0);
  });
});

Deno.test("casemate serve changes its key without a gap: the next one is published first, the last one stays", async () => {
  await inFolder(async (folder, flags) => {
    const own = lab.signer.publicKey;
    const next = await generateSigningKey("Ed25519");
    const publish = async (spki: Uint8Array): Promise<void> =>
      await Deno.writeTextFile(`${folder}/also.pub`, keyPem("PUBLIC KEY", spki));
    await publish(own.spki);
    await using serving = await startServe(...flags, "--also-key", `${folder}/also.pub`);
    const service = serviceAt(serving.url, { lab, remembers: true });
    const published = async (): Promise<JSONWebKeySet> =>
      await (await service.ask("/.well-known/jwks.json")).json();
    const ids = async (): Promise<readonly (string | undefined)[]> =>
      (await published()).keys.map(({ kid }) => kid);
    const nonce = crypto.getRandomValues(new Uint8Array(32));
    const body = {
      envelope: envelopeOf(await lab.mint(nonce)),
      nonce: toHex(nonce),
      policy: { digest: lab.digest },
      token: { audience: "a" },
    };
    /** A token, which consumers with this set of keys take. */
    const token = async (keys: JSONWebKeySet): Promise<string> => {
      const text = await (await verify(service, body, "application/eat+jwt")).text();
      await jwtVerify(text, createLocalJWKSet(keys));
      return text;
    };
    assert.deepEqual(await ids(), [own.id]);

    await publish(next.publicKey.spki);
    serving.kill("SIGHUP");
    await serving.said("reloaded");
    const before = await published();
    assert.deepEqual(await ids(), [own.id, next.publicKey.id]);
    const last = await token(before);

    await Deno.writeTextFile(`${folder}/token.key`, keyPem("PRIVATE KEY", next.pkcs8));
    await publish(own.spki);
    serving.kill("SIGHUP");
    assert.equal((await serving.said("reloaded", 2))["key"], next.publicKey.id);
    assert.deepEqual(await ids(), [next.publicKey.id, own.id]);
    // Who kept the old set takes new tokens, and who has the new one takes old ones.
    await token(before);
    await jwtVerify(last, createLocalJWKSet(await published()));
    assert.equal((await serving.end()).code, 0);
  });
});

/** What is wrong with a command line, and what it says. */
const WRONG: readonly (readonly [string, string, string])[] = [
  ["--listen 8080", "input.value", "--listen"],
  ["--tls-cert tls.pem", "input.missing", "--tls-key"],
  ["--tls-key tls.key", "input.missing", "--tls-cert"],
  ["--token-key key", "input.missing", "--token-issuer"],
  ["--token-key key --token-issuer https://v", "input.missing", "--policy"],
  ["--token-key key --token-issuer v --policy policy", "input.value", "--token-issuer"],
  ["--token-issuer https://v", "input.missing", "--token-key"],
  ["--also-key pub", "input.missing", "--token-key"],
  ["--reference reference", "input.missing", "--policy"],
  ["--owner-key pub --policy policy", "input.missing", "--owner-key"],
  [
    "--policy policy --reference reference --reference reference --reference reference",
    "input.conflict",
    "--reference",
  ],
  ["--policy policy --policy policy", "input.conflict", "--policy"],
  ["--policy policy --believe roots=root", "input.value", "--believe"],
  ["--policy root", "input.wrong_kind", "--policy"],
  ["--policy absent", "input.unreadable", "--policy"],
  ["--nonce-secret short", "input.value", "--nonce-secret"],
  ["--origin example.org", "input.value", "--origin"],
  ["--origin https://example.org/", "input.value", "--origin"],
  ["--max-under-way 0", "input.value", "--max-under-way"],
  ["--max-waiting -1", "input.value", "--max-waiting"],
  ["--collateral network", "input.value", "--collateral"],
  ["--collateral-url http://mirror", "input.conflict", "--collateral-url"],
  ["--cache cache", "input.conflict", "--cache"],
  ["--collateral given --timeout 5s", "input.conflict", "--timeout"],
  ["--max-age 1d", "input.conflict", "--max-age"],
];

Deno.test("casemate serve says what is wrong with its flags before it listens", async () => {
  const { publicKey } = await generateSigningKey("P-256");
  const files = {
    policy: JSON.stringify(lab.policy),
    reference: JSON.stringify(lab.reference),
    key: keyPem("PRIVATE KEY", lab.key),
    pub: keyPem("PUBLIC KEY", publicKey.spki),
    root: lab.roots,
    short: toHex(new Uint8Array(8)),
    "tls.pem": "no certificate",
    "tls.key": "no key",
  };
  for (const [line, code, flag] of WRONG) {
    const { exitCode, err } = await runCli(["serve", ...line.split(" ")], { files });
    assert.deepEqual(
      [exitCode, err.includes(code), err.includes(flag)],
      [2, true, true],
      `${line}: ${err}`,
    );
  }
});
