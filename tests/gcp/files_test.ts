/**
 * Files that belong together, and envelopes that hold them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.ts";
import { readEnvelope, writeEnvelope } from "../../src/evidence/envelope/envelope.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { pem } from "../../src/lab/pem.ts";
import { fileOf } from "../contracts/change.ts";
import type { Change } from "../contracts/contract.ts";
import { codeOf } from "../contracts/question.ts";
import { shown } from "../result.ts";
import { ask, type GcpVariant, vector } from "./vectors.ts";

const tdx = await vector("gcp-tdx", "join");
const bare = await vector("gcp-tdx", "bare");
const unmarked = fileOf(
  await vector("gcp-tdx", "bent-endorsement-lab"),
  "firmwareEndorsementRoots",
);

/** Code of an input error about the variant `gcp-tdx`. */
async function refusal(change: Change, name = "join"): Promise<string> {
  try {
    const { code } = await ask("gcp-tdx", name, change);
    return `no input error: ${code}`;
  } catch (error) {
    if (error instanceof InputError) return `${error.code} ${error.fields["role"]}`;
    throw error;
  }
}

Deno.test("an endorsement needs a root, which is the operator's or a lab's", async () => {
  const firmwareEndorsement = fileOf(tdx, "firmwareEndorsement");
  // The quote's own root is no lab's here, so that what is missing is the endorsement's.
  const alone = { files: { firmwareEndorsement }, labRoots: [] };
  assert.equal(await codeOf(ask("gcp-tdx", "bare", alone)), "tdx.lab_on_vendor_path");
  const lab = new TextDecoder().decode(tdx.labRoots[0]).match(
    /-----BEGIN[^-]*-----[^-]*-----END[^-]*-----/g,
  );
  const labRoot = new TextEncoder().encode(lab?.at(-1) ?? "");
  const asProviders = { files: { firmwareEndorsementRoots: [labRoot] } };
  assert.equal(await refusal(asProviders), "input.wrong_kind firmwareEndorsementRoots");
  const noRoot = { files: { firmwareEndorsementRoots: [fileOf(tdx, "pckCrl")] } };
  assert.equal(await refusal(noRoot), "input.wrong_kind firmwareEndorsementRoots");
});

Deno.test("a root beside no endorsement, or a table beside no log, is no question", async () => {
  const root = { files: { firmwareEndorsementRoots: [unmarked] } };
  assert.equal(await refusal(root, "bare"), "input.missing firmwareEndorsement");
  const table = { files: { ccelTable: fileOf(tdx, "ccelTable") } };
  assert.equal(await refusal(table, "bare"), "input.missing eventLog");
});

Deno.test("an endorsement of the other TEE endorses nothing here", async () => {
  const snp = await vector("gcp-sev-snp", "join");
  const files = { firmwareEndorsement: fileOf(snp, "firmwareEndorsement") };
  const change = { files, labRoots: [...tdx.labRoots, ...snp.labRoots] };
  const { code } = await ask("gcp-tdx", "join", change);
  assert.equal(code, "gce.endorsement_mismatch");
});

Deno.test("a bare key has no Name that a report could be bound to", async () => {
  const { files } = await vector("gcp-sev-snp", "join");
  const area = fileOf({ files }, "akPub");
  const P256 = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";
  const head = Uint8Array.from(P256.match(/../g) ?? [], (digits) => parseInt(digits, 16));
  const spki = new Uint8Array([...head, ...area.subarray(-66, -34), ...area.subarray(-32)]);
  const akPub = new TextEncoder().encode(pem("PUBLIC KEY", spki));
  assert.equal(await codeOf(ask("gcp-sev-snp", "join", { files: { akPub } })), "input.wrong_kind");
});

Deno.test("endorsed firmware needs no pin, pinned firmware no endorsement, and Google's word is named", async () => {
  const endorsed = await ask("gcp-tdx", "join");
  const firmware = endorsed.findings.find(({ id }) => id === "gce.firmware");
  assert.deepEqual([firmware?.kind, firmware?.required], ["match", true]);
  const mrTd = endorsed.findings.find(({ id }) => id === "tdx.mrtd");
  assert.deepEqual([mrTd?.kind, mrTd?.required], ["unchecked", false]);
  assert.equal((await ask("gcp-tdx", "bare")).verdict, "lab-trusted");
  assert.equal(bare.files["firmwareEndorsement"], undefined);
});

/** Files that an envelope does not carry. */
const BESIDE: readonly string[] = ["ccelTable", "attestationPb"];

for (
  const [id, name] of [
    ["gcp-sev-es", "join"],
    ["gcp-sev-snp", "join"],
    ["gcp-sev-snp", "serve"],
    ["gcp-tdx", "join"],
  ] as const satisfies readonly (readonly [GcpVariant, string])[]
) {
  Deno.test(`the envelope of ${id} ${name} holds all that its verdict needs`, async () => {
    const { files, statement } = await vector(id, name);
    assert.ok(statement);
    const carried: FilesByRole = Object.fromEntries(
      Object.entries(files).filter(([role]) => !BESIDE.includes(role)),
    );
    const opened = readEnvelope(writeEnvelope(id, statement, carried));
    assert.deepEqual([opened.variant, opened.statement], [id, statement]);
    // What came in the envelope, and nothing else.
    const absent = Object.fromEntries(Object.keys(files).map((role) => [role, undefined]));
    const result = await ask(id, name, { files: { ...absent, ...opened.files } });
    assert.equal(result.verdict, "lab-trusted", shown(result));
  });
}
