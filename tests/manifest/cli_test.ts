/**
 * `casemate manifest` and `casemate config` from the command line.
 *
 * @module
 */

import assert from "node:assert/strict";
import { keyPem } from "../../src/core/signing_key.ts";
import type { DeviceKeys } from "../../src/core/device_keys.ts";
import { generateSigningKey, readSigningKey } from "../../src/core/signing_key.ts";
import { ManifestChain } from "../../src/manifest/chain.ts";
import { readTicket } from "../../src/manifest/ticket.ts";
import { readMasterSecret } from "../../src/keys/master_secret.ts";
import { signReference } from "../../src/policy/reference/authority.ts";
import { expectError } from "../cli/expect.ts";
import { type FakeFile, type Ran, runCli, type RunWith } from "../cli/fake_host.ts";

async function keyFiles() {
  const { pkcs8, publicKey } = await generateSigningKey("P-384");
  const secret = keyPem("PRIVATE KEY", pkcs8);
  const key = await readSigningKey(new TextEncoder().encode(secret));
  return { secret, open: keyPem("PUBLIC KEY", publicKey.spki), id: publicKey.id, key };
}

const [owner, other, a, b] = [
  await keyFiles(),
  await keyFiles(),
  await keyFiles(),
  await keyFiles(),
];

/** Demands wrong input, told in one sentence. */
function refused(ran: Ran, err: readonly string[]): void {
  expectError(ran, { name: "", line: "", exit: 2, err });
}

const NOON = new Date("2026-11-21T12:00:00Z");
const registers = { sha256: { "4": ["aa".repeat(32)], "11": ["bb".repeat(32)] } };
const reference = (key = owner.key) =>
  signReference({ version: 1, "gcp-sev-snp": { vtpm: { registers } } }, [key]);

const indented = (pem: string) => pem.trimEnd().replaceAll("\n", "\n      ");
const CONFIG = (await runCli(["config", "generate", "gcp", "--name", "demo"])).out
  .replace('project: ""', "project: my-project").replace('image: ""', "image: 1.4.0");
const CUSTODIANS = `custodians:\n  threshold: 2\n  keys:\n    - |\n      ${
  indented(a.open)
}\n    - |\n      ${indented(b.open)}\n`;

const FILES: Readonly<Record<string, FakeFile>> = {
  "c.yaml": CONFIG,
  "custodians.yaml": CONFIG + CUSTODIANS,
  "custodians-more.yaml": CONFIG.replace("kubernetes: 1.34.2", "kubernetes: 1.34.3") + CUSTODIANS,
  "changed.yaml": CONFIG.replace("kubernetes: 1.34.2", "kubernetes: 1.34.3")
    .replace("integrity: true", "integrity: false"),
  "bad.yaml": CONFIG.replace("min: 3", "min: 9"),
  "owner.key": owner.secret,
  "owner.pub": owner.open,
  "other.key": other.secret,
  "other.pub": other.open,
  "a.key": a.secret,
  "b.key": b.secret,
  "r.json": await reference(),
  "others-r.json": await reference(other.key),
  "tdx-r.json": await signReference({ version: 1, "tdx": { rtmr1: ["aa".repeat(48)] } }, [
    owner.key,
  ]),
};

/** Runs a line whose files are those and what was written before. */
async function cli(line: string, ran: RunWith["files"] = {}, more: RunWith = {}): Promise<Ran> {
  return await runCli(line.split(" "), { files: { ...FILES, ...ran }, now: NOON, ...more });
}

const CREATE = "manifest create --owner owner.key --reference r.json";

/** The first manifest, and what it says. */
async function first(config = "c.yaml") {
  const ran = await cli(
    `${CREATE} --config ${config} --master m.secret --out m1.json -o json`,
  );
  assert.equal(ran.exitCode, 0, ran.err + ran.out);
  const told: Readonly<Record<string, string>> = JSON.parse(ran.out);
  const file = ran.written.get("m1.json");
  assert.ok(file !== undefined);
  return { ran, file, clusterId: told["clusterId"] ?? "", digest: told["digest"] ?? "" };
}

