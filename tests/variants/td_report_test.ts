/**
 * The TD report in Azure's HCL report against the quote of another version: each
 * field that the quote repeats must be the same, those of TDX 1.5 too.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Result } from "../../mod.ts";
import { LAB_STATEMENT, mintAzureTdx, type MintAzureTdxOptions } from "../../src/lab/mod.ts";
import { intelAuthority } from "../intel_authority.ts";
import { assertRefused, shown } from "../result.ts";
import { ask, mintedOf, NONCE, NOW } from "./ask.ts";

const keys = (await mint({})).keys;

function mint(options: Partial<MintAzureTdxOptions>): ReturnType<typeof mintAzureTdx> {
  const statement = { ...LAB_STATEMENT, variant: "azure-tdx" };
  return intelAuthority().then((authority) =>
    mintAzureTdx(authority, { now: NOW, nonce: NONCE, statement, ...options })
  );
}

async function askOf(options: Partial<MintAzureTdxOptions>): Promise<Result> {
  const { files, statement } = await mint({ keys, ...options });
  return await ask(await mintedOf("azure-tdx"), { files, statement });
}

/** Every field that the lab writes of a TD report and its quote. */
const OTHER: Readonly<Record<string, object>> = {
  teeTcbSvn: { teeTcbSvn: new Uint8Array(16).fill(9) },
  mrSeam: { mrSeam: new Uint8Array(48).fill(9) },
  mrSignerSeam: { mrSignerSeam: new Uint8Array(48).fill(9) },
  seamAttributes: { seamAttributes: 9n },
  tdAttributes: { tdAttributes: 9n },
  xfam: { xfam: 9n },
  mrTd: { mrTd: new Uint8Array(48).fill(9) },
  mrConfigId: { mrConfigId: new Uint8Array(48).fill(9) },
  mrOwner: { mrOwner: new Uint8Array(48).fill(9) },
  mrOwnerConfig: { mrOwnerConfig: new Uint8Array(48).fill(9) },
  reportData: { reportData: new Uint8Array(64).fill(9) },
};

Deno.test("each field of a TD report must be the one that was quoted", async () => {
  for (const [field, changed] of Object.entries(OTHER)) {
    const result = await askOf({ bends: { tdReport: changed } });
    assertRefused(result, "hcl.td_report_mismatch");
    assert.match(result.findings.find(({ code }) => code)?.actual ?? "", new RegExp(field));
  }
});

Deno.test("a quote of TDX 1.5 says more, and that counts too", async () => {
  const tdx = { version: 5 } as const;
  const right = await askOf({ tdx });
  assert.equal(right.verdict, "lab-trusted", shown(right));
  const others = [
    { teeTcbSvn2: new Uint8Array(16).fill(9) },
    { mrServiceTd: new Uint8Array(48).fill(9) },
  ];
  for (const other of others) {
    const result = await askOf({
      tdx,
      bends: {
        tdReport: ({ added, ...fields }) => {
          assert.ok(added);
          return { ...fields, added: { ...added, ...other } };
        },
      },
    });
    assertRefused(result, "hcl.td_report_mismatch");
  }
});
