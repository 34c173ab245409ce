/**
 * Variants of TPMs that nobody vouches for, over a TPM in software that runs.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, type Request, type Result } from "../../mod.ts";
import { toHex } from "../../src/core/bytes.ts";
import { bindingOf, qualifyingDataOf } from "../../src/evidence/statement/binding.ts";
import { writeStatement } from "../../src/evidence/statement/read.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import { extendRegister } from "../../src/evidence/tpm/device/registers.ts";
import { type Issued, issueTpmEvidence } from "../../src/evidence/tpm/issue.ts";
import { assertRefused, assertVerdict, shown } from "../result.ts";
import { OF_NEWCOMER } from "../statements.ts";
import { testWithTpm, withDevice } from "./swtpm.ts";

const NONCE = new Uint8Array(32).fill(0x5f);
const REGISTERS = [0, 4, 11, 15];

/** What was quoted, and the statement that it is bound to. */
interface Quoted {
  readonly variant: "qemu-vtpm" | "openstack";
  readonly issued: Issued;
  readonly statement: Uint8Array;
}

async function quoteFor(
  variant: Quoted["variant"],
  said: Partial<Statement> = {},
): Promise<Quoted> {
  const statement = writeStatement({ ...OF_NEWCOMER, variant, ...said });
  const qualifyingData = qualifyingDataOf(bindingOf(NONCE, statement), null);
  const issued = await withDevice(async (device) => {
    for (const register of [4, 11]) {
      await extendRegister(device, register, { sha256: new Uint8Array(32).fill(register) });
    }
    const selections = [{ bank: "sha256", registers: REGISTERS }] as const;
    const key = { kind: "template", name: "ecc" } as const;
    return await issueTpmEvidence(device, { qualifyingData, selections, key });
  });
  return { variant, issued, statement };
}

function ask(
  { variant, issued, statement }: Quoted,
  more: Partial<{ acceptRoots: readonly string[]; akNames: readonly string[] }> = {},
): Promise<Result> {
  const { acceptRoots = ["none"], akNames = [toHex(issued.name)] } = more;
  const pins = issued.registers.filter(({ register }) => [4, 11].includes(register))
    .map(({ register, value }) => [register, [toHex(value)]]);
  const request: unknown = {
    variant,
    evidence: issued.evidence,
    statement,
    expect: { nonce: NONCE, audience: OF_NEWCOMER.audience },
    policy: {
      version: 1,
      acceptRoots,
      [variant]: { vtpm: { registers: { sha256: Object.fromEntries(pins) }, akNames } },
    },
    now: new Date(),
  };
  return examine(request as Request);
}

for (const variant of ["qemu-vtpm", "openstack"] as const) {
  testWithTpm(
    `${variant}: a TPM that runs answers a statement, and nobody vouches for it`,
    async () => {
      const quoted = await quoteFor(variant);
      const result = await ask(quoted);
      assert.equal(result.verdict, "trusted", shown(result));
      assert.deepEqual(result.roots, ["none"]);
      const phase = result.findings.find(({ id }) => id === "phase.measured");
      assert.equal(phase?.kind, "match");
      const strict = await ask(quoted, { acceptRoots: ["amd", "intel", "provider"] });
      assertVerdict(strict, "platform-only", "trust.root_not_accepted");
      const other = await ask(quoted, { akNames: [`000b${"ee".repeat(32)}`] });
      assertRefused(other, "tpm.ak_name_mismatch");
    },
  );
}

testWithTpm(
  "openstack: evidence of QEMU is not OpenStack's, whatever its envelope says",
  async () => {
    const quoted = await quoteFor("qemu-vtpm");
    assertRefused(await ask({ ...quoted, variant: "openstack" }), "statement.variant_mismatch");
  },
);
