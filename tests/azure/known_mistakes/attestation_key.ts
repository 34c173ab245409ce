/**
 * The attestation key of a paravisor: the hardware vouches for the runtime data,
 * and these for the key. Each link is needed.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  generateLabKey,
  jwkOf,
  OBJECT_ATTRIBUTES,
  type RuntimeDescription,
} from "../../../src/lab/mod.ts";
import { assertRefused, shown } from "../../result.ts";
import { ask, assertGood, mintSnp, mintTdx } from "../ask.ts";

const snp = await mintSnp();
const software = await generateLabKey("RSA-2048");

/** Runtime data that name the attacker's key. */
async function withSoftware(runtime: RuntimeDescription): Promise<RuntimeDescription["keys"]> {
  const forged = await jwkOf("HCLAkPub", "sign", software);
  return runtime.keys.map((key) => key.kid === "HCLAkPub" ? forged : key);
}

Deno.test("TPM-07 runtime data that name a key in software are not those that the hardware reports", async () => {
  await assertGood(snp);
  const text = new TextDecoder().decode(snp.runtimeData);
  const forged = await jwkOf("HCLAkPub", "sign", software);
  const bent = new TextEncoder().encode(text.replace(/"n":"[^"]*"/, `"n":"${forged.n}"`));
  assert.equal(bent.length, snp.runtimeData.length);
  const hclReport = snp.hclReport.slice();
  hclReport.set(bent, 1236);
  const files = { hclReport, akPub: undefined };
  assertRefused(await ask(snp, { files }), "hcl.runtime_data_mismatch");
});

Deno.test("TPM-07 report data hold the hash of the runtime data and zeros, and nothing beside it", async () => {
  for (const at of [32, 33, 48, 63]) {
    const minted = await mintSnp({
      keys: snp.keys,
      bends: { reportData: (data) => data.with(at, 1) },
    });
    assertRefused(await ask(minted), "hcl.runtime_data_mismatch");
  }
  const td = await mintTdx({ bends: { reportData: (data) => data.with(63, 1) } });
  assertRefused(await ask(td), "hcl.runtime_data_mismatch");
});

Deno.test("TPM-07 a second key of the same name is refused, wherever it stands", async () => {
  const other = await jwkOf("HCLAkPub", "sign", software);
  for (const place of ["first", "last"] as const) {
    const minted = await mintSnp({
      keys: snp.keys,
      bends: {
        runtime: (runtime) => ({
          ...runtime,
          keys: place === "first" ? [other, ...runtime.keys] : [...runtime.keys, other],
        }),
      },
    });
    assertRefused(await ask(minted), "hcl.key_repeated");
  }
});

Deno.test("TPM-07 another key of the paravisor's TPM is no attestation key", async () => {
  const minted = await mintSnp({ keys: snp.keys, quoteKey: snp.keys.ek });
  assertRefused(await ask(minted), "hcl.key_mismatch");
  assertRefused(await ask(minted, { files: { akPub: undefined } }), "tpm.signature_mismatch");
  const both = await mintSnp({
    keys: snp.keys,
    bends: {
      runtime: (runtime) => ({
        ...runtime,
        keys: runtime.keys.map((key) => ({ ...key, key_ops: ["sign", "encrypt"] })),
      }),
    },
  });
  assertRefused(await ask(both), "hcl.key_attributes");
});

Deno.test("TPM-07 a key whose public area lets it sign anything is refused, though the runtime data name it", async () => {
  const attributes = OBJECT_ATTRIBUTES.sign | OBJECT_ATTRIBUTES.fixedTPM |
    OBJECT_ATTRIBUTES.fixedParent | OBJECT_ATTRIBUTES.sensitiveDataOrigin;
  const minted = await mintSnp({
    keys: snp.keys,
    bends: { tpm: { publicArea: { attributes } } },
  });
  assertRefused(await ask(minted), "tpm.public_attributes");
});

Deno.test("TPM-07 whose the paravisor is must be pinned, since any guest can have runtime data of its own reported", async () => {
  const runtime = await withSoftware({
    keys: [
      await jwkOf("HCLAkPub", "sign", snp.keys.ak),
      await jwkOf("HCLEkPub", "encrypt", snp.keys.ek),
    ],
    settings: {},
    userData: null,
    others: {},
  });
  // A guest of the attacker's own, at VMPL 0, without anything of Microsoft's in it.
  const forged = await mintSnp({
    keys: { ak: software, ek: snp.keys.ek },
    bends: {
      runtime: (said) => ({ ...said, keys: runtime }),
      snp: { report: { idKeyDigest: new Uint8Array(48) } },
    },
  });
  assertRefused(await ask(forged), "snp.id_key_mismatch");
  const open = await ask(forged, { section: { tee: {} } });
  assert.deepEqual(
    [open.verdict, open.code],
    ["platform-only", "hcl.id_key_not_pinned"],
    shown(open),
  );
  // Naming nobody is no way around.
  const nobody = { tee: { idKeyDigests: ["00".repeat(48)] } };
  await assert.rejects(ask(forged, { section: nobody }), { code: "policy.value" });
  const td = await mintTdx();
  const unpinned = await ask(td, { section: { tee: {} } });
  assert.deepEqual([unpinned.verdict, unpinned.code], ["platform-only", "tdx.mrtd_not_pinned"]);
});
