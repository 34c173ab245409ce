/**
 * What TDX quotes need of Intel: which addresses are asked, and what is taken for an answer.
 *
 * @module
 */

import assert from "node:assert/strict";
import { InputError } from "../../mod.ts";
import { itemOfKey } from "../../src/evidence/collateral_items.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { tdx, type TdxFiles } from "../../src/evidence/tdx/mod.ts";
import { addDays } from "../../src/lab/dates.ts";
import { intelRevoked, intelSerial } from "../../src/lab/mod.ts";
import type { Fault } from "../fakes/vendor.ts";
import { intelAuthority } from "../intel_authority.ts";
import { NOW } from "../lab_authority.ts";
import { assertVerdict } from "../result.ts";
import { ask, assertGood, collateralOf, filesOf } from "../tdx/ask.ts";
import { codeOf, engine, gather, itemsOf } from "./gather.ts";
import { bare, complete } from "./tdx.ts";

/** Files that were got, as verification takes them: roles of this technology, each of bytes. */
const got = (files: FilesByRole): { readonly [role in keyof TdxFiles]?: Uint8Array } =>
  files as { readonly [role in keyof TdxFiles]?: Uint8Array };

const FMSPC = "1ab06f000000";
const QE = "/tdx/certification/v4/qe/identity?update=standard";
const TCB = `/tdx/certification/v4/tcb?fmspc=${FMSPC}&update=standard`;

for (const version of [4, 5]) {
  for (const ca of ["platform", "processor"] as const) {
    Deno.test(`a bare quote of version ${version} under the ${ca} CA is completed from Intel's services and trusted`, async () => {
      const one = await bare({ version, ca });
      const { files } = await complete(one);
      const result = await ask(one.minted, { files: got(files) });
      assertGood(result);
      assert.equal(collateralOf(result).tcbInfo.tcbEvaluationDataNumber, 20);
      assert.deepEqual([...new Set(one.pcs.asked)].sort(), [
        `/sgx/certification/v4/pckcrl?ca=${ca}&encoding=der`,
        QE,
        TCB,
      ]);
      assert.deepEqual(one.pcs.certificates.asked, ["/IntelSGXRootCA.der"]);
    });
  }
}

Deno.test("a TCB recovery is asked for as the early one or by its number, and nothing else is taken for it", async () => {
  const one = await bare();
  for (const [tcbRecovery, number] of [["early", 21], [20, 20], [21, 21]] as const) {
    const { files } = await complete(one, { tcbRecovery });
    const result = await ask(one.minted, { files: got(files) });
    assertGood(result);
    assert.equal(collateralOf(result).qeIdentity.tcbEvaluationDataNumber, number);
  }
  // What is gone (410) or unknown (404) is not replaced by something else.
  for (const tcbRecovery of [15, 99]) {
    assert.equal(await codeOf(complete(one, { tcbRecovery })), "collateral.status");
  }
  one.pcs.state.standard = 22;
  const [item] = await itemsOf(tdx, { quote: one.minted.quote }, { tcbRecovery: 20 });
  assert.ok(item);
  const { tcbInfo, tcbChain } = got((await complete(one)).files);
  const answer = {
    body: tcbInfo ?? new Uint8Array(),
    headers: { "tcb-info-issuer-chain": new TextDecoder().decode(tcbChain) },
  };
  const context = { engine, now: NOW, labRoots: one.terms.labRoots, needed: [] };
  assert.equal(await codeOf(item.read(answer, context)), "tdx.evaluation_number_mismatch");
});

Deno.test("a caching service is asked in the same way, and its lists of hex are taken", async () => {
  const one = await bare({}, { isCache: true });
  const { files, contents } = await complete(one);
  assertGood(await ask(one.minted, { files: got(files) }));
  assert.ok(contents.has("intel-pcs/sgx/certification/v4/rootcacrl"));
  assert.ok(one.pcs.asked.includes("/sgx/certification/v4/rootcacrl"));
});

Deno.test("what Intel's services hand out in place of what was asked for is not taken", async () => {
  const codes = {
    "other-fmspc": "tdx.fmspc_mismatch",
    "other-ca": "tdx.crl_issuer",
    "enclave": "tdx.tcb_info_id",
  } as const;
  for (const [swap, code] of Object.entries(codes)) {
    const one = await bare();
    Object.assign(one.pcs.state, { swap });
    assert.equal(await codeOf(complete(one)), code, swap);
  }
});

Deno.test("TDX-06 documents that are stale, of last year or of the future say so by their dates, and are never trusted", async () => {
  for (
    const [days, code] of [
      [-31, "tdx.crl_expired"],
      [-365, "tdx.crl_expired"],
      [2, "tdx.crl_not_yet_valid"],
    ] as const
  ) {
    const issued = addDays(NOW, days);
    const one = await bare({}, { issued });
    const { files, contents } = await complete(one);
    const info = contents.get(`intel-pcs${TCB}`);
    assert.deepEqual(info?.issued, issued);
    assert.deepEqual(info?.expires, addDays(issued, 30));
    assertVerdict(await ask(one.minted, { files: got(files) }), "rejected", code);
    const { tcbInfo, qeIdentity, tcbChain } = got(files);
    // The documents alone, beside lists of today.
    const documents = { ...filesOf(one.minted), tcbInfo, qeIdentity, tcbChain };
    const of = days < 0 ? "tdx.collateral_expired" : "tdx.collateral_not_yet_valid";
    assertVerdict(await ask(one.minted, { files: got(documents) }), "rejected", of);
  }
});

