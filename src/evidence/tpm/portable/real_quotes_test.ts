import assert from "node:assert/strict";
import { concat, frame, fromHex, toHex } from "../../../core/bytes.ts";
import { readCertificate, summaryOf } from "../../../core/portable/certificate.ts";
import { itemsOf, MAX_CHAIN_BYTES } from "../../../core/portable/encoding.ts";
import { EVIDENCE, noEvidence, readManifest } from "../../../lab/real_test.ts";
import type { CertifiedKey, PublicArea, VerifiedQuote } from "../report.ts";
import { moment } from "./authority_test.ts";
import { be, refused, run } from "./marshal_test.ts";

/** Values by register. */
type Registers = Readonly<Record<string, string>>;

/** What the corpus says of Google's machine. */
interface GoogleCase {
  readonly id: string;
  readonly expect: {
    readonly fields?: {
      readonly quotes?: readonly { readonly bank: string; readonly pcrs: Registers }[];
    };
  };
}

const BANKS: Readonly<Record<string, number>> = { sha1: 4, sha256: 0x0b, sha384: 0x0c };
const GOOGLE = "gcp/gce-cos85-tpm-quote-nonce9009";
/** When the certificates of Google's machine are in force. */
const NOW = moment(new Date("2021-09-30T23:11:05Z"));

function overReal(name: string, fn: () => Promise<void>): void {
  const shown = noEvidence ? `${name} (ignored: no real evidence here)` : name;
  Deno.test({ name: shown, ignore: noEvidence, fn });
}

function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(path, EVIDENCE));
}

function valuesOf(bank: string, registers: Registers): Uint8Array {
  return frame(
    Object.entries(registers).map(([register, value]) =>
      concat(be(BANKS[bank] ?? 0, 2), be(Number(register), 1), fromHex(value))
    ),
  );
}

async function readValues(path: string): Promise<Uint8Array> {
  const { sha256 } = JSON.parse(new TextDecoder().decode(await read(path)));
  return valuesOf("sha256", sha256);
}

const NONE = frame([]);

/** Quotes without certificates: folder of quote and values, names of quote, signature and key. */
const PLAIN = [
  ["tpm-quote/tpm-quote-trustee", "quote.msg", "quote.sig.tpmt", "ak.der"],
  ["azure-snp/milan-v3-trustee-v2", "tpm-quote.msg", "tpm-quote.sig", "ak-pub.pem"],
  ["azure-snp/genoa-v3-trustee", "tpm-quote.msg", "tpm-quote.sig", "ak-pub.pem"],
  ["azure-tdx/tdx-lunal-live", "tpm-quote.msg", "tpm-quote.sig", "ak-pub.pem"],
] as const;

for (const [folder, ...names] of PLAIN) {
  overReal(`tpm_verify accepts ${folder}`, async () => {
    const [quote, signature, key] = await Promise.all(
      names.map((name) => read(`${folder}/${name}`)),
    );
    assert.ok(quote !== undefined && signature !== undefined && key !== undefined);
    const values = await readValues(`${folder}/pcrs.json`);

    const found = await run<VerifiedQuote>(
      ...["tpm_verify", quote, signature, key, values, NONE, NONE, NONE, NOW] as const,
    );

    assert.equal(found.registers.length, 24);
    assert.deepEqual(found.signature, { scheme: "rsassa", hash: "sha256" });
    assert.deepEqual(found.notQuoted, []);
  });
}

overReal(
  "tpm_verify refuses an edited register, another machine's quote, and another magic",
  async () => {
    const base = "azure-snp/milan-v3-trustee-v2";
    const [quote, signature, key] = await Promise.all(
      ["tpm-quote.msg", "tpm-quote.sig", "ak-pub.pem"].map((name) => read(`${base}/${name}`)),
    );
    assert.ok(quote !== undefined && signature !== undefined && key !== undefined);
    const values = await readValues(`${base}/pcrs.json`);
    const verify = (parts: readonly Uint8Array[]) =>
      run("tpm_verify", ...parts, NONE, NONE, NONE, NOW);

    const edited = await readValues("azure-snp/neg-pcr7-edited/pcrs.json");
    await refused("tpm.pcr_digest_mismatch", verify([quote, signature, key, edited]));
    const other = "azure-snp/neg-quote-of-other-vm/tpm-quote";
    const others = [await read(`${other}.msg`), await read(`${other}.sig`)];
    await refused("tpm.signature_mismatch", verify([...others, key, values]));
    const magic = await read("azure-snp/neg-tpm-magic/tpm-quote.msg");
    await refused("tpm.attest_magic", verify([magic, signature, key, values]));
  },
);

