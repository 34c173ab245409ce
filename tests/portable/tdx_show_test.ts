/**
 * What only showing reaches, and what no suite of verification gets to, asked
 * of both engines.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createEngine, type Operation } from "../../src/core/crypto.ts";
import { CasemateError } from "../../src/core/errors.ts";
import type { MintedTdx } from "../../src/lab/mod.ts";
import { inlineModule } from "../../wasm/inline.ts";
import { asFile, bent, mint } from "../tdx/ask.ts";
import { chainOf, withChain } from "../tdx/chain.ts";
import { asPlain, inList, type Plain } from "../tdx/documents.ts";
import { askBoth, portableEngine } from "./strict.ts";

const engines = [createEngine(await inlineModule()), await portableEngine()] as const;

/** What both say: an answer, or a code. */
async function say(operation: Operation, file: Uint8Array): Promise<unknown> {
  try {
    return await askBoth(engines, operation, [file]);
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

async function codeOfTcbInfo(change: (whole: Plain) => unknown, sgx = false): Promise<unknown> {
  const shape = sgx ? { version: 3 } : {};
  const { tcbInfo } = await mint({ ...shape, ...bent(asPlain("tcbInfo", change)) });
  const said = await say("tdx_collateral", asFile(tcbInfo));
  return typeof said === "string" ? said : "shown";
}

Deno.test("tdx_collateral tells by its members what a file is", async () => {
  const { tcbInfo, qeIdentity }: MintedTdx = await mint();

  for (const text of [tcbInfo, qeIdentity]) {
    assert.equal(typeof await say("tdx_collateral", asFile(text)), "object");
  }
  assert.equal(await say("tdx_collateral", asFile("{}")), "input.wrong_kind");
  assert.equal(await say("tdx_collateral", asFile('{"signature":"00"}')), "input.wrong_kind");
  assert.equal(await say("tdx_collateral", asFile("[]")), "input.encoding");
  assert.equal(await say("tdx_collateral", Uint8Array.of(0x7b, 0xff)), "input.encoding");
});

Deno.test("advisories of a level have names", async () => {
  const named = (id: unknown) => (whole: Plain) =>
    inList(whole, "tcbLevels", (level) => ({ ...level, advisoryIDs: [id] }));

  for (const id of ["INTEL-SA-00837", "A", "0", "A".repeat(32)]) {
    assert.equal(await codeOfTcbInfo(named(id)), "shown", id);
  }
  for (const id of ["", "intel-sa-1", "A B", "A\n", "\u00c4", "A".repeat(33), 1, null]) {
    assert.equal(await codeOfTcbInfo(named(id)), "tdx.tcb_info_format", String(id));
  }
});

Deno.test("TDX modules have no place in TCB info for SGX, an empty list says nothing", async () => {
  const identities = (list: unknown) => (whole: Plain) => ({ ...whole, tdxModuleIdentities: list });
  const module = {
    id: "TDX_01",
    mrsigner: "00".repeat(48),
    attributes: "00".repeat(8),
    attributesMask: "FF".repeat(8),
    tcbLevels: [{ tcb: { isvsvn: 0 }, tcbDate: "2026-01-01T00:00:00Z", tcbStatus: "UpToDate" }],
  };

  assert.equal(await codeOfTcbInfo(identities([])), "shown");
  assert.equal(await codeOfTcbInfo(identities([module])), "shown");
  assert.equal(await codeOfTcbInfo(identities([]), true), "shown");
  assert.equal(await codeOfTcbInfo(identities([module]), true), "tdx.tcb_info_format");
});

Deno.test("tdx_pck takes PCK certificates of a PCK CA, by their names", async () => {
  const { der } = await mint();
  const other = await mint(bent({
    pck: (whole) => ({ ...whole, issuer: whole.subject }),
  }));

  assert.equal(typeof await say("tdx_pck", der.pck), "object");
  for (const one of [other.der.pck, der.ca, der.root, der.tcbSigning]) {
    assert.equal(await say("tdx_pck", one), "tdx.pck_shape");
  }
});

Deno.test("tdx_quote shows a PCK certificate whatever stands behind it", async () => {
  const minted = await mint();
  const { pck, root } = minted.der;
  const noCertificate = Uint8Array.of(0x30, 0);
  const show = async (...chain: readonly Uint8Array[]): Promise<unknown> => {
    const said = await say("tdx_quote", withChain(minted, chainOf(...chain)));
    assert.ok(typeof said === "object" && said !== null && "pck" in said);
    return said.pck;
  };

  assert.notEqual(await show(pck, noCertificate, root), null);
  assert.equal(await show(noCertificate, pck, root), null);
  assert.equal(await show(pck, root), null);
});
