/**
 * The pages on manifests and configurations: every line of them runs, every
 * file in them is one.
 *
 * @module
 */

import assert from "node:assert/strict";
import { checkConfig, parseConfig } from "../../src/cluster/config/mod.ts";
import { CONFIG_CODES } from "../../src/cluster/config/codes.ts";
import { PROVIDERS } from "../../src/cluster/config/providers.ts";
import { ManifestChain } from "../../src/manifest/chain.ts";
import { canonicalManifest } from "../../src/manifest/read.ts";
import { MANIFEST_CODES } from "../../src/manifest/codes.ts";
import { MANIFEST_FORM } from "../../src/manifest/form.ts";
import { generateSigningKey, keyPem } from "../../src/core/signing_key.ts";
import { type FakeFile, runCli } from "../cli/fake_host.ts";
import { hexOf, NOW } from "./owner.ts";

async function page(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(`../../docs/${name}`, import.meta.url));
}

/** Blocks of a language, without their fences. */
function blocks(text: string, language: string): readonly string[] {
  const found = text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"));
  return [...found].map(([, body = ""]) => body);
}

const MANIFEST = await page("manifest.md");
const CONFIG = await page("config.md");

async function keyPair() {
  const { pkcs8, publicKey } = await generateSigningKey("P-384");
  const pem = keyPem("PUBLIC KEY", publicKey.spki);
  return { secret: keyPem("PRIVATE KEY", pkcs8), open: pem, publicKey };
}

/** Runs the lines of a page one after the other, as its reader does. */
class Reader {
  readonly files: Record<string, FakeFile>;
  clusterId = "";

  constructor(files: Readonly<Record<string, FakeFile>>) {
    this.files = { ...files };
  }

  async run(line: string): Promise<string> {
    const [command = "", fallback] = line.split(" || ");
    const words = command.replace("$CLUSTER_ID", this.clusterId).split(/\s+/);
    assert.equal(words[0], "casemate", line);
    const ran = await runCli(words.slice(1), { files: this.files, now: NOW });
    if (fallback === undefined) assert.equal(ran.exitCode, 0, `${line}\n${ran.err}${ran.out}`);
    else assert.notEqual(ran.exitCode, 0, `${line} ends well, and the page says otherwise`);
    for (const [path, bytes] of ran.written) this.files[path] = bytes;
    this.clusterId = /cluster id +([0-9a-f]{64})\n/.exec(ran.out)?.[1] ?? this.clusterId;
    return ran.out;
  }

  /** What the page tells its reader to do by hand. */
  fill(path: string): void {
    const file = this.files[path];
    assert.ok(file instanceof Uint8Array, path);
    const text = new TextDecoder().decode(file).replace('project: ""', "project: my-project");
    this.files[path] = text;
  }
}

const registers = { sha256: { "4": ["aa".repeat(32)], "11": ["bb".repeat(32)] } };
const REFERENCE = JSON.stringify({ version: 1, "gcp-sev-snp": { vtpm: { registers } } });

Deno.test("every line of docs/manifest.md runs", async () => {
  const [anna, bert, heir] = [await keyPair(), await keyPair(), await keyPair()];
  const reader = new Reader({
    "reference.yaml": REFERENCE,
    "anna.key": anna.secret,
    "bert.key": bert.secret,
    "new.pub": heir.open,
  });
  let ran = 0;
  for (const line of blocks(MANIFEST, "sh").flatMap((block) => block.trim().split("\n"))) {
    if (line.includes("custodians.yaml")) await guarded(reader, anna.open, bert.open);
    await reader.run(line);
    if (line.includes("config generate")) reader.fill("cluster.yaml");
    ran++;
  }
  assert.equal(ran, 11);
  const chain = "manifest verify guarded-1.json guarded-2.json";
  const told = await reader.run(`casemate ${chain} --cluster-id $CLUSTER_ID -o json`);
  assert.equal(JSON.parse(told).owner, heir.publicKey.id);
  assert.ok(hexOf(heir.publicKey).length > 0);
});

