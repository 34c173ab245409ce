import assert from "node:assert/strict";
import { concat, fromHex } from "../../src/core/bytes.ts";
import { filesOfCertificateTable } from "../../src/evidence/device/certificate_table.ts";
import { writeCertificateTable } from "../../src/hosts/devices/certificate_table.ts";
import { assertUnavailable } from "./asking.ts";

const VCEK = Uint8Array.of(0x30, 1);
const ASK = Uint8Array.of(0x30, 2, 2);
const ARK = Uint8Array.of(0x30, 3, 3, 3);

Deno.test("filesOfCertificateTable() finds leaf and chain, with what is known of neither passed by", () => {
  const table = writeCertificateTable({ vcek: VCEK, ask: ASK, ark: ARK });
  const room = concat(table, new Uint8Array(4096 - table.length));
  assert.deepEqual(filesOfCertificateTable(room), { leaf: VCEK, chainAskArk: concat(ASK, ARK) });
  const vlek = writeCertificateTable({ vlek: VCEK, ask: ASK, ark: ARK });
  assert.deepEqual(filesOfCertificateTable(vlek)["leaf"], VCEK);
});

Deno.test("filesOfCertificateTable() reads GUIDs in the order of UEFI as well", () => {
  const table = new Uint8Array(writeCertificateTable({ vcek: VCEK, ask: ASK, ark: ARK }));
  table.set(fromHex("8d75da6364e66445adc5f4b93be8accd"), 0);
  assert.deepEqual(filesOfCertificateTable(table)["leaf"], VCEK);
});

Deno.test("filesOfCertificateTable() takes an empty table for none", () => {
  assert.deepEqual(filesOfCertificateTable(new Uint8Array()), {});
  assert.deepEqual(filesOfCertificateTable(new Uint8Array(4096)), {});
});

Deno.test("filesOfCertificateTable() refuses entries that reach past the end, and a table without one", async () => {
  const table = writeCertificateTable({ vcek: VCEK, ask: ASK, ark: ARK });
  const far = new Uint8Array(table);
  new DataView(far.buffer).setUint32(20, 0xffffffff, true);
  const endless = new Uint8Array(24 * 40).fill(1);
  for (let at = 0; at < endless.length; at += 24) endless.fill(0, at + 16, at + 24);
  for (const bad of [far, table.subarray(0, 24), endless]) {
    const read = Promise.resolve().then(() => filesOfCertificateTable(bad));
    await assertUnavailable(read, "device.answer");
  }
});
