/**
 * What is shown of Google's files, and that nothing else is taken for one of them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { CasemateError } from "../../src/core/errors.ts";
import type { Shown } from "../../src/core/shown.ts";
import { showGce } from "../../src/evidence/gce/show.ts";
import { LAB_CCEL_TABLE, writeCcelTable } from "../../src/lab/mod.ts";
import { fileOf } from "../contracts/change.ts";
import { vector } from "./vectors.ts";

const es = await vector("gcp-sev-es", "join");
const tdx = await vector("gcp-tdx", "join");
const container = await vector("gcp-sev-es", "container");

function valueOf({ sections }: Shown, name: string): string | undefined {
  return sections.flatMap(({ rows }) => rows).find((row) => row.name === name)?.value;
}

async function shownOf(file: Uint8Array): Promise<Shown> {
  const found = await showGce(inlineEngine, file);
  assert.ok(found !== null);
  return found;
}

Deno.test("a key's certificate shows its instance", async () => {
  const shown = await shownOf(fileOf(es, "akCert"));
  assert.equal(shown.kind, "gce-ak-certificate");
  assert.deepEqual(
    ["project", "zone", "instance", "environment"].map((name) => valueOf(shown, name)),
    ["casemate-lab", "europe-west4-b", "control-plane-0", "production"],
  );
});

Deno.test("an endorsement shows what it endorses", async () => {
  const shown = await shownOf(fileOf(tdx, "firmwareEndorsement"));
  assert.equal(shown.kind, "gce-endorsement");
  const table = shown.sections.find(({ title }) => title.startsWith("TDX"))?.table;
  assert.equal(table?.rows[0]?.[0], "16");
  assert.match(table?.rows[0]?.[2] ?? "", /^[0-9a-f]{96}$/);
});

Deno.test("a container shows its pieces", async () => {
  const shown = await shownOf(fileOf(container, "attestationPb"));
  assert.equal(shown.kind, "gce-attestation");
  assert.equal(valueOf(shown, "akPub"), "88 bytes");
});

Deno.test("the table of an event log shows where that lies", async () => {
  const shown = await shownOf(fileOf(tdx, "ccelTable"));
  assert.deepEqual(
    [valueOf(shown, "log"), valueOf(shown, "address")],
    ["262144 bytes", "0x00000000bedbf000"],
  );
});

Deno.test("a table that is damaged, or of something else than TDX, is refused", async () => {
  const bent = [
    writeCcelTable({ ...LAB_CCEL_TABLE, checksumOff: 3 }),
    writeCcelTable({ ...LAB_CCEL_TABLE, type: 1 }),
    writeCcelTable({ ...LAB_CCEL_TABLE, revision: 2 }),
    writeCcelTable({ ...LAB_CCEL_TABLE, logBytes: 2 ** 40 }),
    writeCcelTable().subarray(0, 40),
  ];
  for (const table of bent) {
    await assert.rejects(
      showGce(inlineEngine, table),
      (error) => error instanceof CasemateError && error.code === "gce.ccel_table",
    );
  }
});

Deno.test("other certificates, quotes and logs are not Google's own", async () => {
  const others = [
    fileOf(es, "akCertIssuers"),
    fileOf(es, "akCertCrls"),
    fileOf(es, "tpmQuoteMsg"),
    fileOf(es, "eventLog"),
    fileOf(tdx, "quote"),
    Uint8Array.of(0x0a),
    new TextEncoder().encode("\nnothing"),
  ];
  for (const file of others) assert.equal(await showGce(inlineEngine, file), null);
});
