import assert from "node:assert/strict";
import { concat, toHex } from "../../core/bytes.ts";
import { generateLabKey, type LabKey, type LabKeyKind } from "../lab_key.ts";
import { pem } from "../pem.ts";
import type { LabBank, QuoteScheme } from "./algorithms.ts";
import {
  describeAk,
  describeEk,
  nameOf,
  objectAttributes,
  qualifiedNameOf,
  writePublic,
} from "./public_area.ts";
import { type Bench, noSwtpm, noTpm2Tools, onBench, withSwtpm } from "./tpm2_tools_test.ts";
import { sized } from "./wire.ts";

const KINDS: readonly (readonly [LabKeyKind, QuoteScheme, LabBank])[] = [
  ["RSA-2048", "rsassa", "sha256"],
  ["RSA-2048", "rsapss", "sha256"],
  ["P-256", "ecdsa", "sha256"],
  ["P-384", "ecdsa", "sha384"],
];

for (const [kind, scheme, hash] of KINDS) {
  Deno.test({
    name: `writePublic() of ${kind}, ${scheme}, is read by tpm2_print as meant`,
    ignore: noTpm2Tools,
    fn: async () => {
      const key = await generateLabKey(kind);
      const area = writePublic(describeAk(key, scheme, hash));
      await onBench(async ({ write, run, read }) => {
        await write("ak.pub", sized(area));
        await write("area", area);
        const { ok, text } = await run("tpm2_print", "-t", "TPM2B_PUBLIC", "ak.pub");
        assert.ok(ok, text);
        const printed = text.replaceAll(/\s+/g, " ");
        assert.match(
          printed,
          /value: fixedtpm\|fixedparent\|sensitivedataorigin\|userwithauth\|restricted\|sign /,
        );
        assert.match(printed, new RegExp(`scheme: value: ${scheme} `));
        assert.match(printed, new RegExp(`name-alg: value: ${hash} `));
        const args = ["-t", "TPMT_PUBLIC", "-f", "pem", "area"];
        const asPem = await run("tpm2_print", ...args);
        assert.ok(asPem.ok, asPem.text);
        assert.ok(asPem.text.includes(pem("PUBLIC KEY", key.spki)), asPem.text);
        assert.equal((await read("area")).length, area.length);
      });
    },
  });
  Deno.test({
    name: `nameOf() of ${kind}, ${scheme}, is the Name that a TPM computes`,
    ignore: noSwtpm,
    fn: async () => {
      const area = writePublic(describeAk(await generateLabKey(kind), scheme, hash));
      const name = await nameOf(area, hash);
      await withSwtpm(async ({ write, run, read }) => {
        await write("ak.pub", sized(area));
        const load = ["-C", "n", "-u", "ak.pub", "-c", "ak.ctx", "-n", "name"];
        const { ok, text } = await run("tpm2_loadexternal", ...load);
        assert.ok(ok, text);
        assert.equal(toHex(await read("name")), toHex(name));
      });
    },
  });
}

/** A key that a TPM made, as the lab's: its public half alone. */
async function keyOf(kind: LabKeyKind, { run, read }: Bench, context: string): Promise<LabKey> {
  const args = ["-c", context, "-f", "der", "-o", "spki", "-n", "name", "-q", "qualified"];
  const { ok, text } = await run("tpm2_readpublic", ...args);
  assert.ok(ok, text);
  return { kind, pkcs8: new Uint8Array(), spki: concat(await read("spki")) };
}

/** Keys that a TPM makes: what tpm2_createprimary calls them. */
const MADE: readonly (readonly [LabKeyKind, QuoteScheme, LabBank, string])[] = [
  ["RSA-2048", "rsassa", "sha256", "rsa2048:rsassa-sha256:null"],
  ["RSA-2048", "rsapss", "sha256", "rsa2048:rsapss-sha256:null"],
  ["P-256", "ecdsa", "sha256", "ecc256:ecdsa-sha256:null"],
  ["P-384", "ecdsa", "sha384", "ecc384:ecdsa-sha384:null"],
];

Deno.test({
  name: "describeAk() and qualifiedNameOf() are what a TPM says of keys that it made",
  ignore: noSwtpm,
  fn: async () => {
    await withSwtpm(async (bench) => {
      for (const [kind, scheme, hash, algorithm] of MADE) {
        const attributes = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign";
        const args = ["-C", "e", "-g", hash, "-G", algorithm, "-a", attributes, "-c", "ak.ctx"];
        const made = await bench.run("tpm2_createprimary", ...args);
        assert.ok(made.ok, made.text);
        const key = await keyOf(kind, bench, "ak.ctx");
        const published = await bench.run("tpm2_readpublic", "-c", "ak.ctx", "-o", "ak.pub");
        assert.ok(published.ok, published.text);

        const area = writePublic(describeAk(key, scheme, hash));

        assert.equal(toHex(await bench.read("ak.pub")), toHex(sized(area)), algorithm);
        const name = await nameOf(area, hash);
        assert.equal(toHex(await bench.read("name")), toHex(name), algorithm);
        const qualified = await qualifiedNameOf(name, hash);
        assert.equal(toHex(await bench.read("qualified")), toHex(qualified), algorithm);
        await bench.run("tpm2_flushcontext", "-t");
      }
    });
  },
});

Deno.test({
  name: "describeEk() is the template of tpm2_createek",
  ignore: noSwtpm,
  fn: async () => {
    await withSwtpm(async (bench) => {
      for (const [kind, algorithm] of [["RSA-2048", "rsa"], ["P-256", "ecc"]] as const) {
        const made = await bench.run(
          "tpm2_createek",
          "-G",
          algorithm,
          "-c",
          "ek.ctx",
          "-u",
          "ek.pub",
        );
        assert.ok(made.ok, made.text);
        const key = await keyOf(kind, bench, "ek.ctx");

        const area = sized(writePublic(describeEk(key)));

        assert.equal(toHex(await bench.read("ek.pub")), toHex(area), algorithm);
        await bench.run("tpm2_flushcontext", "-t");
      }
    });
  },
});

Deno.test("objectAttributes() sets the bits of TPMA_OBJECT by name", () => {
  assert.equal(objectAttributes(), 0);
  assert.equal(objectAttributes("fixedTPM", "restricted", "sign"), 0x0005_0002);
});
