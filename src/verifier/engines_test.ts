import assert from "node:assert/strict";
import { examine, type RequestOf, technologies, verify } from "../../mod.ts";
import { inlineEngine } from "../core/crypto_inline.ts";
import { filesOf, mint, requestFor } from "../../tests/snp/ask.ts";
import { assertVerdict } from "../../tests/result.ts";
import type { Engine } from "../core/crypto.ts";
import { InputError } from "../core/errors.ts";
import type { AnyTechnology } from "../evidence/evidence.ts";
import { refusal } from "../core/refusal.ts";
import { checkEngine, ENGINES } from "./engines.ts";
import { examine as examineWith } from "./examine.ts";

async function request(change: object = {}): Promise<RequestOf<"sev-snp">> {
  return { ...requestFor(await mint()), ...change };
}

/** The WASM module, but for one operation. */
const except = (operation: string, run: Engine["run"]): Engine => ({
  run: (asked, parts) => asked === operation ? run(asked, parts) : inlineEngine.run(asked, parts),
});

Deno.test("examine() comes to the same with each engine", async () => {
  for (const engine of ENGINES) {
    const result = await examine(await request({ engine }));
    assert.equal(result.verdict, "lab-trusted", engine);
    const { claims } = await examine(await request());
    assert.deepEqual(result.claims, claims);
    assert.equal(
      (await verify({
        ...await request({ engine }),
        policy: (await request()).policy,
        profile: "crypto-only",
      })).outcome,
      "genuine",
    );
  }
});

Deno.test("examine() says that both engines agree, and nothing of it where one was asked", async () => {
  for (const profile of ["full", "crypto-only"] as const) {
    const both = await examine(await request({ engine: "both", profile }));
    const [first, ...others] = both.findings;
    assert.equal(first?.id, "trust.engine");
    assert.equal(first.kind, "match");
    assert.equal(first.root, "lab");
    assert.deepEqual({ ...both, findings: others }, await examine(await request({ profile })));
  }
});

Deno.test("examine() refuses where the engines differ, and says which said what", async () => {
  const unsure = except("snp_verify", () => Promise.reject(refusal("snp.revoked", {})));
  const result = await examineWith(unsure, await request({ engine: "both" }));
  const finding = assertVerdict(result, "rejected", "engine.disagreement");
  assert.equal(finding.id, "trust.engine");
  assert.equal(finding.expected, "the same from both engines");
  assert.match(
    finding.actual ?? "",
    /operation snp_verify, wasm refuses with snp\.revoked, portable accepts/,
  );
  assert.equal(result.claims, null);
  assert.ok(result.findings.slice(1).every(({ kind }) => kind === "unchecked"));
  await assert.rejects(
    verify(await request({ engine: "both", now: new Date(0) })),
    { code: "snp.crl_not_yet_valid" },
  );
});

Deno.test("examine() refuses an engine that accepts what the other refuses", async () => {
  const { claims } = await examine(await request());
  const credulous = except("snp_verify", () => Promise.resolve(claims));
  const { report } = filesOf(await mint());
  const bent = new Uint8Array(report);
  bent[0x90] = (bent[0x90] ?? 0) ^ 1;
  const evidence = { ...filesOf(await mint()), report: bent };
  const asked = await request({ evidence, engine: "both" });
  assertVerdict(await examineWith(credulous, asked), "rejected", "engine.disagreement");
});

Deno.test("examine() takes a disagreement about a lab's root for one, though the root is the caller's own", async () => {
  const blind = except("x509_describe", () => Promise.reject(refusal("x509.malformed", {})));
  const result = await examineWith(blind, await request({ engine: "both" }));
  assertVerdict(result, "rejected", "engine.disagreement");
});

Deno.test("examine() with the portable engine never asks the other", async () => {
  const absent: Engine = { run: () => Promise.reject(new Error("WASM may not be compiled here")) };
  const result = await examineWith(absent, await request({ engine: "portable" }));
  assert.equal(result.verdict, "lab-trusted");
});

Deno.test("examine() refuses an engine that does not exist", async () => {
  for (const engine of ["Wasm", "", 1, null, {}, ["both"]]) {
    const asked = await request({ engine });
    if (engine === null) assert.equal((await examine(asked)).verdict, "lab-trusted");
    else await assert.rejects(examine(asked), InputError);
  }
});

Deno.test("examine() says that both engines refuse, where they do", async () => {
  const asked = { ...await request(), now: new Date(0) };
  const both = await examine({ ...asked, engine: "both" });
  const [first, ...findings] = both.findings;
  assert.deepEqual([first?.id, first?.kind, first?.root], ["trust.engine", "match", "none"]);
  assert.deepEqual({ ...both, findings }, await examine(asked));
});

Deno.test("checkEngine() refuses to ask an engine for a technology that it does not know", () => {
  const listed: readonly AnyTechnology[] = technologies;
  for (const technology of listed) {
    for (const engine of ENGINES) checkEngine(engine, technology);
    const { portable: _, ...without } = technology;
    checkEngine("wasm", without);
    for (const engine of ["portable", "both"] as const) {
      assert.throws(() => checkEngine(engine, without), {
        name: "InputError",
        code: "input.value",
      });
    }
  }
});