/** Files of Google's machine with certificates, and its root as an anchor. */
async function google() {
  const names = ["ak_cert.der", "ak_issuer.crt", "ak_root.cer"];
  const certificates = await Promise.all(names.map((name) => read(`${GOOGLE}/${name}`)));
  const place = { name: "root", kind: "certificate", limit: MAX_CHAIN_BYTES } as const;
  const [root] = itemsOf(certificates[2] ?? new Uint8Array(), place);
  assert.ok(root !== undefined);
  const { sha256, spkiSha256 } = summaryOf(readCertificate(root.der, "root"));
  const fields = [new Uint8Array(), fromHex(sha256), fromHex(spkiSha256), Uint8Array.of(0)];
  return { certificates, anchors: frame([frame(fields)]) };
}

overReal(
  "tpm_verify accepts the three banks of Google's machine, up to Google's root",
  async () => {
    const [found] = (await readManifest<GoogleCase>()).filter(({ id }) => GOOGLE.endsWith(id));
    const quotes = found?.expect.fields?.quotes ?? [];
    assert.deepEqual(quotes.map(({ bank }) => bank), ["sha1", "sha256", "sha384"]);
    const { certificates, anchors } = await google();
    const key = await read(`${GOOGLE}/ak.tpmt`);

    for (const { bank, pcrs } of quotes) {
      const quote = await read(`${GOOGLE}/quote_${bank}.msg`);
      const signature = await read(`${GOOGLE}/quote_${bank}.sig.tpmt`);
      const lists = [valuesOf(bank, pcrs), frame(certificates), NONE, anchors];
      const verified = await run<VerifiedQuote>(
        ...["tpm_verify", quote, signature, key, ...lists, NOW] as const,
      );

      assert.equal(verified.quote.qualifyingData, "9009");
      assert.deepEqual(verified.quote.selections.map((one) => one.bank), [bank]);
      assert.equal(verified.registers.length, 24);
      assert.equal(verified.publicArea?.attributes.restricted, true);
      assert.equal(verified.certificate?.certificates.length, 3);
      assert.equal(verified.certificate?.revocationChecked, false);
      assert.deepEqual(verified.certificate?.identity, {
        manufacturer: "id:474F4F47",
        model: "vTPM",
        version: "id:20160511",
      });
    }
  },
);

overReal("tpm_certificate accepts Google's key for what it is, and for its time", async () => {
  const { certificates, anchors } = await google();
  const certify = (role: string, now: Uint8Array) => {
    const kind = new TextEncoder().encode(role);
    return run<CertifiedKey>(
      ...[
        "tpm_certificate",
        kind,
        frame(certificates),
        NONE,
        anchors,
        new Uint8Array(),
        now,
      ] as const,
    );
  };
  const { lab, key } = await certify("AK", NOW);
  assert.deepEqual([lab, key.kind], [false, "RSA 2048"]);
  // It has the purpose of an endorsement key, and the usage of one that signs.
  await refused("tpm.ek_certificate_shape", certify("EK", NOW));
  await refused("tpm.certificate_expired", certify("AK", moment(new Date("2060-01-01"))));
});

overReal("tpm_public gives the Name of Google's key by its own hash", async () => {
  const area = await read(`${GOOGLE}/ak.tpmt`);
  const found = await run<PublicArea>("tpm_public", area);
  const hash = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", area)));
  assert.equal(found.name, `000b${hash}`);
  assert.deepEqual(found.scheme, { scheme: "rsassa", hash: "sha256" });
});