/** A cluster with custodians, before its owner lost the key. */
async function guarded(reader: Reader, ...keys: readonly string[]): Promise<void> {
  const pems = keys.map((pem) => `    - |\n      ${pem.trimEnd().replaceAll("\n", "\n      ")}\n`);
  reader.files["custodians.yaml"] = `${reader.files["cluster.yaml"]}custodians:\n` +
    `  threshold: 2\n  keys:\n${pems.join("")}`;
  await reader.run(
    "casemate manifest create --config custodians.yaml --owner keys/owner.key " +
      "--reference reference.json --master guarded.secret --out guarded-1.json",
  );
}

Deno.test("every line of docs/config.md runs, and its file is without error", async () => {
  const [demo = "", onAws = "", custodians = ""] = blocks(CONFIG, "yaml");
  const reader = new Reader({ "demo.yaml": demo });
  const lines = blocks(CONFIG, "sh").flatMap((block) => block.trim().split("\n"));
  for (const line of lines) await reader.run(line);
  assert.equal(lines.length, 6);
  const check = (text: string) =>
    checkConfig(parseConfig(new TextEncoder().encode(text), "demo.yaml"), NOW).problems
      .filter(({ level }) => level !== "note");
  assert.deepEqual(check(demo), []);
  const { open } = await keyPair();
  const placeholder = /^( *)-----BEGIN[^]*END PUBLIC KEY-----$/m;
  assert.match(custodians, placeholder);
  const one = custodians.replace(
    placeholder,
    (_, indent: string) => open.trimEnd().replaceAll(/^/gm, indent),
  );
  // One key is not enough for the two that the page asks for, and that is what is said.
  assert.deepEqual(check(demo + one).map(({ code }) => code), ["config.custodians"]);
  const aws = demo.replace(
    /provider:[^]*?\n\n/,
    'provider:\n  aws: { account: "123456789012", region: eu-west-1 }\n\n',
  )
    .replace(/attestation:[^]*?\n\n/, `${onAws.replace("…", "MIIC")}\n`)
    .replaceAll(/machine: .*/g, "machine: m8a.xlarge");
  assert.deepEqual(check(aws).filter(({ level }) => level === "error"), []);
});

Deno.test("docs/config.md names every provider, docs/manifest.md every member and code of the chain", () => {
  for (const { id } of PROVIDERS) assert.ok(CONFIG.includes(`\`${id}\``), id);
  for (const member of Object.keys(MANIFEST_FORM.keys ?? {})) {
    assert.ok(new RegExp(`^\\| \`${member}\` +\\|`, "m").test(MANIFEST), member);
  }
  const beside = ["manifest.lab_roots", "manifest.ticket_malformed"];
  for (const code of Object.keys(MANIFEST_CODES)) {
    if (!beside.includes(code)) assert.ok(MANIFEST.includes(`\`${code}\``), code);
  }
  assert.ok(Object.keys(CONFIG_CODES).length > 0);
});

Deno.test("the example of docs/manifest.md is one, of the owner and the id of docs/protocol.md", async () => {
  const example = (text: string, name: string) => blocks(text, `text example=${name}`)[0]?.trim();
  const protocol = await page("protocol.md");
  const [clusterId = "", file = "", text] = [
    example(protocol, "cluster-id"),
    example(MANIFEST, "manifest-file"),
    example(MANIFEST, "manifest"),
  ];
  const bytes = new TextEncoder().encode(file);
  const chain = await ManifestChain.verify([bytes], clusterId, { now: NOW });
  assert.equal(chain.newestDigest, example(MANIFEST, "manifest-digest"));
  assert.equal(new TextDecoder().decode(canonicalManifest(chain.newest)), text);
  assert.equal(chain.newest.owner, example(protocol, "owner"));
});
