/**
 * Whatever comes in, an answer is one of the contract's: no mistake of the
 * program, and no acceptance of what was changed.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromBase64, toBase64 } from "../../src/core/bytes.ts";
import { type Answer, EXITS } from "../../src/conformance/mod.ts";
import { flipped } from "../bends/bytes.ts";
import { Dice } from "../bends/dice.ts";
import { editJson, type JsonWords } from "../bends/json_edits.ts";
import {
  ask,
  gzip,
  outputsOf,
  type Plain,
  SEV,
  sevEvidence,
  sevInput,
  snp,
  TDX,
  tdx,
  tdxInput,
} from "./inputs.ts";

/** Throws of each test: enough for each member and each kind of edit. */
const THROWS = 150;

/** Values and names that readers of the contract may take for others. */
const WORDS: JsonWords = {
  raws: [
    ...["null", "true", "0", "-1", "1.5", "1e400", "9007199254740993", "[]", "{}", "[[]]"],
    ...['""', '"AAAA"', '"\\ud800"', '"\\u0000"', "NaN", `"${"a".repeat(70_000)}"`],
    `${"[".repeat(3000)}${"]".repeat(3000)}`,
  ],
  names: [
    ...["schema_version", "policy", "collateral", "mode", "stage", "__proto__", "constructor"],
    ...["expected_measurement_hex", "tcb_evaluation_required", "amd_root_ca_pem", "toString"],
  ],
};

const MEASURED = { type: "https://tinfoil.sh/predicate/sev-snp-guest/v2", registers: ["aa"] };

/** Inputs by stage. */
async function bases(): Promise<readonly (readonly [stage: string, input: Plain])[]> {
  const report = await snp();
  return [
    [SEV, await sevInput(report, { policy: { min_tcb_bl_spl: 0, enforce_spec_defaults: true } })],
    [TDX, tdxInput(await tdx(), { policy: { accepted_qv_results: ["OK"] } })],
    ["verify-measurement", { schema_version: "1", source: MEASURED, target: MEASURED }],
    ["verify-hardware-measurements", {
      schema_version: "1",
      enclave_measurement: MEASURED,
      hardware_measurements: [{ id: "a", mrtd: "aa", rtmr0: "bb" }],
    }],
    ["verify-full", {
      schema_version: "1",
      mode: "pinned",
      attestation_sev: await sevEvidence(report),
      pinned_measurement: MEASURED,
    }],
  ];
}

/** Exit code and standard output belong together. */
function assertOfContract(stage: string, { exit, output, says }: Answer): void {
  assert.notEqual(says, "");
  if (exit === EXITS.unsupported || exit === EXITS.malformed) return assert.equal(output, null);
  const said: Plain = Object(output);
  assert.equal(said["stage"], stage);
  assert.equal(said["accepted"], exit === EXITS.accepted);
  if (exit === EXITS.accepted) return assert.deepEqual(Object.keys(said).length, 3);
  assert.equal(exit, EXITS.rejected);
  const { code }: Plain = Object(said["rejection"]);
  assert.match(String(code), /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/);
}

Deno.test("conformance answers by the contract whatever members an input has", async () => {
  for (const [stage, input] of await bases()) {
    const right = await ask(stage, input);
    const exits = new Set<number>();
    for (let seed = 0; seed < THROWS; seed++) {
      const text = editJson(JSON.stringify(input), new Dice(seed), WORDS);
      const answer = await ask(stage, text);
      assertOfContract(stage, answer);
      exits.add(answer.exit);
      if (answer.exit !== EXITS.accepted || right.exit !== EXITS.accepted) continue;
      if (stage !== SEV && stage !== TDX) continue;
      assert.deepEqual(outputsOf(answer)["measurement"], outputsOf(right)["measurement"], text);
    }
    assert.ok(exits.has(EXITS.malformed), stage);
  }
});

/** Bytes that somebody changed on the way: a bit of them, cut short, extended. */
function bent(bytes: Uint8Array, dice: Dice): Uint8Array {
  const at = dice.below(bytes.length);
  return dice.pick([
    () => flipped(bytes, at),
    () => bytes.slice(0, at),
    () => Uint8Array.of(...bytes, ...dice.bytes(1 + dice.below(8))),
    () => Uint8Array.of(...bytes.slice(0, at), ...bytes.slice(at + 1)),
  ])();
}

Deno.test(`${SEV} accepts no file with anything changed in it`, async () => {
  const minted = await snp();
  for (let seed = 0; seed < THROWS; seed++) {
    const dice = new Dice(seed);
    const changes = dice.once(2)
      ? { attestation_doc_b64: toBase64(await gzip(bent(minted.report, dice))) }
      : { vcek_der_b64: toBase64(bent(minted.der.leaf, dice)) };
    const answer = await ask(SEV, await sevInput(minted, changes));
    assertOfContract(SEV, answer);
    assert.notEqual(answer.exit, EXITS.accepted, `seed ${seed}`);
  }
});

Deno.test(`${TDX} accepts a quote with something behind it, and no file with anything changed`, async () => {
  const minted = await tdx();
  const right = outputsOf(await ask(TDX, tdxInput(minted)));
  const { collateral, ...input } = tdxInput(minted);
  const lists = ["pck_crl_der_b64", "root_crl_der_b64"];
  for (let seed = 0; seed < THROWS; seed++) {
    const dice = new Dice(seed);
    const list = dice.pick(lists);
    const files: Plain = Object(collateral);
    const changed = dice.once(2)
      ? { ...input, collateral, quote_b64: toBase64(bent(minted.quote, dice)) }
      : {
        ...input,
        collateral: { ...files, [list]: toBase64(bent(fromBase64(String(files[list])), dice)) },
      };
    const answer = await ask(TDX, changed);
    assertOfContract(TDX, answer);
    if (answer.exit !== EXITS.accepted) continue;
    assert.deepEqual(outputsOf(answer), right, `seed ${seed}`);
    const quote = fromBase64(String(Object(changed)["quote_b64"]));
    assert.deepEqual(quote.slice(0, minted.quote.length), minted.quote, `seed ${seed}`);
    assert.equal(Object(changed)["collateral"], collateral, `seed ${seed}: ${list}`);
  }
});
