import assert from "node:assert/strict";
import { fromBase64, toHex } from "../../../core/bytes.ts";
import { RejectedError } from "../../../core/errors.ts";
import { agreeingEngine } from "../../../../tests/portable/strict.ts";
import { EVIDENCE, noEvidence } from "../../../lab/real_test.ts";
import { refused } from "../../../../tests/refused.ts";
import { operations as tdxOperations } from "../../tdx/portable/mod.ts";
import { readHclReport } from "../mod.ts";
import { operations } from "./mod.ts";

const engine = agreeingEngine({ ...operations, ...tdxOperations });

function overReal(name: string, fn: () => Promise<void>): void {
  const shown = noEvidence ? `${name} (ignored: no real evidence here)` : name;
  Deno.test({ name: shown, ignore: noEvidence, fn });
}

function read(path: string): Promise<Uint8Array> {
  return Deno.readFile(new URL(path, EVIDENCE));
}

const REAL = [
  ["azure-snp/milan-v3-trustee-v2", "snp", 1],
  ["azure-snp/genoa-v3-trustee", "snp", 2],
  ["azure-tdx/tdx-lunal-live", "tdx", 2],
  ["azure-tdx/hcl-only-kinvolk-tdx", "tdx", 2],
] as const;

/** Members as `JSON.parse` has them. */
interface Written {
  readonly "keys": readonly { readonly kid: string; readonly key_ops: readonly string[] }[];
  readonly "vm-configuration": Readonly<Record<string, unknown>>;
  readonly "user-data": string;
}

for (const [folder, type, version] of REAL) {
  overReal(
    `readHclReport reads ${folder}, whose runtime data are bound to its hardware report`,
    async () => {
      const blob = await read(`${folder}/hcl-report.bin`);
      const { runtime, ...report } = await readHclReport(engine, blob);
      assert.equal(report.reportType, type);
      assert.equal(report.version, version);
      assert.equal(report.reportData, runtime.hash + "00".repeat(32));

      const text = new TextDecoder().decode(blob.subarray(1236, 1236 + runtime.bytes));
      const written: Written = JSON.parse(text);
      assert.deepEqual(runtime.keys.map(({ kid }) => kid), ["HCLAkPub", "HCLEkPub"]);
      assert.deepEqual(runtime.keys.map(({ keyOps }) => keyOps), [["sign"], ["encrypt"]]);
      assert.deepEqual(runtime.keys.map(({ bits }) => bits), [2048, 2048]);
      assert.deepEqual(
        Object.fromEntries(runtime.vmConfiguration.map(({ name, value }) => [name, value])),
        written["vm-configuration"],
      );
      assert.equal(runtime.userData, written["user-data"].toLowerCase());
      assert.deepEqual(runtime.others, []);
    },
  );
}

for (
  const folder of [
    "azure-snp/milan-v3-trustee-v2",
    "azure-snp/genoa-v3-trustee",
    "azure-tdx/tdx-lunal-live",
  ]
) {
  overReal(`readHclReport finds the attestation key of ${folder}`, async () => {
    const { runtime } = await readHclReport(engine, await read(`${folder}/hcl-report.bin`));
    const pem = new TextDecoder().decode(await read(`${folder}/ak-pub.pem`));
    const key = fromBase64(pem.replaceAll(/-----[^-]+-----|\s/g, ""));
    assert.equal(runtime.keys[0]?.spki, toHex(key));
  });
}

/** Fields that a quote's body and a TD report have in common. */
interface QuoteBody {
  readonly mrTd: string;
  readonly mrSeam: string;
  readonly reportData: string;
  readonly rtmrs: readonly string[];
}

overReal("readHclReport reads the same TD report that Intel's quoting enclave signed", async () => {
  const folder = "azure-tdx/tdx-lunal-live";
  const { tdReport } = await readHclReport(engine, await read(`${folder}/hcl-report.bin`));
  const answer = await engine.run("tdx_quote", [await read(`${folder}/td-quote.bin`)]);
  // The quote's reader is tested on its own; here only values are compared.
  const { quote: { body } } = answer as { readonly quote: { readonly body: QuoteBody } };
  assert.ok(tdReport);
  assert.equal(tdReport.mrTd, body.mrTd);
  assert.equal(tdReport.mrSeam, body.mrSeam);
  assert.equal(tdReport.reportData, body.reportData);
  assert.deepEqual(tdReport.rtmrs, body.rtmrs);
});

overReal(
  "readHclReport gives edited runtime data another hash, or refuses what is no JSON any more",
  async () => {
    const folder = "azure-snp/milan-v3-trustee-v2";
    const blob = await read(`${folder}/hcl-report.bin`);
    const at = new TextDecoder("latin1").decode(blob).indexOf('"secure-boot":true') + 14;
    blob.set(new TextEncoder().encode("null"), at);
    const { runtime, reportData } = await readHclReport(engine, blob);
    assert.notEqual(reportData, runtime.hash + "00".repeat(32));

    const edited = await read("azure-snp/neg-runtime-data-edited/hcl-report.bin");
    await refused("hcl.runtime_syntax", readHclReport(engine, edited));
  },
);

overReal("readHclReport refuses each bit of the headers of a real report", async () => {
  const blob = await read("azure-tdx/tdx-lunal-live/hcl-report.bin");
  const before = await readHclReport(engine, blob);
  for (const at of [...Array(32).keys(), ...Array.from({ length: 20 }, (_, i) => 1216 + i)]) {
    for (let bit = 0; bit < 8; bit++) {
      const bent = blob.map((byte, i) => i === at ? byte ^ 1 << bit : byte);
      const place = `byte ${at}, bit ${bit}`;
      const after = await readHclReport(engine, bent).catch((error: unknown) => error);
      // Another known version or hash is read; what it is worth is judged elsewhere.
      if (!(after instanceof Error)) assert.notDeepEqual(after, before, place);
      else assert.ok(after instanceof RejectedError && after.code.startsWith("hcl."), place);
    }
  }
});