Deno.test("TDX-06 the number of the TCB recovery orders documents, and two numbers are never mixed", async () => {
  const one = await bare();
  const before = await complete(one);
  one.pcs.state.standard = 21;
  const after = await complete(one);
  const number = ({ contents }: typeof after, path: string): string | null | undefined =>
    contents.get(`intel-pcs${path}`)?.sequence;
  assert.deepEqual([number(before, TCB), number(after, TCB)], ["20", "21"]);
  assert.deepEqual([number(before, QE), number(after, QE)], ["20", "21"]);
  const { tcbInfo } = got(before.files);
  assert.ok(tcbInfo);
  const mixed = { ...got(after.files), tcbInfo };
  const result = await ask(one.minted, { files: mixed });
  assertVerdict(result, "rejected", "tdx.evaluation_number_mismatch");
});

Deno.test("lists that revoke the platform's key or its CA are kept, and refuse the evidence", async () => {
  const one = await bare();
  const { platform } = await intelAuthority();
  const serial = await intelSerial(platform.key);
  one.pcs.state.bendList = (list) => ({ ...list, revoked: [intelRevoked(serial, NOW)] });
  const { files, contents } = await complete(one);
  assert.equal(contents.get("intel-certificates/IntelSGXRootCA.der")?.sequence, "1");
  assertVerdict(await ask(one.minted, { files: got(files) }), "rejected", "tdx.revoked");
});

Deno.test("lists that another key signed are not taken", async () => {
  const one = await bare();
  const { tcbSigning } = await intelAuthority();
  one.pcs.state.bendList = (list) => ({ ...list, signWith: tcbSigning.key });
  assert.equal(await codeOf(complete(one)), "tdx.crl_signature");
});

Deno.test("answers of Intel's services that are damaged or none are never taken", async () => {
  const faults: readonly (readonly [Fault, string])[] = [
    [{ kind: "status", status: 429, retryAfter: "10" }, "collateral.status"],
    [{ kind: "status", status: 503 }, "collateral.status"],
    [{ kind: "hang" }, "collateral.timeout"],
    [{ kind: "cut" }, "collateral.cut_short"],
    [{ kind: "oversized" }, "collateral.too_large"],
    [{ kind: "redirect", to: "http://127.0.0.1/" }, "collateral.status"],
    [{ kind: "half" }, "tdx.tcb_info_format"],
    [{ kind: "empty" }, "input.empty"],
    [{ kind: "garbage" }, "tdx.tcb_chain_shape"],
  ];
  const one = await bare();
  for (const [fault, code] of faults) {
    one.pcs.fault = fault;
    await assert.rejects(
      complete(one),
      (error: Error) => "code" in error && error.code === code,
      `${fault.kind} gives ${code}`,
    );
  }
  one.pcs.fault = null;
  one.pcs.certificates.fault = { kind: "garbage" };
  await assert.rejects(complete(one), (error: Error) => error instanceof InputError);
});

Deno.test("without its lab root a lab's answer is not taken", async () => {
  const one = await bare();
  const asked = gather(tdx, { quote: one.minted.quote }, { ...one.terms, labRoots: [] });
  assert.equal(await codeOf(asked), "tdx.lab_on_vendor_path");
});

Deno.test("a quote of an enclave, or without a PCK certificate, says that nothing can be asked", async () => {
  const enclave = await bare({ version: 3 });
  await assert.rejects(
    complete(enclave),
    (error) => error instanceof InputError && error.code === "input.wrong_kind",
  );
  assert.deepEqual(enclave.pcs.asked, []);
});

Deno.test("itemOfKey() finds what TDX needs, and nothing that is written otherwise", async () => {
  const { minted } = await bare();
  for (const tcbRecovery of ["standard", "early", 18] as const) {
    for (const item of await itemsOf(tdx, { quote: minted.quote }, { tcbRecovery })) {
      const { key, path, title } = itemOfKey(item.key) ?? {};
      assert.deepEqual({ key, path, title }, { key: item.key, path: item.path, title: item.title });
      for (const other of item.instead ?? []) assert.equal(itemOfKey(other.key)?.path, other.path);
    }
  }
  for (
    const key of [
      "intel-pcs/tdx/certification/v4/tcb",
      `intel-pcs/tdx/certification/v4/tcb?fmspc=${FMSPC}`,
      `intel-pcs/tdx/certification/v4/tcb?fmspc=${FMSPC.toUpperCase()}&update=standard`,
      `intel-pcs/tdx/certification/v4/tcb?fmspc=${FMSPC}&update=late`,
      `intel-pcs/tdx/certification/v4/tcb?fmspc=${FMSPC}&update=early&tcbEvaluationDataNumber=1`,
      `intel-pcs/tdx/certification/v4/tcb?fmspc=${FMSPC}&tcbEvaluationDataNumber=018`,
      "intel-pcs/tdx/certification/v4/qe/identity?update=standard&",
      "intel-pcs/sgx/certification/v4/pckcrl?ca=root&encoding=der",
      "intel-pcs/sgx/certification/v4/pckcrl?ca=platform&encoding=pem",
      "intel-certificates/IntelSGXRootCA.der/",
    ]
  ) assert.equal(itemOfKey(key), null, key);
});
