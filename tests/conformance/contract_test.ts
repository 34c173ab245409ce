/**
 * What goes in and comes out of `casemate conformance`: the form of inputs,
 * exit codes, and that standard output has the contract's JSON and nothing else.
 *
 * @module
 */

import assert from "node:assert/strict";
import { capabilities, EXITS, STAGE_NAMES } from "../../src/conformance/mod.ts";
import { MAX_FILE_BYTES } from "../../src/core/limits.ts";
import { runCli } from "../cli/fake_host.ts";
import { ask, type Plain, SEV, sevInput, snp, TDX, tdx, tdxInput, wordOf } from "./inputs.ts";

Deno.test("conformance refuses inputs that are not of the contract's form", async () => {
  const minted = await tdx();
  const good = tdxInput(minted);
  const wrong: readonly (readonly [says: string, input: Plain | string])[] = [
    ["nothing", ""],
    ["no JSON", "{"],
    ["no object", "[]"],
    ["two members of one name", `{"schema_version":"1",${JSON.stringify(good).slice(1)}`],
    ["more than one value", `${JSON.stringify(good)} {}`],
    ["another version of the contract", { ...good, schema_version: "2" }],
    ["no version", { ...good, schema_version: undefined }],
    ["an unknown member", { ...good, root: "" }],
    ["an unknown pin", { ...good, policy: { expected_rtmr4_hex: "00".repeat(48) } }],
    ["a pin of another length", { ...good, policy: { expected_mrtd_hex: "00" } }],
    ["an unknown result", { ...good, policy: { accepted_qv_results: ["FINE"] } }],
    ["a quote that is not base64", { ...good, quote_b64: "%%%%" }],
    ["no quote", { ...good, quote_b64: "" }],
    ["no time", { ...good, expiration_check_date_unix: undefined }],
    ["a time before 1970", { ...good, expiration_check_date_unix: -1 }],
    ["half of the collateral", { ...good, collateral: { tcb_info_json: "{}" } }],
    ["a root that is none", {
      ...good,
      collateral: { ...Object(good["collateral"]), intel_root_ca_pem: "root" },
    }],
    ["two roots", {
      ...good,
      collateral: { ...Object(good["collateral"]), intel_root_ca_pem: minted.root + minted.root },
    }],
  ];
  assert.equal(wordOf(await ask(TDX, good)), "accepted");
  for (const [says, input] of wrong) {
    const answer = await ask(TDX, input);
    assert.equal(answer.exit, EXITS.malformed, `${says}: ${answer.says}`);
    assert.equal(answer.output, null, says);
  }
});

Deno.test("conformance says of each stage whether it is built, and of others too", async () => {
  const said: Plain = Object(capabilities("1.2.3"));
  const built = said["stages_supported"];
  for (const stage of [...STAGE_NAMES, "toString"]) {
    const { exit } = await ask(stage, {});
    const wanted = Array.isArray(built) && built.includes(stage)
      ? EXITS.malformed
      : EXITS.unsupported;
    assert.equal(exit, wanted, stage);
  }
});

Deno.test("casemate conformance answers on standard output, and tells people on standard error", async () => {
  const minted = await snp();
  const { amd_root_ca_pem: _root, ask_pem: _ask, ...vendor } = await sevInput(minted);
  const files = {
    "-": JSON.stringify(await sevInput(minted)),
    "amd.pem": minted.chain,
    "wrong.pem": "wrong",
  };
  const good = await runCli(["conformance", SEV], { files });
  assert.equal(good.exitCode, 0, good.err);
  assert.deepEqual(Object.keys(JSON.parse(good.out)), ["stage", "accepted", "outputs"]);
  assert.equal(good.err, "accepted\n");

  const line = ["conformance", SEV, "--amd-chain", "amd.pem"];
  const lab = await runCli(line, { files: { ...files, "-": JSON.stringify(vendor) } });
  assert.equal(lab.exitCode, 10, "a chain that is given makes no root");
  assert.deepEqual(JSON.parse(lab.out), {
    stage: SEV,
    accepted: false,
    rejection: { code: "ARK_UNTRUSTED" },
  });
  assert.match(lab.err, /^snp\.lab_on_vendor_path/, "our own code, for people");

  const none = await runCli(["conformance", SEV], { files: { "-": JSON.stringify(vendor) } });
  assert.deepEqual([none.exitCode, none.out], [20, ""]);
  assert.match(none.err, /--amd-chain/);
  const malformed = await runCli(["conformance", SEV], { files: { "-": "{}" } });
  assert.deepEqual([malformed.exitCode, malformed.out], [30, ""]);
  const sigstore = await runCli(["conformance", "verify-sigstore"], { files: { "-": "{}" } });
  assert.deepEqual([sigstore.exitCode, sigstore.out], [20, ""]);
});

Deno.test("casemate conformance calls more than any input needs malformed, of what is built", async () => {
  const files = { "-": new Uint8Array(MAX_FILE_BYTES + 1).fill(0x20) };
  const built = await runCli(["conformance", SEV], { files });
  assert.deepEqual([built.exitCode, built.out], [30, ""]);
  assert.match(built.err, /has more than \d+ bytes/);
  const other = await runCli(["conformance", "verify-sigstore"], { files });
  assert.deepEqual([other.exitCode, other.out], [20, ""]);
  assert.match(other.err, /not built/);
});

Deno.test("casemate conformance tells a wrong stage, flag or file as every command does", async () => {
  const typo = await runCli(["conformance", "verify-attestation-tdy"], { files: { "-": "{}" } });
  assert.equal(typo.exitCode, 2);
  assert.match(typo.err.replace(/\s+/g, " "), /did you mean verify-attestation-tdx\?/);
  const files = { "-": "{}", "wrong.pem": "wrong" };
  for (const flag of ["--amd-chain", "--intel-tcb-chain"]) {
    const ran = await runCli(["conformance", TDX, flag, "wrong.pem"], { files });
    assert.deepEqual([ran.exitCode, ran.out], [2, ""]);
    assert.ok(ran.err.includes(flag), ran.err);
  }
});

Deno.test("casemate conformance capabilities needs no standard input", async () => {
  const { exitCode, out, err } = await runCli(["conformance", "capabilities"]);
  assert.deepEqual([exitCode, err], [0, ""]);
  assert.deepEqual(JSON.parse(out), capabilities("1.2.3"));
});

Deno.test("casemate conformance --help says what may not be decided by it", async () => {
  const { exitCode, out } = await runCli(["conformance", "--help"]);
  assert.equal(exitCode, 0);
  assert.match(out.replace(/\s+/g, " "), /nothing may be decided by the answer/);
  assert.match(out, /^ {2}30 +the input is not of the contract's form$/m);
  assert.ok(out.split("\n").every((line) => line.length <= 80), out);
});
