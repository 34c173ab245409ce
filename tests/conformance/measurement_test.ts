/**
 * Stages about measurements, and that of pinned ones.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { toHex } from "../../src/core/bytes.ts";
import {
  ask,
  outputsOf,
  type Plain,
  sevEvidence,
  snp,
  tdx,
  tdxEvidence,
  wordOf,
} from "./inputs.ts";

const MEASUREMENT = "verify-measurement";
const HARDWARE = "verify-hardware-measurements";
const FULL = "verify-full";
const BASE = "https://tinfoil.sh/predicate/";
const SEV_TYPE = `${BASE}sev-snp-guest/v2`;
const TDX_TYPE = `${BASE}tdx-guest/v2`;
const BOTH_TYPE = `${BASE}snp-tdx-multiplatform/v1`;
const [A, B, C, D, E] = ["a1", "b2", "c3", "d4", "e5"].map((byte) => byte.repeat(48));
const ZERO = "00".repeat(48);

const of = (type: string, ...registers: readonly (string | undefined)[]): Plain => ({
  type,
  registers,
});
const sev = of(SEV_TYPE, A);
const domain = of(TDX_TYPE, D, E, B, C, ZERO);
const both = of(BOTH_TYPE, A, B, C);

/** Two measurements, and what comes of comparing them. */
const COMPARED: readonly (readonly [Plain, Plain | null, string])[] = [
  [sev, null, "accepted"],
  [sev, of(SEV_TYPE, A?.toUpperCase()), "accepted"],
  [sev, of(SEV_TYPE, B), "MEASUREMENT_MISMATCH"],
  [domain, domain, "accepted"],
  [domain, of(TDX_TYPE, D, D, B, C, ZERO), "MEASUREMENT_MISMATCH"],
  [both, domain, "accepted"],
  [domain, both, "accepted"],
  [both, sev, "accepted"],
  [sev, both, "accepted"],
  [both, of(SEV_TYPE, B), "MEASUREMENT_MISMATCH"],
  [both, of(TDX_TYPE, D, E, A, C, ZERO), "MEASUREMENT_MISMATCH"],
  [both, of(TDX_TYPE, D, E, B, A, ZERO), "MEASUREMENT_MISMATCH"],
  [both, of(TDX_TYPE, D, E, B, C, A), "MEASUREMENT_RTMR3_NONZERO"],
  [of(TDX_TYPE, D, E, B, C, A), both, "MEASUREMENT_RTMR3_NONZERO"],
  [domain, sev, "MEASUREMENT_TYPE_COMBINATION_UNSUPPORTED"],
  [of(TDX_TYPE, D, E, B, C), null, "MEASUREMENT_REGISTER_COUNT_INVALID"],
  [both, of(TDX_TYPE, D, E, B, C), "MEASUREMENT_REGISTER_COUNT_INVALID"],
  [of(SEV_TYPE), null, "MEASUREMENT_REGISTER_COUNT_INVALID"],
  [of("toString", A), null, "MEASUREMENT_TYPE_UNKNOWN"],
  [of(SEV_TYPE, ""), of(SEV_TYPE, ""), "MEASUREMENT_MISMATCH"],
];

Deno.test(`${MEASUREMENT} compares what can be compared`, async () => {
  for (const [source, target, word] of COMPARED) {
    const answer = await ask(MEASUREMENT, { schema_version: "1", source, target });
    assert.equal(wordOf(answer), word, JSON.stringify([source, target]));
  }
});

Deno.test(`${MEASUREMENT} names one register by itself, several by their digest`, async () => {
  const upper = of(BOTH_TYPE, A?.toUpperCase(), B, C);
  const input = { schema_version: "1", source: upper, target: sev };
  const text = `${BOTH_TYPE}${A}${B}${C}`;
  assert.deepEqual(outputsOf(await ask(MEASUREMENT, input)), {
    source_fingerprint_hex: createHash("sha256").update(text).digest("hex"),
    target_fingerprint_hex: A,
  });
  const alone = await ask(MEASUREMENT, { schema_version: "1", source: sev });
  assert.deepEqual(outputsOf(alone), { source_fingerprint_hex: A, target_fingerprint_hex: null });
});

