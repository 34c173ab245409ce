import assert from "node:assert/strict";
import { inlineEngine, InputError } from "../../mod.ts";
import { toHex } from "../../src/core/bytes.ts";
import { type TdxFiles, verifySgxQuote } from "../../src/evidence/tdx/mod.ts";
import { NOW } from "../lab_authority.ts";
import { asFile, filesOf, mint } from "./ask.ts";

const minted = await mint({ version: 3 });
const context = { now: NOW, labRoots: [minted.der.root] };

const verify = (files: Partial<TdxFiles>) =>
  verifySgxQuote(inlineEngine, { ...filesOf(minted), ...files }, context);

Deno.test("verifySgxQuote() takes lists in hex and chains as in headers, as the command line does for TDX", async () => {
  const { collateral } = await verify({
    pckCrl: asFile(toHex(minted.der.pckCrl)),
    rootCrl: asFile(toHex(minted.der.rootCrl)),
    tcbChain: asFile(encodeURIComponent(minted.tcbChain)),
    pckCrlChain: asFile(encodeURIComponent(minted.pckCrlChain)),
  });
  assert.deepEqual(collateral, (await verify({})).collateral);
});

Deno.test("verifySgxQuote() tells half of the collateral and a quote as text from evidence that is wrong", async () => {
  const { rootCrl: _, ...half } = filesOf(minted);
  const text = { ...half, rootCrl: minted.der.rootCrl, quote: asFile(toHex(minted.quote)) };
  for (const files of [half, text]) {
    await assert.rejects(verifySgxQuote(inlineEngine, files, context), InputError);
  }
});