Deno.test("casemate manifest create makes a cluster: its id, its manifest, its master secret", async () => {
  const { ran, clusterId, file } = await first();
  assert.deepEqual([...ran.written.keys()].sort(), ["m.secret", "m1.json"]);
  assert.deepEqual([...ran.secret], ["m.secret"]);
  const master = readMasterSecret(ran.written.get("m.secret") ?? new Uint8Array(), clusterId);
  assert.equal(master.secret.length, 32);
  const hex = [...master.secret].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  assert.ok(!(ran.out + ran.err + new TextDecoder().decode(file)).includes(`"${hex}"`));
  const verified = await cli(
    `manifest verify m1.json --cluster-id ${clusterId} --reference r.json -o json`,
    { "m1.json": file },
  );
  assert.equal(verified.exitCode, 0, verified.err);
  assert.deepEqual(JSON.parse(verified.out), {
    v: 1,
    verified: true,
    clusterId,
    kind: "cluster",
    sequence: 1,
    digest: JSON.parse(ran.out).digest,
    owner: owner.id,
    notAfter: "2027-11-21T12:00:00Z",
    references: 1,
  });
});

Deno.test("a next manifest says what it changes, the weaker first", async () => {
  const { file, clusterId } = await first();
  const line = `${CREATE} --config changed.yaml --previous m1.json --out m2.json`;
  const ran = await cli(line, { "m1.json": file });
  assert.equal(ran.exitCode, 0, ran.err);
  assert.deepEqual([...ran.written.keys()], ["m2.json"]);
  assert.match(
    ran.out,
    /^Wrote manifest 2 to m2\.json\n[^]*\nweaker {4}storageClasses\.encrypted\.integrity\n {2}true → false\n[^]*\nother {5}kubernetes\n {2}1\.34\.2 → 1\.34\.3\n/,
  );
  const files = { "m1.json": file, "m2.json": ran.written.get("m2.json") ?? "" };
  const diff = await cli("manifest diff m1.json m2.json", files);
  assert.ok(diff.out.startsWith("weaker    storageClasses.encrypted.integrity\n"));
  const verified = await cli(`manifest verify m1.json m2.json --cluster-id ${clusterId}`, files);
  assert.equal(verified.exitCode, 0, verified.err);
  assert.match(verified.out, /^2 manifests, all the owner's\n/);
  const shown = await cli("manifest show m1.json m2.json", files);
  assert.match(shown.out, /Nothing was verified/);
  assert.equal(
    (await cli("manifest diff m1.json m1.json", files)).out,
    "m1.json and m1.json say the same.\n",
  );
});

Deno.test("casemate manifest verify refuses with the exit code and the code of each attack", async () => {
  const { file, clusterId } = await first();
  const created = await cli(`${CREATE} --config changed.yaml --previous m1.json --out m2.json`, {
    "m1.json": file,
  });
  const files = { "m1.json": file, "m2.json": created.written.get("m2.json") ?? "" };
  const theirs = await cli(
    "manifest create --owner other.key --reference others-r.json --config c.yaml --master m.secret --out t.json",
  );
  const given = { ...files, "t.json": theirs.written.get("t.json") ?? "" };
  const id = `--cluster-id ${clusterId}`;
  const cases: readonly (readonly [string, string, number])[] = [
    [`m1.json --cluster-id ${"00".repeat(32)}`, "manifest.cluster", 3],
    [`t.json ${id}`, "manifest.cluster", 3],
    [`m2.json ${id}`, "manifest.sequence", 3],
    [`m2.json m1.json ${id}`, "manifest.sequence", 3],
    [`m1.json ${id} --minimum-sequence 2`, "manifest.rollback", 3],
    [`m1.json m2.json ${id} --at 2028-01-01T00:00:00Z`, "manifest.expired", 3],
    [`m1.json ${id} --at 2026-01-01T00:00:00Z`, "manifest.not_yet", 3],
    [`m1.json ${id} --reference others-r.json`, "dsse.key", 3],
    [`m1.json ${id} --reference tdx-r.json`, "manifest.reference_unknown", 2],
    [`m1.json`, "input.missing", 2],
    [`m1.json --cluster-id 12`, "input.value", 2],
    [`r.json ${id}`, "manifest.malformed", 2],
    [`c.yaml ${id}`, "dsse.malformed", 2],
    [`none.json ${id}`, "input.unreadable", 2],
  ];
  for (const [line, code, exit] of cases) {
    const ran = await cli(`manifest verify ${line}`, given);
    assert.equal(ran.exitCode, exit, `${line}: ${ran.err}`);
    assert.ok(ran.err.includes(`${code} (exit ${exit})`), `${line}: ${ran.err}`);
    assert.equal(ran.out, "");
  }
});

Deno.test("casemate manifest create writes nothing where something is wrong", async () => {
  const { file } = await first();
  const given = { "m1.json": file, "there.json": "{}" };
  const cases: readonly (readonly [string, string])[] = [
    [`${CREATE} --config c.yaml --out o.json`, "input.missing"],
    [`${CREATE} --config c.yaml --master m`, "input.missing"],
    [`${CREATE} --config bad.yaml --master m --out o.json`, "config.invalid"],
    [`${CREATE} --config c.yaml --master m --out there.json`, "input.unwritable"],
    [`${CREATE} --config c.yaml --master there.json --out o.json`, "input.unwritable"],
    [`${CREATE} --config c.yaml --master m --out o.json --lab-root owner.pub`, "input.wrong_kind"],
    [`${CREATE} --config c.yaml --master m --out o.json --new-owner other.pub`, "input.conflict"],
    [`${CREATE} --config c.yaml --previous m1.json --master m --out o.json`, "input.conflict"],
    ["manifest create --owner owner.key --config c.yaml --master m --out o.json", "input.missing"],
    [
      "manifest create --owner owner.key --reference tdx-r.json --config c.yaml --master m --out o.json",
      "input.conflict",
    ],
    [
      "manifest create --owner owner.pub --reference r.json --config c.yaml --master m --out o.json",
      "input.wrong_kind",
    ],
  ];
  for (const [line, code] of cases) {
    const ran = await cli(line, given);
    refused(ran, [code]);
    assert.deepEqual([...ran.written.keys()], [], line);
  }
  const theirs = await cli(
    "manifest create --owner other.key --reference others-r.json --config c.yaml --out o.json --previous m1.json",
    given,
  );
  assert.equal(theirs.exitCode, 3, theirs.err);
  assert.match(theirs.err, /dsse\.key/);
  const stolen = await cli(
    "manifest create --owner other.key --reference r.json --config c.yaml --previous m1.json --out o.json",
    given,
  );
  assert.equal(stolen.exitCode, 3, stolen.err);
  assert.match(stolen.err, /manifest\.signature/);
  assert.deepEqual([...stolen.written.keys()], []);
});

Deno.test("the owner hands the cluster over; afterwards the new one signs", async () => {
  const { file, clusterId } = await first();
  const handed = await cli(
    `${CREATE} --config c.yaml --previous m1.json --new-owner other.pub --out m2.json`,
    { "m1.json": file },
  );
  assert.equal(handed.exitCode, 0, handed.err);
  const files = { "m1.json": file, "m2.json": handed.written.get("m2.json") ?? "" };
  const previous = "--previous m1.json --previous m2.json";
  const third = await cli(
    `manifest create --owner other.key --reference r.json --config c.yaml ${previous} --out m3.json`,
    files,
  );
  assert.equal(third.exitCode, 0, third.err);
  const all = { ...files, "m3.json": third.written.get("m3.json") ?? "" };
  const verified = await cli(
    `manifest verify m1.json m2.json m3.json --cluster-id ${clusterId} -o json`,
    all,
  );
  assert.equal(JSON.parse(verified.out).owner, other.id);
});

Deno.test("custodians replace a lost key, one after the other", async () => {
  const { file, clusterId } = await first("custodians.yaml");
  const files = { "m1.json": file };
  const one = await cli(
    "manifest create --owner a.key --reference r.json --config custodians.yaml --previous m1.json --new-owner other.pub --out m2.json",
    files,
  );
  assert.equal(one.exitCode, 0, one.err);
  assert.ok(one.out.includes(`other     owner\n  ${owner.id} →`), one.out);
  const more = await cli(
    "manifest create --owner a.key --reference r.json --config custodians-more.yaml --previous m1.json --new-owner other.pub --out more.json",
    files,
  );
  assert.equal(more.exitCode, 3, "what no custodian's signature mends is not written");
  assert.match(more.err, /manifest\.owner/);
  assert.deepEqual([...more.written.keys()], []);
  assert.match(one.out, /One custodian must sign it still:\ncasemate manifest sign m2\.json/);
  const half = { ...files, "half.json": one.written.get("m2.json") ?? "" };
  const early = await cli(`manifest verify m1.json half.json --cluster-id ${clusterId}`, half);
  assert.match(early.err, /manifest\.custodians/);
  const two = await cli("manifest sign half.json --key b.key --out whole.json", half);
  assert.equal(two.exitCode, 0, two.err);
  const whole = { ...files, "whole.json": two.written.get("whole.json") ?? "" };
  const verified = await cli(`manifest verify m1.json whole.json --cluster-id ${clusterId}`, whole);
  assert.equal(verified.exitCode, 0, verified.err);
  assert.ok(verified.out.includes(other.id));
});

Deno.test("casemate manifest ticket signs for a group of control planes, and nothing else", async () => {
  const { file, clusterId } = await first();
  const files = { "m1.json": file };
  const line = "manifest ticket m1.json --out t.json --owner";
  const ran = await cli(`${line} owner.key --group control-plane --hours 2 -o json`, files);
  assert.equal(ran.exitCode, 0, ran.err);
  assert.deepEqual([...ran.secret], ["t.json"]);
  assert.deepEqual(JSON.parse(ran.out), {
    v: 1,
    out: "t.json",
    clusterId,
    group: "control-plane",
    notAfter: "2026-11-21T14:00:00Z",
  });
  const chain = await ManifestChain.verify([file], clusterId, { now: NOON });
  const ticket = await readTicket(ran.written.get("t.json") ?? new Uint8Array(), chain, NOON);
  assert.equal(ticket.group, "control-plane");
  for (const wrong of ["owner.key --group worker", "other.key --group control-plane"]) {
    const failed = await cli(`${line} ${wrong}`, files);
    assert.equal(failed.exitCode, 3, failed.err);
    assert.match(failed.err, /manifest\.ticket/);
    assert.deepEqual([...failed.written.keys()], []);
  }
  refused(await cli(`${line} owner.key`, files), ["input.missing", "--group"]);
  const long = await cli(`${line} owner.key --group control-plane --hours 999`, files);
  refused(long, ["input.value", "--hours"]);
});

Deno.test("keys in devices sign manifests, and sessions end", async () => {
  const opened: string[] = [];
  const deviceKeys: DeviceKeys = {
    open(uri) {
      opened.push(uri);
      const close = () => void opened.push("closed");
      return Promise.resolve({ ...owner.key, sign: owner.key.sign, close });
    },
  };
  const uri = "pkcs11:token=owner;object=casemate";
  const line = `manifest create --owner ${uri} --reference r.json --config`;
  const ran = await cli(`${line} c.yaml --master m --out o.json`, {}, { deviceKeys });
  assert.equal(ran.exitCode, 0, ran.err);
  assert.deepEqual(opened, [uri, "closed"]);
  const failed = await cli(`${line} c.yaml --master m2 --out o.json --lab-root r.json`, {}, {
    deviceKeys,
  });
  assert.equal(failed.exitCode, 2);
  const shown = await cli(`owner show ${uri} -o json`, {}, { deviceKeys });
  assert.equal(JSON.parse(shown.out).fingerprint, owner.id);
  assert.equal(opened.filter((word) => word === "closed").length, opened.length / 2);
  const none = await cli(`${line} c.yaml --master m --out o.json`);
  refused(none, ["keys.module", "--owner"]);
});

Deno.test("casemate config check tells all, with lines, and ends with 2", async () => {
  const good = await cli("config check c.yaml");
  assert.equal(good.exitCode, 0);
  assert.match(
    good.out,
    /^c\.yaml:[0-9]+:[0-9]+: warning nodeGroups\.control-plane\.machine \[milan\]\n/,
  );
  assert.equal((await cli("config check c.yaml --strict")).exitCode, 2);
  const bad = await cli("config check bad.yaml -o json");
  assert.equal(bad.exitCode, 2);
  const [problem] = JSON.parse(bad.out).problems;
  assert.equal(problem.code, "config.groups");
  assert.equal(FILES["bad.yaml"]?.toString().split("\n")[problem.line - 1]?.trim(), "min: 9");
  const torn = await cli("config check torn.yaml", { "torn.yaml": "a: [1\n" });
  refused(torn, ["config.syntax", "line 2"]);
});

Deno.test("casemate config explain tells a key, what is below it, and refuses what is none", async () => {
  const one = await cli("config explain c.yaml nodeGroups.worker.max");
  assert.match(one.out, /^nodeGroups\.worker\.max {2}10\n/);
  assert.ok(!one.out.includes("nodeGroups.worker.min"));
  const part = JSON.parse((await cli("config explain c.yaml network -o json")).out);
  assert.equal(part.settings.length, 4);
  const none = await cli("config explain c.yaml netwrok");
  refused(none, ["did you mean network?"]);
  const bad = await cli("config explain bad.yaml");
  refused(bad, ["config.invalid", "line "]);
});

Deno.test("casemate config generate and schema overwrite nothing", async () => {
  for (const line of ["config generate lab --out c.yaml", "config schema --out c.yaml"]) {
    refused(await cli(line), ["input.unwritable", "--out"]);
  }
  const line = "config generate azzure";
  refused(await cli(line), ["did you mean azure?"]);
  const variant = "config generate azure --variant azure-tdxx";
  refused(await cli(variant), ["did you mean azure-tdx?"]);
  const name = "config generate azure --name A";
  refused(await cli(name), ["--name"]);
  const schema = JSON.parse((await cli("config schema")).out);
  const published = await Deno.readTextFile(
    new URL("../../docs/schemas/config.v1.json", import.meta.url),
  );
  assert.deepEqual(schema, JSON.parse(published));
});

Deno.test("casemate config generate says what is typed next, as the program was started", async () => {
  const line = ["config", "generate", "lab", "--out", "new.yaml"];
  const binary = await runCli(line);
  assert.match(binary.out, /\ncasemate config check new\.yaml\n$/);
  const sources = await runCli(line, { isCompiled: false });
  assert.match(sources.out, /\n\.\/scripts\/deno run -A main\.ts config check new\.yaml\n$/);
});

Deno.test("casemate manifest and config keep to the width of the terminal", async () => {
  const { file } = await first();
  const files = { "m1.json": file };
  const lines = [
    "config check c.yaml",
    "config explain c.yaml",
    "manifest show m1.json",
    "manifest create --help",
    "config --help",
    `${CREATE} --config changed.yaml --previous m1.json --out m2.json`,
  ];
  for (const line of lines) {
    const ran = await cli(line, files, { width: 80 });
    const wide = ran.out.split("\n").find((text) => [...text].length > 80);
    assert.equal(wide, undefined, line);
  }
});

Deno.test("casemate evidence show says what a manifest is, and where it goes", async () => {
  const { file, clusterId } = await first();
  const shown = await cli("evidence show m1.json", { "m1.json": file });
  assert.equal(shown.exitCode, 0, shown.err);
  assert.match(shown.out, /^Manifest of a cluster \(not verified\)\n/);
  assert.ok(shown.out.includes(clusterId));
  const misplaced = await cli("policy explain m1.json", { "m1.json": file });
  refused(misplaced, ["input.wrong_kind", "casemate manifest show"]);
});
