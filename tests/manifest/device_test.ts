/**
 * Manifests signed by a key that never leaves its device.
 *
 * @module
 */

import assert from "node:assert/strict";
import { keyPem } from "../../src/core/signing_key.ts";
import { denoDeviceKeys } from "../../src/hosts/pkcs11/device_keys.ts";
import { runCli } from "../cli/fake_host.ts";
import { MODULE, PIN, testWithTokens } from "../keys/softhsm.ts";

const registers = { sha256: { "4": ["aa".repeat(32)], "11": ["bb".repeat(32)] } };

testWithTokens(
  "a cluster whose owner's key is in a token: reference values, manifest, verification",
  async (store) => {
    await store.token("owner");
    const key = await store.key("owner", "casemate", "01");
    assert.ok(key !== null);
    const pin = await store.file("pin", `${PIN}\n`);
    const uri = `pkcs11:token=owner;object=casemate?module-path=${MODULE}&pin-source=file:${pin}`;
    const generated = await runCli(["config", "generate", "gcp", "--image", "1.4.0"]);
    const files: Record<string, string | Uint8Array> = {
      "c.yaml": generated.out.replace('project: ""', "project: my-project"),
      "r.yaml": JSON.stringify({ version: 1, "gcp-sev-snp": { vtpm: { registers } } }),
      "owner.pub": keyPem("PUBLIC KEY", key.spki),
    };
    const run = async (...args: readonly string[]) => {
      const ran = await runCli(args, { files, deviceKeys: denoDeviceKeys });
      assert.equal(ran.exitCode, 0, ran.err);
      for (const [path, bytes] of ran.written) files[path] = bytes;
      assert.ok(!(ran.out + ran.err).includes(PIN));
      return ran.out;
    };
    await run("reference", "sign", "r.yaml", "--key", uri, "--out", "r.json");
    const made = ["--config", "c.yaml", "--owner", uri, "--reference", "r.json"];
    const told = await run(
      ...["manifest", "create", ...made, "--master", "m", "--out", "m.json", "-o", "json"],
    );
    const { clusterId } = JSON.parse(told);
    const verified = await run(
      ...["manifest", "verify", "m.json", "--cluster-id", clusterId, "--reference", "r.json"],
      ...["-o", "json"],
    );
    assert.equal(JSON.parse(verified).owner, key.id);
  },
);
