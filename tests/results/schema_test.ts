import assert from "node:assert/strict";
import { type Schema, Validator } from "@cfworker/json-schema";
import { earClaims } from "../../src/results/ear.ts";
import { ask, mintedOf } from "../variants/ask.ts";
import { labResult, OPTIONS, realResult } from "./tokens.ts";

const text = await Deno.readTextFile(new URL("../../docs/schemas/ear.v1.json", import.meta.url));
const schema: Schema = JSON.parse(text);
const validator = new Validator(schema, "2020-12", false);

Deno.test("ear.v1.json describes the claims of tokens, whatever the verdict", async () => {
  const minted = await mintedOf("sev-snp");
  const results = [
    await realResult(),
    await labResult("aws-nitro-tpm"),
    await ask(minted, { section: {} }),
    await ask(minted, { expect: { nonce: new Uint8Array(32).fill(0x5f) } }),
    await ask(minted, { files: { report: new Uint8Array(3) } }),
    await realResult("sev-snp", { nonce: null }),
  ];
  for (const result of results) {
    const { valid, errors } = validator.validate(earClaims(result, { ...OPTIONS, issuer: "x" }));
    assert.ok(valid, `${result.verdict} ${JSON.stringify(errors, null, 1)}`);
  }
});

Deno.test("ear.v1.json refuses what no token of this project has", async () => {
  const claims = earClaims(await realResult(), OPTIONS);
  for (
    const change of [{ exp: "1" }, { aud: undefined }, { submods: {} }, { other: 1 }, {
      casemate: { v: 2 },
    }]
  ) {
    assert.ok(!validator.validate(JSON.parse(JSON.stringify({ ...claims, ...change }))).valid);
  }
});
