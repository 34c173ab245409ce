/**
 * `casemate node` and `casemate cluster` as command lines: what they refuse before
 * anything is asked, and what they say of agents that do not answer.
 *
 * @module
 */

import assert from "node:assert/strict";
import { UnavailableError } from "../../src/core/errors.ts";
import { generateSigningKey, keyPem } from "../../src/core/signing_key.ts";
import { newMasterSecret, writeMasterSecret } from "../../src/keys/master_secret.ts";
import { nodeHost } from "../../src/hosts/node_host.ts";
import { runCli, type RunWith } from "../cli/fake_host.ts";
import { makeOwner } from "./world.ts";

const RANDOM = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
const URL_GIVEN = "https://10.0.0.4:9000";
const ID = "c2".repeat(32);

/** Nobody answers on this network. */
const SILENT: RunWith = {
  node: Promise.resolve({
    ...nodeHost,
    ended: () => new Promise<void>(() => {}),
    clients: {
      ask: ({ url }) =>
        Promise.reject(
          new UnavailableError(`Cannot ask ${url}: nobody answers`, {
            code: "channel.unreachable",
            retryable: true,
          }),
        ),
    },
  }),
};

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ["node run", "input.missing", /--launch-data/],
  ["node run --launch-data x.json", "input.unreadable", /x\.json/],
  ["node run --launch-data bad.json", "protocol.malformed", /launch data/],
  ["node run --launch-data launch.json --boot-id bad.json", "input.wrong_kind", /no UUID/],
  [
    "node run --launch-data launch.json --boot-id boot_id --listen 9000",
    "input.value",
    /HOST:PORT/,
  ],
  [
    "node run --launch-data launch.json --boot-id boot_id --advertise http://a",
    "input.value",
    /--advertise/,
  ],
  ["node run --launch-data launch.json --boot-id boot_id", "input.missing", /--state/],
  ["node status http://10.0.0.4", "input.value", /https:/],
  [`node status ${URL_GIVEN}`, "channel.unreachable", /nobody answers/],
  ["cluster verify", "input.missing", /--cluster-id/],
  [`cluster verify --cluster-id ${ID}`, "input.missing", /--url/],
  [`cluster verify --cluster-id c2 --url ${URL_GIVEN}`, "input.value", /64 digits/],
  [`cluster verify --cluster-id ${ID} --url ${URL_GIVEN}`, "channel.unreachable", /nobody answers/],
  ["cluster init", "input.missing", /--url, --owner, --master, --manifest/],
  [`cluster update --url ${URL_GIVEN}`, "input.missing", /--manifest/],
];

for (const [line, code, says] of REFUSED) {
  Deno.test(`casemate ${line}: ${code}`, async () => {
    const files = {
      "bad.json": "{}",
      "launch.json": JSON.stringify({ v: 1, clusterId: ID }),
      "boot_id": "0b5dd1a6-7cb3-4c9c-8f4f-2d2b7a4ad4b6\n",
    };
    const ran = await runCli(line.split(" "), { ...SILENT, files });
    assert.match(ran.err, says);
    assert.match(ran.err, new RegExp(`code +${code.replace(".", "\\.")} `));
    assert.equal(ran.out, "");
    assert.notEqual(ran.exitCode, 0);
  });
}

Deno.test("casemate cluster verify: agents that do not answer are unavailable, each with its reason", async () => {
  const { clusterId, manifests, references } = await makeOwner();
  const files = { "m.json": manifests[0] ?? "", "r.json": references[0] ?? "" };
  const line = `cluster verify --cluster-id ${clusterId} --manifest m.json --reference r.json ` +
    `--url ${URL_GIVEN} --url https://10.0.0.5:9000`;
  const now = new Date("2026-11-22T12:00:00Z");
  const text = await runCli(line.split(" "), { ...SILENT, files, now });
  assert.equal(text.exitCode, 4, text.err);
  assert.match(text.out, /^unavailable {2}cluster /);
  const json = await runCli([...line.split(" "), "-o", "json"], { ...SILENT, files, now });
  assert.equal(json.exitCode, 4);
  const { verdict, members } = JSON.parse(json.out);
  assert.equal(verdict, "unavailable");
  assert.deepEqual(members.map(({ code }: { code: string }) => code), [
    "channel.unreachable",
    "channel.unreachable",
  ]);
});

Deno.test("casemate cluster init: with another owner's key nothing is asked", async () => {
  const { clusterId, manifests, references } = await makeOwner();
  const { pkcs8 } = await generateSigningKey("P-384");
  const files = {
    "m.json": manifests[0] ?? "",
    "r.json": references[0] ?? "",
    "other.key": keyPem("PRIVATE KEY", pkcs8),
    "master.secret": writeMasterSecret(newMasterSecret(clusterId, RANDOM)),
  };
  const line = `cluster init --url ${URL_GIVEN} --manifest m.json --reference r.json ` +
    "--owner other.key --master master.secret";
  const now = new Date("2026-11-22T12:00:00Z");
  const ran = await runCli(line.split(" "), { ...SILENT, files, now });
  assert.equal(ran.exitCode, 2, ran.err);
  assert.match(ran.err, /look at +--owner\n/);
  assert.match(ran.err, /code +input\.conflict /);
  assert.ok(!ran.err.includes("asks "), ran.err);
});
