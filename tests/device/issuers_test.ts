import assert from "node:assert/strict";
import fc from "fast-check";
import { examineEnvelope, openEnvelope, writeStatement } from "../../mod.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import { filesOfCertificateTable } from "../../src/evidence/device/certificate_table.ts";
import { Collector, issuers, probeTpm } from "../../src/evidence/issuers.ts";
import { VARIANTS } from "../../src/evidence/variants/table.ts";
import { realFiles } from "../azure/real.ts";
import { overReal } from "../corpus.ts";
import { testWithTpm, withDevice } from "../tpm/swtpm.ts";
import { assertUnavailable, collect, NONCE, statementOf } from "./asking.ts";
import { BARE, provideNv } from "./machines.ts";
import { withNvDouble } from "./nv_double.ts";

Deno.test("issuers has one of each variant", () => {
  assert.deepEqual(Object.keys(issuers).toSorted(), Object.keys(VARIANTS).toSorted());
  for (const [id, { variant }] of Object.entries(issuers)) assert.equal(variant, id);
});

for (const { variant } of Object.values(issuers)) {
  Deno.test(`${variant}: a node without devices is told what it lacks`, async () => {
    await assertUnavailable(collect(BARE, { variant }), "device.absent");
  });
}

testWithTpm(
  "Collector answers questions that come at once, each with its own evidence",
  () =>
    withDevice(async (tpm) => {
      const collector = new Collector(issuers["qemu-vtpm"], { ...BARE, tpm });
      const nonces = Array.from({ length: 8 }, (_, i) => new Uint8Array(32).fill(i + 1));
      const statement = writeStatement(statementOf({ variant: "qemu-vtpm" }));
      const lacking = collector.collect(writeStatement(statementOf({ variant: "tdx" })), NONCE);
      await assertUnavailable(lacking, "device.variant_mismatch");

      const envelopes = await Promise.all(
        nonces.map((nonce) => collector.collect(statement, nonce)),
      );

      const answered = await Promise.all(envelopes.map((envelope, i) =>
        examineEnvelope(envelope, {
          variant: "qemu-vtpm",
          expect: { nonce: nonces[i] ?? NONCE },
          policy: { version: 1, acceptRoots: ["none"], "qemu-vtpm": {} },
          now: new Date(),
        })
      ));
      for (const { findings } of answered) {
        const answers = findings.find(({ id }) => id === "tpm.qualifying-data");
        assert.equal(answers?.kind, "match");
      }
      const quotes = envelopes.map((envelope) =>
        String(openEnvelope(envelope).files["tpmQuoteMsg"])
      );
      assert.equal(new Set(quotes).size, 8);
    }),
);

testWithTpm("probeTpm() sees what tells platforms apart", () =>
  withDevice(async (tpm) => {
    const bare = await probeTpm(tpm);
    assert.deepEqual([bare.nv.includes(0x01c10003), bare.paravisor], [false, null]);
    await provideNv(tpm, 0x01c10003, Uint8Array.of(1));
    assert.ok((await probeTpm(tpm)).nv.includes(0x01c10003));
  }));

for (
  const [name, paravisor] of [
    ["azure-snp/genoa-v3-trustee", "snp"],
    ["azure-tdx/tdx-lunal-live", "tdx"],
  ] as const
) {
  const { name: title, ignore } = overReal(`probeTpm() reads the real report of ${name}`);
  testWithTpm(title, async () => {
    if (ignore) return;
    const { hclReport } = realFiles(name);
    assert.ok(hclReport instanceof Uint8Array);
    await withDevice(async (device) => {
      const indices = new Map([[0x01400001, { read: () => hclReport }]]);
      const transport = withNvDouble(device.transport, { indices });
      const probed = await probeTpm({ ...device, transport });
      assert.equal(probed.paravisor, paravisor);
    });
  });
}

Deno.test("filesOfCertificateTable() refuses any bytes with its own code alone", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    try {
      filesOfCertificateTable(bytes);
    } catch (error) {
      assert.ok(error instanceof UnavailableError && error.code === "device.answer");
    }
  }));
});
