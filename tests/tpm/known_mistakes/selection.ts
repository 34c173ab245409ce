/**
 * Registers that were not quoted.
 *
 * @module
 */

import assert from "node:assert/strict";
import { NotTrustedError, verify } from "../../../mod.ts";
import { toHex } from "../../../src/core/bytes.ts";
import type { LabSelection, MintedTpm } from "../../../src/lab/mod.ts";
import {
  asFile,
  ask,
  assertAttacks,
  assertCode,
  assertGood,
  type Changes,
  claimsOf,
  logOf,
  mint,
  pinsOf,
  requestFor,
  straight,
} from "./attack.ts";

const NOT_QUOTED = "tpm.register_not_quoted";

/** Demands no more than the pinned registers: what else a narrow quote lacks is not the matter. */
const PINS_ALONE = { eventLog: "any", secureBoot: "any" };

/** Evidence whose quote selects other registers, with the true values of all that the policy pins beside it. */
async function narrow(
  ...selection: readonly LabSelection[]
): Promise<readonly [MintedTpm, Changes]> {
  const minted = await mint({ selection });
  const all = { ...minted.pcrs["sha256"], ...truths(minted) };
  const files = { pcrs: asFile(JSON.stringify({ ...minted.pcrs, sha256: all })) };
  return [minted, { files, section: PINS_ALONE }];
}

const truths = (minted: MintedTpm): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    Object.entries(pinsOf(minted)).map(([register, [value]]) => [register, value]),
  );

Deno.test("TPM-03 the right values of registers that were not quoted satisfy no pin", async () => {
  assertGood(await ask(...await narrow({ bank: "sha256", registers: [4, 11] })));
  const others: readonly (readonly LabSelection[])[] = [
    [{ bank: "sha256", registers: [16] }],
    [{ bank: "sha256", registers: [4] }],
    [{ bank: "sha256", registers: [0, 1, 2, 3, 5, 6, 7, 8, 9, 10] }],
    [{ bank: "sha384", registers: [4, 11] }],
    [{ bank: "sha1", registers: [4, 11] }],
    [{ bank: "sha1", registers: [4, 11] }, { bank: "sha384", registers: [4, 11] }],
  ];
  for (const selection of others) {
    const [minted, changes] = await narrow(...selection);
    assertCode(await ask(minted, changes), NOT_QUOTED, JSON.stringify(selection));
    await assert.rejects(
      verify(requestFor(minted, { ...changes, policy: { allowLab: true } })),
      (error) => error instanceof NotTrustedError && error.code === NOT_QUOTED,
    );
  }
});

Deno.test("TPM-03 a quote over nothing is none, however true the values beside it", async () => {
  await assertAttacks([
    ["no bank", { attest: { selections: [] } }, "tpm.selection_empty"],
    [
      "banks without registers",
      {
        attest: {
          selections: [{ bank: "sha256", registers: [] }, { bank: "sha384", registers: [] }],
        },
      },
      "tpm.selection_empty",
    ],
    ["no digest", { attest: { pcrDigest: new Uint8Array() } }, "tpm.attest_value"],
    ["a digest of zeros", { attest: { pcrDigest: new Uint8Array(32) } }, "tpm.pcr_digest_mismatch"],
  ]);
});

Deno.test("TPM-03 the digest covers each quoted register, and exactly these", async () => {
  const { sha256 = {} } = straight.pcrs;
  const given = (values: object): Changes => ({
    files: { pcrs: asFile(JSON.stringify({ sha256: values })) },
  });
  assert.equal(Object.keys(sha256).length, 14);
  for (const register of Object.keys(sha256)) {
    const other = { ...sha256, [register]: "ee".repeat(32) };
    assertCode(await ask(straight, given(other)), "tpm.pcr_digest_mismatch", register);
    const { [register]: _, ...fewer } = sha256;
    assertCode(await ask(straight, given(fewer)), "tpm.pcr_missing", register);
  }
});

Deno.test("TPM-03 nothing of a value that was not quoted comes out, but that it was not", async () => {
  const foreign = "c3".repeat(32);
  const pcrs = { ...straight.pcrs, sha256: { ...straight.pcrs["sha256"], "10": foreign } };
  const result = await ask(straight, { files: { pcrs: asFile(JSON.stringify(pcrs)) } });
  assertGood(result);
  assert.deepEqual(claimsOf(result).notQuoted, [{ bank: "sha256", register: 10 }]);
  assert.ok(!JSON.stringify(result).includes(foreign));
});

Deno.test("TPM-03 a log says nothing of a register that was not quoted", async () => {
  const registers = [0, 1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 13, 14];
  const minted = await mint({ selection: [{ bank: "sha256", registers }] });
  const seven = toHex(minted.registers.get("sha256")?.[7] ?? new Uint8Array());
  const pcrs = { sha256: { ...minted.pcrs["sha256"], "7": seven } };
  const result = await ask(minted, { files: { pcrs: asFile(JSON.stringify(pcrs)) } });
  assertCode(result, "tpm.secure_boot_unknown");
  const { claims } = logOf(result);
  assert.deepEqual([claims.secureBoot, claims.signatureDatabases, claims.authorities], [
    null,
    [],
    [],
  ]);
});

Deno.test("TPM-03 a quote over more or fewer registers than were asked for is refused where the policy names them", async () => {
  const asked = { section: { selection: ["sha256:0,1,2,3,4,5,6,7,8,9,11,12,13,14"] } };
  assertGood(await ask(straight, asked));
  for (const wanted of ["sha256:4,11", "sha256:0,1,2,3,4,5,6,7,8,9,10,11,12,13,14", "sha384:4"]) {
    const section = { selection: [wanted] };
    assertCode(await ask(straight, { section }), "tpm.selection_mismatch", wanted);
  }
  const both = ["sha256:0,1,2,3,4,5,6,7,8,9,11,12,13,14", "sha384:4"];
  assertCode(await ask(straight, { section: { selection: both } }), "tpm.selection_mismatch");
});
