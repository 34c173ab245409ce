import assert from "node:assert/strict";
import { examine as examineWhole, type RequestOf, verify as verifyWhole } from "../../mod.ts";
import { mint, requestFor } from "../../tests/snp/ask.ts";
import { InputError } from "../core/errors.ts";
import { NotTrustedError } from "./verify.ts";
import { examine, verify } from "./portable.ts";

type Asked = Omit<RequestOf<"sev-snp">, "engine">;

async function request(): Promise<Asked> {
  return requestFor(await mint());
}

Deno.test("verify() and examine() without WASM say what the whole library says", async () => {
  const asked = { ...await request(), profile: "crypto-only" } as const;
  assert.deepEqual(await examine(asked), await examineWhole(asked));
  assert.deepEqual(await verify(asked), await verifyWhole(asked));
  const late = { ...asked, now: new Date("2099-01-01") };
  await assert.rejects(
    verify(late),
    (error) => error instanceof NotTrustedError && error.code === "snp.crl_expired",
  );
});

Deno.test("verify() and examine() without WASM take no other engine, and nothing that is no request", async () => {
  assert.equal((await examine({ ...await request(), engine: "portable" })).verdict, "lab-trusted");
  for (const engine of ["wasm", "both", "Portable", "", 0, {}]) {
    const asked = JSON.parse(JSON.stringify({ engine }));
    const given = { ...await request(), ...asked };
    for (const run of [verify, examine]) {
      await assert.rejects(run(given), (error: unknown) => {
        assert.ok(error instanceof InputError);
        assert.equal(error.fields["field"], "engine");
        return true;
      });
    }
  }
  for (const nothing of ["null", "{}", "1", '""', "[]"]) {
    await assert.rejects(examine(JSON.parse(nothing)), InputError);
    await assert.rejects(verify(JSON.parse(nothing)), InputError);
  }
});
