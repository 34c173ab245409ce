/**
 * What verification of TPM evidence passes by, and how it names what it refuses.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { tpm } from "../../src/evidence/tpm/mod.ts";
import { createTpmAuthority, mintTpm } from "../../src/lab/mod.ts";
import { NONCE, NOW, outcome, questionFor, verified } from "./ask.ts";

const minted = await mintTpm(await createTpmAuthority({ now: NOW }), { now: NOW, nonce: NONCE });
const question = questionFor(minted);

function undone(files: FilesByRole): readonly string[] {
  return tpm.undone(tpm.readFiles({ ...question.files, ...files }));
}

Deno.test("undone() names the steps for which there is nothing", () => {
  const certificate = { akCert: undefined, akCertIssuers: [], akCertCrls: [] };
  assert.deepEqual(undone({}), []);
  assert.deepEqual(undone({ akCertCrls: [] }), ["tpm.ak-revocation"]);
  assert.deepEqual(undone({ eventLog: undefined }), ["logs.log", "logs.data"]);
  assert.deepEqual(undone(certificate), [
    "tpm.ak-root",
    "tpm.ak-certificate",
    "tpm.ak-chain",
    "tpm.ak-revocation",
    "tpm.ak-validity",
  ]);
});

Deno.test("undone() names steps that there are", () => {
  const known = tpm.checks.map(({ id }) => id);
  const bare = { akCert: undefined, akCertIssuers: [], akCertCrls: [], eventLog: undefined };
  for (const id of undone(bare)) assert.ok(known.includes(id), id);
});

Deno.test("verify() names the role of a file that is empty or too large", async () => {
  for (const role of ["tpmQuoteMsg", "tpmQuoteSig", "akPub", "eventLog", "akCert"]) {
    for (const [bytes, code] of [[0, "input.empty"], [2 ** 21, "input.too_large"]] as const) {
      const files = { ...question.files, [role]: new Uint8Array(bytes).fill(0x80) };
      await assert.rejects(
        verified({ ...question, files }),
        (error) =>
          error instanceof InputError && error.code === code && error.fields["role"] === role,
        `${role} of ${bytes} bytes`,
      );
    }
  }
});

Deno.test("verify() takes nothing of a register that was not quoted", async () => {
  const all = { ...minted.pcrs, sha384: { "11": "ee".repeat(48) } };
  const pcrs = new TextEncoder().encode(JSON.stringify(all));
  const proven = await verified({ ...question, files: { ...question.files, pcrs } });
  assert.deepEqual(proven.notQuoted, [{ bank: "sha384", register: 11 }]);
  assert.ok(!JSON.stringify(proven).includes("ee".repeat(48)));
});

Deno.test("verify() makes no claim of a register that the log does not explain", async () => {
  const foreign = await mintTpm(await createTpmAuthority({ now: NOW }), {
    now: NOW,
    boot: { secureBoot: false },
  });
  const files = { ...question.files, eventLog: foreign.eventLog };
  const { log } = await verified({ ...question, files });
  assert.equal(log?.claims.secureBoot, null);
  const states = new Map(log?.registers.map(({ register, state }) => [register, state]));
  assert.equal(states.get(7), "mismatch");
  assert.equal(states.get(0), "explained");
  assert.equal(await outcome({ ...question, files }), "logs.replay_mismatch");
});

Deno.test("a register of another bank than the quoted one is not trusted for what runs", async () => {
  const policy = { registers: { sha384: { "4": ["ee".repeat(48)], "11": ["ee".repeat(48)] } } };
  assert.equal(await outcome({ ...question, policy }), "tpm.register_not_quoted");
});
