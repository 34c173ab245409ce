/**
 * Endorsement keys and their certificates: a TPM that left its maker, as swtpm_setup makes one.
 *
 * @module
 */

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { toHex } from "../../src/core/bytes.ts";
import { listHandles } from "../../src/evidence/tpm/device/capability.ts";
import { readPublic, withPrimary } from "../../src/evidence/tpm/device/objects.ts";
import { readRegisters } from "../../src/evidence/tpm/device/registers.ts";
import {
  ENDORSEMENT_KEYS,
  type EndorsementKeyName,
} from "../../src/evidence/tpm/device/templates.ts";
import { endorsementSpki } from "../../src/evidence/tpm/endorsement_key.ts";
import { isCertificateIndex, readNvCertificate } from "../../src/evidence/tpm/nv_certificate.ts";
import { output } from "../../scripts/process.ts";
import { runCli } from "../cli/fake_host.ts";
import { denoTpms } from "../../src/hosts/deno_tpm.ts";
import { connected, testWithTpm, tpm2, withSwtpm } from "./swtpm.ts";

/** Keys for which swtpm_setup leaves a certificate, and where it keeps them. */
const KEPT: readonly (readonly [EndorsementKeyName, number])[] = [
  ["rsa", 0x81010001],
  ["ecc-p384", 0x81010016],
];

testWithTpm(
  "endorsement keys are those that the TPM was certified for, and their certificates verify",
  () =>
    withSwtpm({ certified: true }, async (tpm) => {
      const { folder } = tpm;
      const found = await connected(tpm, async (device) => {
        assert.deepEqual(
          (await listHandles(device, "nv")).filter(isCertificateIndex),
          KEPT.map(([name]) => ENDORSEMENT_KEYS[name].certificateIndex),
        );
        const keys: { readonly handle: number; readonly name: string }[] = [];
        for (const [name, handle] of KEPT) {
          const { template, certificateIndex } = ENDORSEMENT_KEYS[name];
          const kept = await readPublic(device, handle);
          const primary = { hierarchy: "endorsement", template } as const;
          const made = await withPrimary(device, primary, (key) => Promise.resolve(key));
          const der = await readNvCertificate(device, certificateIndex);
          const { publicKey } = new X509Certificate(der);

          assert.equal(toHex(made.publicArea), toHex(kept.publicArea), name);
          const spki = publicKey.export({ type: "spki", format: "der" });
          assert.equal(toHex(await endorsementSpki(made.publicArea)), toHex(spki), name);
          await Deno.writeFile(`${folder}/${name}.der`, der);
          keys.push({ handle, name: toHex(kept.name) });
        }
        const absent = readRegisters(device, [{ bank: "sha512", registers: [1] }]);
        await assert.rejects(absent, { code: "tpm.bank_inactive" });
        return keys;
      });
      for (const { handle, name } of found) {
        const printed = await tpm2(tpm, `tpm2_readpublic -c ${handle}`);
        assert.ok(printed.includes(`name: ${name}`), printed);
      }
      for (const [name] of KEPT) {
        const chain = "-CAfile swtpm-localca-rootca-cert.pem -untrusted issuercert.pem";
        const line = `verify ${chain} ${name}.der`;
        assert.match(await output("openssl", line.split(" "), { cwd: folder }), /: OK/);
      }
      await askOnCommandLine(tpm.address, found.map(({ name }) => name));
    }),
);

/** The same TPM, since making one takes a second. */
async function askOnCommandLine(address: string, names: readonly string[]): Promise<void> {
  const tpms = denoTpms();
  const line = ["tpm", "ek", "--device", address];
  const words = await runCli([...line, "--out", "new/"], { tpms });
  const json = await runCli([...line, "--key", "ecc-p384", "-o", "json"], { tpms });
  const old = { files: { "new/ek-cert-0x01c00016.der": "mine" }, tpms };
  const again = await runCli([...line, "--out", "new"], old);

  assert.deepEqual([words.exitCode, words.err], [0, ""]);
  const files = ["ek.pub", "ek-cert-0x01c00002.der", "ek-cert-0x01c00016.der"];
  assert.deepEqual([...words.written.keys()], files.map((name) => `new/${name}`));
  assert.match(words.out, /NV index +0x01c00002\n +of +the key above\n/);
  assert.match(words.out, /NV index +0x01c00016\n +of +another key\n/);
  assert.ok(words.out.replaceAll(/\s/g, "").includes(names[0] ?? "no name"));
  assert.deepEqual([json.exitCode, json.err], [0, ""]);
  const told = JSON.parse(json.out);
  assert.equal(told.key.name, names[1]);
  assert.deepEqual(
    told.certificates.map((one: { ofThisKey: boolean }) => one.ofThisKey),
    [false, true],
  );
  assert.deepEqual([again.exitCode, again.written.size], [2, 0]);
  assert.match(again.err, /ek-cert-0x01c00016\.der: it\s+exists already/);
}