Deno.test(`${HARDWARE} finds the first machine with both registers`, async () => {
  const machine = (id: string, mrtd = "", rtmr0 = ""): Plain => ({ id, mrtd, rtmr0 });
  const asked = async (enclave: Plain, ...machines: readonly Plain[]): Promise<string> => {
    const input = {
      schema_version: "1",
      enclave_measurement: enclave,
      hardware_measurements: machines,
    };
    const answer = await ask(HARDWARE, input);
    return answer.exit === 0 ? String(outputsOf(answer)["matched_id"]) : wordOf(answer);
  };
  const right = machine("right", D?.toUpperCase(), E);
  assert.equal(await asked(domain, machine("a", D, A), machine("b", A, E), right), "right");
  assert.equal(await asked(domain, right, machine("second", D, E)), "right");
  assert.equal(await asked(domain, machine("a", D, A), machine("b", A, E)), "HARDWARE_NO_MATCH");
  assert.equal(await asked(domain), "HARDWARE_NO_MATCH");
  assert.equal(await asked(sev, right), "ENCLAVE_MEASUREMENT_TYPE_INVALID");
  assert.equal(await asked(of(TDX_TYPE, D, E), right), "ENCLAVE_REGISTER_COUNT_INVALID");
  assert.equal(await asked(of(TDX_TYPE), right), "ENCLAVE_REGISTER_COUNT_INVALID");
  const empty = of(TDX_TYPE, "", "", B, C, ZERO);
  assert.equal(await asked(empty, machine("empty")), "HARDWARE_NO_MATCH", "two that are nothing");
});

Deno.test(`${FULL} holds the evidence first, then its measurement against the pinned one`, async () => {
  const minted = await snp();
  const evidence = await sevEvidence(minted);
  const quote = await tdx();
  const asked = (changes: Plain) => ask(FULL, { schema_version: "1", mode: "pinned", ...changes });
  const own = of(SEV_TYPE, toHex(minted.measurement));

  const good = await asked({ attestation_sev: evidence, pinned_measurement: own });
  assert.equal(wordOf(good), "accepted", good.says);
  assert.equal(outputsOf(good)["platform"], "sev-snp");
  assert.equal(outputsOf(good)["final_measurement_fingerprint_hex"], toHex(minted.measurement));
  const registers = [quote.mrTd, ...quote.rtmrs].map((register) => toHex(register));
  const domainOf = { attestation_tdx: tdxEvidence(quote) };
  const same = of(BOTH_TYPE, A, registers[2], registers[3]);
  assert.equal(wordOf(await asked({ ...domainOf, pinned_measurement: same })), "accepted");

  const rejection = async (changes: Plain): Promise<Plain> =>
    Object((await asked(changes)).output).rejection;
  assert.deepEqual(await rejection({ attestation_sev: evidence, pinned_measurement: sev }), {
    code: "MEASUREMENT_MISMATCH",
    stage: "verify-measurement",
  });
  const pinned = { ...evidence, policy: { expected_host_data_hex: "aa".repeat(32) } };
  assert.deepEqual(await rejection({ attestation_sev: pinned, pinned_measurement: own }), {
    code: "HOST_DATA_MISMATCH",
    stage: "verify-attestation-sev",
  });
  const debug = await tdx({ tdAttributes: 1n });
  const traced = { attestation_tdx: tdxEvidence(debug), pinned_measurement: same };
  assert.deepEqual(await rejection(traced), {
    code: "TD_ATTRIBUTES_DEBUG_SET",
    stage: "verify-attestation-tdx",
  });
  const lacking = { code: "BUNDLE_MALFORMED", stage: "verify-full" };
  assert.deepEqual(await rejection({ pinned_measurement: own }), lacking);
  assert.deepEqual(await rejection({ attestation_sev: evidence }), lacking);
  const two = { attestation_sev: evidence, ...domainOf, pinned_measurement: own };
  assert.deepEqual(await rejection(two), lacking, "whose measurement would it be?");
});

Deno.test(`${FULL} judges TDX for now where no time is stated, and asks nobody for collateral`, async () => {
  const minted = await tdx();
  const registers = [minted.mrTd, ...minted.rtmrs].map((register) => toHex(register));
  const { expiration_check_date_unix: _, collateral, ...quote } = tdxEvidence(minted);
  const asked = (evidence: Plain, settings = {}): ReturnType<typeof ask> =>
    ask(FULL, {
      schema_version: "1",
      mode: "pinned",
      attestation_tdx: evidence,
      pinned_measurement: of(TDX_TYPE, ...registers),
    }, settings);

  assert.equal(wordOf(await asked({ ...quote, collateral })), "accepted");
  const later = { now: new Date("2036-01-01T00:00:00Z") };
  assert.equal((await asked({ ...quote, collateral }, later)).exit, 10, "the machine's own time");
  const none = await asked(quote);
  assert.deepEqual([none.exit, none.output], [20, null]);
  assert.match(none.says, /collateral/);
});

Deno.test(`${FULL} does not pretend to know signed measurements`, async () => {
  const evidence = { attestation_sev: await sevEvidence(await snp()) };
  for (const mode of ["standard", "bundle"]) {
    const input = { schema_version: "1", mode, sigstore: {}, ...evidence };
    assert.equal(wordOf(await ask(FULL, input)), "exit 20", mode);
  }
});
